/** One survey on one service over all units: factors, items, what to improve, groups of people. */
import { Problem } from '../http/problem.js';
import { WHOLE } from './counts.js';
import { figureTable, shownColumns, textColumn } from './figureTable.js';
import { attributeGroups } from './groupRows.js';
import type { FigurePage, Visit } from './page.js';
import { levelsPicture } from './pictures.js';
import { resultsOf } from './resultsOf.js';
import type { ShownPart } from './roundFigures.js';
import { columnName, factorTitles, itemTitle } from './titles.js';
import { cellResults } from './unitResults.js';

/** @throws {Problem} 404 `not-found` where the round has no such survey on such a service */
export async function servicePage({ context, request, round, words }: Visit): Promise<FigurePage> {
  const figures = await resultsOf(context, round);
  const { service, survey } = request.params;
  const column = figures.columns.find((each) => each.service.code === service && each.survey.id === survey);
  if (!column) throw new Problem(404, 'not-found');
  const cell = cellResults(figures, WHOLE, column);
  const name = columnName(column, round, words);
  const titles = factorTitles([column.survey], words);
  const factorRows = cell.factors.map((figure) => ({
    label: titles.get(figure.code) ?? figure.code,
    figure,
  }));
  const itemRows = cell.items.map((figure) => ({
    label: `${figure.code}. ${itemTitle(column.survey, figure.code, words)}`,
    figure,
  }));
  const table = (of: string, parts: readonly ShownPart[], title: (code: string) => string) =>
    figureTable(of, parts, [
      textColumn(words.t('results.csv.code'), ({ code }) => code),
      textColumn(words.t('results.csv.item'), ({ code }) => title(code)),
      ...shownColumns((part: ShownPart) => part, words),
    ]);
  return {
    locals: {
      cell,
      // Groups are counted for a survey as a whole, whatever service people rated.
      groups: attributeGroups(figures, column.survey),
      minimum: context.config.minimumRespondents,
    },
    pictures:
      cell.summary.responses > 0
        ? [
            levelsPicture('muc-do', words.t('results.picture.factors-of', { name }), factorRows, words),
            levelsPicture('tieu-chi', words.t('results.picture.items-of', { name }), itemRows, words),
          ]
        : [],
    tables: [
      table('linh-vuc', cell.factors, (code) => titles.get(code) ?? code),
      table('tieu-chi', cell.items, (code) => itemTitle(column.survey, code, words)),
    ],
  };
}
