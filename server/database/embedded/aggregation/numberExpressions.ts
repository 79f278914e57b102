/** Expressions that compute numbers, with MongoDB's result types. */
import { Decimal128, Double, Int32, Long } from 'bson';
import { CommandError } from '../errors.js';
import { decimalParts } from '../query/exactNumbers.js';
import { bitwise, calculate, quotient } from '../update/arithmetic.js';
import { asNumber, bsonName, typeCode, typeName } from '../values.js';
import { TALLIES } from './group.js';
import { evaluated, isNil, listOf, type Operator, ofList, ofOne, operator, orNull } from './operands.js';

function mistyped(name: string, value: unknown, code = 14): CommandError {
  return new CommandError(code, `${name} only supports numeric types, not ${typeName(value)}`);
}

/** @throws CommandError for what is no number. */
function numberIn(name: string, value: unknown, code?: number): number {
  const number = asNumber(value);
  if (number === undefined) throw mistyped(name, value, code);
  return number;
}

/** A number computed in doubles, as the operands' types have it. */
function realOf(made: number, ...from: unknown[]): Double | Decimal128 {
  return from.some((value) => bsonName(value) === 'Decimal128')
    ? Decimal128.fromString(String(made))
    : new Double(made);
}

type Sign = '+' | '-' | '*';

/** A sum, difference or product; what fits no 64-bit number becomes a double. */
function combined(sign: Sign, left: unknown, right: unknown): unknown {
  return calculate(sign, left, right) ?? calculate(sign, new Double(asNumber(left) ?? 0), right);
}

/** `$add` and `$multiply`: dates only where they may be moved by numbers. */
function folded(name: string, sign: Sign, start: number): Operator {
  return ofList((...values) => {
    let made: unknown = start;
    let date: Date | undefined;
    for (const value of values) {
      if (isNil(value)) return null;
      if (value instanceof Date && sign === '+') {
        if (date) throw new CommandError(16612, 'only one date allowed in an $add expression');
        date = value;
      } else {
        numberIn(name, value);
        made = values.length === 1 ? value : combined(sign, made, value);
      }
    }
    return date ? moved(date, made) : made;
  });
}

function moved(date: Date, by: unknown): Date {
  const ms = asNumber(by) ?? 0;
  return new Date(date.getTime() + Math.sign(ms) * Math.round(Math.abs(ms)));
}

const subtract = orNull((left, right) => {
  if (left instanceof Date && right instanceof Date) return Long.fromNumber(Number(left) - Number(right));
  if (left instanceof Date) return moved(left, -numberIn('$subtract', right));
  numberIn('$subtract', left);
  numberIn('$subtract', right);
  return combined('-', left, right);
});

const divide = orNull((left, right) => {
  const [a, b] = [numberIn('$divide', left), numberIn('$divide', right)];
  if (b === 0) throw new CommandError(2, "can't $divide by zero");
  return [left, right].some((value) => bsonName(value) === 'Decimal128')
    ? quotient(left, right)
    : new Double(a / b);
});

const mod = orNull((left, right) => {
  const [a, b] = [numberIn('$mod', left), numberIn('$mod', right)];
  if (b === 0) throw new CommandError(16610, "can't $mod by zero");
  const types = [left, right].map(typeCode);
  if (types.includes(19) || types[0] === 1 || !Number.isInteger(b)) return realOf(a % b, left, right);
  return types.includes(18) ? Long.fromNumber(a % b) : a % b;
});

const power = orNull((base, exponent) => {
  const [a, b] = [numberIn('$pow', base, 28762), numberIn('$pow', exponent, 28763)];
  if (a === 0 && b < 0) throw new CommandError(28764, '$pow cannot take a base of 0 and a negative exponent');
  const types = [base, exponent].map(typeCode);
  const near = a ** b;
  if (types.includes(1) || types.includes(19) || b < 0 || Math.abs(near) >= 2 ** 63)
    return realOf(near, base, exponent);
  const exact = BigInt(a) ** BigInt(b);
  return types.includes(18) || exact !== BigInt.asIntN(32, exact) ? Long.fromBigInt(exact) : Number(exact);
});

const logarithm = orNull((value, base) => {
  const [a, b] = [numberIn('$log', value, 28756), numberIn('$log', base, 28757)];
  if (a <= 0) throw new CommandError(28758, `$log's argument must be a positive number, but is ${a}`);
  if (b <= 0 || b === 1)
    throw new CommandError(28759, `$log's base must be a positive number not equal to 1, but is ${b}`);
  return realOf(Math.log(a) / Math.log(b), value, base);
});

type Rounding = 'even' | 'trunc' | 'ceil' | 'floor';

