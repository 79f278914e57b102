/**
 * Filters: compiled once, asked for every document. Written here rather than left to mingo because BSON's types,
 * its comparison order and the walk through arrays must be MongoDB's own (mingo compares JavaScript values).
 */
import { CommandError, notSupported } from '../errors.js';
import { asNumber, type Doc, isDoc, isRegExp, isTruthy } from '../values.js';
import { bitTest } from './bits.js';
import { isOperators } from './operators.js';
import { MISSING, visitPath } from './paths.js';
import { equals, modTest, oneOf, ordered, regexTest, typeTest, type ValueTest } from './valueTests.js';

export type Test = (doc: unknown) => boolean;
/** Evaluates an aggregation expression for a document ($expr); handed in, so that matching knows no mingo. */
export type Evaluate = (expression: unknown) => (doc: unknown) => unknown;

/** A filter as a test on documents. @throws CommandError 2 BadValue for what MongoDB refuses. */
export function compileFilter(filter: Doc, evaluate?: Evaluate): Test {
  const tests = Object.entries(filter).map(([key, condition]) => {
    if (key.startsWith('$')) return topLevel(key, condition, evaluate);
    return compileField(key.split('.'), condition, evaluate);
  });
  const [only] = tests;
  if (only && tests.length === 1) return only;
  return (doc) => tests.every((test) => test(doc));
}

function topLevel(operator: string, operand: unknown, evaluate?: Evaluate): Test {
  switch (operator) {
    case '$and':
    case '$or':
    case '$nor': {
      const tests = branches(operator, operand).map((branch) => compileFilter(branch, evaluate));
      if (operator === '$and') return (doc) => tests.every((test) => test(doc));
      if (operator === '$or') return (doc) => tests.some((test) => test(doc));
      return (doc) => !tests.some((test) => test(doc));
    }
    case '$expr': {
      if (!evaluate) throw new CommandError(224, '$expr is not allowed in this context');
      const value = evaluate(operand);
      return (doc) => isTruthy(value(doc));
    }
    case '$comment':
      return () => true;
    case '$alwaysTrue':
      return () => true;
    case '$alwaysFalse':
      return () => false;
    case '$where':
    case '$text':
    case '$jsonSchema':
    case '$sampleRate':
      throw notSupported(operator);
    default:
      throw new CommandError(2, `unknown top level operator: ${operator}. ${ADVICE}`);
  }
}

const ADVICE =
  "If you have a field name that starts with a '$' symbol, consider using $getField or $setField.";

/** The branches of $and, $or or $nor. @throws CommandError 2 unless it is a nonempty array of documents. */
function branches(operator: string, operand: unknown): Doc[] {
  if (!Array.isArray(operand)) throw new CommandError(2, `${operator} must be an array`);
  if (operand.length === 0) throw new CommandError(2, '$and/$or/$nor must be a nonempty array');
  return operand.map((branch) => {
    if (!isDoc(branch)) throw new CommandError(2, '$or/$and/$nor entries need to be full objects');
    return branch;
  });
}

function compileField(path: string[], condition: unknown, evaluate?: Evaluate): Test {
  if (!isOperators(condition)) {
    const test = isRegExp(condition) ? regexTest(condition) : equals(condition);
    return onPath(path, test);
  }
  const tests = Object.entries(condition).map(([operator, operand]) =>
    compileOperator(path, operator, operand, condition, evaluate),
  );
  return tests.length === 1 && tests[0] ? tests[0] : (doc) => tests.every((test) => test(doc));
}

function onPath(path: string[], test: ValueTest): Test {
  const visit = (value: unknown, atPosition: boolean): boolean =>
    test(value) || (!atPosition && Array.isArray(value) && value.some(test));
  const [only] = path;
  if (only === undefined) return test;
  if (path.length > 1) return (doc) => visitPath(doc, path, visit);
  return (doc) => {
    if (isDoc(doc)) return visit(Object.hasOwn(doc, only) ? doc[only] : MISSING, false);
    return visitPath(doc, path, visit);
  };
}

function not(test: Test): Test {
  return (doc) => !test(doc);
}

