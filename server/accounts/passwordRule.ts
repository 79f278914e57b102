/**
 * What a password must be: long rather than odd. At least ten characters, and nothing that somebody who knows the
 * account would try first. Sources: NIST SP 800-63B §5.1.1.2, OWASP Authentication Cheat Sheet.
 */

const SHORTEST = 10;
const LONGEST = 200;

/** What a guesser knows about an account. */
export interface KnownWords {
  readonly name: string;
  readonly fullName: string;
  readonly department: string;
}

/** Runs that people take for random: along the keyboard and the alphabet. */
const RUNS = [
  '0123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv',
];

/** Why a password is refused, as the end of a text's key; null where it is good. */
export function passwordProblem(
  password: string,
  known: KnownWords,
): 'short' | 'long' | 'name' | 'department' | 'repeats' | null {
  const characters = [...password.normalize('NFC')];
  if (characters.length < SHORTEST) return 'short';
  if (password.length > LONGEST) return 'long';
  const plain = withoutMarks(password);
  if ([known.name, known.fullName].some((word) => holds(plain, word))) return 'name';
  if (holds(plain, known.department) || isPartOf(plain, known.department)) return 'department';
  return repeats(password.toLowerCase()) || isRun(plain) ? 'repeats' : null;
}

/** Letters and digits alone, small, without diacritics: as it would be typed by somebody who tries. */
function withoutMarks(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Whether a password is little more than a word: the word is in it, and less than six characters beside it. */
function holds(plain: string, word: string): boolean {
  const known = withoutMarks(word);
  return known.length >= 3 && plain.includes(known) && plain.length - known.length < 6;
}

/** Whether a password is a part of a name and some digits, such as the province and the year. */
function isPartOf(plain: string, name: string): boolean {
  const letters = plain.replace(/\d/g, '');
  return letters.length >= 4 && withoutMarks(name).includes(letters);
}

/** Whether it is one piece of at most four characters again and again, or has fewer than five different ones. */
function repeats(password: string): boolean {
  return /^(.{1,4})\1+.{0,3}$/u.test(password) || new Set(password).size < 5;
}

function isRun(plain: string): boolean {
  const both = [...RUNS, ...RUNS.map((run) => [...run].reverse().join(''))];
  return both.some((run) => plain.length >= 3 && (run.repeat(2).includes(plain) || isStart(plain, run)));
}

/** A long part of a run, and hardly anything else. */
function isStart(plain: string, run: string): boolean {
  for (let length = Math.min(plain.length, run.length); length >= 6; length -= 1)
    for (let from = 0; from + length <= run.length; from += 1)
      if (plain.includes(run.slice(from, from + length)) && plain.length - length < 5) return true;
  return false;
}
