/** How answers spread over the five levels, a bar for each row, from the middle of the middle level to both sides. */
import { legend } from './legend.js';
import { LEVEL_COLOURS } from './palette.js';
import { BAR, type ChartRow, laidRows } from './rows.js';
import { type Across, drawn, type Shape, SMALL_SIZE } from './scene.js';
import { textWidth } from './textWidth.js';

interface LevelsRow extends ChartRow {
  /** Levels 1 to 5, percent of the answers, as rounded for people; null where there are none or they are hidden. */
  readonly levels: readonly number[] | null;
  /** The same as they are written, in the bars that have room for it. */
  readonly texts: readonly string[];
  /** Written at the end of the bar: the rate. */
  readonly end: string;
}

export interface LevelsData {
  /** What the picture is of, in a sentence. */
  readonly title: string;
  /** Names of the levels 1 to 5. */
  readonly levelNames: readonly string[];
  readonly rows: readonly LevelsRow[];
}

/** @param width in pixels, from 280 on; the height follows from the rows */
export function levelsChart(data: LevelsData, { width }: { readonly width: number }): Promise<string> {
  const top = legend(
    data.levelNames.map((text, at) => ({ text, mark: (x, y) => [segment(at, x, y, 20, 12)] })),
    width,
  );
  const end = Math.max(0, ...data.rows.map((row) => textWidth(row.end, 13, true))) + 10;
  const laid = laidRows(data.rows, width, top.height + 14, end);
  const shown = data.rows.map(({ levels }) => (levels && isSpread(levels) ? levels : null));
  const reach = shown.flatMap((levels) => (levels ? [sides(levels)] : []));
  const [below, above] = [0, 1].map((side) => Math.max(10, ...reach.map((each) => each[side] ?? 0)));
  const bottom = laid.bottom + 4;
  return drawn({
    title: data.title,
    width,
    height: Math.ceil(bottom + 2),
    scale: {
      left: laid.left,
      right: laid.right,
      top: top.height + 8,
      bottom,
      from: -(below ?? 10),
      to: above ?? 10,
    },
    shapes: (across) => [
      ...top.shapes,
      ...laid.labels,
      ...data.rows.flatMap((row, at) =>
        barOf(row, shown[at] ?? null, laid.middles[at] ?? 0, across, laid.left, width),
      ),
      ...laid.middles.flatMap((middle, at) => (shown[at] ? midLine(across(0), middle) : [])),
    ],
  });
}

function isSpread(levels: readonly number[]): boolean {
  return (
    levels.length === 5 &&
    levels.every((share) => share >= 0 && share <= 100) &&
    levels.some((share) => share > 0)
  );
}

/** How far a bar reaches to either side of the middle of level 3. */
function sides([one = 0, two = 0, three = 0, four = 0, five = 0]: readonly number[]): [number, number] {
  return [one + two + three / 2, three / 2 + four + five];
}

function barOf(
  row: LevelsRow,
  levels: readonly number[] | null,
  middle: number,
  across: Across,
  left: number,
  width: number,
): Shape[] {
  if (!levels)
    return [{ kind: 'text', text: row.absent, x: left, y: middle, colour: 'quiet', size: SMALL_SIZE }];
  const shapes: Shape[] = [];
  let from = -sides(levels)[0];
  levels.forEach((share, at) => {
    const [x, to] = [across(from), across(from + share)];
    from += share;
    if (share > 0) shapes.push(segment(at, x, middle - BAR / 2, to - x, BAR));
    const text = row.texts[at] ?? '';
    const taken = textWidth(text, SMALL_SIZE, true) + 6;
    if (taken > to - x) return;
    const name = LEVEL_COLOURS[at] ?? 'l3';
    if (isHatched(at))
      shapes.push({
        kind: 'rect',
        x: (x + to - taken) / 2,
        y: middle - 8,
        width: taken,
        height: 16,
        fill: name,
      });
    shapes.push({
      kind: 'text',
      text,
      x: (x + to) / 2,
      y: middle,
      colour: at === 0 || at === 4 ? 'on-dark' : 'on-light',
      size: SMALL_SIZE,
      bold: true,
      align: 'center',
    });
  });
  return [
    ...shapes,
    { kind: 'text', text: row.end, x: width, y: middle, colour: 'ink', bold: true, align: 'right' },
  ];
}

/** Where the middle of level 3 lies, above and below the bar. */
function midLine(x: number, middle: number): Shape[] {
  return [-1, 1].map((side) => ({
    kind: 'line',
    points: [x, middle + (side * BAR) / 2, x, middle + side * (BAR / 2 + 4)],
    colour: 'edge',
  }));
}

function segment(at: number, x: number, y: number, width: number, height: number): Shape {
  const fill = LEVEL_COLOURS[at] ?? 'l3';
  return { kind: 'rect', x, y, width, height, fill, edge: 'edge', hatched: isHatched(at) };
}

/** The side of dissatisfaction, so that it is known where there are no colours. */
function isHatched(at: number): boolean {
  return at < 2;
}
