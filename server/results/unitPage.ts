/** One unit, and everything below it. */
import { Problem } from '../http/problem.js';
import type { FigurePage, Visit } from './page.js';
import { type SortKeys, sortedRows, tableQuery, tableView } from './tableView.js';
import { type UnitBelow, type UnitResults, unitResults } from './unitResults.js';
import { figureKeys, type RowOfUnit } from './unitsView.js';
import { unitTaking } from './unitTaking.js';

type Row = RowOfUnit & Pick<UnitBelow, 'summary'>;

const KEYS: SortKeys<Row> = {
  ...figureKeys<Row>(({ summary }) => summary.total),
  phieu: ({ summary }) => summary.responses,
};

/** `?xep=` sorts the units below. @throws {Problem} 404 `not-found` where the round has no such unit */
export async function unitPage({ context, request, round, words }: Visit): Promise<FigurePage> {
  const found = await unitResults(context, round, String(request.params.unit));
  if (!found) throw new Problem(404, 'not-found');
  const view = tableView(request, KEYS);
  const rows = (found.subtree?.below ?? []).map(
    (each): Row => ({ unit: each, service: null, summary: each.summary }),
  );
  const below = sortedRows(rows, KEYS, view).map(({ unit, summary }) => ({ ...unit, summary }));
  const results: UnitResults = { ...found, subtree: found.subtree && { ...found.subtree, below } };
  return {
    locals: { results, view, tableQuery, minimum: context.config.minimumRespondents },
    ...unitTaking(results, round, words),
  };
}
