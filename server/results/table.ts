/**
 * The figures of a round as rows. Page and file print these rows and compute nothing themselves, so they cannot
 * disagree.
 */
import type { Round, RoundService } from '../../models/rounds.js';
import type { Survey } from '../../surveys/schema.js';
import {
  type PooledFigures,
  pooledFigures,
  type Score,
  type Summary,
  simpleMeanOfGroups,
  summarise,
} from '../statistics/rate.js';
import { roundedMean, roundedPercent } from '../statistics/rounding.js';
import { isSuppressed } from '../statistics/suppression.js';
import { emptyTally, mergeInto } from '../statistics/tally.js';
import { type QualityRow, qualityRows } from './quality.js';
import type { TallyCell } from './tallies.js';

/** Figures as they are shown: rounded, or hidden because too few people stand behind them. */
export interface Figures {
  /** People. */
  readonly responses: number;
  /** Fewer people than the minimum: everything below is null. */
  readonly suppressed: boolean;
  /** Likert answers at 1–5 behind the rate. */
  readonly answered: number | null;
  /** Percent, one decimal; null where nobody answered. */
  readonly rate: number | null;
  /** 95 % Wilson interval of the rate, percent. */
  readonly low: number | null;
  readonly high: number | null;
  /** 1–5, two decimals. */
  readonly mean: number | null;
  /** Expectation met, percent, one decimal. */
  readonly expectation: number | null;
}

/** All surveys on one service at one unit, pooled. */
export interface UnitRow {
  readonly unit: { readonly code: string; readonly name: string; readonly linkCode: string };
  readonly service: RoundService;
  readonly figures: Figures;
}

/** One survey on one service over all units, with its factors. */
interface ServiceRow {
  readonly service: RoundService;
  readonly survey: Survey;
  readonly figures: Figures;
  readonly overall: Figures;
  readonly factors: readonly { readonly code: string; readonly figures: Figures }[];
}

export interface RoundTable {
  /** All answers of the round, pooled. */
  readonly total: Figures;
  /** Simple mean of the service rows' rates, percent; null where there are none. Not the pooled rate. */
  readonly meanOfGroups: number | null;
  /** How many groups stand behind it. */
  readonly groups: number;
  readonly services: readonly ServiceRow[];
  readonly units: readonly UnitRow[];
  /** Units with flagged responses. */
  readonly quality: readonly QualityRow[];
}

/** The rows of a round. @param minimum fewest people a figure may stand for */
export function tableOf(round: Round, cells: readonly TallyCell[], minimum: number): RoundTable {
  const summaries = cells.map((cell) => ({ ...cell, summary: summarise(cell.tally, cell.measure) }));
  const services = serviceRows(round, cells, minimum);
  const rates = services.flatMap(({ summary }) => {
    const { rate } = summary.total;
    return rate && !isSuppressed(rate.people, minimum) ? [rate.value] : [];
  });
  const mean = simpleMeanOfGroups(rates);
  return {
    total: figuresOf(pooledFigures(summaries.map(({ summary }) => summary)), minimum),
    meanOfGroups: mean === null ? null : roundedPercent(mean),
    groups: rates.length,
    services: services.map(({ summary: _summary, ...row }) => row),
    units: unitRows(round, summaries, minimum),
    quality: qualityRows(cells, minimum),
  };
}

function serviceRows(
  round: Round,
  cells: readonly TallyCell[],
  minimum: number,
): (ServiceRow & { summary: Summary })[] {
  return round.services.flatMap((service) =>
    round.surveys.flatMap(({ id }) => {
      const [first, ...more] = cells.filter((cell) => cell.service === service.code && cell.survey.id === id);
      if (!first) return [];
      const tally = emptyTally(first.measure);
      for (const cell of [first, ...more]) mergeInto(tally, cell.tally);
      const summary = summarise(tally, first.measure);
      const shown = (score: Score) =>
        figuresOf({ ...score, responses: summary.responses, expectation: null }, minimum);
      return [
        {
          service,
          survey: first.survey,
          summary,
          figures: figuresOf({ ...summary, ...summary.total }, minimum),
          overall: shown(summary.overall),
          factors: summary.factors.map((factor) => ({ code: factor.code, figures: shown(factor) })),
        },
      ];
    }),
  );
}

function unitRows(
  round: Round,
  cells: readonly (TallyCell & { summary: Summary })[],
  minimum: number,
): UnitRow[] {
  const groups = new Map<string, (TallyCell & { summary: Summary })[]>();
  for (const cell of cells) {
    const key = `${cell.unit.unit}\n${cell.service}`;
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const service = round.services.find(({ code }) => code === first?.service);
    if (!first || !service) return [];
    const { unit, name, linkCode } = first.unit;
    const figures = figuresOf(pooledFigures(group.map(({ summary }) => summary)), minimum);
    return [{ unit: { code: unit, name, linkCode }, service, figures }];
  });
}

function figuresOf({ responses, rate, mean, expectation }: PooledFigures, minimum: number): Figures {
  const suppressed = isSuppressed(rate?.people ?? responses, minimum);
  const shown = rate !== null && !suppressed;
  return {
    responses,
    suppressed,
    answered: shown ? rate.answered : null,
    rate: shown ? roundedPercent(rate.value) : null,
    low: shown ? roundedPercent(rate.interval.low) : null,
    high: shown ? roundedPercent(rate.interval.high) : null,
    mean: mean !== null && !suppressed ? roundedMean(mean.value) : null,
    expectation:
      expectation !== null && !suppressed && !isSuppressed(expectation.answered, minimum)
        ? roundedPercent(expectation.value / 100)
        : null,
  };
}
