/** Which array element made a filter true: what the positional `$` of projections and updates stands for. */
import { type Doc, isDoc } from '../values.js';
import { compileFilter, type Evaluate, elementTest } from './matcher.js';
import { visitPath } from './paths.js';

/** The position of the first array element that made a filter true, for the positional projection and update. */
export function positionOf(doc: Doc, path: string, filter: Doc, evaluate: Evaluate): number | undefined {
  const parts = path.split('.');
  for (const [key, condition] of Object.entries(filter)) {
    if ((key === '$and' || key === '$or') && Array.isArray(condition)) {
      for (const branch of condition) {
        const found = isDoc(branch) ? positionOf(doc, path, branch, evaluate) : undefined;
        if (found !== undefined) return found;
      }
      continue;
    }
    if (key !== path && !key.startsWith(`${path}.`)) continue;
    let found: number | undefined;
    visitPath(doc, parts, (array) => {
      if (!Array.isArray(array)) return false;
      const at = array.findIndex((item) =>
        elementFits(item, key === path ? '' : key.slice(path.length + 1), condition, evaluate),
      );
      if (at >= 0) found = at;
      return at >= 0;
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

function elementFits(item: unknown, rest: string, condition: unknown, evaluate: Evaluate): boolean {
  if (rest !== '') return compileFilter({ [rest]: condition }, evaluate)(item);
  if (isDoc(condition) && isDoc(condition.$elemMatch))
    return elementTest(condition.$elemMatch, evaluate)(item);
  return compileFilter({ v: condition }, evaluate)({ v: item });
}
