/** Phụ lục: every service of every unit, by the place they are in. */
import { unitRows } from '../../results/unitRows.js';
import type { Appendix, TableRow, Text } from '../form/content.js';
import { format, named } from '../subject.js';
import { phrase } from '../wording.js';
import type { ReportSource } from './reportSource.js';
import { countCell, expectationCell, figureCells, hiddenNotes, rateCell } from './shownFigures.js';

/** The figures of the units, the same as in the file of rates. */
export function unitAppendix({ round, figures, context, groups, names }: ReportSource): Appendix {
  const places = groups.units.map(({ value }) => value);
  const placeOf = (code: string) => {
    const unit = figures.counts.units.get(code);
    return places.find((place) => place === code || unit?.path.includes(place)) ?? '';
  };
  const cells = unitRows(round, figures).map(({ unit, service, summary }) => ({
    place: placeOf(unit.code),
    cells: [
      unit.code,
      unit.name,
      named(service.name),
      format.count(summary.responses),
      countCell(summary.people, summary.total.hidden),
      ...figureCells(summary.total),
      rateCell(summary.overall),
      expectationCell(summary),
    ] as Text[],
  }));
  const order = new Map(places.map((place, at) => [place, at]));
  const sorted = cells.toSorted(
    (a, b) => (order.get(a.place) ?? places.length) - (order.get(b.place) ?? places.length),
  );
  const rows: TableRow[] = [];
  let place: string | undefined;
  sorted.forEach((row, at) => {
    if (places.length > 0 && row.place !== place) {
      place = row.place;
      rows.push({ group: names.get(place) ?? phrase('report.units.other') });
    }
    rows.push({ cells: [String(at + 1), ...row.cells] });
  });
  return {
    title: phrase('report.units.title'),
    landscape: true,
    blocks: [
      {
        kind: 'table',
        dense: true,
        columns: [
          { heading: phrase('column.order'), width: 11, align: 'mark' },
          { heading: phrase('column.unit-code'), width: 24 },
          { heading: phrase('column.unit-name'), width: 56 },
          { heading: phrase('report.units.column.service'), width: 34 },
          { heading: phrase('column.forms'), width: 15, align: 'number' },
          { heading: phrase('report.units.column.people'), width: 15, align: 'number' },
          { heading: phrase('report.units.column.answers'), width: 17, align: 'number' },
          { heading: phrase('column.rate'), width: 16, align: 'number' },
          { heading: phrase('column.interval'), width: 30, align: 'number' },
          { heading: phrase('report.units.column.mean'), width: 13, align: 'number' },
          { heading: phrase('report.units.column.overall'), width: 16, align: 'number' },
          { heading: phrase('column.expectation'), width: 17, align: 'number' },
        ],
        rows,
        notes: [
          phrase('report.units.note'),
          ...hiddenNotes(
            cells.map((row) => row.cells),
            context.config.minimumRespondents,
          ),
        ],
      },
    ],
  };
}
