/** Rates of two rounds, a line from before to now for each row. */
import { legend } from './legend.js';
import type { Colour } from './palette.js';
import { drawn, type Shape, SMALL_SIZE, TEXT_SIZE } from './scene.js';
import { linesOf, textWidth } from './textWidth.js';

type Change = 'up' | 'down' | 'uncertain';

interface SlopeRow {
  readonly label: string;
  /** How many answered in either round, as written: no figure without. */
  readonly n: string;
  /** Percent, as rounded for people, and as written. A row without one of them is left out of the picture. */
  readonly before: number | null;
  readonly now: number | null;
  readonly beforeText: string;
  readonly nowText: string;
  readonly change: Change | null;
}

export interface SlopeData {
  /** What the picture is of, in a sentence. */
  readonly title: string;
  /** Names of the rounds. */
  readonly beforeName: string;
  readonly nowName: string;
  readonly changeNames: Readonly<Record<Change, string>>;
  readonly rows: readonly SlopeRow[];
  /** Said where no row can be compared. */
  readonly empty: string;
}

const LOOK: Readonly<Record<Change, { colour: Colour; thick: number; dash?: readonly number[] }>> = {
  up: { colour: 'accent', thick: 3 },
  down: { colour: 'down', thick: 3, dash: [7, 4] },
  uncertain: { colour: 'edge', thick: 1.5 },
};
const LINE = 16;
/** From a line's end to its label. */
const LEADER = 28;

type Known = SlopeRow & { readonly before: number; readonly now: number };

/** @param width in pixels, from 280 on; the height follows from the rows */
export function slopeChart(data: SlopeData, { width }: { readonly width: number }): Promise<string> {
  const rows = data.rows.filter((row): row is Known => isPercent(row.before) && isPercent(row.now));
  const changes = (['up', 'down', 'uncertain'] as const).filter((change) =>
    rows.some((row) => (row.change ?? 'uncertain') === change),
  );
  const top = legend(
    changes.map((change) => ({
      text: data.changeNames[change],
      mark: (x, y) => [{ kind: 'line', points: [x, y + 6, x + 20, y + 6], ...LOOK[change] }],
    })),
    width,
  );
  const left = Math.max(36, ...rows.map(({ beforeText }) => textWidth(beforeText, SMALL_SIZE))) + 10;
  const right = Math.round(width * (width < 560 ? 0.36 : 0.5));
  // The figures of now, in bold, then the names.
  const figures = Math.max(30, ...rows.map(({ nowText }) => textWidth(nowText, TEXT_SIZE, true))) + 8;
  const room = width - right - LEADER - figures;
  const heads = headLines(data, left, right, width);
  const start = top.height + 14 + LINE * Math.max(heads.before.length, heads.now.length);
  const labels = rows.map((row) => [
    ...linesOf(row.label, TEXT_SIZE, room, 6).map((words) => text(words, 0, 0, 'ink')),
    ...linesOf(row.n, SMALL_SIZE, room, 2).map((words) => ({
      ...text(words, 0, 0, 'quiet'),
      size: SMALL_SIZE,
    })),
  ]);
  const taken = labels.map((lines) => lines.length * LINE + 8);
  const height = Math.max(
    160,
    taken.reduce((sum, each) => sum + each, 0),
  );
  const values = rows.flatMap(({ before, now }) => [before, now]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const down = (value: number) =>
    start + (high > low ? ((high - value) / (high - low)) * (height - 40) + 20 : height / 2);
  const ends = spread(
    rows.map(({ now }) => down(now)),
    taken,
    start,
    start + height,
  );
  const starts = spread(
    rows.map(({ before }) => down(before)),
    rows.map(() => LINE),
    start,
    start + height,
  );
  return drawn({
    title: data.title,
    width,
    height: Math.ceil(rows.length === 0 ? start : start + height + 10),
    scale: { left, right, top: start, bottom: start + height, from: 0, to: 1 },
    shapes: (across) => [
      ...top.shapes,
      ...(rows.length === 0 ? [text(data.empty, 0, start - 20, 'quiet')] : headShapes(heads, start, width)),
      ...rows.flatMap((row, at) => {
        const lines = labels[at] ?? [];
        const end = ends[at] ?? 0;
        const first = end - ((lines.length - 1) * LINE) / 2;
        return [
          {
            kind: 'line' as const,
            points: [across(0), down(row.before), across(1), down(row.now)],
            ...LOOK[row.change ?? 'uncertain'],
          },
          dot(across(0), down(row.before), row.change),
          dot(across(1), down(row.now), row.change),
          {
            ...text(row.beforeText, left - 10, starts[at] ?? 0, 'quiet'),
            size: SMALL_SIZE,
            align: 'right' as const,
          },
          ...(Math.abs(first - down(row.now)) > 3
            ? [
                {
                  kind: 'line' as const,
                  points: [right + 6, down(row.now), right + LEADER - 4, first],
                  colour: 'line' as const,
                },
              ]
            : []),
          { ...text(row.nowText, right + LEADER, first, 'ink'), bold: true },
          ...lines.map((line, index) => ({ ...line, x: right + LEADER + figures, y: first + index * LINE })),
        ] satisfies Shape[];
      }),
    ],
  });
}

function isPercent(value: number | null): boolean {
  return value !== null && value >= 0 && value <= 100;
}

function text(words: string, x: number, y: number, colour: Colour) {
  return { kind: 'text' as const, text: words, x, y, colour };
}

function dot(x: number, y: number, change: Change | null): Shape {
  return { kind: 'dot', x, y, radius: 4.5, fill: LOOK[change ?? 'uncertain'].colour, edge: 'paper' };
}

interface Heads {
  readonly before: readonly string[];
  readonly now: readonly string[];
}

/** The names of the rounds, in the room above the two ends. */
function headLines(data: SlopeData, left: number, right: number, width: number): Heads {
  const half = (right - left) / 2;
  return {
    before: linesOf(data.beforeName, SMALL_SIZE, left + half - 8, 4),
    now: linesOf(data.nowName, SMALL_SIZE, width - right + half - 8, 4),
  };
}

function headShapes({ before, now }: Heads, start: number, width: number): Shape[] {
  const line = (words: string, at: number, of: number, x: number, align: 'left' | 'right'): Shape => ({
    ...text(words, x, start - 12 - (of - 1 - at) * LINE, 'ink'),
    size: SMALL_SIZE,
    bold: true,
    align,
  });
  return [
    ...before.map((words, at) => line(words, at, before.length, 0, 'left')),
    ...now.map((words, at) => line(words, at, now.length, width, 'right')),
  ];
}

/** Middles as near as may be to where they are wanted, in the same order, none upon another. */
function spread(
  wanted: readonly number[],
  heights: readonly number[],
  top: number,
  bottom: number,
): number[] {
  const order = wanted.map((_, at) => at).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  const middles = [...wanted];
  const halfOf = (at: number) => (heights[at] ?? 0) / 2;
  let free = top;
  for (const at of order) {
    middles[at] = Math.max(middles[at] ?? 0, free + halfOf(at));
    free = (middles[at] ?? 0) + halfOf(at);
  }
  free = bottom;
  for (const at of [...order].reverse()) {
    middles[at] = Math.min(middles[at] ?? 0, free - halfOf(at));
    free = (middles[at] ?? 0) - halfOf(at);
  }
  return middles;
}
