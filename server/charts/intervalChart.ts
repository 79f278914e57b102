/** Rates with their 95 % intervals, one below the other, against a target and what they were before. */
import { legend } from './legend.js';
import { type ChartRow, laidRows } from './rows.js';
import { type Across, drawn, type Shape, SMALL_SIZE } from './scene.js';
import { textWidth } from './textWidth.js';

interface IntervalRow extends ChartRow {
  /** Percent, as rounded for people; null where there is none or it is hidden. */
  readonly rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The rate as it is written. */
  readonly text: string;
  /** The interval as it is written. */
  readonly interval: string;
  /** The rate of the round before; null or left out where there is none. */
  readonly before?: number | null;
}

export interface IntervalData {
  /** What the picture is of, in a sentence. */
  readonly title: string;
  readonly rows: readonly IntervalRow[];
  readonly target?: { readonly value: number; readonly text: string } | null;
  /** What the marks mean. */
  readonly rateName: string;
  readonly beforeName: string;
  /** A value of the scale as it is written. */
  readonly tick: (percent: number) => string;
}

/** @param width in pixels, from 280 on; the height follows from the rows */
export function intervalChart(data: IntervalData, { width }: { readonly width: number }): Promise<string> {
  const { rows, target } = data;
  const hasBefore = rows.some(({ before }) => isPercent(before));
  const top = legend(
    [
      { text: data.rateName, mark: (x, y) => whisker(x + 1, x + 10, x + 19, y + 6) },
      ...(hasBefore
        ? [{ text: data.beforeName, mark: (x: number, y: number) => [past(x + 10, y + 6)] }]
        : []),
      ...(target
        ? [{ text: target.text, mark: (x: number, y: number) => [wanted(x + 10, y - 2, y + 14)] }]
        : []),
    ],
    width,
  );
  const texts = rows.flatMap(({ text, interval }) => [
    textWidth(text, 13, true),
    textWidth(interval, SMALL_SIZE),
  ]);
  const laid = laidRows(rows, width, top.height + 16, Math.max(40, ...texts) + 12);
  const [from, step] = scaleOf(rows, target?.value);
  const [start, bottom] = [top.height + 8, laid.bottom + 8];
  return drawn({
    title: data.title,
    width,
    height: Math.ceil(bottom + 24),
    scale: {
      left: laid.left + 12,
      right: laid.right - 8,
      top: start,
      bottom,
      from,
      to: 100,
      ticks: { step, text: data.tick },
    },
    shapes: (across) => [
      ...(target && isPercent(target.value) ? [wanted(across(target.value), start, bottom)] : []),
      ...top.shapes,
      ...laid.labels,
      ...rows.flatMap((row, at) => markOf(row, laid.middles[at] ?? 0, across, laid.left + 12, width)),
    ],
  });
}

function isPercent(value: number | null | undefined): value is number {
  return typeof value === 'number' && value >= 0 && value <= 100;
}

/** Where the scale begins, a multiple of ten below everything shown, and the step of its lines. */
function scaleOf(rows: readonly IntervalRow[], target: number | undefined): [from: number, step: number] {
  const values = [target, ...rows.flatMap(({ rate, low, before }) => [rate, low, before])].filter(isPercent);
  const from = Math.min(90, Math.max(0, Math.floor((Math.min(100, ...values) - 1) / 10) * 10));
  return [from, from >= 80 ? 5 : from >= 40 ? 10 : 20];
}

function markOf(row: IntervalRow, y: number, across: Across, left: number, width: number): Shape[] {
  const { rate, low, high } = row;
  if (!isPercent(rate))
    // Said before the lines of the scale and of the target.
    return [
      {
        kind: 'rect',
        x: left,
        y: y - 9,
        width: textWidth(row.absent, SMALL_SIZE) + 12,
        height: 18,
        fill: 'paper',
      },
      { kind: 'text', text: row.absent, x: left + 6, y, colour: 'quiet', size: SMALL_SIZE },
    ];
  const hasInterval = isPercent(low) && isPercent(high) && row.interval !== '';
  return [
    ...(isPercent(row.before) ? [past(across(row.before), y)] : []),
    ...whisker(
      isPercent(low) ? across(low) : across(rate),
      across(rate),
      isPercent(high) ? across(high) : across(rate),
      y,
    ),
    {
      kind: 'text',
      text: row.text,
      x: width,
      y: hasInterval ? y - 7 : y,
      colour: 'ink',
      bold: true,
      align: 'right',
    },
    ...(hasInterval
      ? [
          {
            kind: 'text' as const,
            text: row.interval,
            x: width,
            y: y + 9,
            colour: 'quiet' as const,
            size: SMALL_SIZE,
            align: 'right' as const,
          },
        ]
      : []),
  ];
}

function whisker(low: number, rate: number, high: number, y: number): Shape[] {
  const line = (points: number[], thick: number): Shape => ({
    kind: 'line',
    points,
    colour: 'accent',
    thick,
  });
  return [
    line([low, y, high, y], 3),
    line([low, y - 5, low, y + 5], 2),
    line([high, y - 5, high, y + 5], 2),
    { kind: 'dot', x: rate, y, radius: 4.5, fill: 'accent', edge: 'accent' },
  ];
}

function past(x: number, y: number): Shape {
  return { kind: 'dot', x, y, radius: 4.5, fill: 'paper', edge: 'edge' };
}

function wanted(x: number, top: number, bottom: number): Shape {
  return { kind: 'line', points: [x, top, x, bottom], colour: 'down', thick: 2, dash: [6, 4] };
}
