/**
 * A tally as bytes: its counts one after another in the order of its layout, each in groups of seven bits, the low ones
 * first, the last with the high bit clear (LEB128, as in DWARF and Protocol Buffers). Most counts of one unit are below
 * 128 and take one byte. Equal tallies are equal bytes.
 */
import { type Measure, Tally } from '../statistics/tally.js';
import { layoutOf } from '../statistics/tallyLayout.js';

/**
 * Grows with every change of what is counted, or how it is written; what is kept in an older one is counted anew.
 *
 * 3: continuous rounds by quarter (groups.ts).
 */
export const TALLY_FORMAT = 3;

/** @throws {RangeError} where a count is no whole number: a count that were lost would be worse */
export function tallyBytes({ counts }: Tally): Buffer {
  const bytes: number[] = [];
  for (const count of counts) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is no count`);
    let rest = count;
    // Division, not shifts: those end at 32 bits.
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  }
  return Buffer.from(bytes);
}

/** The tally that these bytes were made from. @throws {RangeError} where they are not of this measure */
export function tallyFromBytes(bytes: Buffer, measure: Measure): Tally {
  const counts = new Float64Array(layoutOf(measure).length);
  let at = 0;
  let count = 0;
  let scale = 1;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte >= 128) {
      count += (byte - 128) * scale;
      scale *= 128;
    } else {
      if (at < counts.length) counts[at] = count + byte * scale;
      at += 1;
      count = 0;
      scale = 1;
    }
  }
  if (at !== counts.length || scale !== 1)
    throw new RangeError(`${bytes.length} bytes are no tally of this survey`);
  return new Tally(measure, counts);
}
