/**
 * The satisfaction rate of a whole round, put together in each of the ways that releases use. They differ, so each is
 * shown under its own name with what it counts, and none is "the" overall rate.
 */
import { type AnswersByPerson, mergeAnswersInto, noAnswers } from '../statistics/answersByPerson.js';
import { simpleMeanOfGroups } from '../statistics/rate.js';
import { roundedPercent } from '../statistics/rounding.js';
import { type Stratum, weightedRate } from '../statistics/stratified.js';
import { ownRow, WHOLE } from './counts.js';
import type { RoundFigures } from './roundFigures.js';
import { shownRate } from './shown.js';

/**
 * `pooled`: all answers together. `groups`, `respondents`, `factors`: simple mean of surveys on services, of kinds of
 * people (parents, students, …), of factors. `weighted`: by enrolment of the units.
 */
type OverallKind = 'pooled' | 'groups' | 'respondents' | 'factors' | 'weighted';

export interface OverallRate {
  readonly kind: OverallKind;
  /** Percent, one decimal; null where there is none, or it is hidden. */
  readonly rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Groups, factors or strata; of the pooled rate the people. */
  readonly parts: number;
  /** For `weighted`: enrolment of the units that answered, of all units, and the people. */
  readonly covered?: number;
  readonly population?: number;
  readonly people?: number;
}

/** Every way that the round allows. */
export function overallRates(figures: RoundFigures): OverallRate[] {
  const whole = figures.summary(WHOLE);
  const { rate, low, high } = whole.total;
  const pooled: OverallRate = { kind: 'pooled', rate, low, high, parts: whole.people ?? 0 };
  return [
    pooled,
    ofMeans('groups', groupRates(figures)),
    ofMeans('respondents', respondentRates(figures)),
    ofMeans('factors', factorRates(figures)),
    weighted(figures),
  ].filter((each) => each.kind === 'pooled' || each.parts > 1);
}

function ofMeans(kind: OverallKind, rates: readonly number[]): OverallRate {
  const mean = simpleMeanOfGroups(rates);
  return {
    kind,
    rate: mean === null ? null : roundedPercent(mean),
    low: null,
    high: null,
    parts: rates.length,
  };
}

/** One survey on one service each; hidden ones are left out. */
function groupRates({ columns, counts, hiding }: RoundFigures): number[] {
  return columns.flatMap((column) => {
    const { rate } = counts.pooled(WHOLE, [column]).total;
    return rate && !hiding.cell('total', WHOLE, column) ? [rate.value] : [];
  });
}

/** Parents, students, …, each with all their surveys that are shown. */
function respondentRates({ columns, counts, hiding }: RoundFigures): number[] {
  const shown = columns.filter((column) => !hiding.cell('total', WHOLE, column));
  const kinds = new Set(shown.map(({ survey }) => survey.respondent));
  return [...kinds].flatMap((kind) => {
    const of = shown.filter(({ survey }) => survey.respondent === kind);
    return counts.pooled(WHOLE, of).total.rate?.value ?? [];
  });
}

function factorRates(figures: RoundFigures): number[] {
  const { leftOut } = figures.pooledFactors(WHOLE);
  const pooled = figures.counts.pooled(
    WHOLE,
    figures.columns.filter((column) => !leftOut.includes(column)),
  );
  return pooled.factorCodes.flatMap((code) => pooled.factor(code).rate?.value ?? []);
}

/**
 * Units are the strata. Those that are hidden are one stratum together: what they are together anybody can compute from
 * the total and the units that are shown, and the weights must not tell more. Where the enrolment of one of them is not
 * known all of them are left out.
 */
function weighted({ counts, hiding }: RoundFigures): OverallRate {
  const none: OverallRate = { kind: 'weighted', rate: null, low: null, high: null, parts: 0 };
  if (hiding.cell('total', WHOLE)) return none;
  const units = [...counts.units.values()];
  const stratumOf = (unit: string, enrolment: number | null): Stratum => ({
    population: enrolment ?? 0,
    answers: counts.pooled(ownRow(unit)).answersByPerson,
  });
  const isHidden = (unit: string) => hiding.cell('total', ownRow(unit));
  const strata = units
    .filter(({ unit }) => !isHidden(unit))
    .map(({ unit, enrolment }) => stratumOf(unit, enrolment));
  const hidden = units
    .filter(({ unit }) => isHidden(unit))
    .map(({ unit, enrolment }) => stratumOf(unit, enrolment));
  if (hidden.length > 0 && hidden.every(({ population }) => population > 0)) strata.push(merged(hidden));
  const estimate = weightedRate(strata);
  if (!estimate) return none;
  return {
    kind: 'weighted',
    ...shownRate(estimate),
    parts: strata.filter(({ population, answers }) => population > 0 && answers.people > 0).length,
    covered: estimate.covered,
    population: units.reduce((sum, { enrolment }) => sum + (enrolment ?? 0), 0),
    people: estimate.people,
  };
}

function merged(strata: readonly Stratum[]): Stratum {
  const answers: AnswersByPerson = noAnswers();
  for (const stratum of strata) mergeAnswersInto(answers, stratum.answers);
  return { population: strata.reduce((sum, { population }) => sum + population, 0), answers };
}
