/** Index specifications: what is accepted, how it is kept, and when two of them clash. */
import { CommandError, notSupported } from '../errors.js';
import { keyText } from '../query/keys.js';
import { compileFilter } from '../query/matcher.js';
import type { Index } from '../storage/catalog.js';
import { asNumber, type Doc, isDoc, isTruthy } from '../values.js';
import { refuseCollation } from './call.js';

const OPTIONS = new Set([
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'v',
  'ns',
  'collation',
  'hidden',
  'comment',
]);
/** A specification in the form listIndexes shows. @throws CommandError 67, 197, 9 … */
export function specOf(given: unknown): Doc {
  if (!isDoc(given) || !isDoc(given.key))
    throw new CommandError(9, "The 'key' field is a required property of an index specification");
  const { key, name, unique, sparse, partialFilterExpression, expireAfterSeconds, collation } = given;
  const unknown = Object.keys(given).find((option) => !OPTIONS.has(option));
  if (unknown)
    throw new CommandError(
      197,
      `The field '${unknown}' is not valid for an index specification. Specification: ${JSON.stringify(given)}`,
    );
  refuseCollation(collation);
  if (isTruthy(given.hidden)) throw notSupported('A hidden index');
  checkKey(key);
  if (typeof name !== 'string' || name === '')
    throw new CommandError(name === undefined ? 9 : 67, 'The index name is a required, non-empty string');
  const seconds = asNumber(expireAfterSeconds);
  if (expireAfterSeconds !== undefined) checkExpiry(key, seconds);
  if (partialFilterExpression !== undefined) {
    if (!isDoc(partialFilterExpression))
      throw new CommandError(14, "'partialFilterExpression' must be an object");
    if (isTruthy(sparse))
      throw new CommandError(67, "cannot mix 'partialFilterExpression' and 'sparse' options");
    checkPartial(partialFilterExpression);
  }
  return {
    v: 2,
    key,
    name,
    ...(isTruthy(unique) ? { unique: true } : {}),
    ...(isTruthy(sparse) ? { sparse: true } : {}),
    ...(partialFilterExpression === undefined ? {} : { partialFilterExpression }),
    ...(seconds === undefined ? {} : { expireAfterSeconds: seconds }),
  };
}

function checkKey(key: Doc): void {
  const fields = Object.entries(key);
  if (fields.length === 0) throw new CommandError(67, 'Index keys cannot be an empty object');
  if (fields.length > 32) throw new CommandError(67, 'Index key pattern too large');
  for (const [path, way] of fields) {
    if (typeof way === 'string') {
      throw new CommandError(
        67,
        way === ''
          ? `Values in v:2 index key pattern cannot be of type string. Only numbers > 0, numbers < 0, and strings are allowed.`
          : `Unknown index plugin '${way}': the embedded engine keeps plain indexes only; use a MongoDB server`,
      );
    }
    const direction = asNumber(way);
    if (direction === undefined)
      throw new CommandError(67, 'Values in v:2 index key pattern can only be numbers or strings');
    if (direction === 0 || Number.isNaN(direction))
      throw new CommandError(67, 'Values in the index key pattern cannot be 0.');
    if (path === '') throw new CommandError(67, 'Index keys cannot be an empty field.');
    if (path.startsWith('$') || path.includes('.$') || path.includes('$**'))
      throw new CommandError(67, `Index key contains an illegal field name: field name starts with '$'.`);
    if (path.split('.').includes('')) throw new CommandError(67, 'Index keys cannot contain an empty field.');
  }
}

function checkExpiry(key: Doc, seconds: number | undefined): void {
  if (seconds === undefined)
    throw new CommandError(14, "TTL index 'expireAfterSeconds' option must be numeric");
  if (seconds < 0 || seconds > 2147483647)
    throw new CommandError(
      67,
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a lower number. Index spec`,
    );
  const fields = Object.keys(key);
  if (fields.length > 1)
    throw new CommandError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  if (fields[0] === '_id')
    throw new CommandError(197, "The field 'expireAfterSeconds' is not valid for an _id index specification");
}

const IN_PARTIAL = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$exists', '$type', '$in', '$and', '$or']);

function checkPartial(expression: Doc): void {
  compileFilter(expression);
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isDoc(value) || '_bsontype' in value) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key.startsWith('$') && !IN_PARTIAL.has(key))
        throw new CommandError(67, `Expression not supported in partial index: ${key}`);
      if (key === '$exists' && !isTruthy(inner))
        throw new CommandError(67, 'Expression not supported in partial index: $not $exists');
      visit(inner);
    }
  };
  visit(expression);
}

/** Whether the index is not there yet. @throws CommandError 85, 86 where one like it is. */
export function isNew(indexes: Index[], spec: Doc): boolean {
  const key = keyText(spec.key);
  if (key === keyText({ _id: 1 })) return false;
  const named = indexes.find(({ name }) => name === spec.name);
  if (spec.name === '_id_')
    throw new CommandError(
      67,
      "The index name '_id_' is reserved for the _id index, which must have key pattern {_id: 1}",
    );
  if (named) {
    if (keyText(comparable(named.spec)) === keyText(comparable(spec))) return false;
    if (keyText(named.spec.key) === key && keyText(identity(named.spec)) === keyText(identity(spec))) {
      throw new CommandError(
        85,
        `An equivalent index already exists with the same name but different options. Requested index: ${JSON.stringify(spec)}, existing index: ${JSON.stringify(named.spec)}`,
      );
    }
    throw new CommandError(
      86,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${JSON.stringify(spec)}, existing index: ${JSON.stringify(named.spec)}`,
    );
  }
  const same = indexes.find((index) => keyText(identity(index.spec)) === keyText(identity(spec)));
  if (same) throw new CommandError(85, `Index already exists with a different name: ${same.name}`);
  return true;
}

/** The parts of a specification that make it another index. */
function identity({ key, unique, sparse, partialFilterExpression }: Doc): Doc {
  return { key, unique: unique ?? false, sparse: sparse ?? false, partial: partialFilterExpression ?? null };
}

function comparable(spec: Doc): Doc {
  return { ...identity(spec), expireAfterSeconds: spec.expireAfterSeconds ?? null };
}
