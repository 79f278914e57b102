/** The pictures of the pages of figures: they show what the page's tables say, in the same words. */
import { LRUCache } from 'lru-cache';
import { type Round, SATISFACTION_RATE } from '../../models/rounds.js';
import { intervalChart } from '../charts/intervalChart.js';
import { levelsChart } from '../charts/levelsChart.js';
import { slopeChart } from '../charts/slopeChart.js';
import type { ShownDifference } from './comparison.js';
import type { Shown } from './shown.js';
import type { Words } from './words.js';

/** A picture of a page. */
export interface Picture {
  /** In addresses. */
  readonly name: string;
  readonly title: string;
  /** Whether there is no figure to see in it: the table says why. */
  readonly isEmpty: boolean;
  /** The SVG at a width in pixels. */
  readonly draw: (width: number) => Promise<string>;
}

/** What a round is to reach. */
export type TargetsOfRound = Pick<Round, 'targets'>;

/** A row of a picture. */
interface FigureRow {
  readonly label: string;
  readonly figure: Shown;
  /** Percent; the rate of an earlier round, where it is compared. */
  readonly before?: number | null;
}

/** Pictures drawn last: the same figures are looked at again and again. */
const drawn = new LRUCache<string, Promise<string>>({ max: 300 });

function kept(kind: string, data: object, width: number, draw: () => Promise<string>): Promise<string> {
  const key = JSON.stringify([kind, width, data]);
  const known = drawn.get(key) ?? draw();
  drawn.set(key, known);
  known.catch(() => drawn.delete(key));
  return known;
}

/** How answers spread over the levels. */
export function levelsPicture(
  name: string,
  title: string,
  rows: readonly Omit<FigureRow, 'before'>[],
  words: Words,
): Picture {
  const data = {
    title,
    levelNames: [1, 2, 3, 4, 5].map((level) => words.t(`results.level-name.${level}`)),
    rows: rows.map(({ label, figure }) => ({
      ...rowOf(label, figure, words),
      levels: figure.levels,
      // The sign stands beside the rate and in the table: the bars have no room for it.
      texts: (figure.levels ?? []).map((share) => words.format.percentage(share).replace(/\s*%$/, '')),
      end: figure.rate === null ? '' : words.format.percentage(figure.rate),
    })),
  };
  return {
    name,
    title,
    isEmpty: rows.every(({ figure }) => figure.levels === null),
    draw: (width) => kept('levels', data, width, () => levelsChart(data, { width })),
  };
}

/** Rates with their intervals, against the round's target. */
export function ratesPicture(
  name: string,
  title: string,
  rows: readonly FigureRow[],
  round: TargetsOfRound,
  words: Words,
  before?: Pick<Round, 'label'> | null,
): Picture {
  const data = {
    title,
    target: targetOf(round, words),
    rateName: words.t('results.rate-and-interval'),
    beforeName: before?.label ?? '',
    rows: rows.map((row) => ({
      ...rowOf(row.label, row.figure, words),
      rate: row.figure.rate,
      low: row.figure.low,
      high: row.figure.high,
      text: row.figure.rate === null ? '' : words.format.percentage(row.figure.rate),
      interval: between(row.figure, words),
      before: row.before ?? null,
    })),
  };
  const tick = (percent: number) => words.format.percentage(percent).replace(/[.,]0(?=\D*$)/, '');
  return {
    name,
    title,
    isEmpty: rows.every(({ figure }) => figure.rate === null),
    draw: (width) => kept(words.lang, data, width, () => intervalChart({ ...data, tick }, { width })),
  };
}

/** More slopes than these cannot be told apart. */
export const MOST_SLOPES = 12;

/** Rates of two rounds; only what both know. */
export function slopePicture(
  name: string,
  title: string,
  rows: readonly { readonly label: string; readonly difference: ShownDifference }[],
  rounds: { readonly now: Pick<Round, 'label'>; readonly before: Pick<Round, 'label'> },
  words: Words,
): Picture {
  const { t, format } = words;
  const written = (value: number | null) => (value === null ? '' : format.percentage(value));
  const data = {
    title,
    beforeName: rounds.before.label,
    nowName: rounds.now.label,
    changeNames: {
      up: t('results.change.up'),
      down: t('results.change.down'),
      uncertain: t('results.change.uncertain'),
    },
    empty: t('results.comparison-nothing'),
    rows: rows.map(({ label, difference }) => ({
      label,
      n: t('results.answered-both', {
        before: format.count(difference.answeredBefore ?? 0),
        now: format.count(difference.answeredNow ?? 0),
      }),
      before: difference.before,
      now: difference.now,
      beforeText: written(difference.before),
      nowText: written(difference.now),
      change: difference.change,
    })),
  };
  return {
    name,
    title,
    isEmpty: rows.every(({ difference }) => difference.points === null),
    draw: (width) => kept('slope', data, width, () => slopeChart(data, { width })),
  };
}

function rowOf(label: string, figure: Shown, { t, format }: Words) {
  return {
    label,
    n:
      figure.answered === null
        ? ''
        : t('results.answered-short', { answered: format.count(figure.answered) }),
    absent: t(figure.hidden ? 'results.picture-hidden' : 'results.picture-none'),
  };
}

function between({ low, high }: Shown, { t, format }: Words): string {
  if (low === null || high === null) return '';
  return t('results.interval-short', { low: format.percentage(low), high: format.percentage(high) });
}

/** What the round's satisfaction rate is to reach, as a line; null where it is to reach nothing. */
function targetOf({ targets }: TargetsOfRound, { t, format }: Words) {
  const target = targets.find(({ indicator, unit }) => indicator === SATISFACTION_RATE && unit === '%');
  const value = target?.atLeast ?? target?.moreThan;
  if (value === undefined) return null;
  const sign = target?.atLeast === undefined ? '>' : '≥';
  return { value, text: `${t('results.target')} ${sign} ${format.number(value)}\u00a0%` };
}
