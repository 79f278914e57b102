/** Plans of the department: storing one under a code of its own, and everything its page shows. */
import { audited, type NewAuditEntry } from '../../models/auditEntries.js';
import { type DepartmentPlan, insertPlan, type PlanFacts, planByCode } from '../../models/plans.js';
import { slugOf, storedUnderFreeCode } from '../../models/roundCode.js';
import { roundsOfPlan } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';
import { type DueEntry, dueList } from './dueList.js';
import { type MeasuredRound, measuredRounds, type TargetStanding, targetStandings } from './measuredRates.js';

/** Codes that mean something else in the addresses of plans. */
const TAKEN = ['moi', 'mau'];

/**
 * Stores a plan, once the audit log has it.
 * @param entry what the log says; its subject is the code
 * @returns the plan's code, made from its title
 */
export function storePlan(facts: PlanFacts, entry: Omit<NewAuditEntry, 'subject'>): Promise<string> {
  const slug = slugOf(facts.title, 'ke-hoach');
  return storedUnderFreeCode(slug, {
    isTaken: async (code) => TAKEN.includes(code) || (await planByCode(code)) !== null,
    store: (code) => audited({ ...entry, subject: code }, () => insertPlan(code, facts)),
  });
}

/** The plan of a code. @throws {Problem} 404 `no-such-plan` */
export async function existingPlan(code: string): Promise<DepartmentPlan> {
  const plan = await planByCode(code);
  if (!plan) throw new Problem(404, 'no-such-plan');
  return plan;
}

/** A plan as it stands today. */
export interface PlanStanding {
  readonly plan: DepartmentPlan;
  readonly due: readonly DueEntry[];
  readonly rounds: readonly MeasuredRound[];
  readonly targets: readonly TargetStanding[];
}

/** How a plan stands: what is due, late and done, its rounds with their figures, its targets. */
export async function standingOf(context: Context, plan: DepartmentPlan): Promise<PlanStanding> {
  const rounds = await roundsOfPlan(plan._id);
  const measured = await measuredRounds(context, rounds);
  return {
    plan,
    due: dueList(plan, rounds, context.today()),
    rounds: measured,
    targets: targetStandings(plan, measured),
  };
}

/** How many entries stand how. */
export function countsOf(due: readonly DueEntry[]): Readonly<Record<DueEntry['state'], number>> {
  const counts = { done: 0, late: 0, soon: 0, ahead: 0, running: 0, undated: 0 };
  for (const { state } of due) counts[state] += 1;
  return counts;
}
