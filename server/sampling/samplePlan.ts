/**
 * From a list of units and a design to a quota for each unit. Pure: the same list, parameters, seed and quotas set by
 * hand give the same plan, in whatever order they come.
 */
import type { DesignStratum, SamplingParameters } from '../../models/samplingDesign.js';
import { allocation } from '../statistics/allocation.js';
import { type PlannedSample, plannedSample } from '../statistics/sampleSize.js';
import { drawnUnits } from './draw.js';
import { type FrameUnit, strataOf, type UnitStratum } from './strata.js';

/** A unit with what is asked of it. */
export interface PlannedUnit extends FrameUnit {
  /** Code of its stratum; null where its enrolment is not known. */
  readonly stratum: string | null;
  /** What schools are drawn among: levels within a stratum. */
  readonly cell: string;
  /** Whether it was drawn; true where nothing is drawn. */
  readonly drawn: boolean;
  /** Responses it is to collect, as computed; null where that cannot be, 0 where it was not drawn. */
  readonly computed: number | null;
  readonly byHand: boolean;
  /** Responses it is to collect; null where nobody can say. */
  readonly quota: number | null;
  /** Forms to hand out so that as many come back, never more than there are people. */
  readonly forms: number | null;
  /** Whether handing a form to everybody is expected to bring its quota. */
  readonly reachable: boolean;
}

export interface SamplePlan {
  readonly strata: readonly DesignStratum[];
  /** In the order of strata and codes, those without enrolment last. */
  readonly units: readonly PlannedUnit[];
  /** The size for all strata together; null for a census, and where each stratum has its own or there is nobody. */
  readonly overall: PlannedSample | null;
  /** Units without enrolment for which no quota was set by hand. */
  readonly unknown: readonly PlannedUnit[];
  /** Strata whose drawn schools have fewer people than answers are wanted. */
  readonly short: readonly { readonly code: string; readonly missing: number }[];
}

/** In each stratum at least two, so that its spread can be estimated: Cochran (1977), Sampling Techniques. */
const LEAST_IN_STRATUM = 2;

/**
 * Makes the plan.
 * @param seed for the draw; not used where nothing is drawn
 * @param byHand quotas set by hand, by unit
 * @param levels the round's levels, in order
 * @throws {RangeError} on parameters outside their bounds
 */
export function samplePlan(
  frame: readonly FrameUnit[],
  parameters: SamplingParameters,
  seed: string,
  byHand: ReadonlyMap<string, number>,
  levels: readonly string[],
): SamplePlan {
  const known = frame.filter(({ enrolment }) => (enrolment ?? 0) > 0);
  const strata = strataOf(known, parameters.by, levels);
  const populations = strata.map(({ units }) => peopleIn(units));
  const all = populations.reduce((sum, people) => sum + people, 0);
  const overall =
    parameters.kind === 'sample' && parameters.precisionFor === 'round'
      ? plannedSample(parameters, all, parameters.responseRate)
      : null;
  const sizes = overall
    ? allocation(overall.answers, populations, 'proportional', LEAST_IN_STRATUM)
    : populations.map((people) => plannedSample(parameters, people, parameters.responseRate)?.answers ?? 0);
  const drawn = drawnOf(strata, parameters, seed);
  const planned = strata.map((stratum, index) => {
    const quotas =
      parameters.kind === 'census'
        ? stratum.units.map(({ enrolment }) => expectedOf(enrolment ?? 0, parameters))
        : quotasOf(stratum, sizes[index] ?? 0, drawn, parameters);
    const units = stratum.units.map((unit, at) =>
      plannedUnit(unit, stratum.code, drawn.has(unit.unit), quotas[at] ?? 0, byHand, parameters),
    );
    const wanted = parameters.kind === 'census' ? sumOf(quotas) : (sizes[index] ?? 0);
    return { units, stratum: summary(stratum, units, wanted), missing: wanted - sumOf(quotas) };
  });
  const others = frame
    .filter(({ enrolment }) => !enrolment)
    .sort((a, b) => (a.unit < b.unit ? -1 : 1))
    .map((unit) => plannedUnit(unit, null, true, null, byHand, parameters));
  return {
    strata: planned.map(({ stratum }) => stratum),
    units: [...planned.flatMap(({ units }) => units), ...others],
    overall,
    unknown: others.filter(({ quota }) => quota === null),
    short: planned
      .filter(({ missing }) => missing > 0)
      .map(({ stratum: { code }, missing }) => ({ code, missing })),
  };
}

