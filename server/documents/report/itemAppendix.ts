/** Phụ lục: every factor and item of every survey on each service, over all units. */
import { type Column, WHOLE } from '../../results/counts.js';
import type { ShownPart } from '../../results/roundFigures.js';
import type { Appendix, Block, TableRow } from '../form/content.js';
import { format, named, words } from '../subject.js';
import { phrase } from '../wording.js';
import { itemName } from './extremes.js';
import type { ReportSource } from './reportSource.js';
import { columnName, FIGURE_COLUMNS, figureCells, hiddenNotes } from './shownFigures.js';

/** The figures of the items, the same as in the file of items. */
export function itemAppendix({ figures, context }: ReportSource): Appendix {
  const minimum = context.config.minimumRespondents;
  const answered = figures.columns.filter((column) => figures.summary(WHOLE, column).responses > 0);
  return {
    title: phrase('report.items.title'),
    landscape: true,
    blocks: answered.map((column) => itemTable(figures, column, minimum)),
  };
}

function itemTable(figures: ReportSource['figures'], column: Column, minimum: number): Block {
  const items = figures.items(WHOLE, column);
  const rows: TableRow[] = figures
    .factors(WHOLE, column)
    .flatMap((factor) => [
      { cells: cellsOf(factor, factorName(column, factor.code)), total: true },
      ...items
        .filter(({ code }) => code.startsWith(factor.code))
        .map((item) => ({ cells: cellsOf(item, itemName(column, item.code)) })),
    ]);
  const summary = figures.summary(WHOLE, column);
  return {
    kind: 'table',
    caption: phrase('report.items.table', {
      group: columnName(column),
      forms: format.count(summary.responses),
    }),
    dense: true,
    columns: [
      { heading: phrase('column.code'), width: 12, align: 'mark' },
      { heading: phrase('report.items.column.item'), width: 88 },
      ...FIGURE_COLUMNS,
      ...[1, 2, 3, 4, 5].map((level) => ({
        heading: phrase('report.items.column.level', { level }),
        width: 15,
        align: 'number' as const,
      })),
    ],
    rows,
    notes: hiddenNotes(
      rows.map((row) => ('cells' in row ? row.cells : [])),
      minimum,
    ),
  };
}

function cellsOf(part: ShownPart, name: string): string[] {
  const levels = [0, 1, 2, 3, 4].map((at) => {
    const share = part.levels?.[at];
    if (share !== undefined) return format.percentage(share);
    return part.hidden ? words('results.suppressed') : '–';
  });
  return [part.code, name, ...(figureCells(part) as string[]), ...levels];
}

function factorName({ survey }: Column, code: string): string {
  const section = survey.sections.find((each) => each.code === code);
  return section ? named(section.title) : code;
}
