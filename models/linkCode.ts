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
export const LINK_CODE_LENGTH = 6;

/** A new random code (2.4 million exist; uniqueness is the units' index's business). */
export function newLinkCode(): LinkCode {
  const digits = Array.from({ length: LINK_CODE_LENGTH - 1 }, () => randomInt(ALPHABET.length));
  return withCheck(digits);
}

/** The code made of five symbol values 0–18 and their check character. */
export function withCheck(digits: readonly number[]): LinkCode {
  return checkedSymbols(digits) as LinkCode;
}

/** The code a person typed, whatever its case, spaces or hyphens; null where it cannot be right. */
export function parseLinkCode(typed: string): LinkCode | null {
  return readSymbols(typed, LINK_CODE_LENGTH) as LinkCode | null;
}

/** Symbol values 0–18 and their check character as text; at most seventeen, so that all weights differ. */
export function checkedSymbols(digits: readonly number[]): string {
  const weighted = digits.reduce((sum, digit, index) => sum + digit * (digits.length + 1 - index), 0);
  const check = (ALPHABET.length - (weighted % ALPHABET.length)) % ALPHABET.length;
  return [...digits, check].map((digit) => ALPHABET[digit]).join('');
}

/**
 * So many symbols as a person typed them, in capitals without separators. What a Vietnamese keyboard has made of them
 * on the way is taken back where that leads to one code.
 * @returns null where there are more or fewer, others, or the check character is wrong
 */
export function readSymbols(typed: string, length: number): string | null {
  const read = keyedIn(withoutSeparators(typed).toUpperCase()).filter((text) => isChecked(text, length));
  return read.length === 1 ? (read[0] ?? null) : null;
}

/** What Telex makes of W, WR and WX, in letters of either form. */
const TELEX = [
  ['Ử', 'WR'],
  ['Ữ', 'WX'],
  ['Ư', 'W'],
].flatMap(([letter = '', keys = '']) =>
  ['NFC', 'NFD'].map((form) => [letter.normalize(form), keys] as const),
);

/** Each Đ doubles the ways to read a text; so many make another letter of nearly every code. */
const MOST_D = 3;

/**
 * The keys that a text may have been typed with: Telex makes Ư of W, and Đ of DD as VNI does of D9. Our alphabet has no
 * other vowels, so nothing else becomes another letter.
 */
function keyedIn(text: string): string[] {
  const withoutVowels = TELEX.reduce((rest, [letter, keys]) => rest.replaceAll(letter, keys), text);
  const [first = '', ...others] = withoutVowels.split('Đ');
  if (others.length > MOST_D) return [];
  return others.reduce<string[]>(
    (read, part) => read.flatMap((before) => [`${before}DD${part}`, `${before}D9${part}`]),
    [first],
  );
}

function isChecked(text: string, length: number): boolean {
  if (text.length !== length) return false;
  let sum = 0;
  for (const [index, character] of [...text].entries()) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return false;
    sum += digit * (length - index);
  }
  return sum % ALPHABET.length === 0;
}

/** What a person typed without the spaces, points and hyphens that part it. */
export function withoutSeparators(typed: string): string {
  return typed.replace(/[\s.\-–]/g, '');
}

/** A code as it is printed: two groups of three. */
export function printedLinkCode(code: string): string {
  return `${code.slice(0, 3)}-${code.slice(3)}`;
}