/** Units that take part: those drawn, and those somebody added by hand. */
export function isAsked({ drawn, byHand, quota }: PlannedUnit): boolean {
  return drawn || (byHand && (quota ?? 0) > 0);
}

/** Forms that bring so many responses, were as many people there. */
export function formsFor(quota: number, responseRate: number): number {
  // Twelve digits: 70 of 70 % are 100 forms, not 101.
  return Math.ceil(Number((quota / responseRate).toPrecision(12)));
}

function drawnOf(
  strata: readonly UnitStratum<FrameUnit>[],
  { kind, drawn }: SamplingParameters,
  seed: string,
): ReadonlySet<string> {
  const units = strata.flatMap((stratum) =>
    stratum.units.map(({ unit, levels }) => ({ unit, cell: cellOf(stratum.code, levels) })),
  );
  if (kind === 'census' || drawn === null) return new Set(units.map(({ unit }) => unit));
  const cells = new Map<string, string[]>();
  for (const { unit, cell } of units) cells.set(cell, [...(cells.get(cell) ?? []), unit]);
  return drawnUnits([...cells.values()], drawn, seed);
}

function cellOf(stratum: string | null, levels: readonly string[]): string {
  return `${stratum ?? ''} ${levels.join('|')}`.trim();
}

/** The quotas of a stratum's units, 0 for those not drawn. */
function quotasOf(
  { units }: UnitStratum<FrameUnit>,
  size: number,
  drawn: ReadonlySet<string>,
  { spread, minimum }: SamplingParameters,
): number[] {
  const asked = units.map(({ unit, enrolment }) => (drawn.has(unit) ? (enrolment ?? 0) : 0));
  return allocation(size, asked, spread, minimum);
}

function expectedOf(people: number, { responseRate }: SamplingParameters): number {
  return Math.max(1, Math.ceil(Number((people * responseRate).toPrecision(12))));
}

function plannedUnit(
  unit: FrameUnit,
  stratum: string | null,
  drawn: boolean,
  computed: number | null,
  byHand: ReadonlyMap<string, number>,
  { kind, responseRate }: SamplingParameters,
): PlannedUnit {
  const set = byHand.get(unit.unit);
  const quota = set ?? computed;
  const people = unit.enrolment || Number.POSITIVE_INFINITY;
  const wanted = quota === null ? null : formsFor(quota, responseRate);
  const everybody = kind === 'census' && set === undefined && drawn ? unit.enrolment : null;
  return {
    ...unit,
    stratum,
    cell: cellOf(stratum, unit.levels),
    drawn,
    computed,
    byHand: set !== undefined,
    quota,
    forms: everybody || (wanted === null ? null : Math.min(people, wanted)),
    reachable: wanted === null || everybody !== null || wanted <= people,
  };
}

function summary(
  { code, parts, units }: UnitStratum<FrameUnit>,
  planned: readonly PlannedUnit[],
  answers: number,
): DesignStratum {
  const asked = planned.filter(isAsked);
  return {
    code,
    parts,
    units: units.length,
    asked: asked.length,
    population: peopleIn(units),
    answers,
    quota: sumOf(asked.map(({ quota }) => quota ?? 0)),
    forms: sumOf(asked.map(({ forms }) => forms ?? 0)),
  };
}

function peopleIn(units: readonly FrameUnit[]): number {
  return sumOf(units.map(({ enrolment }) => enrolment ?? 0));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
