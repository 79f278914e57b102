/** The tables of one survey on one service as files, over all units or at one: factors, items, what to improve first. */
import { type FigureTable, figureTable, numberColumn, shownColumns, textColumn } from './figureTable.js';
import type { ShownDriver, ShownPart } from './roundFigures.js';
import { factorTitles, itemTitle } from './titles.js';
import type { CellResults } from './unitResults.js';
import type { Words } from './words.js';

/** The name of a cell's table or picture: those of the second cell of a page end in -2. */
export function nameInCell(name: string, at: number): string {
  return at === 0 ? name : `${name}-${at + 1}`;
}

/** @param at which cell of the page it is, from 0 */
export function cellTables(
  { column, factors, items, drivers }: CellResults,
  at: number,
  words: Words,
): FigureTable[] {
  const { t, name } = words;
  const { service, survey } = column;
  const titles = factorTitles([survey], words);
  const textOf = (code: string) => itemTitle(survey, code, words);
  const about = [
    textColumn(t('results.csv.service'), () => name(service.name)),
    textColumn(t('results.csv.survey'), () => name(survey.audience)),
  ];
  const parts = (of: string, code: string, rows: readonly ShownPart[], title: (code: string) => string) =>
    figureTable(nameInCell(of, at), rows, [
      ...about,
      textColumn(code, (part) => part.code),
      textColumn(t('results.csv.item'), (part) => title(part.code)),
      ...shownColumns((part: ShownPart) => part, words),
    ]);
  const answered = new Map(items.map((item) => [item.code, item.answered]));
  return [
    parts('linh-vuc', t('results.csv.factor-code'), factors, (code) => titles.get(code) ?? code),
    parts('tieu-chi', t('results.csv.item-code'), items, textOf),
    figureTable<ShownDriver>(nameInCell('cai-thien', at), drivers, [
      ...about,
      textColumn(t('results.csv.item-code'), ({ code }) => code),
      textColumn(t('results.csv.item'), ({ code }) => textOf(code)),
      textColumn(t('results.priority'), ({ priority }) => t(`results.priority.${priority}`)),
      numberColumn(t('results.csv.answered'), 0, ({ code }) => answered.get(code) ?? null),
      numberColumn(t('results.csv.rate'), 1, ({ rate }) => rate),
      numberColumn(t('results.correlation'), 2, ({ correlation }) => correlation),
      numberColumn(t('results.csv.correlation-low'), 2, ({ low }) => low),
      numberColumn(t('results.csv.correlation-high'), 2, ({ high }) => high),
    ]),
  ];
}