/** A number cut or rounded at a decimal place, exactly and in its own type. */
function rounded(name: string, rounding: Rounding): Operator {
  return ofList(
    orNull((value, given = 0) => {
      const number = numberIn(name, value, name === '$ceil' || name === '$floor' ? 28765 : 51081);
      const place = asNumber(given) ?? Number.NaN;
      if (!Number.isInteger(place) || place < -20 || place > 100)
        throw new CommandError(51082, `cannot apply ${name} with precision value ${place}`);
      const type = bsonName(value);
      const whole = type === 'Long' || type === 'Decimal128';
      const parts = decimalParts(whole || Math.abs(number) >= 1e21 ? String(value) : number.toFixed(100));
      if (typeof parts === 'number' || -place <= parts.exponent) return value;
      const unit = 10n ** BigInt(-place - parts.exponent);
      const [kept, rest] = [parts.digits / unit, parts.digits % unit];
      const away = parts.negative ? 'floor' : 'ceil';
      const half = 2n * rest > unit || (2n * rest === unit && kept % 2n === 1n);
      const up = rounding === 'even' ? half : rounding === away && rest > 0n;
      const text = `${parts.negative ? '-' : ''}${kept + (up ? 1n : 0n)}E${-place}`;
      if (type === 'Decimal128') return Decimal128.fromString(text);
      if (type === 'Double') return new Double(Number(text));
      return type === 'Long' ? Long.fromNumber(Number(text)) : Number(text);
    }),
  );
}

/** Functions of real numbers, each a double. @throws CommandError 28765, 50989 … outside their domain. */
const REAL: Record<string, (x: number) => number> = {
  ...{ $exp: Math.exp, $ln: Math.log, $log10: Math.log10, $sqrt: Math.sqrt },
  ...{ $sin: Math.sin, $cos: Math.cos, $tan: Math.tan, $asin: Math.asin, $acos: Math.acos },
  ...{ $atan: Math.atan, $sinh: Math.sinh, $cosh: Math.cosh, $tanh: Math.tanh },
  ...{ $asinh: Math.asinh, $acosh: Math.acosh, $atanh: Math.atanh },
  $degreesToRadians: (x) => (x * Math.PI) / 180,
  $radiansToDegrees: (x) => (x * 180) / Math.PI,
};
const OUTSIDE: Record<string, number> = { $ln: 28766, $log10: 28761, $sqrt: 28714 };

function real([name, compute]: [string, (x: number) => number]): [string, Operator] {
  const run = orNull((value) => {
    const x = numberIn(name, value, 28765);
    const made = compute(x);
    if ((Number.isNaN(made) && !Number.isNaN(x)) || (x === 0 && made === Number.NEGATIVE_INFINITY))
      throw new CommandError(OUTSIDE[name] ?? 50989, `${name} cannot be applied to ${x}`);
    return realOf(made, value);
  });
  return [name, ofOne(run)];
}

/** Bits of whole numbers together; with nothing listed `start`. */
function bits(name: string, operation: string, start: number): Operator {
  return ofList((...values) => {
    let made: unknown = new Int32(start);
    for (const value of values) {
      if (isNil(value)) return null;
      if (![16, 18].includes(typeCode(value)))
        throw new CommandError(14, `${name} only supports int and long operands.`);
      made = bitwise(operation, made, value);
    }
    return made;
  });
}

/** An accumulator as an expression: of the elements of one array, or of the operands listed. */
function tallied([name, make]: [string, (typeof TALLIES)[string]]): [string, Operator] {
  const run = operator((obj, expr, options) => {
    const only = Array.isArray(expr) && expr.length === 1 ? expr[0] : expr;
    const tally = make((value) => value);
    for (const value of listOf(evaluated(obj, only, options))) tally.add(value);
    return tally.result();
  });
  return [name, run];
}

const absolute = orNull((value) => {
  const number = numberIn('$abs', value, 28765);
  return number < 0 ? combined('*', value, new Int32(-1)) : value;
});

export const NUMBER_OPERATORS: Record<string, Operator> = {
  $add: folded('$add', '+', 0),
  $multiply: folded('$multiply', '*', 1),
  $subtract: ofList(subtract),
  $divide: ofList(divide),
  $mod: ofList(mod),
  $pow: ofList(power),
  $log: ofList(logarithm),
  $atan2: ofList(
    orNull((y, x) => realOf(Math.atan2(numberIn('$atan2', y, 51044), numberIn('$atan2', x, 51045)), y, x)),
  ),
  $abs: ofOne(absolute),
  $round: rounded('$round', 'even'),
  $trunc: rounded('$trunc', 'trunc'),
  $ceil: rounded('$ceil', 'ceil'),
  $floor: rounded('$floor', 'floor'),
  ...Object.fromEntries(Object.entries(REAL).map(real)),
  $bitAnd: bits('$bitAnd', 'and', -1),
  $bitOr: bits('$bitOr', 'or', 0),
  $bitXor: bits('$bitXor', 'xor', 0),
  $bitNot: ofOne(
    orNull((value) => {
      if (![16, 18].includes(typeCode(value)))
        throw new CommandError(28765, `$bitNot only supports int and long, not: ${typeName(value)}.`);
      return bitwise('xor', value, new Int32(-1));
    }),
  ),
  ...Object.fromEntries(
    Object.entries(TALLIES)
      .filter(([name]) => ['$sum', '$avg', '$min', '$max', '$stdDevPop', '$stdDevSamp'].includes(name))
      .map(tallied),
  ),
};
