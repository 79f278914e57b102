/**
 * Steering one round: what to look at before it opens, its days, its history; opening, extending, closing, reopening.
 * The page of its figures is results/.
 *
 *   GET  /van-phong/dot/:round/quan-ly   200 state, history and what can be done · 404
 *   POST /van-phong/dot/:round/mo        303 opened · 404 · 409 why it cannot be, or what is to be looked at first
 *   POST /van-phong/dot/:round/xoa       303 a draft thrown away · 404 · 409
 *   POST /van-phong/dot/:round/gia-han   303 open until a later day · 404 · 409 · 422 day or reason missing
 *   POST /van-phong/dot/:round/dong      303 closed · 404 · 409 · 422 a reason too long
 *   POST /van-phong/dot/:round/mo-lai    303 takes answers again · 404 · 409 · 422 day or reason missing
 */
import { type Request, type Response, Router } from 'express';
import type { Day } from '../../models/day.js';
import { planByCode } from '../../models/plans.js';
import { countOfRound } from '../../models/responses.js';
import type { Round } from '../../models/rounds.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import type { Context } from '../context.js';
import { formBody, textIn } from '../http/body.js';
import { existingRound } from '../http/existingRound.js';
import { seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import type { OpeningProblem } from './clashes.js';
import { closingChecks } from './closingChecks.js';
import { openingChecks } from './openingChecks.js';
import {
  type EnteredEvent,
  type EventMistake,
  eventMistakes,
  extendRound,
  reasonOf,
  reopenRound,
} from './prolonging.js';
import { closeRound, deleteDraft, openRound } from './rounds.js';

/** What a page of steering shows beside the round: something that was tried and could not be done. */
interface Tried {
  readonly what: 'open' | 'extend' | 'close' | 'reopen';
  readonly entered: EnteredEvent;
  readonly mistakes: readonly EventMistake[];
  readonly problems: readonly OpeningProblem[];
  /** Whether the warnings are others than those that were seen. */
  readonly unseen?: boolean;
}

const NOTHING_ENTERED: EnteredEvent = { day: '', reason: '' };

/** Routes of steering a round; for people who are logged in. */
export function steeringRoutes(context: Context): Router {
  const routes = Router();
  const page = '/van-phong/dot/:round/quan-ly';

  routes.get(page, async (request, response) => {
    await show(context, response, await existingRound(String(request.params.round)));
  });

  routes.post('/van-phong/dot/:round/mo', formBody, async (request, response) => {
    const round = await existingRound(String(request.params.round));
    if (round.state !== 'draft') throw new Problem(409, 'round-state');
    const tried = (more: Partial<Tried>): Tried => ({
      what: 'open',
      entered: NOTHING_ENTERED,
      mistakes: [],
      problems: [],
      ...more,
    });
    const { warnings, errors, seen } = await openingChecks(context, round, response.locals.format);
    const unseen = warnings > 0 && textIn(request.body, 'da-xem') !== seen;
    if (errors > 0 || unseen) return show(context, response, round, tried({ unseen }));
    const problems = await openRound(context, round._id, accountName(response), warnings);
    if (problems.length > 0) return show(context, response, round, tried({ problems }));
    seeOther(response, `/van-phong/dot/${round._id}`);
  });

  routes.post('/van-phong/dot/:round/xoa', async (request, response) => {
    await deleteDraft(String(request.params.round), accountName(response));
    seeOther(response, '/van-phong');
  });

  routes.post('/van-phong/dot/:round/gia-han', formBody, async (request, response) => {
    await prolong(context, request, response, 'extend');
  });

  routes.post('/van-phong/dot/:round/mo-lai', formBody, async (request, response) => {
    await prolong(context, request, response, 'reopen');
  });

  routes.post('/van-phong/dot/:round/dong', formBody, async (request, response) => {
    const round = await existingRound(String(request.params.round));
    const entered = { day: '', reason: textIn(request.body, 'reason') };
    const reason = reasonOf(entered);
    if (reason.length > 300) {
      const mistakes = [{ field: 'reason' as const, key: 'rounds.close.reason-long' }];
      return show(context, response, round, { what: 'close', entered, mistakes, problems: [] });
    }
    await closeRound(round._id, context.today(), { account: accountName(response), reason });
    seeOther(response, `/van-phong/dot/${round._id}`);
  });

  return routes;
}

/** Extends an open round or reopens a closed one, by the posted day and reason; or the page says why not. */
async function prolong(
  context: Context,
  request: Request,
  response: Response,
  what: 'extend' | 'reopen',
): Promise<void> {
  const round = await existingRound(String(request.params.round));
  if (round.state !== (what === 'extend' ? 'open' : 'closed')) throw new Problem(409, 'round-state');
  const entered = { day: textIn(request.body, 'closes').trim(), reason: textIn(request.body, 'reason') };
  const mistakes = eventMistakes(round, entered, context.today());
  const by = { closes: entered.day as Day, reason: reasonOf(entered), account: accountName(response) };
  const prolonged = what === 'extend' ? extendRound : reopenRound;
  const problems = mistakes.length > 0 ? [] : await prolonged(context, round._id, by);
  if (mistakes.length + problems.length > 0)
    return show(context, response, round, { what, entered, mistakes, problems });
  seeOther(response, `/van-phong/dot/${round._id}/quan-ly`);
}

async function show(context: Context, response: Response, round: Round, tried?: Tried): Promise<void> {
  const refused = tried ? (tried.mistakes.length > 0 ? 422 : 409) : 200;
  const draft = round.state === 'draft';
  response.status(refused).render('rounds/steer', {
    round,
    plan: round.plan && (await planByCode(round.plan.id)),
    today: context.today(),
    responses: draft ? 0 : await countOfRound(round._id),
    surveys: await Promise.all(round.surveys.map(pinnedSurvey)),
    closing: round.state === 'open' ? await closingChecks(context, round) : null,
    checkList: draft ? await openingChecks(context, round, response.locals.format) : null,
    tried: tried ?? null,
  });
}
