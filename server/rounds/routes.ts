/**
 * Rounds: the list, making one from a plan or by hand, deciding a draft anew. Opening and closing are in
 * steeringRoutes.ts, the page of one round is results/.
 *
 *   GET  /van-phong                    200 the rounds
 *   GET  /van-phong/dot-moi            200 the form, filled in from a plan (?ke-hoach=…)
 *   POST /van-phong/dot-moi            303 stored as a draft · 422 the form again
 *   GET  /van-phong/dot/:round/sua     200 the form of a draft · 303 to what can be done with any other · 404
 *   POST /van-phong/dot/:round/sua     303 stored · 404 · 409 · 422 the form again
 */
import { Router } from 'express';
import { allPlans } from '../../models/plans.js';
import { countOfRound } from '../../models/responses.js';
import { allRounds, type Round, SATISFACTION_RATE } from '../../models/rounds.js';
import { allUnits, hasEnded } from '../../models/units.js';
import { surveyVersions } from '../../surveys/versions.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { existingRound } from '../http/existingRound.js';
import { queryText, seeOther, withLanguage } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { dueList } from '../plans/dueList.js';
import { grouped, nextStep } from './nextStep.js';
import { fromPlan, proposals, proposedFor, writtenPlan } from './proposals.js';
import { draftChecks, draftOf, type EnteredDraft, enteredFrom, enteredOf } from './roundForm.js';
import { changeDraft, createRound } from './rounds.js';

/** So many things that plans want done are shown above the rounds. */
const MOST_DUE = 5;

/** Routes of the rounds; for people who are logged in. */
export function roundRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong', async (_request, response) => {
    const [rounds, plans] = await Promise.all([allRounds(), allPlans()]);
    const today = context.today();
    const shown = await Promise.all(
      rounds.map(async (round) => ({
        ...round,
        responses: await countOfRound(round._id),
        next: nextStep(round, today),
      })),
    );
    const current = plans.filter(({ archived }) => !archived);
    const due = current
      .flatMap((plan) =>
        dueList(
          plan,
          rounds.filter((round) => round.plan?.id === plan._id),
          today,
        ).map((entry) => ({ plan, entry })),
      )
      .filter(({ entry: { state } }) => state === 'late' || state === 'soon')
      .toSorted((a, b) => (a.entry.days ?? 0) - (b.entry.days ?? 0));
    response.render('rounds/list', {
      groups: grouped(shown),
      due: due.slice(0, MOST_DUE),
      more: Math.max(0, due.length - MOST_DUE),
      plans: current.length,
      today,
    });
  });

  routes.get('/van-phong/dot-moi', async (request, response) => {
    const entered = await proposedFor(context, queryText(request, 'ke-hoach') ?? '');
    response.render('rounds/new', await formLocals(context, entered, []));
  });

  routes.post('/van-phong/dot-moi', formBody, async (request, response) => {
    const form = request.body as FormBody;
    const from = await fromPlan(enteredFrom(form).plan ?? '');
    const mistakes = await draftChecks(request, await surveyVersions(context.surveys), from);
    if (mistakes.length > 0)
      return response
        .status(422)
        .render('rounds/new', await formLocals(context, enteredFrom(form), mistakes));
    const draft = draftOf(form, from?.others, from?.plan);
    const code = await createRound(context, draft, accountName(response));
    seeOther(response, `/van-phong/dot/${code}`);
  });

  routes.get('/van-phong/dot/:round/sua', async (request, response) => {
    const round = await existingRound(request.params.round);
    if (round.state !== 'draft')
      return response.redirect(
        303,
        withLanguage(`/van-phong/dot/${round._id}/quan-ly`, response.locals.lang),
      );
    response.render('rounds/edit', { round, ...(await formLocals(context, enteredOf(round), [])) });
  });

  routes.post('/van-phong/dot/:round/sua', formBody, async (request, response) => {
    const round = await existingDraft(String(request.params.round));
    const form = request.body as FormBody;
    const from = await fromPlan(writtenPlan(round));
    const mistakes = await draftChecks(request, await surveyVersions(context.surveys), from);
    if (mistakes.length > 0) {
      const locals = await formLocals(context, enteredFrom(form), mistakes);
      return response.status(422).render('rounds/edit', { round, ...locals });
    }
    const others = round.targets.filter(({ indicator }) => indicator !== SATISFACTION_RATE);
    const draft = draftOf(form, others, round.plan);
    await changeDraft(context, round._id, draft, accountName(response));
    seeOther(response, `/van-phong/dot/${round._id}/quan-ly`);
  });

  return routes;
}

/** The draft of a code. @throws {Problem} 404 `no-such-round` · 409 `round-state` where it is no draft (any more) */
async function existingDraft(code: string): Promise<Round> {
  const round = await existingRound(code);
  if (round.state !== 'draft') throw new Problem(409, 'round-state');
  return round;
}

async function formLocals(
  context: Context,
  entered: EnteredDraft,
  mistakes: readonly { field: string; key: string }[],
) {
  const units = (await allUnits()).filter((unit) => !hasEnded(unit, context.today()));
  const desks = units.filter(({ levels }) => levels.length === 0);
  return {
    entered,
    mistakes,
    from: await fromPlan(entered.plan ?? ''),
    proposals: await proposals(context),
    surveys: [...(await surveyVersions(context.surveys)).values()],
    desks,
    schools: units.length - desks.length,
  };
}
