/** The figures of a group of people as a whole, in the order in which every file has them as columns. */
import type { Shown, ShownSummary } from '../results/shown.js';

/** A figure by the name of its heading, such as `rate` for `results.csv.rate`. */
interface FigureOf<Of> {
  readonly name: string;
  readonly decimals: 0 | 1 | 2;
  /** Null where it is hidden, or there is none. */
  readonly value: (of: Of) => number | null;
}

/** What is told of an item, a factor or all factors. */
export const FIGURES: readonly FigureOf<Shown>[] = [
  { name: 'answered', decimals: 0, value: ({ answered }) => answered },
  { name: 'rate', decimals: 1, value: ({ rate }) => rate },
  { name: 'low', decimals: 1, value: ({ low }) => low },
  { name: 'high', decimals: 1, value: ({ high }) => high },
  { name: 'mean', decimals: 2, value: ({ mean }) => mean },
];

interface SummaryFigure extends FigureOf<ShownSummary> {
  readonly isHidden: (summary: ShownSummary) => boolean;
}

const withTotal = ({ total }: ShownSummary) => total.hidden;

/** What is told of a group. */
export const SUMMARY_FIGURES: readonly SummaryFigure[] = [
  { name: 'responses', decimals: 0, value: ({ responses }) => responses, isHidden: () => false },
  { name: 'people', decimals: 0, value: ({ people }) => people, isHidden: withTotal },
  ...FIGURES.map(({ value, ...figure }) => ({
    ...figure,
    value: ({ total }: ShownSummary) => value(total),
    isHidden: withTotal,
  })),
  {
    name: 'expectation',
    decimals: 1,
    value: ({ expectation }) => expectation,
    isHidden: ({ isExpectationHidden }) => isExpectationHidden,
  },
  {
    name: 'overall',
    decimals: 1,
    value: ({ overall }) => overall.rate,
    isHidden: ({ overall }) => overall.hidden,
  },
  {
    name: 'all-favourable',
    decimals: 1,
    value: ({ allFavourable }) => allFavourable.rate,
    isHidden: withTotal,
  },
  {
    name: 'mean-at-least-four',
    decimals: 1,
    value: ({ meanAtLeastFour }) => meanAtLeastFour.rate,
    isHidden: withTotal,
  },
];
