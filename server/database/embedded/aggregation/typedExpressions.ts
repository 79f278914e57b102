/**
 * The expressions that must see BSON's own types: paths, comparisons, truth, sums, and what only passes a value on. The
 * rest is mingo's, which knows plain JavaScript values; `prepare` sets the border between the two.
 */
import { CommandError } from '../errors.js';
import { compare } from '../query/keys.js';
import { asNumber, asRegExp, type Doc, isDoc, isTruthy, toPlain, typeName } from '../values.js';
import { CONVERSIONS } from './conversions.js';
import { DATE_OPERATORS } from './dateExpressions.js';
import { NUMBER_OPERATORS } from './numberExpressions.js';
import {
  evaluated,
  forMingo,
  listOf,
  type Operator,
  ofList,
  ofOne,
  onlyOperand,
  operator,
} from './operands.js';
import { VALUE_OPERATORS } from './valueExpressions.js';

/** Stand in prepared expressions for a path, whose value is wanted as stored, or plain. */
const PATH = '$__path';
const PLAIN_PATH = '$__plainPath';
/** Makes the result of a typed operator plain, for an operator of mingo's around it. */
const PLAIN = '$__plain';

/** An expression as mingo is given it. `typed`: whether the operator around it takes BSON's types. */
export function prepare(expression: unknown, typed = false): unknown {
  if (typeof expression === 'string')
    return expression.startsWith('$') ? { [typed ? PATH : PLAIN_PATH]: expression.split('.') } : expression;
  if (Array.isArray(expression)) return expression.map((item) => prepare(item, typed));
  if (!isDoc(expression) || '_bsontype' in expression)
    return typed ? expression : (asRegExp(expression) ?? toPlain(expression));
  const [name = ''] = Object.keys(expression);
  if (name === '$literal') return typed ? expression : toPlain(expression);
  if (!name.startsWith('$'))
    return Object.fromEntries(Object.entries(expression).map(([key, inner]) => [key, prepare(inner, typed)]));
  const takesTypes = name in TYPED_OPERATORS || PASSING_ON.has(name);
  const ready = { [name]: operandOf(name, onlyOperand(name, expression[name]), takesTypes) };
  return typed || !takesTypes || name in COMPARING ? ready : { [PLAIN]: ready };
}

/** mingo's operators that hand on values without looking at them. */
const PASSING_ON = new Set(
  `$ifNull $arrayElemAt $reverseArray $filter $map $reduce $let $objectToArray $zip $getField $setField
  $unsetField`.split(/\s+/),
);

/** What an operator is given; positions and limits are mingo's to read, so they are plain. */
function operandOf(name: string, operand: unknown, typed: boolean): unknown {
  if (name === '$arrayElemAt' && Array.isArray(operand))
    return operand.map((item, at) => prepare(item, at === 0));
  const ready = prepare(operand, typed);
  return name === '$filter' && isDoc(operand) && 'limit' in operand
    ? { ...(ready as Doc), limit: toPlain(operand.limit) }
    : ready;
}

/** A path through documents, and through the documents of arrays: other elements have no fields. */
export function follow(value: unknown, [part, ...rest]: string[]): unknown {
  if (part === undefined) return value;
  if (Array.isArray(value)) {
    return value
      .filter((item) => isDoc(item))
      .map((item) => follow(item, [part, ...rest]))
      .filter((item) => item !== undefined);
  }
  return isDoc(value) && Object.hasOwn(value, part) ? follow(value[part], rest) : undefined;
}

const followPath = operator((obj, expr, options) => {
  const [root, ...parts] = expr as string[];
  return follow(evaluated(obj, root, options), parts);
});

function comparison(fits: (order: number) => unknown): Operator {
  return ofList((left, right) => fits(compareMissing(left, right)));
}

/** In expressions, unlike in filters, a missing field is below null. */
function compareMissing(left: unknown, right: unknown): number {
  if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? -1 : 1;
  return compare(left, right);
}

/** Their operands are typed, their results plain. */
const COMPARING: Record<string, Operator> = {
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $cmp: comparison((order) => Math.sign(order)),
  $and: operator((obj, expr, options) => listOf(expr).every((one) => isTruthy(evaluated(obj, one, options)))),
  $or: operator((obj, expr, options) => listOf(expr).some((one) => isTruthy(evaluated(obj, one, options)))),
  $not: ofOne((value) => !isTruthy(value)),
  $isNumber: ofOne((value) => asNumber(value) !== undefined),
  $type: ofOne((value) => (value === undefined ? 'missing' : typeName(value))),
};

export const TYPED_OPERATORS: Record<string, Operator> = {
  ...COMPARING,
  $cond: operator((obj, expr, options) => {
    const [test, yes, no] = Array.isArray(expr)
      ? expr
      : [(expr as Doc).if, (expr as Doc).then, (expr as Doc).else];
    return evaluated(obj, isTruthy(evaluated(obj, test, options)) ? yes : no, options);
  }),
  $switch: operator((obj, expr, options) => {
    const { branches, default: otherwise } = expr as {
      branches: { case: unknown; then: unknown }[];
      default: unknown;
    };
    const found = branches.find((branch) => isTruthy(evaluated(obj, branch.case, options)));
    if (!found && otherwise === undefined)
      throw new CommandError(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    return evaluated(obj, found ? found.then : otherwise, options);
  }),
  $mergeObjects: operator((obj, expr, options) => {
    const parts = listOf(evaluated(obj, expr, options)).filter((part) => part !== null && part !== undefined);
    const wrong = parts.find((part) => !isDoc(part));
    if (wrong !== undefined)
      throw new CommandError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeName(wrong)}`,
      );
    return Object.assign({}, ...parts);
  }),
  ...NUMBER_OPERATORS,
  ...DATE_OPERATORS,
  ...CONVERSIONS,
  ...VALUE_OPERATORS,
  [PATH]: followPath,
  [PLAIN_PATH]: operator((obj, expr, options) => forMingo(followPath(obj as Doc, expr as never, options))),
  [PLAIN]: operator((obj, expr, options) => forMingo(evaluated(obj, expr, options))),
};
