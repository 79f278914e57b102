/** Expressions that compute numbers, with MongoDB's result types: mingo computes, the type follows from the operands'. */
import { Double, Long } from 'bson';
import { evalExpr } from 'mingo/core';
import * as mingo from 'mingo/operators/expression';
import { CommandError } from '../errors.js';
import { calculate } from '../update/arithmetic.js';
import { asNumber, bsonName, type Doc, toPlain, typeName } from '../values.js';

export type Operator = (...given: Parameters<typeof mingo.$add>) => unknown;
type Options = Parameters<Operator>[2];

export function operator(compute: (obj: unknown, expr: unknown, options: Options) => unknown): Operator {
  return compute;
}

/** The value of a prepared expression. */
export function evaluated(obj: unknown, expr: unknown, options: Options): unknown {
  return evalExpr(obj as Doc, expr as never, options);
}

export function listOf(expr: unknown): unknown[] {
  return Array.isArray(expr) ? expr : [expr];
}

/** A plain value; a Long too great for a JavaScript number comes near it, as in MongoDB's doubles. */
export function forMingo(value: unknown): unknown {
  return bsonName(value) === 'Long' ? asNumber(value) : toPlain(value);
}

/** Sums and products of numbers are exact and keep their type; dates and complaints are mingo's. */
function arithmetic(ofDates: Operator, sign: '+' | '-' | '*'): Operator {
  return operator((obj, expr, options) => {
    const values = listOf(evaluated(obj, expr, options));
    const [first, ...others] = values;
    if (others.length === 0 || values.some((value) => asNumber(value) === undefined))
      return ofDates(obj as Doc, values.map(forMingo) as never, options);
    return others.reduce((sum, value) => calculate(sign, sum, value) ?? inDoubles(sign, sum, value), first);
  });
}

/** What fits no 64-bit number becomes a double. */
function inDoubles(sign: '+' | '-' | '*', left: unknown, right: unknown): unknown {
  return calculate(sign, new Double(asNumber(left) ?? 0), right);
}

/** An operator of mingo's whose numbers get a type by the operands' types. */
function retyped(compute: Operator, typeOf: (types: (string | undefined)[]) => unknown): Operator {
  return operator((obj, expr, options) => {
    const given = evaluated(obj, expr, options);
    const literal = (value: unknown) => ({ $literal: forMingo(value) });
    const operands = Array.isArray(given) ? given.map(literal) : literal(given);
    const made = compute(obj as Doc, operands as never, options);
    if (typeof made !== 'number') return made;
    const type = typeOf(listOf(given).map(bsonName));
    return type === 'Double' ? new Double(made) : type === 'Long' ? Long.fromNumber(made) : made;
  });
}

const always = (type: string) => () => type;
const widest = (types: unknown[]) => ['Double', 'Long'].find((type) => types.includes(type));

export const NUMBER_OPERATORS: Record<string, Operator> = {
  $add: arithmetic(mingo.$add, '+'),
  $subtract: arithmetic(mingo.$subtract, '-'),
  $multiply: arithmetic(mingo.$multiply, '*'),
  $divide: operator((obj, expr, options) => {
    const [left, right] = listOf(evaluated(obj, expr, options));
    if (left === null || left === undefined || right === null || right === undefined) return null;
    const [a, b] = [asNumber(left), asNumber(right)];
    if (a === undefined || b === undefined)
      throw new CommandError(
        14,
        `$divide only supports numeric types, not ${typeName(left)} and ${typeName(right)}`,
      );
    if (b === 0) throw new CommandError(2, "can't $divide by zero");
    return new Double(a / b);
  }),
  $sqrt: retyped(mingo.$sqrt, always('Double')),
  $toDouble: retyped(mingo.$toDouble, always('Double')),
  $toLong: retyped(mingo.$toLong, always('Long')),
  $abs: retyped(mingo.$abs, widest),
  $ceil: retyped(mingo.$ceil, widest),
  $floor: retyped(mingo.$floor, widest),
  $mod: retyped(mingo.$mod as Operator, widest),
  $round: retyped(mingo.$round, widest),
  $trunc: retyped(mingo.$trunc, widest),
};
