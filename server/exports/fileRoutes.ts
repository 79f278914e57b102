/**
 * The figures of a round as files. Whoever takes one away is in the audit log, and whether it was whole.
 * `?cach=`, `?thap-phan=` and `?dang=` say how a CSV file is written (server/lists/csvForm.ts).
 *
 *   GET /van-phong/dot/:round/tai-ve                 200 every file with what it holds · 404
 *   GET /van-phong/dot/:round/ty-le.csv              200 every service of every unit · 404
 *   GET /van-phong/dot/:round/tieu-chi.csv           200 factors and items, over all units and at every unit · 404
 *   GET /van-phong/dot/:round/nhom.csv               200 ways to put the overall rate together, and groups · 404
 *   GET /van-phong/dot/:round/so-sanh.csv            200 beside an earlier round; ?so-voi=ROUND · 404
 *   GET /van-phong/dot/:round/muc-do.csv             200 how many answers at each level of each item at each unit · 404
 *   GET /van-phong/dot/:round/phieu/:survey.csv      200 single responses to a survey · 404 · 409 not closed yet
 *   GET /van-phong/dot/:round/giai-thich.csv         200 what codes and columns mean · 404
 *   GET /van-phong/dot/:round/ty-le.xlsx             200 rates as a workbook, a sheet for each service · 404
 */
import { type Request, type Response, Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import type { Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { existingRound } from '../http/existingRound.js';
import { queryText } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { csvFormOf, queryOf } from '../lists/csvForm.js';
import { type OfferedFile, sendCsv } from '../lists/sendCsv.js';
import { surveysAsked } from '../results/asked.js';
import { comparisonOf } from '../results/comparison.js';
import { chosenRound, earlierRounds } from '../results/earlierRounds.js';
import { resultsOf } from '../results/resultsOf.js';
import { namesOf } from '../results/unitResults.js';
import { unitRows } from '../results/unitRows.js';
import { codebookCsv } from './codebook.js';
import { comparisonCsv } from './comparisonFile.js';
import type { InFile, Written } from './fileColumns.js';
import { filesOf } from './fileList.js';
import { groupsCsv } from './groupsFile.js';
import { itemsCsv } from './itemsFile.js';
import { levelsCsv } from './levelsFile.js';
import { ratesCsv } from './ratesFile.js';
import { hasSingleResponses, responsesCsv } from './responsesFile.js';
import { ratesWorkbook } from './workbook.js';

/** Routes of the files; for people who are logged in. */
export function resultFileRoutes(context: Context): Router {
  const routes = Router();
  const prefix = context.config.demo ? 'minh-hoa-' : '';

  const send = (
    request: Request,
    response: Response,
    round: Round,
    { name, ...file }: Omit<OfferedFile, 'subject'>,
    pieces: (file: InFile) => Written,
  ) => {
    const { lang } = response.locals;
    const written = pieces({ round, lang, form: csvFormOf(request) });
    const offered = { ...file, subject: round._id, name: `${prefix}${name}-${round._id}` };
    return sendCsv(response, offered, written);
  };

  routes.get('/van-phong/dot/:round/tai-ve', async (request, response) => {
    const round = await existingRound(request.params.round);
    const form = rememberedForm(request);
    const files = await filesOf(context, round, response.locals.lang);
    response.render('exports/files', { round, files, form, query: queryOf(form) });
  });

  routes.get('/van-phong/dot/:round/ty-le.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const rows = unitRows(round, await resultsOf(context, round));
    const file = { action: 'rates-exported', name: 'ty-le-hai-long', details: { rows: rows.length } };
    await send(request, response, round, file, (written) => ratesCsv(rows, written));
  });

  routes.get('/van-phong/dot/:round/tieu-chi.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const figures = await resultsOf(context, round);
    const file = { action: 'items-exported', name: 'tieu-chi' };
    await send(request, response, round, file, (written) => itemsCsv(figures, written));
  });

  routes.get('/van-phong/dot/:round/nhom.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const figures = await resultsOf(context, round);
    const names = namesOf(figures.counts);
    const file = { action: 'groups-exported', name: 'nhom' };
    await send(request, response, round, file, (written) => groupsCsv(figures, names, written));
  });

  routes.get('/van-phong/dot/:round/so-sanh.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const before = chosenRound(await earlierRounds(round), queryText(request, 'so-voi'));
    if (!before) throw new Problem(404, 'not-found');
    const comparison = comparisonOf(await resultsOf(context, round), await resultsOf(context, before));
    const file = { action: 'comparison-exported', name: 'so-sanh' };
    await send(request, response, round, file, (written) => comparisonCsv(comparison, before, written));
  });

  routes.get('/van-phong/dot/:round/muc-do.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const figures = await resultsOf(context, round);
    const file = { action: 'levels-exported', name: 'muc-do' };
    await send(request, response, round, file, (written) => levelsCsv(figures, written));
  });

  routes.get('/van-phong/dot/:round/phieu/:survey.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const asked = (await surveysAsked(round)).get(request.params.survey);
    if (!asked) throw new Problem(404, 'not-found');
    if (!hasSingleResponses(round)) throw new Problem(409, 'responses-not-yet');
    const { survey } = asked;
    const figures = await resultsOf(context, round);
    const details = { survey: survey.id };
    const file = { action: 'responses-exported', name: `phieu-${survey.id}`, details };
    await send(request, response, round, file, (written) =>
      responsesCsv(figures, survey, context.config.minimumRespondents, written),
    );
  });

  routes.get('/van-phong/dot/:round/giai-thich.csv', async (request, response) => {
    const round = await existingRound(request.params.round);
    const surveys = [...(await surveysAsked(round)).values()].map(({ survey }) => survey);
    const file = { action: 'codebook-exported', name: 'giai-thich' };
    await send(request, response, round, file, (written) =>
      codebookCsv(surveys, context.config.minimumRespondents, written),
    );
  });

  routes.get('/van-phong/dot/:round/ty-le.xlsx', async (request, response) => {
    const round = await existingRound(request.params.round);
    const figures = await resultsOf(context, round);
    const workbook = await ratesWorkbook(round, figures, response.locals.lang);
    await recordAudit({
      account: accountName(response),
      action: 'workbook-exported',
      subject: round._id,
      details: {},
    });
    response.attachment(`${prefix}ty-le-hai-long-${round._id}.xlsx`).send(workbook);
  });

  return routes;
}

/** The form that the page's address asks for, kept for the next visit; the one kept where it asks for none. */
function rememberedForm(request: Request): ReturnType<typeof csvFormOf> {
  const asks = ['cach', 'thap-phan', 'dang'].some((name) => queryText(request, name) !== undefined);
  if (asks) request.session.csvForm = csvFormOf(request);
  return request.session.csvForm ?? csvFormOf(request);
}
