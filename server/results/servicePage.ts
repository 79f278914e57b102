/** One survey on one service over all units: factors, items, what to improve, groups of people. */
import { Problem } from '../http/problem.js';
import { cellTables } from './cellTables.js';
import { WHOLE } from './counts.js';
import { attributeKind, groupPictures, groupTables } from './groupKinds.js';
import { attributeGroups } from './groupRows.js';
import type { FigurePage, Visit } from './page.js';
import { levelsPicture } from './pictures.js';
import { resultsOf } from './resultsOf.js';
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
  // Groups are counted for a survey as a whole, whatever service people rated.
  const kinds = attributeGroups(figures, column.survey).flatMap(({ item, ...each }) =>
    attributeKind({ ...each, item: item.code }),
  );
  return {
    locals: {
      cell,
      kinds,
      minimum: context.config.minimumRespondents,
    },
    pictures:
      cell.summary.responses > 0
        ? [
            levelsPicture('muc-do', words.t('results.picture.factors-of', { name }), factorRows, words),
            levelsPicture('tieu-chi', words.t('results.picture.items-of', { name }), itemRows, words),
            ...groupPictures(kinds, round, words),
          ]
        : [],
    tables: [...cellTables(cell, 0, words), ...groupTables(kinds, words)],
  };
}