function compileOperator(
  path: string[],
  operator: string,
  operand: unknown,
  all: Doc,
  evaluate?: Evaluate,
): Test {
  switch (operator) {
    case '$eq':
      return onPath(path, equals(operand));
    case '$ne':
      if (isRegExp(operand)) throw new CommandError(2, "Can't have regex as arg to $ne.");
      return not(onPath(path, equals(operand)));
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      if (isRegExp(operand))
        throw new CommandError(2, `Can't have RegEx as arg to predicate over field '${path.join('.')}'.`);
      return onPath(path, ordered(operator, operand));
    case '$in':
      return onPath(path, oneOf(operator, operand));
    case '$nin':
      return not(onPath(path, oneOf(operator, operand)));
    case '$exists': {
      const present: Test = (doc) => visitPath(doc, path, (value) => value !== MISSING);
      return isTruthy(operand) ? present : not(present);
    }
    case '$not':
      return not(negated(path, operand, evaluate));
    case '$regex':
      return onPath(path, regexTest(operand, all.$options));
    case '$options':
      if (!('$regex' in all)) throw new CommandError(2, '$options needs a $regex');
      return () => true;
    case '$type':
      return onPath(path, typeTest(operand));
    case '$mod':
      return onPath(path, modTest(operand));
    case '$size':
      return sizeTest(path, operand);
    case '$all':
      return allTest(path, operand, evaluate);
    case '$elemMatch':
      return elemMatch(path, operand, evaluate);
    case '$bitsAllSet':
    case '$bitsAnySet':
    case '$bitsAllClear':
    case '$bitsAnyClear':
      return onPath(path, bitTest(operator, operand));
    case '$comment':
      return () => true;
    default:
      if (['$near', '$nearSphere', '$geoWithin', '$geoIntersects', '$within'].includes(operator))
        throw notSupported(operator);
      throw new CommandError(2, `unknown operator: ${operator}`);
  }
}

function negated(path: string[], operand: unknown, evaluate?: Evaluate): Test {
  if (isRegExp(operand)) return onPath(path, regexTest(operand));
  if (!isDoc(operand)) throw new CommandError(2, '$not needs a regex or a document');
  if (Object.keys(operand).length === 0) throw new CommandError(2, '$not cannot be empty');
  if (!isOperators(operand)) throw new CommandError(2, `unknown operator: ${Object.keys(operand)[0]}`);
  return compileField(path, operand, evaluate);
}

function sizeTest(path: string[], operand: unknown): Test {
  const size = asNumber(operand);
  if (size === undefined)
    throw new CommandError(
      9,
      `Failed to parse $size. Expected a number in: $size: ${JSON.stringify(operand)}`,
    );
  if (!Number.isInteger(size))
    throw new CommandError(9, `Failed to parse $size. Expected an integer: $size: ${size}`);
  if (size < 0)
    throw new CommandError(9, `Failed to parse $size. Expected a non-negative number in: $size: ${size}`);
  return (doc) => visitPath(doc, path, (value) => Array.isArray(value) && value.length === size);
}

function allTest(path: string[], operand: unknown, evaluate?: Evaluate): Test {
  if (!Array.isArray(operand)) throw new CommandError(2, '$all needs an array');
  const inner = operand.map((item) => {
    if (isOperators(item) && '$elemMatch' in item) return elemMatch(path, item.$elemMatch, evaluate);
    if (isOperators(item)) throw new CommandError(2, 'no $ expressions in $all');
    return onPath(path, isRegExp(item) ? regexTest(item) : equals(item));
  });
  return (doc) => inner.length > 0 && inner.every((test) => test(doc));
}

function elemMatch(path: string[], operand: unknown, evaluate?: Evaluate): Test {
  if (!isDoc(operand)) throw new CommandError(2, '$elemMatch needs an Object');
  const test = elementTest(operand, evaluate);
  return (doc) => visitPath(doc, path, (value) => Array.isArray(value) && value.some(test));
}

/** The test that $elemMatch makes on one array element: operators on the element itself, or a filter on its fields. */
export function elementTest(operand: Doc, evaluate?: Evaluate): Test {
  const [first] = Object.keys(operand);
  const onValue = first?.startsWith('$') && !['$and', '$or', '$nor', '$expr', '$where'].includes(first);
  if (onValue) {
    return compileField([], operand, evaluate);
  }
  const inner = compileFilter(operand, evaluate);
  // an array inside the array is a document with positions for names
  return (item) => (isDoc(item) ? inner(item) : Array.isArray(item) && inner({ ...item }));
}
