/** What a Kế hoạch khảo sát is made from: the round, the plan it carries out, who is asked, what it asks. */

import type { DocumentFacts } from '../../../models/documentFacts.js';
import { type DepartmentPlan, type PlanMeasure, planByCode } from '../../../models/plans.js';
import type { Round } from '../../../models/rounds.js';
import { unitsOfRound } from '../../../models/roundUnits.js';
import { pinnedSurvey } from '../../../surveys/pinned.js';
import type { Survey } from '../../../surveys/schema.js';
import type { Context } from '../../context.js';
import { frameOfDraft } from '../../sampling/frame.js';
import { type PlanNow, planNow, type QuotaRow } from '../../sampling/planPage.js';
import { type FactsOfDocument, factsOf } from '../facts.js';

export interface PlanSource {
  readonly context: Context;
  readonly round: Round;
  readonly plan: DepartmentPlan | null;
  /** The measure of the plan that the round carries out. */
  readonly measure: PlanMeasure | null;
  readonly surveys: readonly Survey[];
  readonly sample: PlanNow;
  /** The units that take part, with what is wanted of each. */
  readonly asked: readonly QuotaRow[];
  /** Levels that are asked about, by unit. */
  readonly levels: ReadonlyMap<string, readonly string[]>;
  readonly known: FactsOfDocument;
  readonly facts: DocumentFacts;
}

/** Who coordinates: as the round says, else as its plan does. */
export function coordinatingOf({ round, measure }: Pick<PlanSource, 'round' | 'measure'>): readonly string[] {
  return round.coordinating.length > 0 ? round.coordinating : (measure?.coordinating ?? []);
}

/** Everything a plan document says is in here. */
export async function planSource(context: Context, round: Round): Promise<PlanSource> {
  const [plan, surveys, sample, units, known] = await Promise.all([
    round.plan === null ? null : planByCode(round.plan.id),
    Promise.all(round.surveys.map(pinnedSurvey)),
    planNow(round),
    round.state === 'draft' ? frameOfDraft(round) : unitsOfRound(round._id),
    factsOf(context, round, 'plan'),
  ]);
  return {
    context,
    round,
    plan,
    measure: plan?.measures.find(({ id }) => id === round.plan?.measure) ?? null,
    surveys,
    sample,
    asked: sample.rows.filter(({ asked }) => asked),
    levels: new Map(units.map(({ unit, levels }) => [unit, levels])),
    known,
    facts: known.facts,
  };
}
