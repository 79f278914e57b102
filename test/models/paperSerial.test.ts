import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkRemainder,
  MOST_SHEETS,
  MOST_SURVEYS,
  paperSerial,
  parsePaperSerial,
  printedPaperSerial,
} from '../../models/paperSerial.js';

const HERE = { round: 'dot-2-nam-2026', unit: 'QNG-001' };

const place = fc.record({ round: fc.string({ minLength: 1 }), unit: fc.string({ minLength: 1 }) });
const sheet = fc.record({
  survey: fc.integer({ min: 1, max: MOST_SURVEYS }),
  number: fc.integer({ min: 1, max: MOST_SHEETS }),
});

describe('a serial of a paper form is refused', () => {
  it.each(['', '1', '1001274', '100127450', '1OO1-2745', 'abcd-efgh', '0001-2745', '１００１２７４５'])(
    'where it is no serial at all: %j',
    (typed) => {
      expect(parsePaperSerial(HERE, typed)).toBeNull();
    },
  );

  it('with any one digit typed wrong', () => {
    fc.assert(
      fc.property(place, sheet, fc.nat(7), fc.integer({ min: 1, max: 9 }), (where, which, at, by) => {
        const serial = paperSerial(where, which);
        const wrong = `${serial.slice(0, at)}${(Number(serial[at]) + by) % 10}${serial.slice(at + 1)}`;
        expect(parsePaperSerial(where, wrong)).toBeNull();
      }),
    );
  });

  it('with any two digits swapped', () => {
    fc.assert(
      fc.property(place, sheet, fc.nat(7), fc.nat(7), (where, which, one, other) => {
        const digits = [...paperSerial(where, which)];
        [digits[one], digits[other]] = [String(digits[other]), String(digits[one])];
        const swapped = digits.join('');
        fc.pre(swapped !== paperSerial(where, which));
        expect(parsePaperSerial(where, swapped)).toBeNull();
      }),
    );
  });

  it('where the sheet belongs to another unit or another round, for all but one in 97', () => {
    const elsewhere = Array.from({ length: 2000 }, (_, index) =>
      index % 2 ? { ...HERE, unit: `QNG-${index}` } : { ...HERE, round: `dot-${index}` },
    );
    const taken = elsewhere.filter(
      (where) => parsePaperSerial(HERE, paperSerial(where, { survey: 1, number: 127 })) !== null,
    );
    expect(taken.length).toBeLessThan(2 * (2000 / 97));
  });

  it('where its sheet has the number 0', () => {
    const zero = Array.from({ length: 100 }, (_, check) => `1000-00${String(check).padStart(2, '0')}`);
    expect(zero.filter((serial) => parsePaperSerial(HERE, serial) !== null)).toEqual([]);
  });

  it.each([
    { survey: 0, number: 1 },
    { survey: 10, number: 1 },
    { survey: 1, number: 0 },
    { survey: 1, number: 100_000 },
    { survey: 1, number: 1.5 },
  ])('before it is printed: survey $survey, number $number', (which) => {
    expect(() => paperSerial(HERE, which)).toThrow(RangeError);
  });
});

describe('a serial of a paper form', () => {
  it('leads back to its sheet, however it is typed', () => {
    fc.assert(
      fc.property(place, sheet, fc.constantFrom('', '-', ' ', ' – ', '.'), (where, which, between) => {
        const serial = paperSerial(where, which);
        expect(serial).toMatch(/^[1-9][0-9]{7}$/);
        expect(parsePaperSerial(where, serial.slice(0, 4) + between + serial.slice(4))).toEqual(which);
        expect(parsePaperSerial(where, ` ${printedPaperSerial(serial)} `)).toEqual(which);
      }),
    );
  });

  it('is the same for the same sheet for ever', () => {
    expect(printedPaperSerial(paperSerial(HERE, { survey: 1, number: 127 }))).toBe('1001-2716');
  });

  it('can be checked on the screen by its remainder alone', () => {
    fc.assert(
      fc.property(place, sheet, (where, which) => {
        expect(Number(paperSerial(where, which)) % 97).toBe(checkRemainder(where));
      }),
    );
  });
});
