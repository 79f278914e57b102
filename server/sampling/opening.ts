/** What the sampling plan makes of a round's units at the moment it opens. */
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { DrawnFrom } from '../../models/sampleUnits.js';
import type { SamplingDesign } from '../../models/samplingDesign.js';
import type { Unit } from '../../models/units.js';
import { designFrom } from './design.js';
import { frameOf, quotasByHand } from './frame.js';
import { isAsked, type PlannedUnit, samplePlan } from './samplePlan.js';

/** The units that a round opens with. */
export interface SampledUnits {
  /** Those that are asked, each with its quota. */
  readonly snapshot: RoundUnit[];
  /** Computed anew on the list as it is now; null where nobody decided one. */
  readonly design: SamplingDesign | null;
  /** Codes of the units the round is for: without those that were not drawn. */
  readonly units: string[];
  /** The list that schools were drawn from; empty where none are drawn. */
  readonly frame: readonly (DrawnFrom & { readonly unit: string })[];
}

/**
 * The units of a round with their quotas. Where schools are drawn, only those drawn (and any added by hand) stay; the
 * whole list is to be kept beside the round, so that the draw can be repeated.
 * @param snapshot every unit of the round
 */
export async function sampledUnits(
  round: Round,
  snapshot: readonly RoundUnit[],
  units: readonly Unit[],
): Promise<SampledUnits> {
  const byHand = await quotasByHand(round._id);
  const { design } = round;
  if (design === null) {
    const withQuotas = snapshot.map((unit) => ({ ...unit, quota: byHand.get(unit.unit) ?? null }));
    return { snapshot: withQuotas, design, units: round.units, frame: [] };
  }
  const { parameters, seed, day, account } = design;
  const levels = round.services.map(({ code }) => code);
  const plan = samplePlan(frameOf(round, snapshot, units), parameters, seed ?? '', byHand, levels);
  const planned = new Map(plan.units.map((unit) => [unit.unit, unit]));
  const left = new Set(plan.units.filter((unit) => !isAsked(unit)).map(({ unit }) => unit));
  return {
    units: round.units.filter((unit) => !left.has(unit)),
    frame: parameters.drawn === null ? [] : plan.units.map(drawnFrom),
    snapshot: snapshot.flatMap((member) => {
      const unit = planned.get(member.unit);
      if (!unit || left.has(unit.unit)) return [];
      return [{ ...member, quota: unit.quota, forms: unit.forms, stratum: unit.stratum }];
    }),
    design: designFrom(parameters, seed, plan, { day, account }),
  };
}

function drawnFrom({ unit, name, stratum, cell, enrolment, drawn }: PlannedUnit) {
  return { unit, name, stratum, cell, enrolment, drawn };
}
