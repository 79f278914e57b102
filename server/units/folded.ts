/** Text as people search for it: `tra bong` finds Trà Bồng. */

/** Text in small letters without marks, words set apart by single spaces. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/\s+/g, ' ')
    .trim();
}
