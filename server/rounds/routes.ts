/**
 * Rounds: the list, making one from a plan or by hand, opening, closing. The page of one round is results/.
 *
 *   GET  /van-phong                    200 the rounds
 *   GET  /van-phong/dot-moi            200 the form, filled in from a plan (?ke-hoach=…)
 *   POST /van-phong/dot-moi            303 stored as a draft · 422 the form again
 *   POST /van-phong/dot/:round/mo      303 opened · 404 · 409 why it cannot be
 *   POST /van-phong/dot/:round/xoa     303 a draft thrown away · 404 · 409
 *   POST /van-phong/dot/:round/dong    303 closed · 404 · 409
 */
import { type Response, Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import { countOfRound } from '../../models/responses.js';
import { allRounds } from '../../models/rounds.js';
import { allUnits } from '../../models/units.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { queryText, withLanguage } from '../http/pages.js';
import { accountName } from '../http/session.js';
import { draftChecks, draftOf, type EnteredDraft, enteredFrom, proposals } from './roundForm.js';
import { closeRound, createRound, deleteDraft, existingRound, openRound } from './rounds.js';

/** Routes of the rounds; for people who are logged in. */
export function roundRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong', async (_request, response) => {
    const rounds = await allRounds();
    response.render('rounds/list', {
      rounds: await Promise.all(
        rounds.map(async (round) => ({ ...round, responses: await countOfRound(round._id) })),
      ),
      today: context.today(),
    });
  });

  routes.get('/van-phong/dot-moi', async (request, response) => {
    const wanted = proposals(context).find(({ id }) => id === queryText(request, 'ke-hoach'));
    response.render('rounds/new', await formLocals(context, wanted?.entered ?? {}, []));
  });

  routes.post('/van-phong/dot-moi', formBody, async (request, response) => {
    const mistakes = await draftChecks(request, context.surveys);
    if (mistakes.length > 0)
      return response
        .status(422)
        .render('rounds/new', await formLocals(context, enteredFrom(request.body as FormBody), mistakes));
    const code = await createRound(context, draftOf(request.body as FormBody));
    await audit(response, 'round-created', code);
    response.redirect(303, withLanguage(`/van-phong/dot/${code}`, response.locals.lang));
  });

  routes.post('/van-phong/dot/:round/mo', async (request, response) => {
    const code = request.params.round;
    const problems = await openRound(context, code);
    if (problems.length > 0) {
      const round = await existingRound(code);
      return response.status(409).render('rounds/not-opened', { round, problems });
    }
    await audit(response, 'round-opened', code);
    response.redirect(303, withLanguage(`/van-phong/dot/${code}`, response.locals.lang));
  });

  routes.post('/van-phong/dot/:round/xoa', async (request, response) => {
    const code = request.params.round;
    await deleteDraft(code);
    await audit(response, 'round-draft-deleted', code);
    response.redirect(303, withLanguage('/van-phong', response.locals.lang));
  });

  routes.post('/van-phong/dot/:round/dong', async (request, response) => {
    const code = request.params.round;
    await closeRound(code, context.today());
    await audit(response, 'round-closed', code);
    response.redirect(303, withLanguage(`/van-phong/dot/${code}`, response.locals.lang));
  });

  return routes;
}

async function formLocals(
  context: Context,
  entered: EnteredDraft,
  mistakes: readonly { field: string; key: string }[],
) {
  const units = await allUnits();
  const desks = units.filter(({ levels }) => levels.length === 0);
  return {
    entered,
    mistakes,
    proposals: proposals(context),
    surveys: [...context.surveys.values()],
    desks,
    schools: units.length - desks.length,
  };
}

function audit(response: Response, action: string, subject: string): Promise<void> {
  return recordAudit({ account: accountName(response), action, subject, details: {} });
}
