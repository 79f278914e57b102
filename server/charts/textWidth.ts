/** How wide texts are, without a screen to measure them on, and where they are broken into lines. */

/** Widths of U+0020 to U+007E in hundredths of the letter size, of Be Vietnam Pro, the font of the pictures as files. */
const REGULAR = widths(
  '23 28 32 81 65 85 74 18 44 44 50 61 30 61 29 50 68 39 65 66 71 66 68 59 63 68 29 30 56 73 56 57 100 74 67 78 73 62 ' +
    '63 78 71 26 47 68 62 85 73 83 64 82 67 64 65 73 71 100 72 67 66 46 49 46 56 70 20 64 65 61 65 60 39 64 58 26 27 56 ' +
    '26 89 57 64 65 65 39 51 43 57 58 87 56 58 50 43 41 43 47',
);
/** Bold letters are at most this much wider. */
const BOLD = 1.05;

function widths(list: string): readonly number[] {
  return list.split(' ').map((each) => Number(each) / 100);
}

/** Width in pixels at a letter size. Marks above and below letters take no room of their own. */
export function textWidth(text: string, size: number, bold = false): number {
  let width = 0;
  for (const letter of text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D'))
    width += REGULAR[(letter.codePointAt(0) ?? 0) - 0x20] ?? (letter.trim() === '' ? 0.23 : 0.8);
  return width * size * (bold ? BOLD : 1);
}

/**
 * Lines no wider than `width` pixels, broken between words; a word that is wider stands alone, broken between letters.
 * What does not go into `most` lines ends in "…".
 */
export function linesOf(text: string, size: number, width: number, most: number): string[] {
  const fits = (line: string) => textWidth(line, size) <= width;
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean).flatMap(pieces)) {
    const last = lines.at(-1);
    if (last !== undefined && fits(`${last} ${word}`)) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  if (lines.length <= most) return lines;
  let end = `${lines[most - 1] ?? ''}…`;
  while (!fits(end) && end.length > 1) end = `${[...end].slice(0, -2).join('').trimEnd()}…`;
  return [...lines.slice(0, most - 1), end];

  function pieces(word: string): string[] {
    if (fits(word)) return [word];
    const found = [''];
    for (const letter of word) {
      const last = found.at(-1) ?? '';
      if (last !== '' && !fits(last + letter)) found.push(letter);
      else found[found.length - 1] = last + letter;
    }
    return found;
  }
}
