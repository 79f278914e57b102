import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newLinkCode, parseLinkCode, printedLinkCode, withCheck } from '../../models/linkCode.js';

const ALPHABET = '23456789CDHKMNPRTWX';

describe('a link code is refused', () => {
  it.each(['', '   ', '---', 'C', 'CCCCC', 'CCCCCCC', 'CCCCCC CCCCCC'])(
    'of the wrong length: "%s"',
    (typed) => {
      expect(parseLinkCode(typed)).toBeNull();
    },
  );

  it('with any single wrong character', () => {
    fc.assert(
      fc.property(someCode(), fc.nat({ max: 5 }), fc.constantFrom(...ALPHABET), (code, at, other) => {
        fc.pre(code[at] !== other);
        expect(parseLinkCode(replaced(code, at, other))).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  it('with any two different characters swapped, side by side or apart', () => {
    fc.assert(
      fc.property(someCode(), fc.nat({ max: 5 }), fc.nat({ max: 5 }), (code, one, two) => {
        fc.pre(code[one] !== code[two]);
        const swapped = replaced(replaced(code, one, code[two] ?? ''), two, code[one] ?? '');
        expect(parseLinkCode(swapped)).toBeNull();
      }),
      { numRuns: 2000 },
    );
  });

  it('with a character that no code has, also one that looks like another', () => {
    const foreign = fc.constantFrom(...'01OILSBZGQAEUYVJFđĐßıſ０２Ｃ\u212a');
    fc.assert(
      fc.property(someCode(), fc.nat({ max: 5 }), foreign, (code, at, other) => {
        expect(parseLinkCode(replaced(code, at, other))).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('where its letters are not exactly those of the code that is read', () => {
    const typing = fc.string({ unit: fc.constantFrom(...`${ALPHABET}cdhk -–.\t\n0Oß`), maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(typing, fc.string({ unit: 'binary' })), (typed) => {
        const letters = typed.replace(/[\s.\-–]/g, '').toUpperCase();
        expect([null, letters]).toContain(parseLinkCode(typed));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a link code', () => {
  it('is read in small letters, with spaces, hyphens, dashes and full stops', () => {
    fc.assert(
      fc.property(someCode(), fc.constantFrom('-', ' ', '–', '.', '\u00a0', ' - '), (code, between) => {
        const typed = ` ${code.slice(0, 3)}${between}${code.slice(3)}\t`;
        expect(parseLinkCode(typed)).toBe(code);
        expect(parseLinkCode(typed.toLowerCase())).toBe(code);
      }),
    );
  });

  it.each([
    ['WR', 'Ử', 'Telex'],
    ['WX', 'Ữ', 'Telex'],
    ['W', 'Ư', 'Telex'],
    ['DD', 'Đ', 'Telex'],
    ['D9', 'Đ', 'VNI'],
  ])('is read where a Vietnamese keyboard made of its %s %s (%s)', (keys, letter) => {
    fc.assert(
      fc.property(codeWith(keys), fc.boolean(), fc.constantFrom('NFC', 'NFD'), (code, small, form) => {
        const typed = code.replace(keys, letter).normalize(form);
        expect(parseLinkCode(small ? typed.toLowerCase() : typed)).toBe(code);
      }),
    );
  });

  it('is printed in two groups of three that lead back to it', () => {
    const code = withCheck([4, 7, 9, 2, 15]);
    expect(printedLinkCode(code)).toMatch(/^.{3}-.{3}$/);
    expect(parseLinkCode(printedLinkCode(code))).toBe(code);
  });

  it('has six characters of the alphabet and the right check character, 10 000 times', () => {
    const codes = new Set<string>();
    for (let made = 0; made < 10_000; made += 1) {
      const code = newLinkCode();
      expect(code).toMatch(/^[23456789CDHKMNPRTWX]{6}$/);
      expect(parseLinkCode(code)).toBe(code);
      codes.add(code);
    }
    // By chance about 20 of 10 000 repeat among 2.4 million; far more would not be chance.
    expect(codes.size).toBeGreaterThan(9_900);
  });
});

function someCode(): fc.Arbitrary<string> {
  const digit = fc.nat({ max: ALPHABET.length - 1 });
  return fc.array(digit, { minLength: 5, maxLength: 5 }).map((digits) => withCheck(digits));
}

/** A code that has these symbols somewhere before its last one. */
function codeWith(keys: string): fc.Arbitrary<string> {
  const digit = fc.nat({ max: ALPHABET.length - 1 });
  const own = [...keys].map((symbol) => ALPHABET.indexOf(symbol));
  return fc
    .tuple(fc.array(digit, { minLength: 5, maxLength: 5 }), fc.nat({ max: 5 - own.length }))
    .map(([digits, at]) =>
      withCheck(digits.with(at, own[0] ?? 0).map((one, place) => own[place - at] ?? one)),
    );
}

function replaced(code: string, at: number, character: string): string {
  return code.slice(0, at) + character + code.slice(at + 1);
}
