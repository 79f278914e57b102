/** Phụ lục: every service of every unit, by the place they are in. */
import { unitRows } from '../../results/unitRows.js';
import type { Appendix, TableRow, Text } from '../form/content.js';
import { format, named } from '../subject.js';
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
      rows.push({ group: names.get(place) ?? 'Các đơn vị khác' });
    }
    rows.push({ cells: [String(at + 1), ...row.cells] });
  });
  return {
    title: 'Kết quả của từng đơn vị',
    landscape: true,
    blocks: [
      {
        kind: 'table',
        dense: true,
        columns: [
          { heading: 'TT', width: 11, align: 'mark' },
          { heading: 'Mã đơn vị', width: 24 },
          { heading: 'Tên đơn vị', width: 56 },
          { heading: 'Dịch vụ', width: 34 },
          { heading: 'Số phiếu', width: 15, align: 'number' },
          { heading: 'Số người', width: 15, align: 'number' },
          { heading: 'n', width: 17, align: 'number' },
          { heading: 'Tỷ lệ hài lòng', width: 16, align: 'number' },
          { heading: 'Khoảng tin cậy 95 %', width: 30, align: 'number' },
          { heading: 'Điểm TB', width: 13, align: 'number' },
          { heading: 'Hài lòng chung', width: 16, align: 'number' },
          { heading: 'Đáp ứng mong đợi', width: 17, align: 'number' },
        ],
        rows,
        notes: [
          'n: số câu trả lời từ mức 1 đến mức 5. “–”: chưa có câu trả lời. Số người: người có ít nhất một câu trả lời như vậy.',
          ...hiddenNotes(
            cells.map((row) => row.cells),
            context.config.minimumRespondents,
          ),
        ],
      },
    ],
  };
}
