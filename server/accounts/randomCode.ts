/** Random codes that people read off paper and type. */
import { randomInt } from 'node:crypto';

/** Small letters and digits without look-alikes; 28, so 19.2 bits for each group of four. */
const LETTERS = 'abcdefghkmnpqrstwxyz23456789';

/** A random code in groups of four, such as `k7mp-3xqa-9wbd`. */
export function randomCode(groups: number): string {
  const group = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return Array.from({ length: groups }, group).join('-');
}

/** A code as it was typed, without what does not matter: capitals, spaces, hyphens. */
export function typedCode(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
