/**
 * The progress board of a round, over the tree of its units.
 *
 *   GET /van-phong/dot/:round/tien-do          200 (?duoi= ?xem= ?loc= ?tim= ?sap=); ?phan=bang for the table alone, as
 *                                              the page's script fetches it · 404 no such round, nothing below
 *   GET /van-phong/dot/:round/tien-do.csv      200 every unit of what is looked at · 404
 *   GET /van-phong/dot/:round/tien-do.xlsx     200 the same · 404
 *   GET /van-phong/dot/:round/tien-do/nhac     200 places with units that lag; ?duoi= a text that reminds them · 404
 */
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { recordAudit } from '../../models/auditEntries.js';
import type { Context } from '../context.js';
import { handOutScript, progressScript } from '../http/assets.js';
import { existingRound } from '../http/existingRound.js';
import { translator } from '../http/language.js';
import { baseOf, queryText } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { officePolicyWith } from '../http/security.js';
import { accountName } from '../http/session.js';
import { type WrittenList, writeCsv, writeXlsx } from '../lists/writeList.js';
import { type Board, boardOf } from './board.js';
import { boardView, rowsOfView, viewQuery } from './boardView.js';
import { SILENT_DAYS, STANDINGS } from './progress.js';
import { progressList } from './progressList.js';
import { laggingPlaces, reminderText } from './reminder.js';

const boardPolicy = officePolicyWith(progressScript);
const reminderPolicy = officePolicyWith(handOutScript);

/** Routes of the progress board; for people who are logged in. */
export function progressRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/dot/:round/tien-do', async (request, response) => {
    const board = await boardAsked(context, request);
    const view = boardView(request);
    const locals = { board, view, rows: rowsOfView(board, view), viewQuery, standingKeys: STANDINGS };
    if (queryText(request, 'phan') === 'bang') return response.render('progress/table', locals);
    response
      .set('Content-Security-Policy', boardPolicy)
      .render('progress/board', { ...locals, silentDays: SILENT_DAYS, progressScript });
  });

  routes.get('/van-phong/dot/:round/tien-do.csv', async (request, response) => {
    const board = await boardAsked(context, request);
    const list = await exported(board, request, response);
    response.type('text/csv; charset=utf-8').attachment(`tien-do-${board.round._id}.csv`);
    await pipeline(writeCsv(list), response);
  });

  routes.get('/van-phong/dot/:round/tien-do.xlsx', async (request, response) => {
    const board = await boardAsked(context, request);
    const file = await writeXlsx(await exported(board, request, response), board.round.label);
    response.attachment(`tien-do-${board.round._id}.xlsx`).send(file);
  });

  routes.get('/van-phong/dot/:round/tien-do/nhac', async (request, response) => {
    const { round } = request.params;
    const board = await boardOf(context, await existingRound(round), '');
    const places = laggingPlaces(board?.units ?? []);
    const wanted = queryText(request, 'duoi');
    const at = places.findIndex(({ code }) => code === wanted);
    const place = places[at];
    const from = { department: context.config.departmentName, base: baseOf(context, request) };
    response.set('Content-Security-Policy', reminderPolicy).render('progress/reminder', {
      board,
      places,
      place,
      next: place && places[at + 1],
      text: board && place ? reminderText(board, place, from) : '',
      handOutScript,
    });
  });

  return routes;
}

/** @throws {Problem} 404 `no-such-round` · 404 `not-found` where nothing of the round is below the place asked for */
async function boardAsked(context: Context, request: Request): Promise<Board> {
  const round = await existingRound(String(request.params.round));
  const board = await boardOf(context, round, boardView(request).below);
  if (!board) throw new Problem(404, 'not-found');
  return board;
}

async function exported(
  board: Board,
  request: Request,
  response: Response,
): Promise<WrittenList<string | number>> {
  const view = boardView(request);
  const rows = rowsOfView(board, { ...view, flat: true });
  await recordAudit({
    account: accountName(response),
    action: 'progress-exported',
    subject: board.round._id,
    details: { rows: rows.length },
  });
  return progressList(rows, translator(response.locals.lang));
}
