/** The sampling design of a round, made, kept and read. */
import type { Day } from '../../models/day.js';
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import {
  type DesignStratum,
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
interface SampledStratum extends DesignStratum {
  /** Codes of the units in it that were asked. `population` is the enrolment of all its units, asked or not. */
  readonly members: readonly string[];
}

/**
 * The design a round was opened with, for the stratified estimate and the documents: with Nₕ = `population` and the
 * answers of `members` put together, `weightedRate` (server/statistics/stratified.ts) weights by Nₕ / Σ Nₕ. Units
 * without known enrolment are in no stratum and carry no weight. Where schools were drawn first, that estimate's
 * standard error leaves out that people answer alike within a school; `parameters.designEffect` says by how much the
 * sample was made larger for it.
 * @param members the units of the round
 * @returns null for a round without a design
 */
export function designOf(
  { design }: Pick<Round, 'design'>,
  members: readonly Pick<RoundUnit, 'unit' | 'stratum'>[],
): (Omit<SamplingDesign, 'strata'> & { readonly strata: readonly SampledStratum[] }) | null {
  if (!design) return null;
  const byStratum = new Map<string | null, string[]>();
  for (const { unit, stratum } of members) {
    const known = byStratum.get(stratum);
    if (known) known.push(unit);
    else byStratum.set(stratum, [unit]);
  }
  return {
    ...design,
    strata: design.strata.map((stratum) => ({
      ...stratum,
      members: byStratum.get(stratum.code) ?? [],
    })),
  };
}
