/** Rows of a picture: what each is called and how many answered, beside its bar where there is room and above it where not. */
import { type Shape, SMALL_SIZE, TEXT_SIZE } from './scene.js';
import { linesOf, textWidth } from './textWidth.js';

/** What every row of a picture has. Texts are in the language and the form they are shown in. */
export interface ChartRow {
  readonly label: string;
  /** How many answers stand behind it: no figure without. */
  readonly n: string;
  /** Said in place of a figure where there is none. */
  readonly absent: string;
}

export interface LaidRows {
  /** Where bars may begin and end, pixels from the left. */
  readonly left: number;
  readonly right: number;
  /** The middle of each row's bar. */
  readonly middles: readonly number[];
  /** The end of the last row. */
  readonly bottom: number;
  readonly labels: readonly Shape[];
}

export const BAR = 22;
const LINE = 17;
const GAP = 14;
/** From this width on names stand beside their bars. */
const BESIDE = 560;

/**
 * @param top where the first row begins
 * @param end room wanted at the right of the bars
 */
export function laidRows(rows: readonly ChartRow[], width: number, top: number, end: number): LaidRows {
  const isBeside = width >= BESIDE;
  const column = isBeside ? Math.min(320, Math.round(width * 0.38)) : width;
  const labels: Shape[] = [];
  const middles: number[] = [];
  let y = top;
  for (const { label, n } of rows) {
    const lines = linesOf(label, TEXT_SIZE, column - (isBeside ? 16 : 0), 5);
    const last = lines.at(-1) ?? '';
    const goesOn =
      textWidth(last, TEXT_SIZE) + 10 + textWidth(n, SMALL_SIZE) <= column - (isBeside ? 16 : 0) &&
      last !== '';
    const height = LINE * (lines.length + (goesOn ? 0 : 1));
    const block = isBeside ? Math.max(height, BAR) : height;
    const from = y + (block - height) / 2 + LINE / 2;
    // What is drawn across all rows stays behind the names.
    if (!isBeside)
      labels.push({ kind: 'rect', x: 0, y: y - 2, width: width - end, height: height + 2, fill: 'paper' });
    lines.forEach((text, at) => {
      labels.push({ kind: 'text', text, x: 0, y: from + at * LINE, colour: 'ink' });
    });
    labels.push({
      kind: 'text',
      text: n,
      x: goesOn ? textWidth(last, TEXT_SIZE) + 10 : 0,
      y: from + (lines.length - (goesOn ? 1 : 0)) * LINE,
      colour: 'quiet',
      size: SMALL_SIZE,
    });
    middles.push(isBeside ? y + block / 2 : y + block + 3 + BAR / 2);
    y += block + (isBeside ? 0 : 3 + BAR) + GAP;
  }
  return { left: isBeside ? column : 1, right: width - end, middles, bottom: Math.max(top, y - GAP), labels };
}
