/** Names of the sheets of a workbook, as Excel allows them. */

/** The longest name. */
const LONGEST = 31;

/**
 * A name for each title, in order: at most 31 characters, none of \\ / ? * [ ] :, no apostrophe at either end, not the
 * name that Excel keeps for itself, each once whatever its letters' case.
 */
export function sheetNames(titles: readonly string[]): string[] {
  const taken = new Set(['history']);
  return titles.map((title) => {
    const plain = cut(title.replace(/[\\/?*[\]:\p{Cc}]/gu, ' ').replace(/\s+/g, ' '), LONGEST) || '–';
    for (let number = 1; ; number += 1) {
      const end = number === 1 ? '' : ` (${number})`;
      const name = cut(plain, LONGEST - end.length) + end;
      if (taken.has(name.toLowerCase())) continue;
      taken.add(name.toLowerCase());
      return name;
    }
  });
}

/** The beginning of a text, without half a character, spaces or apostrophes at its ends. */
function cut(text: string, length: number): string {
  let short = '';
  for (const character of text.trim().replace(/^'+/, '')) {
    if (short.length + character.length > length) break;
    short += character;
  }
  return short.replace(/['\s]+$/, '');
}
