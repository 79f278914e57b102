/** Phụ lục: every service of every unit, by the place they are in. */
import { unitRows } from '../../results/unitRows.js';
import { type Appendix, type GroupedRow, groupedRows, numberedRows } from '../form/content.js';
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
  const rows: GroupedRow[] = unitRows(round, figures).map(({ unit, service, summary }) => ({
    group: placeOf(unit.code),
    cells: [
      unit.code,
      unit.name,
      named(service.name),
      format.count(summary.responses),
      countCell(summary.people, summary.total.hidden),
      ...figureCells(summary.total),
      rateCell(summary.overall),
      expectationCell(summary),
    ],
  }));
  const order = new Map(places.map((place, at) => [place, at]));
  const sorted = rows.toSorted(
    (a, b) => (order.get(a.group) ?? places.length) - (order.get(b.group) ?? places.length),
  );
  const placeTitle = (place: string) => names.get(place) ?? phrase('report.units.other');
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
        rows:
          places.length > 0
            ? groupedRows(sorted, placeTitle)
            : numberedRows(sorted.map(({ cells }) => cells)),
        notes: [
          phrase('report.units.note'),
          ...hiddenNotes(
            rows.map(({ cells }) => cells),
            context.config.minimumRespondents,
          ),
        ],
      },
    ],
  };
}
