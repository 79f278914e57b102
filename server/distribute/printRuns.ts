/**
 * Printing for all units of a round at once, or for those of one commune: sent sheet by sheet while they are drawn.
 *
 *   GET  /van-phong/dot/:round/in                 200 what to print, for whom · 404
 *   GET  /van-phong/dot/:round/in/lan-in          200 posters or letters (?in=…, ?duoi=…) with an index · 404
 *   POST /van-phong/dot/:round/in/phieu           303 paper forms numbered, to the sheets · 404 · 409 · 422
 *   GET  /van-phong/dot/:round/in/phieu/:run      200 the paper forms numbered together · 404
 */
import { type Response, Router } from 'express';
import { newRunOfPaper, printsOfRun } from '../../models/paperPrints.js';
import type { Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { existingRound } from '../http/existingRound.js';
import { baseOf, queryText } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { handedOut } from './handedOut.js';
import { copiesFrom, formSheets, MOST_AT_ONCE, numbered, printable } from './paperRoutes.js';
import { sheetLocals } from './printRoutes.js';
import { type Group, groupsOf } from './scope.js';
import { type Sheet, sendSheets } from './sheets.js';

const SHEETS: ReadonlyMap<string, { readonly view: string; readonly size: string }> = new Map([
  ['ap-phich', { view: 'poster-sheet', size: 'A4' }],
  ['thu-ngo', { view: 'letter-sheet', size: 'A5' }],
]);

/** Routes of print runs; for people who are logged in. */
export function printRuns(context: Context): Router {
  const routes = Router();
  const address = '/van-phong/dot/:round/in';

  routes.get(address, async (request, response) => {
    await chooser(response, await existingRound(request.params.round), {}, []);
  });

  routes.get(`${address}/lan-in`, async (request, response) => {
    const round = await openedRound(request.params.round);
    const kind = SHEETS.get(queryText(request, 'in') ?? 'ap-phich');
    if (!kind) throw new Problem(404, 'not-found');
    const groups = await groupsOf(round._id, queryText(request, 'duoi') || undefined);
    const base = baseOf(context, request);
    await sendSheets(response, headOf(response, round, kind.size), runOf(round, groups, kind.view, base));
  });

  routes.post(`${address}/phieu`, formBody, async (request, response) => {
    const round = await openedRound(String(request.params.round));
    if (round.state !== 'open') throw new Problem(409, 'round-state');
    const form = request.body as FormBody;
    const copies = copiesFrom(form.copies);
    const scope = typeof form.scope === 'string' ? form.scope : '';
    const mistakes = [
      ...(scope === '' ? [{ field: 'scope', key: 'distribute.problem.scope' }] : []),
      ...(copies === null ? [{ field: 'copies', key: 'distribute.problem.copies' }] : []),
    ];
    if (copies === null || scope === '') return chooser(response.status(422), round, form, mistakes);
    const units = (await groupsOf(round._id, scope)).flatMap((group) => group.units);
    const parts = await Promise.all(units.map((unit) => handedOut(round, unit, baseOf(context, request))));
    const run = newRunOfPaper();
    for (const part of parts)
      for (const survey of printable(part)) await numbered(context, response, part, survey.id, copies, run);
    response.redirect(303, response.locals.href(`${pageOf(round)}/phieu/${run}`));
  });

  routes.get(`${address}/phieu/:run`, async (request, response) => {
    const round = await openedRound(request.params.round);
    const prints = (await printsOfRun(request.params.run)).filter((print) => print.round === round._id);
    if (prints.length === 0) throw new Problem(404, 'not-found');
    const units = new Map(
      (await groupsOf(round._id)).flatMap((group) => group.units).map((unit) => [unit.unit, unit]),
    );
    const base = baseOf(context, request);
    async function* sheets(): AsyncGenerator<Sheet> {
      for (const print of prints) {
        const unit = units.get(print.unit);
        if (unit) yield* formSheets(response, await handedOut(round, unit, base), print);
      }
    }
    const size = response.locals.t('distribute.size.a4-both');
    await sendSheets(response, headOf(response, round, size), sheets());
  });

  return routes;
}

/** An index, then a sheet for each unit with its place in the index. */
async function* runOf(
  round: Round,
  groups: readonly Group[],
  view: string,
  base: string,
): AsyncGenerator<Sheet> {
  let place = 0;
  const numberedGroups = groups.map((group) => ({
    ...group,
    units: group.units.map((unit) => {
      place += 1;
      return { ...unit, place };
    }),
  }));
  yield { view: 'run-index', locals: { round, groups: numberedGroups } };
  const all = place;
  for (const { units } of numberedGroups)
    for (const unit of units) {
      const part = await handedOut(round, unit, base);
      yield { view, locals: { ...sheetLocals, part, place: `${unit.place}/${all}` } };
    }
}

function headOf(response: Response, round: Round, size: string) {
  return {
    title: response.locals.t('distribute.runs.page', { label: round.label }),
    size,
    back: pageOf(round),
  };
}

function pageOf({ _id }: Round): string {
  return `/van-phong/dot/${_id}/in`;
}

/** @throws {Problem} 404 `no-such-round`, or `not-found` where it is a draft, which has no units yet */
async function openedRound(code: string): Promise<Round> {
  const round = await existingRound(code);
  if (round.state === 'draft') throw new Problem(404, 'not-found');
  return round;
}

async function chooser(
  response: Response,
  round: Round,
  entered: FormBody | Readonly<Record<string, never>>,
  mistakes: readonly { readonly field: string; readonly key: string }[],
): Promise<void> {
  const groups = round.state === 'draft' ? [] : await groupsOf(round._id);
  response.render('distribute/print-runs', {
    round,
    groups,
    units: groups.reduce((sum, { units }) => sum + units.length, 0),
    entered,
    mistakes,
    most: MOST_AT_ONCE,
  });
}
