/** What a Báo cáo kết quả is made from: the figures of the round, exactly as its pages and files show them. */
import { documentFactsOf, type KnownFacts } from '../../../models/documentFacts.js';
import { type DepartmentPlan, type PlanMeasure, planByCode } from '../../../models/plans.js';
import type { Round } from '../../../models/rounds.js';
import type { Context } from '../../context.js';
import { sealedFigures } from '../../publishing/sealedReading.js';
import { type Comparison, comparisonOf } from '../../results/comparison.js';
import { chosenRound, earlierRounds } from '../../results/earlierRounds.js';
import { type GroupResults, groupResults } from '../../results/groupRows.js';
import { type Overview, overviewOf } from '../../results/overview.js';
import { resultsOf } from '../../results/resultsOf.js';
import type { RoundFigures } from '../../results/roundFigures.js';
import { namesOf } from '../../results/unitResults.js';
import { type FactsOfDocument, factsOf } from '../facts.js';

export interface ReportSource {
  readonly context: Context;
  readonly round: Round;
  readonly figures: RoundFigures;
  readonly overview: Overview;
  readonly groups: GroupResults;
  /** Names of units and of those above them. */
  readonly names: ReadonlyMap<string, string>;
  /** The latest earlier round of the subject; null where there is none. */
  readonly earlier: { readonly round: Round; readonly comparison: Comparison } | null;
  readonly plan: DepartmentPlan | null;
  /** The measure of the plan that the round carries out. */
  readonly measure: PlanMeasure | null;
  readonly known: FactsOfDocument;
  /** What the office wrote of the plan's document; null where it wrote nothing. */
  readonly planFacts: KnownFacts | null;
}

/** The figures of a round: of a published one those that were sealed, whatever has been counted since. */
function figuresOf(context: Context, round: Round): Promise<RoundFigures> {
  return round.state === 'published'
    ? sealedFigures(round, round.publications.length)
    : resultsOf(context, round);
}

/** Everything a report says is in here. */
export async function reportSource(context: Context, round: Round): Promise<ReportSource> {
  const [figures, rounds, known, planFacts, plan] = await Promise.all([
    figuresOf(context, round),
    earlierRounds(round),
    factsOf(context, round, 'report'),
    documentFactsOf(round._id, 'plan'),
    round.plan === null ? null : planByCode(round.plan.id),
  ]);
  const before = chosenRound(rounds, undefined);
  return {
    context,
    round,
    figures,
    overview: overviewOf(round, figures),
    groups: groupResults(figures),
    names: namesOf(figures.counts),
    earlier: before && {
      round: before,
      comparison: comparisonOf(figures, await figuresOf(context, before)),
    },
    plan,
    measure: plan?.measures.find(({ id }) => id === round.plan?.measure) ?? null,
    known,
    planFacts,
  };
}
