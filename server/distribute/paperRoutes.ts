/**
 * Paper forms of a unit: numbered first, so that no serial is printed on two sheets, then printed as often as needed.
 *
 *   GET  /van-phong/co-so/:unit/dot/:round/phieu-in           200 how many to print, what was printed · 404
 *   POST /van-phong/co-so/:unit/dot/:round/phieu-in           303 numbered, to the sheets · 404 · 409 round over · 422
 *   GET  /van-phong/co-so/:unit/dot/:round/phieu-in/:print    200 the sheets · 404
 */
import { type Response, Router } from 'express';
import { audited } from '../../models/auditEntries.js';
import type { Day } from '../../models/day.js';
import {
  insertPrint,
  numberSheets,
  type PaperPrint,
  paperPrint,
  printsOfUnit,
} from '../../models/paperPrints.js';
import { MOST_SHEETS, MOST_SURVEYS, paperSerial, printedPaperSerial } from '../../models/paperSerial.js';
import type { Context } from '../context.js';
import { type FormBody, formBody } from '../http/body.js';
import { baseOf, seeOther } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { type HandedOut, partOf } from './handedOut.js';
import { paperForm } from './paperForm.js';
import { unitAddress } from './printRoutes.js';
import { type DrawingLocals, drawn, type Sheet, sendSheets } from './sheets.js';

/** Most sheets that are numbered at once: a box of paper. */
export const MOST_AT_ONCE = 500;

/** Routes of a unit's paper forms; for the department and for accounts of the unit. */
export function paperRoutes(context: Context): Router {
  const routes = Router();
  const address = '/van-phong/co-so/:unit/dot/:round/phieu-in';

  routes.get(address, async (request, response) => {
    const part = await partOf(request.params, baseOf(context, request));
    await chooser(response, part, {}, []);
  });

  routes.post(address, formBody, async (request, response) => {
    const part = await partOf(request.params as { unit: string; round: string }, baseOf(context, request));
    if (part.round.state !== 'open') throw new Problem(409, 'round-state');
    const form = request.body as FormBody;
    const copies = copiesFrom(form.copies);
    const survey = printable(part).find(({ id }) => id === form.survey);
    const mistakes = [
      ...(survey ? [] : [{ field: 'survey', key: 'distribute.problem.survey' }]),
      ...(copies === null ? [{ field: 'copies', key: 'distribute.problem.copies' }] : []),
    ];
    if (!survey || copies === null)
      return chooser(response.status(422), part, { survey: form.survey, copies: form.copies }, mistakes);
    const day = context.today();
    const order = { survey: survey.id, copies, run: null, day, account: accountName(response) };
    const print = await numbered(part, order);
    if (!print)
      return chooser(response.status(422), part, form, [
        { field: 'copies', key: 'distribute.problem.numbers' },
      ]);
    seeOther(response, printAddress(print));
  });

  routes.get(`${address}/:print`, async (request, response) => {
    const part = await partOf(request.params, baseOf(context, request));
    const print = await paperPrint(request.params.print);
    if (print?.round !== part.round._id || print.unit !== part.unit.unit) throw new Problem(404, 'not-found');
    const { t } = response.locals;
    const head = {
      title: t('distribute.paper.page', { unit: part.unit.name, first: print.first, last: print.last }),
      size: t('distribute.size.a4-both'),
      back: `${unitAddress(print.unit)}/dot/${print.round}/phieu-in`,
    };
    await sendSheets(response, head, formSheets(response.locals, part, print));
  });

  return routes;
}

/** Which sheets are to be numbered, on whose behalf. */
interface NumberingOrder {
  readonly survey: string;
  readonly copies: number;
  /** The print run that they are part of; null where they are printed alone. */
  readonly run: string | null;
  readonly day: Day;
  readonly account: string;
}

/** Numbers some sheets, with an entry in the audit log before; null where there are not so many numbers left. */
export function numbered(
  { round, unit }: HandedOut,
  { survey, copies, run, day, account }: NumberingOrder,
): Promise<PaperPrint | null> {
  const place = { round: round._id, unit: unit.unit, survey, day, run };
  return numberSheets(place, copies, MOST_SHEETS, (print) =>
    audited(
      {
        account,
        action: 'paper-forms-numbered',
        subject: round._id,
        details: { unit: unit.unit, survey, first: print.first, last: print.last },
      },
      () => insertPrint(print),
      (inserted) => inserted,
    ),
  );
}

/** The sheets of one print: the questions are drawn once, the serials for each. */
export async function* formSheets(
  locals: DrawingLocals,
  part: HandedOut,
  { survey: id, first, last }: PaperPrint,
): AsyncGenerator<Sheet> {
  const { round, unit, surveys } = part;
  const survey = surveys.find((one) => one.id === id);
  const place = round.surveys.findIndex((pinned) => pinned.id === id) + 1;
  if (!survey) return;
  const questions = await drawn(locals, { view: 'paper-questions', locals: { form: paperForm(survey) } });
  for (let number = first; number <= last; number += 1) {
    const serial = paperSerial({ round: round._id, unit: unit.unit }, { survey: place, number });
    yield {
      view: 'paper-sheet',
      locals: { part, title: survey.title.vi, questions, serial: printedPaperSerial(serial) },
    };
  }
}

/** How many copies a form asks for; null for anything but a number that can be printed at once. */
export function copiesFrom(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{1,4}$/.test(value.trim())) return null;
  const copies = Number(value);
  return copies >= 1 && copies <= MOST_AT_ONCE ? copies : null;
}

/** The surveys of a unit that serials can number. */
export function printable({ round, surveys }: HandedOut) {
  return surveys.filter(({ id }) => round.surveys.findIndex((one) => one.id === id) < MOST_SURVEYS);
}

function printAddress({ unit, round, _id }: PaperPrint): string {
  return `${unitAddress(unit)}/dot/${round}/phieu-in/${_id}`;
}

async function chooser(
  response: Response,
  part: HandedOut,
  entered: FormBody | Readonly<Record<string, unknown>>,
  mistakes: readonly { readonly field: string; readonly key: string }[],
): Promise<void> {
  const { round, unit } = part;
  response.render('distribute/paper-forms', {
    part,
    surveys: printable(part),
    prints: (await printsOfUnit(round._id, unit.unit)).map((print) => ({
      ...print,
      address: printAddress(print),
    })),
    entered,
    mistakes,
    most: MOST_AT_ONCE,
    own: unitAddress(unit.unit),
  });
}
