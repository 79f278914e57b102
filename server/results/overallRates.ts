/**
 * The satisfaction rate of a whole round, put together in each of the ways that releases use. They differ, so each is
 * shown under its own name with what it counts, and none is "the" overall rate.
 */
import type { SampledStratum } from '../sampling/design.js';
import { mergeAnswersInto, noAnswers } from '../statistics/answersByPerson.js';
import { simpleMeanOfGroups } from '../statistics/rate.js';
import { roundedPercent } from '../statistics/rounding.js';
import { type Stratum, weightedRate } from '../statistics/stratified.js';
import type { UnitsOfStratum } from '../statistics/twoStage.js';
import { ownRow, WHOLE } from './counts.js';
import type { RoundFigures } from './roundFigures.js';
import { shownRate } from './shown.js';

/**
 * `pooled`: all answers together. `groups`, `respondents`, `factors`: simple mean of surveys on services, of kinds of
 * people (parents, students, …), of factors. `weighted`: by enrolment.
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
  /** For `weighted`: units as strata, the strata of the design, or schools drawn within them. */
  readonly basis?: 'weighted' | 'weighted-strata' | 'weighted-drawn';
  /** For `weighted`: enrolment of the strata that answered, of all of them, and the people. */
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
  ].filter(({ kind, parts, basis }) => kind === 'pooled' || parts > (isByDesign(basis) ? 0 : 1));
}

/** One stratum of a design may have many units; where units are strata a single one is the pooled rate. */
function isByDesign(basis: OverallRate['basis']): boolean {
  return basis !== undefined && basis !== 'weighted';
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
 * Weighted by enrolment: by the strata of the round's design where it has one, else each unit is a stratum. Units that
 * are hidden are one stratum together: what they are together anybody can compute from the total and the units that are
 * shown, and the weights must not tell more. Where the enrolment of one of them is not known all of them are left out.
 */
function weighted(figures: RoundFigures): OverallRate {
  const none: OverallRate = { kind: 'weighted', rate: null, low: null, high: null, parts: 0 };
  if (figures.hiding.cell('total', WHOLE)) return none;
  const { hidden, unitsOf } = sampledUnits(figures);
  const strata: Stratum[] = [];
  const ofUnits: UnitsOfStratum[] = [];
  const together = noAnswers();
  for (const { answers } of hidden) mergeAnswersInto(together, answers);
  let alone = hidden.reduce((sum, { population }) => sum + population, 0);
  const design = figures.strata?.strata ?? [...figures.counts.units.keys()].map(unitAsStratum(figures));
  for (const { population, units, members } of design) {
    const { answering, left, people } = unitsOf(members);
    const rest = population - left.reduce((sum, each) => sum + each.population, 0);
    // Nobody else speaks for a stratum in which all units with answers are hidden.
    if (people > 0 && answering.length === 0) alone += rest;
    else ofUnits.push({ population: rest, units: units - left.length, answering });
  }
  if (hidden.length > 0 && hidden.every(({ population }) => population > 0))
    strata.push({ population: alone, answers: together });
  const estimate = weightedRate(strata, ofUnits);
  if (!estimate) return none;
  return {
    kind: 'weighted',
    basis: figures.strata ? (figures.strata.drawn ? 'weighted-drawn' : 'weighted-strata') : 'weighted',
    ...shownRate(estimate),
    parts: strata.length + ofUnits.filter(({ answering }) => answering.length > 0).length,
    covered: estimate.covered,
    population: design.reduce((sum, { population }) => sum + population, 0),
    people: estimate.people,
  };
}

function unitAsStratum({ counts }: RoundFigures) {
  return (unit: string): SampledStratum => ({
    population: counts.units.get(unit)?.enrolment ?? 0,
    units: 1,
    members: [unit],
  });
}

/** The units of a round as an estimate needs them, those that are hidden apart. */
function sampledUnits({ counts, hiding }: RoundFigures) {
  const byCode = new Map(
    [...counts.units.values()].map(({ unit, enrolment }) => [
      unit,
      {
        population: enrolment ?? 0,
        answers: counts.pooled(ownRow(unit)).answersByPerson,
        isHidden: hiding.cell('total', ownRow(unit)),
      },
    ]),
  );
  return {
    hidden: [...byCode.values()].filter(({ isHidden }) => isHidden),
    /** Of these units those with answers that are shown, those that are hidden, and the people in the latter. */
    unitsOf: (codes: readonly string[]) => {
      const units = codes.flatMap((code) => byCode.get(code) ?? []);
      const left = units.filter(({ isHidden }) => isHidden);
      return {
        answering: units.filter(
          ({ isHidden, population, answers }) => !isHidden && population > 0 && answers.people > 0,
        ),
        left,
        people: left.reduce((sum, { answers }) => sum + answers.people, 0),
      };
    },
  };
}
