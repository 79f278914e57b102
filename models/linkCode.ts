/**
 * Link codes: six characters that lead to one unit's surveys, for life. Parents type them from a poster, so the
 * alphabet has no look-alikes (no 0/O, 1/I/L, 2 is kept but Z is not, 5 but not S, 8 but not B) and no vowels
 * that could spell a word, and the last character checks the others: with a prime alphabet and distinct weights
 * every single wrong character and every swap of two characters is caught (ISO 7064's pure systems work alike).
 */
import { randomInt } from 'node:crypto';

declare const codeBrand: unique symbol;

/** A link code whose check character is right, in capitals without separators. */
export type LinkCode = string & { readonly [codeBrand]: true };

/** Digits and letters that nobody mistakes for one another. */
export const ALPHABET = '23456789CDHKMNPRTWX';
const LENGTH = 6;

/** A new random code (2.4 million exist; uniqueness is the units' index's business). */
export function newLinkCode(): LinkCode {
  const digits = Array.from({ length: LENGTH - 1 }, () => randomInt(ALPHABET.length));
  return withCheck(digits);
}

/** The code made of five symbol values 0–18 and their check character. */
export function withCheck(digits: readonly number[]): LinkCode {
  const weighted = digits.reduce((sum, digit, index) => sum + digit * (LENGTH - index), 0);
  const check = (ALPHABET.length - (weighted % ALPHABET.length)) % ALPHABET.length;
  return [...digits, check].map((digit) => ALPHABET[digit]).join('') as LinkCode;
}

/** The code a person typed, whatever its case, spaces or hyphens; null where it cannot be right. */
export function parseLinkCode(typed: string): LinkCode | null {
  const text = typed.replace(/[\s.\-–]/g, '').toUpperCase();
  if (text.length !== LENGTH) return null;
  let sum = 0;
  for (const [index, character] of [...text].entries()) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return null;
    sum += digit * (LENGTH - index);
  }
  return sum % ALPHABET.length === 0 ? (text as LinkCode) : null;
}

/** A code as it is printed: two groups of three. */
export function printedLinkCode(code: string): string {
  return `${code.slice(0, 3)}-${code.slice(3)}`;
}
