/**
 * The sampling plan of a round: decided while it is a draft, shown afterwards.
 *
 *   GET  /van-phong/dot/:round/mau       200 the plan, its formula, its units (?tang= ?tim= ?trang=) · 404
 *   POST /van-phong/dot/:round/mau       303 decided · 404 · 409 no draft, or a continuous round · 422 the form again
 *   POST /van-phong/dot/:round/mau/bo    303 taken back · 404 · 409
 */
import { Router } from 'express';
import { audited, type NewAuditEntry } from '../../models/auditEntries.js';
import { setDesign } from '../../models/roundChanges.js';
import type { Round } from '../../models/rounds.js';
import type { SamplingDesign } from '../../models/samplingDesign.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { existingRound } from '../http/existingRound.js';
import { seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { designFrom } from './design.js';
import { newSeed } from './draw.js';
import { frameOfDraft, quotasByHand } from './frame.js';
import { enteredPlan, readPlan } from './planForm.js';
import { samplePlan } from './samplePlan.js';
import { showPlan } from './showPlan.js';

/** Routes of the sampling plan; for people who are logged in. */
export function samplingRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/dot/:round/mau', async (request, response) => {
    await showPlan(request, response, await existingRound(request.params.round));
  });

  routes.post('/van-phong/dot/:round/mau', formBody, async (request, response) => {
    const round = await draftToSample(String(request.params.round));
    const entered = enteredPlan(request.body as FormBody);
    const read = readPlan(entered);
    if (read.parameters === null) {
      response.status(422);
      return showPlan(request, response, round, { entered, mistakes: read.mistakes });
    }
    const { parameters } = read;
    const seed = parameters.drawn === null ? null : read.seed || newSeed();
    const levels = round.services.map(({ code }) => code);
    const [frame, byHand] = await Promise.all([frameOfDraft(round), quotasByHand(round._id)]);
    const plan = samplePlan(frame, parameters, seed ?? '', byHand, levels);
    const account = accountName(response);
    const design = designFrom(parameters, seed, plan, { day: context.today(), account });
    await decide(round, design, account);
    seeOther(response, `/van-phong/dot/${round._id}/mau#ket-qua`);
  });

  routes.post('/van-phong/dot/:round/mau/bo', formBody, async (request, response) => {
    const round = await draftToSample(String(request.params.round));
    await decide(round, null, accountName(response));
    seeOther(response, `/van-phong/dot/${round._id}/mau`);
  });

  return routes;
}

async function decide(round: Round, design: SamplingDesign | null, account: string): Promise<void> {
  const parameters = JSON.stringify(design?.parameters ?? {});
  const entry: NewAuditEntry = design
    ? {
        account,
        action: 'sampling-decided',
        subject: round._id,
        details: { parameters, seed: design.seed ?? '' },
      }
    : { account, action: 'sampling-removed', subject: round._id, details: {} };
  await audited(entry, async () => {
    if (!(await setDesign(round._id, design))) throw new Problem(409, 'round-state');
  });
}

/** @throws {Problem} 404 · 409 `round-state` where it is no draft · 409 `sampling-continuous` */
async function draftToSample(code: string): Promise<Round> {
  const round = await existingRound(code);
  if (round.state !== 'draft') throw new Problem(409, 'round-state');
  if (round.continuous) throw new Problem(409, 'sampling-continuous');
  return round;
}
