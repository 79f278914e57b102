/** Answers with the page of a round's sampling plan. */
import type { Request, Response } from 'express';
import type { Round } from '../../models/rounds.js';
import type { DesignStratum } from '../../models/samplingDesign.js';
import { type EnteredPlan, type PlanMistake, PROPOSED_PLAN, planAsEntered } from './planForm.js';
import { planNow, workedExample } from './planPage.js';
import { quotaPage, quotaView, type TypedQuotas } from './quotaTable.js';
import { stratumName } from './stratumName.js';

/** Something that was sent and cannot be stored, to be shown again. */
interface Tried {
  readonly entered?: EnteredPlan;
  readonly mistakes?: readonly PlanMistake[];
  readonly quotas?: TypedQuotas;
  readonly reason?: { readonly text: string; readonly mistake: string | null };
}

/** Answers with the page of the plan. */
export async function showPlan(
  request: Request,
  response: Response,
  round: Round,
  { entered, mistakes = [], quotas, reason }: Tried = {},
): Promise<void> {
  const now = await planNow(round);
  const { design } = round;
  response.render('sampling/plan', {
    round,
    design: design ?? null,
    now,
    nameOf: (stratum: DesignStratum) => stratumName(stratum, round, response.locals),
    worked: workedExample(round, now.strata),
    entered: entered ?? (design ? planAsEntered(design, response.locals.format.number) : PROPOSED_PLAN),
    mistakes,
    table: quotaPage(now.rows, quotaView(request)),
    quotas: quotas ?? { typed: new Map(), wrong: [] },
    reason: reason ?? { text: '', mistake: null },
  });
}
