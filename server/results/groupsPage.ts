/** Groups of people and of units: area classes, the uppermost units, quarters, channels, what people said of themselves. */
import { groupKinds, groupPictures, groupTables } from './groupKinds.js';
import { groupResults } from './groupRows.js';
import type { FigurePage, Visit } from './page.js';
import { resultsOf } from './resultsOf.js';
import { namesOf } from './unitResults.js';

export async function groupsPage({ context, round, words }: Visit): Promise<FigurePage> {
  const figures = await resultsOf(context, round);
  const groups = groupResults(figures);
  const asked = groups.attributes.map((each) => ({ ...each, item: each.item.code }));
  const any = groups.channels.length > 0;
  const surveys = [...new Set(figures.columns.map(({ survey }) => survey))];
  const kinds = any ? groupKinds({ ...groups, attributes: asked }, namesOf(figures.counts)) : [];
  return {
    locals: { kinds, surveys, minimum: context.config.minimumRespondents },
    pictures: groupPictures(kinds, round, words),
    tables: groupTables(kinds, words),
  };
}
