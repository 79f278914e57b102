import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitMatches } from '../../server/results/unitMatches.js';

const unit = (code: string, predecessors: string[] = []) => ({ unit: code, predecessors });
const match = (code: string, now: ReturnType<typeof unit>[], before: string[]) =>
  unitMatches(
    now,
    before.map((each) => unit(each)),
  ).get(code);

describe('a unit is not comparable', () => {
  it('where nothing before became it', () => {
    expect(match('A', [unit('A')], ['B'])).toEqual({ kind: 'new' });
    expect(match('A', [unit('A', ['X'])], ['B'])).toEqual({ kind: 'new' });
  });

  it('where the unit before was divided among several', () => {
    const now = [unit('B', ['A']), unit('C', ['A'])];
    for (const code of ['B', 'C']) expect(match(code, now, ['A'])).toEqual({ kind: 'divided' });
  });

  it('where it kept its code and gave a part away', () => {
    const now = [unit('A'), unit('B', ['A'])];
    for (const code of ['A', 'B']) expect(match(code, now, ['A'])).toEqual({ kind: 'divided' });
  });

  it('where one of those that went into it also went elsewhere', () => {
    const now = [unit('C', ['A', 'B']), unit('D', ['B'])];
    expect(match('C', now, ['A', 'B'])).toEqual({ kind: 'divided' });
  });
});

describe('a unit is compared', () => {
  it('with itself, whatever it is called', () => {
    expect(match('A', [unit('A')], ['A', 'B'])).toEqual({ kind: 'same', before: ['A'] });
  });

  it('with all that were merged into it, itself included where it went on under its code', () => {
    expect(match('C', [unit('C', ['A', 'B'])], ['A', 'B'])).toEqual({ kind: 'merged', before: ['A', 'B'] });
    expect(match('A', [unit('A', ['B'])], ['A', 'B'])).toEqual({ kind: 'merged', before: ['A', 'B'] });
  });

  it('with the one it was before under another code, also several mergers ago', () => {
    expect(match('C', [unit('C', ['B', 'A'])], ['A'])).toEqual({ kind: 'merged', before: ['A'] });
  });

  it('with units that no other unit is compared with, and that are its own', () => {
    const codes = ['A', 'B', 'C', 'D', 'E'];
    fc.assert(
      fc.property(
        fc.array(fc.subarray(codes), { minLength: 5, maxLength: 5 }),
        fc.subarray(codes),
        fc.subarray(codes),
        (predecessors, now, before) => {
          const units = now.map((code) =>
            unit(
              code,
              (predecessors[codes.indexOf(code)] ?? []).filter((each) => each !== code),
            ),
          );
          const matches = [
            ...unitMatches(
              units,
              before.map((code) => unit(code)),
            ).entries(),
          ];
          expect(matches.map(([code]) => code)).toEqual(now);
          const used = matches.flatMap(([, each]) => ('before' in each ? each.before : []));
          expect(new Set(used).size).toBe(used.length);
          for (const [code, each] of matches)
            if ('before' in each)
              for (const one of each.before) {
                expect(before).toContain(one);
                const own = units.find(({ unit: name }) => name === code)?.predecessors ?? [];
                expect([code, ...own]).toContain(one);
              }
        },
      ),
    );
  });
});
