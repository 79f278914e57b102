/** Exact comparison of whole and decimal numbers with doubles, for the few numbers that no double equals. */

/** A number as digits · 10^exponent. */
export interface Parts {
  negative: boolean;
  digits: bigint;
  exponent: number;
}

/** The parts of a Decimal128's text, or a plain number for NaN, infinities and zero. */
export function decimalParts(text: string): Parts | number {
  const found = /^(-?)(\d+)(?:\.(\d*))?(?:E([+-]?\d+))?$/i.exec(text);
  if (!found) return Number(text);
  const [, sign, before = '0', after = '', power = '0'] = found;
  const digits = BigInt(before + after);
  if (digits === 0n) return 0;
  return { negative: sign === '-', digits, exponent: Number(power) - after.length };
}

/** The largest double not above the number, and whether it equals it. */
export function floorOf(parts: Parts): { below: number; equal: boolean } {
  const nearest = Number(`${parts.negative ? '-' : ''}${parts.digits}e${parts.exponent}`);
  const order = compareExactly(parts, nearest);
  return order === 0
    ? { below: nearest, equal: true }
    : { below: order > 0 ? nearest : nextBelow(nearest), equal: false };
}

function compareExactly(parts: Parts, double: number): number {
  if (!Number.isFinite(double)) return double > 0 ? -1 : 1;
  let left = parts.negative ? -parts.digits : parts.digits;
  let { mantissa: right, exponent } = binaryParts(double);
  if (parts.exponent >= 0) left *= 10n ** BigInt(parts.exponent);
  else right *= 10n ** BigInt(-parts.exponent);
  if (exponent >= 0) right <<= BigInt(exponent);
  else left <<= BigInt(-exponent);
  return left < right ? -1 : left > right ? 1 : 0;
}

function binaryParts(double: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, double);
  const bits = view.getBigUint64(0);
  const power = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = power === 0 ? fraction : fraction | 0x10000000000000n;
  return { mantissa: double < 0 ? -mantissa : mantissa, exponent: Math.max(power, 1) - 1075 };
}

function nextBelow(double: number): number {
  if (double === 0) return -Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, double);
  view.setBigUint64(0, view.getBigUint64(0) + (double > 0 ? -1n : 1n));
  return view.getFloat64(0);
}
