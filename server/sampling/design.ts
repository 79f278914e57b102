/** The sampling design of a round, made, kept and read. */
import type { Day } from '../../models/day.js';
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { SampleUnit } from '../../models/sampleUnits.js';
import {
  SAMPLING_METHOD,
  type SamplingDesign,
  type SamplingParameters,
} from '../../models/samplingDesign.js';
import type { SamplePlan } from './samplePlan.js';

/** A design as it is kept with the round. */
export function designFrom(
  parameters: SamplingParameters,
  seed: string | null,
  { strata }: SamplePlan,
  decided: { day: Day; account: string },
): SamplingDesign {
  return { method: SAMPLING_METHOD, parameters, seed, strata: [...strata], ...decided };
}

/** A stratum as an estimate needs it. */
export interface SampledStratum {
  /** Enrolment of all its units, asked or not. */
  readonly population: number;
  /** Units in it, asked or not. */
  readonly units: number;
  /** Codes of those that were asked: all, or drawn at random from them. */
  readonly members: readonly string[];
}

/** The strata of a round, and whether schools were drawn in them. */
export interface RoundStrata {
  readonly drawn: boolean;
  readonly strata: readonly SampledStratum[];
}

/**
 * The strata a round was opened with, for the rate weighted by enrolment (server/statistics/stratified.ts). Where schools
 * were drawn these are what they were drawn among, the levels within each stratum: in each of them every school was as
 * likely as any other. A school that somebody added to those drawn stands for itself alone. Units without known
 * enrolment are in no stratum and carry no weight.
 * @param members the units of the round
 * @param frame the list that schools were drawn from; not needed where none were
 * @returns null for a round without a design
 */
export function strataOfRound(
  { design }: Pick<Round, 'design'>,
  members: readonly Pick<RoundUnit, 'unit' | 'stratum'>[],
  frame: readonly Pick<SampleUnit, 'unit' | 'frame'>[] = [],
): RoundStrata | null {
  if (!design) return null;
  if (design.parameters.drawn !== null) return { drawn: true, strata: drawnStrata(members, frame) };
  const byStratum = new Map<string | null, string[]>();
  for (const { unit, stratum } of members) append(byStratum, stratum, unit);
  return {
    drawn: false,
    strata: design.strata.map(({ code, population, units }) => ({
      population,
      units,
      members: byStratum.get(code) ?? [],
    })),
  };
}

function drawnStrata(
  members: readonly Pick<RoundUnit, 'unit'>[],
  frame: readonly Pick<SampleUnit, 'unit' | 'frame'>[],
): SampledStratum[] {
  const asked = new Set(members.map(({ unit }) => unit));
  const cells = new Map<string, { unit: string; enrolment: number }[]>();
  const added: SampledStratum[] = [];
  for (const { unit, frame: listed } of frame) {
    if (!listed || listed.stratum === null) continue;
    const population = listed.enrolment ?? 0;
    if (!listed.drawn && asked.has(unit)) added.push({ population, units: 1, members: [unit] });
    else append(cells, listed.cell, { unit, enrolment: population });
  }
  const drawn = [...cells.values()].map((units) => ({
    population: units.reduce((sum, { enrolment }) => sum + enrolment, 0),
    units: units.length,
    members: units.flatMap(({ unit }) => (asked.has(unit) ? [unit] : [])),
  }));
  return [...drawn, ...added];
}

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = lists.get(key);
  if (known) known.push(value);
  else lists.set(key, [value]);
}
