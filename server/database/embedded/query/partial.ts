/** Which sparse and partial indexes hold everything that a filter can find. */
import type { Index } from '../storage/catalog.js';
import type { Doc } from '../values.js';
import { type Conditions, conditionsOf } from './intervals.js';
import { keyText } from './keys.js';
import { compileFilter } from './matcher.js';

/** Whether an index holds every document that fulfils the conditions. */
export function usable(index: Index | undefined, conditions: Conditions): boolean {
  if (!index) return true;
  if (index.sparse && !index.fields.some(({ path }) => excludesMissing(conditions, path.join('.'))))
    return false;
  return index.partial === undefined || implies(conditions, index.partial);
}

function excludesMissing(conditions: Conditions, path: string): boolean {
  return (conditions.byPath.get(path) ?? []).some(({ operator, operand }) => {
    if (operator === '$exists') return operand !== false;
    if (operator === '$in') return Array.isArray(operand) && !operand.includes(null);
    return ['$eq', '$gt', '$gte', '$lt', '$lte', '$type', '$regex'].includes(operator) && operand !== null;
  });
}

/** Whether every document that fulfils the conditions belongs to a partial index. */
function implies(conditions: Conditions, partial: Doc): boolean {
  for (const [path, wanted] of conditionsOf(partial).byPath) {
    const given = (conditions.byPath.get(path) ?? []).filter(({ inElement }) => !inElement);
    for (const { operator, operand } of wanted) {
      const same = given.some(
        (one) => one.operator === operator && keyText(one.operand) === keyText(operand),
      );
      const test = compileFilter({ v: { [operator]: operand } });
      const equal = given.some(
        (one) => one.operator === '$eq' && one.operand !== null && test({ v: one.operand }),
      );
      const oneOf = given.some(
        (one) =>
          one.operator === '$in' &&
          Array.isArray(one.operand) &&
          one.operand.every((v) => v !== null && test({ v })),
      );
      const exists = operator === '$exists' && operand !== false && excludesMissing(conditions, path);
      if (!same && !equal && !oneOf && !exists && !narrower(given, operator, operand)) return false;
    }
  }
  return conditionsOf(partial).whole || !Object.keys(partial).some((key) => key.startsWith('$'));
}

function narrower(
  given: { operator: string; operand: unknown }[],
  operator: string,
  operand: unknown,
): boolean {
  const direction = operator.slice(0, 2);
  if (direction !== '$g' && direction !== '$l') return false;
  const test = compileFilter({ v: { [operator]: operand } });
  return given.some((one) => one.operator.startsWith(direction) && test({ v: one.operand }));
}
