/** What can be taken along of a page about a unit: the office's, the public one, and that of the unit itself. */
import type { Round } from '../../models/rounds.js';
import { cellTables, nameInCell } from './cellTables.js';
import { figureTable, summaryColumns, textColumn } from './figureTable.js';
import type { FigurePage } from './page.js';
import { levelsPicture, ratesPicture } from './pictures.js';
import { columnName, factorTitles } from './titles.js';
import type { CellResults, UnitBelow, UnitResults } from './unitResults.js';
import type { Words } from './words.js';

/** So many rows have room in a picture. */
export const MOST_IN_PICTURE = 30;

type Subtree = NonNullable<UnitResults['subtree']>;

/** @param results with the units below in the order of the page */
export function unitTaking(
  { own, subtree, unit }: UnitResults,
  round: Pick<Round, 'surveys' | 'subject' | 'targets'>,
  words: Words,
): Pick<FigurePage, 'pictures' | 'tables'> {
  const { t, name } = words;
  const cells = shownCells(own);
  const below = subtree?.below ?? [];
  return {
    pictures: [
      ...cells.map((cell, at) => {
        const titles = factorTitles([cell.column.survey], words);
        return levelsPicture(
          nameInCell('muc-do', at),
          t('results.picture.factors-of', { name: `${unit.name}, ${columnName(cell.column, round, words)}` }),
          cell.factors.map((figure) => ({ label: titles.get(figure.code) ?? figure.code, figure })),
          words,
        );
      }),
      ...(below.length === 0
        ? []
        : [
            ratesPicture(
              'truc-thuoc',
              t('results.picture.below', { name: unit.name }),
              below
                .slice(0, MOST_IN_PICTURE)
                .map((each) => ({ label: each.name, figure: each.summary.total })),
              round,
              words,
            ),
          ]),
    ],
    tables: [
      ...cells.flatMap((cell, at) => cellTables(cell, at, words)),
      figureTable('dich-vu', subtree ? columnsBelow(subtree, round) : [], [
        textColumn(t('results.csv.service'), ({ column }) => name(column.service.name)),
        textColumn(t('results.csv.survey'), ({ column }) => name(column.survey.audience)),
        ...summaryColumns(({ summary }: Subtree['columns'][number]) => summary, words),
      ]),
      figureTable('truc-thuoc', below, [
        textColumn(t('results.csv.unit-code'), ({ code }) => code),
        textColumn(t('results.csv.unit'), (each) => each.name),
        ...summaryColumns(({ summary }: UnitBelow) => summary, words),
      ]),
    ],
  };
}

/** What was asked at the unit itself and may be shown. */
function shownCells(own: UnitResults['own']): readonly CellResults[] {
  return (own?.cells ?? []).filter(({ summary }) => summary.responses > 0 && !summary.total.hidden);
}

/** What was asked below a unit: every level, of the procedures only those that were rated. */
function columnsBelow(
  { columns }: Subtree,
  { subject }: Pick<Round, 'subject'>,
): readonly Subtree['columns'][number][] {
  return columns.filter(({ summary }) => subject === 'education' || summary.responses > 0);
}
