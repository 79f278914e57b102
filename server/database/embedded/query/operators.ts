/** Tells a condition by operators (`{$gt: 1}`) from a value to equal. */
import { bsonName, type Doc, isDoc } from '../values.js';

/** Whether a field's condition is a document of operators rather than a value to equal. */
export function isOperators(condition: unknown): condition is Doc {
  if (!isDoc(condition) || bsonName(condition) !== undefined) return false;
  const [first] = Object.keys(condition);
  return first?.startsWith('$') === true && !['$ref', '$id', '$db'].includes(first);
}
