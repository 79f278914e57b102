/**
 * Publishing a round, for the office; leaders look.
 *
 *   GET  /van-phong/dot/:round/cong-bo              200 what to look at before, the revisions there are · 404
 *   GET  /van-phong/dot/:round/cong-bo/xem-truoc    200 the public page as it would be · 404 · 409
 *   POST /van-phong/dot/:round/cong-bo              303 published, or to the job that does · 404 · 409 not now · 422 the
 *                                                   page again
 *   POST /van-phong/dot/:round/cong-bo/dinh-chinh   303 a correction begun · 404 · 409 · 422 the page again
 *   POST /van-phong/dot/:round/cong-bo/giu-nguyen   303 a correction dropped · 404 · 409
 */
import { type Response, Router } from 'express';
import type { Publication, Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { formBody, textIn } from '../http/body.js';
import { existingRound } from '../http/existingRound.js';
import { seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { jobAddress, jobEnded, runningJob, startJob } from '../jobs/jobs.js';
import { picturesByName } from '../results/page.js';
import { wordsOf } from '../results/words.js';
import { reasonOf } from '../rounds/prolonging.js';
import { beginCorrection, dropCorrection } from './corrections.js';
import { prepared } from './prepared.js';
import { overviewLocals, previewPage } from './publicPage.js';
import { overviewTaking } from './publicTaking.js';
import { newName } from './publish.js';
import { publishingPage, publishJob } from './publishJob.js';
import { reviewOf } from './review.js';

/** What was tried, and what is wrong with it. */
interface Tried {
  readonly what: 'publish' | 'correct';
  readonly reason: string;
  readonly mistakes: readonly { readonly field: string; readonly key: string }[];
}

/** A reason says what happened: three words at least. */
const REASON = /^(?=.{10,500}$)\S+(?: \S+){2,}$/su;

/** Routes of publishing; for people who are logged in. */
export function reviewRoutes(context: Context): Router {
  const routes = Router();
  const page = '/van-phong/dot/:round/cong-bo';

  routes.get(page, async (request, response) => {
    await show(context, response, await existingRound(request.params.round));
  });

  routes.get(`${page}/xem-truoc`, async (request, response) => {
    const round = await existingRound(String(request.params.round));
    if (round.state !== 'closed') throw new Problem(409, 'round-state');
    const { sealable, parts } = await prepared(context, round);
    const revision = round.publications.length + 1;
    const publication: Publication = {
      revision,
      attempt: '',
      seal: '',
      day: context.today(),
      reason: '',
      account: '',
      responses: sealable.counted.responses,
    };
    const { facts } = sealable;
    const surveys = new Map(sealable.surveys.map((survey) => [survey.id, survey]));
    const revised = { publication, publications: [], isLatest: true, facts, surveys };
    const preview = previewPage(revised, parts);
    const words = wordsOf(response);
    const { pictures } = overviewTaking(preview.overview, revised, words);
    response.render('publishing/round', {
      ...preview,
      ...overviewLocals(preview.overview, revised, words),
      // Nothing can be taken along of what is not published yet.
      pictures: await picturesByName(pictures),
      preview: true,
    });
  });

  routes.post(page, formBody, async (request, response) => {
    const round = await existingRound(String(request.params.round));
    const first = round.publications.length === 0;
    if (round.state !== 'closed') throw new Problem(409, 'round-state');
    const reason = reasonOf({ reason: textIn(request.body, 'reason') });
    const { errors, seen } = await reviewOf(context, round, response.locals.format);
    const mistakes = [
      ...(errors > 0 ? [{ field: 'kiem-tra', key: 'publishing.problem.errors' }] : []),
      ...(textIn(request.body, 'da-xem') === seen
        ? []
        : [{ field: 'da-xem', key: 'publishing.problem.unseen' }]),
      ...(first || REASON.test(reason) ? [] : [{ field: 'reason', key: 'publishing.problem.reason' }]),
    ];
    if (mistakes.length > 0) return show(context, response, round, { what: 'publish', reason, mistakes });
    const id = await startJob(context, publishJob, {
      account: accountName(response),
      parameters: { round: round.label },
      total: 0,
      input: {
        ...{ round: round._id, reason: first ? '' : reason },
        ...{ seen, language: response.locals.lang, name: newName() },
      },
    });
    const job = await jobEnded(id, context.patience);
    if (job?.state === 'done') seeOther(response, publishingPage(round._id));
    else seeOther(response, jobAddress(id));
  });

  routes.post(`${page}/dinh-chinh`, formBody, async (request, response) => {
    const round = await existingRound(String(request.params.round));
    if (round.state !== 'published') throw new Problem(409, 'round-state');
    const reason = reasonOf({ reason: textIn(request.body, 'reason') });
    if (!REASON.test(reason)) {
      const mistakes = [{ field: 'reason', key: 'publishing.problem.reason' }];
      return show(context, response, round, { what: 'correct', reason, mistakes });
    }
    await beginCorrection(context, round, { account: accountName(response), reason });
    seeOther(response, publishingPage(round._id));
  });

  routes.post(`${page}/giu-nguyen`, async (request, response) => {
    const round = await existingRound(String(request.params.round));
    if (round.state !== 'closed') throw new Problem(409, 'round-state');
    await dropCorrection(context, round, accountName(response));
    seeOther(response, publishingPage(round._id));
  });

  return routes;
}

async function show(context: Context, response: Response, round: Round, tried?: Tried): Promise<void> {
  const running = round.state === 'closed' ? await runningJob(publishJob, round._id) : null;
  const review =
    round.state === 'published' || running !== null
      ? null
      : await reviewOf(context, round, response.locals.format);
  const begun = round.history.findLast(({ what }) => what === 'correcting');
  response.status(tried ? 422 : 200).render('publishing/review', {
    round,
    today: context.today(),
    review,
    /** Where the job is watched that publishes it now. */
    running: running && jobAddress(running),
    /** Why the correction was begun: proposed as what the public is told. */
    begun: round.publications.length > 0 ? (begun?.reason ?? '') : '',
    tried: tried ?? null,
  });
}
