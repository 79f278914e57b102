/** What the marks of a picture mean, in words beside each, above the picture. */
import { type Shape, SMALL_SIZE } from './scene.js';
import { textWidth } from './textWidth.js';

interface Entry {
  readonly text: string;
  /** Draws the mark in a box of 20 by 12 pixels whose left upper corner is given. */
  readonly mark: (x: number, y: number) => readonly Shape[];
}

const LINE = 20;
const MARK = 26;
const BETWEEN = 18;

/** Entries one after the other, on as many lines as they take; `height` is what they take in all. */
export function legend(
  entries: readonly Entry[],
  width: number,
): { readonly shapes: readonly Shape[]; readonly height: number } {
  const shapes: Shape[] = [];
  let [x, y] = [0, 0];
  for (const { text, mark } of entries) {
    const taken = MARK + textWidth(text, SMALL_SIZE);
    if (x > 0 && x + taken > width) [x, y] = [0, y + LINE];
    shapes.push(...mark(x, y + 4), {
      kind: 'text',
      text,
      x: x + MARK,
      y: y + 10,
      colour: 'quiet',
      size: SMALL_SIZE,
    });
    x += taken + BETWEEN;
  }
  return { shapes, height: entries.length === 0 ? 0 : y + LINE };
}
