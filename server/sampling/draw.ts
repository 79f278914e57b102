/**
 * Draws schools so that anybody can repeat and prove it: each gets the SHA-256 of `seed/code`, and of each group those
 * with the smallest are taken. The hash is as good as a random number that nobody chose, every school of a group is
 * equally likely to be taken, and one that is added to or leaves the list moves no other's number: E. Ohlsson (1995),
 * Coordination of samples using permanent random numbers, in B. G. Cox et al. (eds), Business Survey Methods, ch. 9.
 */
import { createHash, randomInt } from 'node:crypto';

/** The number a unit is drawn by: 64 hexadecimal digits. `printf %s SEED/CODE | sha256sum` prints the same. */
export function drawNumber(seed: string, unit: string): string {
  return createHash('sha256').update(`${seed}/${unit}`, 'utf8').digest('hex');
}

/** Codes of the units drawn: so many of each group, or all of a smaller one; the order of the units does not matter. */
export function drawnUnits(
  groups: readonly (readonly string[])[],
  count: number,
  seed: string,
): ReadonlySet<string> {
  return new Set(
    groups.flatMap((units) =>
      units
        .map((unit) => ({ unit, number: drawNumber(seed, unit) }))
        .sort((a, b) => (a.number < b.number ? -1 : 1))
        .slice(0, count)
        .map(({ unit }) => unit),
    ),
  );
}

/** A seed that nobody chose: nine digits, short enough to be printed in a plan and read out. */
export function newSeed(): string {
  return String(randomInt(1_000_000_000)).padStart(9, '0');
}
