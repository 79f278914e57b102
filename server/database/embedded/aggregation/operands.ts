/** How expression operators take their operands: prepared expressions, evaluated to values as BSON has them. */
import { evalExpr } from 'mingo/core';
import type { $add } from 'mingo/operators/expression';
import { CommandError } from '../errors.js';
import { asNumber, bsonName, type Doc, isDoc, toPlain } from '../values.js';

export type Operator = (...given: Parameters<typeof $add>) => unknown;
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

/** An operator of one operand. */
export function ofOne(compute: (value: unknown) => unknown): Operator {
  return operator((obj, expr, options) => compute(evaluated(obj, expr, options)));
}

/** An operator of as many operands as are listed. */
export function ofList(compute: (...values: unknown[]) => unknown): Operator {
  return operator((obj, expr, options) =>
    compute(...listOf(expr).map((one) => evaluated(obj, one, options))),
  );
}

export function isNil(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** The same, but null where any of the operands is null or missing. */
export function orNull(compute: (...values: unknown[]) => unknown): (...values: unknown[]) => unknown {
  return (...values) => (values.some(isNil) ? null : compute(...values));
}

/** A plain value; a Long too great for a JavaScript number comes near it, as in MongoDB's doubles. */
export function forMingo(value: unknown): unknown {
  return bsonName(value) === 'Long' ? asNumber(value) : toPlain(value);
}

const ONE = `$abs $allElementsTrue $anyElementTrue $arrayToObject $binarySize $bitNot $bsonSize $ceil $dayOfMonth
  $dayOfWeek $dayOfYear $exp $first $floor $hour $isArray $isNumber $isoDayOfWeek $isoWeek $isoWeekYear $last $ln
  $log10 $millisecond $minute $month $not $objectToArray $reverseArray $second $size $sqrt $strLenBytes $strLenCP
  $toBool $toDate $toDecimal $toDouble $toInt $toLong $toLower $toObjectId $toString $toUpper $tsIncrement $tsSecond
  $type $week $year $sin $cos $tan $asin $acos $atan $sinh $cosh $tanh $asinh $acosh $atanh $degreesToRadians
  $radiansToDegrees`;
const TWO = `$eq $ne $gt $gte $lt $lte $cmp $subtract $divide $mod $pow $log $atan2 $in $arrayElemAt $split
  $setDifference $setIsSubset $strcasecmp`;
const THREE = '$substr $substrCP $substrBytes';

/** How many operands the operators take that take a fixed number of them. */
const COUNTS = new Map(
  [ONE, TWO, THREE].flatMap((names, at) => names.split(/\s+/).map((name) => [name, at + 1] as const)),
);

/** The code with which an operand is refused that an operator of a document does not have, and those it has. */
const NAMED: Record<string, [code: number, names: string]> = {
  $cond: [17083, 'if then else'],
  $convert: [9, 'input to onError onNull'],
  $dateFromParts: [
    40518,
    'year month day hour minute second millisecond isoWeekYear isoWeek isoDayOfWeek timezone',
  ],
  $dateFromString: [40541, 'dateString format timezone onError onNull'],
  $dateToParts: [40520, 'date timezone iso8601'],
  $dateToString: [18534, 'date format timezone onNull'],
  $filter: [28647, 'input as cond limit'],
  $let: [16875, 'vars in'],
  $map: [16879, 'input as in'],
  $reduce: [40076, 'input initialValue in'],
  $switch: [40067, 'branches default'],
  $zip: [34464, 'inputs useLongestLength defaults'],
};

/** @throws CommandError 16020 … where an operator is given other operands than it takes. */
export function checkOperands(name: string, operand: unknown): void {
  const wanted = name === '$cond' && !isDoc(operand) ? 3 : COUNTS.get(name);
  const given = Array.isArray(operand) ? operand.length : 1;
  if (wanted !== undefined && given !== wanted)
    throw new CommandError(
      16020,
      `Expression ${name} takes exactly ${wanted} arguments. ${given} were passed in.`,
    );
  const [code = 0, names] = NAMED[name] ?? [];
  const unknown =
    isDoc(operand) && names && Object.keys(operand).find((key) => !names.split(' ').includes(key));
  if (unknown) throw new CommandError(code, `Unrecognized parameter to ${name}: ${unknown}`);
}

/** The only operand of an operator that takes one, also where it stands in a list of one. */
export function onlyOperand(name: string, operand: unknown): unknown {
  return COUNTS.get(name) === 1 && Array.isArray(operand) ? operand[0] : operand;
}
