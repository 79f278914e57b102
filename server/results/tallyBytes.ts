/**
 * A tally as bytes: its counts one after another, each an unsigned 32-bit number, little end first. The order is fixed
 * by the measure, so that equal tallies are equal bytes.
 */
import { FLAGS } from '../../models/responses.js';
import { emptyTally, type Measure, type Tally } from '../statistics/tally.js';

/** Grows with every change of what is counted, or how it is written; what is kept in an older one is counted anew. */
export const TALLY_FORMAT = 1;

/** @throws {RangeError} where a count does not fit, or a flag is unknown: a count that were lost would be worse */
export function tallyBytes({ responses, items, expectation, flags }: Tally): Buffer {
  for (const flag of flags.keys())
    if (!(FLAGS as readonly string[]).includes(flag)) throw new RangeError(`unknown flag ${flag}`);
  const counts = [
    responses,
    expectation.sum,
    expectation.answered,
    ...FLAGS.map((flag) => flags.get(flag) ?? 0),
    ...[...items.values()].flatMap(({ levels, noOpinion, blank }) => [...levels, noOpinion, blank]),
  ];
  const bytes = Buffer.alloc(4 * counts.length);
  for (const [at, count] of counts.entries()) bytes.writeUInt32LE(count, 4 * at);
  return bytes;
}

/** The tally that these bytes were made from. @throws {RangeError} where they are not of this measure */
export function tallyFromBytes(bytes: Buffer, measure: Measure): Tally {
  const tally = emptyTally(measure);
  if (bytes.length !== 4 * (3 + FLAGS.length + 7 * tally.items.size))
    throw new RangeError(`${bytes.length} bytes are no tally of this survey`);
  let at = 0;
  const next = () => {
    const count = bytes.readUInt32LE(at);
    at += 4;
    return count;
  };
  tally.responses = next();
  tally.expectation.sum = next();
  tally.expectation.answered = next();
  for (const flag of FLAGS) {
    const flagged = next();
    if (flagged > 0) tally.flags.set(flag, flagged);
  }
  for (const counts of tally.items.values()) {
    for (const level of [0, 1, 2, 3, 4] as const) counts.levels[level] = next();
    counts.noOpinion = next();
    counts.blank = next();
  }
  return tally;
}
