/** What an upsert begins with: the fields that its filter fixes by equality. */
import { CommandError } from '../errors.js';
import { isOperators } from '../query/operators.js';
import { MISSING, valueAt } from '../query/paths.js';
import { type Doc, isDoc, isRegExp } from '../values.js';
import { changeAt, copyOf } from './targets.js';

/** The fields that a filter fixes by equality: what an upsert begins with. */
export function seedOf(filter: Doc, seed: Doc = {}): Doc {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and' || (key === '$or' && Array.isArray(condition) && condition.length === 1)) {
      for (const branch of condition as unknown[]) if (isDoc(branch)) seedOf(branch, seed);
    } else if (!key.startsWith('$')) {
      const values = isOperators(condition) ? equalitiesOf(condition) : [condition];
      for (const value of values) {
        if (isRegExp(value)) continue;
        if (valueAt(seed, key.split('.')) !== MISSING) {
          throw new CommandError(54, `cannot infer query fields to set, path '${key}' is matched twice`);
        }
        changeAt(seed, key.split('.'), () => copyOf(value));
      }
    }
  }
  return seed;
}

function equalitiesOf({ $eq, $in, $all }: Doc): unknown[] {
  const all = Array.isArray($all) ? $all.filter((item) => !isOperators(item)) : [];
  const only = Array.isArray($in) && $in.length === 1 ? $in : [];
  return [...($eq === undefined ? [] : [$eq]), ...only, ...all];
}
