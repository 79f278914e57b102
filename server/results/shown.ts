/** Figures as they are shown: rounded, or hidden. Pages and files print these and compute nothing themselves. */
import type { Interval } from '../statistics/interval.js';
import type { Figure, Pooled } from '../statistics/pooled.js';
import type { RespondentRates } from '../statistics/respondents.js';
import { roundedMean, roundedPercent } from '../statistics/rounding.js';

/** The figure of one item, one factor or all factors. */
export interface Shown {
  /** Too few people stand behind it, or it would give away one that too few stand behind: all below is null. */
  readonly hidden: boolean;
  /** Answers at 1–5. */
  readonly answered: number | null;
  /** Percent, one decimal; null where nobody answered. */
  readonly rate: number | null;
  /** 95 % interval of the rate, percent. */
  readonly low: number | null;
  readonly high: number | null;
  /** 1–5, two decimals. */
  readonly mean: number | null;
  /** Levels 1 to 5, percent of `answered`. */
  readonly levels: readonly number[] | null;
  /** "Không có ý kiến" and blanks, percent of the questions put. */
  readonly noOpinion: number | null;
  readonly blank: number | null;
  /** How many answers `levels`, `noOpinion` and `blank` are; null where nobody was asked. */
  readonly counts: {
    readonly levels: readonly number[];
    readonly noOpinion: number;
    readonly blank: number;
  } | null;
}

/** A share of people. */
interface ShownShare {
  /** Percent, one decimal; null where nobody answered. */
  readonly rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** The figures of a group of people as a whole. */
export interface ShownSummary {
  /** Responses; shown in any case. */
  readonly responses: number;
  readonly total: Shown;
  /** The separate question on overall satisfaction. */
  readonly overall: Shown;
  /** Expectation met, percent, one decimal. */
  readonly expectation: number | null;
  /** People who stated it; null where hidden or nobody did. */
  readonly expectationAnswered: number | null;
  readonly isExpectationHidden: boolean;
  /** People who gave a level to any item; null where hidden. */
  readonly people: number | null;
  /** People all of whose answers are 4–5, and whose mean is at least 4. */
  readonly allFavourable: ShownShare;
  readonly meanAtLeastFour: ShownShare;
}

/** What of a group is hidden. */
interface HiddenParts {
  readonly total: boolean;
  readonly overall: boolean;
  readonly expectation: boolean;
}

/** One figure. */
export function shownFigure(figure: Figure, hidden: boolean): Shown {
  const { rate, mean, distribution } = figure;
  const shown = !hidden;
  return {
    hidden: hidden && (rate !== null || distribution.asked > 0),
    answered: shown && rate ? rate.answered : null,
    ...shownRate(shown ? rate : null),
    mean: shown && mean ? roundedMean(mean.value) : null,
    levels: (shown && distribution.levels?.map(({ share }) => roundedPercent(share))) || null,
    noOpinion: shown && distribution.noOpinion ? roundedPercent(distribution.noOpinion.share) : null,
    blank: shown && distribution.blank ? roundedPercent(distribution.blank.share) : null,
    counts: shown ? countsOf(distribution) : null,
  };
}

function countsOf({ levels, noOpinion, blank }: Figure['distribution']): Shown['counts'] {
  return noOpinion && blank
    ? {
        levels: levels?.map(({ count }) => count) ?? [0, 0, 0, 0, 0],
        noOpinion: noOpinion.count,
        blank: blank.count,
      }
    : null;
}

/** Every figure of a group as a whole. */
export function shownSummary(pooled: Pooled, hidden: HiddenParts): ShownSummary {
  const { responses, total, overall, expectation } = pooled;
  const respondents: RespondentRates = hidden.total
    ? { allFavourable: null, meanAtLeastFour: null }
    : pooled.respondents;
  return {
    responses,
    total: shownFigure(total, hidden.total),
    overall: shownFigure(overall, hidden.overall),
    expectation: expectation && !hidden.expectation ? roundedPercent(expectation.value / 100) : null,
    expectationAnswered: expectation && !hidden.expectation ? expectation.answered : null,
    isExpectationHidden: hidden.expectation && expectation !== null,
    people: hidden.total ? null : total.people,
    allFavourable: shownRate(respondents.allFavourable),
    meanAtLeastFour: shownRate(respondents.meanAtLeastFour),
  };
}

/** A rate with its interval, in percent. */
export function shownRate(rate: { value: number; interval: Interval | null } | null): ShownShare {
  return {
    rate: rate ? roundedPercent(rate.value) : null,
    low: rate?.interval ? roundedPercent(rate.interval.low) : null,
    high: rate?.interval ? roundedPercent(rate.interval.high) : null,
  };
}
