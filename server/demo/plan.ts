/** The demonstration's plan: Đắk Lắk's two rounds a year, and Bà Rịa – Vũng Tàu's continuous survey at the desk. */
import { isDuplicateKey } from '../../models/duplicateKey.js';
import { insertPlan, markDone, type PlanFacts } from '../../models/plans.js';
import { slugOf } from '../../models/roundCode.js';
import { OFFICE_ACCOUNT } from '../accounts/passwords.js';
import type { Context } from '../context.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { dueList } from '../plans/dueList.js';
import { existingPlan } from '../plans/plans.js';
import { takenUp } from '../plans/takeUp.js';

/** The code of the plan of a year. */
export function demoPlanCode(year: number): string {
  return slugOf(titleOf(year));
}

/** Stores the plan of a year, its older reports done; storing it again changes nothing. */
export async function storeDemoPlan(context: Context, year: number): Promise<void> {
  const code = demoPlanCode(year);
  try {
    await insertPlan(code, demoPlan(context, year));
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const plan = await existingPlan(code);
  const written = dueList(plan, [], context.today()).filter(
    ({ kind, days }) => kind !== 'round' && days !== null && days < -LATEST_DAYS,
  );
  for (const { key, due } of written)
    if (due !== null)
      await markDone(code, { key, day: due, document: '', value: null, account: OFFICE_ACCOUNT });
}

/** Reports that were due in the last weeks are late in the demonstration. */
const LATEST_DAYS = 45;

function demoPlan(context: Context, year: number): PlanFacts {
  const [rounds, desk] = ['dak-lak-2021', 'ba-ria-vung-tau-2021-2025'].map((id) => {
    const plan = context.plans.get(id);
    if (!plan) throw new Error(`no plan ${id}`);
    return takenUp(plan, { title: titleOf(year), document: '', year, numbering: 'calendar-year' });
  }) as [PlanFacts, PlanFacts];
  const targets = desk.measures[0]?.targets ?? [];
  return {
    ...rounds,
    measures: [
      ...rounds.measures.slice(0, 1).map((measure) => ({ ...measure, targets })),
      ...desk.measures.slice(1),
    ],
    indices: desk.indices,
    devices: desk.devices,
  };
}

function titleOf(year: number): string {
  return translator(DEFAULT_LANGUAGE)('plans.new.suggested', { year });
}
