/** The screen on which the sheets of a batch are typed, and what its own script is told. */
import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import { batchById } from '../../models/paperBatches.js';
import { checkRemainder } from '../../models/paperSerial.js';
import { countsOfBatches, sheetsOfBatch, VOID_REASONS } from '../../models/paperSheets.js';
import { paperScript, publicCss } from '../http/assets.js';
import type { FormBody } from '../http/body.js';
import { seeOther, wantsJson } from '../http/pages.js';
import { contentSecurityPolicy } from '../http/security.js';
import { accountName } from '../http/session.js';
import type { AnswerProblem } from '../respond/answers.js';
import { entryForm } from './entryForm.js';
import { type BatchPlace, paperAddress, serialPlace, surveyPlace } from './place.js';
import { printedNumber } from './readEntry.js';
import { maySecond } from './secondEntry.js';
import { topUpSecondEntries } from './sheets.js';

/** Which time the sheet is typed. */
type Turn = 'first' | 'second';

/** The policy of a page with the entry screen's script inside. */
const POLICY = contentSecurityPolicy({ styles: [publicCss], scripts: [paperScript], officeStyle: true });

/** What the screen shows beside the form. */
async function screenOf(response: Response, place: BatchPlace, turn: Turn) {
  const { t, format } = response.locals;
  const { batch } = place;
  const [counts] = (await countsOfBatches([batch._id])).values();
  const sheets = turn === 'second' || batch.numbering === 'written' ? await sheetsOfBatch(batch._id) : [];
  const left = sheets.filter((sheet) => maySecond(place, sheet, accountName(response)));
  return {
    progress:
      turn === 'first'
        ? t('paper.entry.progress', {
            typed: format.count((counts?.valid ?? 0) + (counts?.void ?? 0)),
            announced: format.count(batch.announced),
          })
        : t('paper.second.progress', {
            typed: format.count(counts?.second ?? 0),
            chosen: format.count(counts?.chosen ?? 0),
          }),
    attempt: randomBytes(16).toString('base64url'),
    proposed:
      turn === 'first' && batch.numbering === 'written'
        ? String(Math.max(0, ...sheets.map(({ number }) => number)) + 1)
        : '',
    /** The sheets to be taken out of the pile. */
    left: turn === 'second' ? left.map(({ number }) => printedNumber(place, number)) : [],
  };
}

/** The form, empty or with what was typed and what is wrong with it. @param stored number of the sheet just stored */
export async function showEntry(
  response: Response,
  place: BatchPlace,
  turn: Turn,
  typed: FormBody,
  problems: readonly AnswerProblem[],
  stored?: string,
): Promise<void> {
  const { lang, t } = response.locals;
  if (wantsJson(response.req)) {
    response.json({
      problems: problems.map(({ item, key, parameters }) => ({ field: item, text: t(key, parameters) })),
    });
    return;
  }
  const number = stored !== undefined && /^[1-9]\d{0,4}$/.test(stored) ? Number(stored) : null;
  response.set('Content-Security-Policy', POLICY).render('paper/entry', {
    ...place,
    ...(await screenOf(response, place, turn)),
    turn,
    form: entryForm(place, lang, t, typed, problems, turn === 'first'),
    numberProblem: problems.find(({ item }) => item === 'so') ?? null,
    number: typeof typed.so === 'string' ? typed.so : null,
    saved: number === null ? null : printedNumber(place, number),
    remainder: checkRemainder(serialPlace(place)),
    surveyDigit: surveyPlace(place),
    voidReasons: VOID_REASONS,
    paper: paperAddress(place.unit.unit, place.batch._id),
    paperScript,
  });
}

/** A form that was stored: the next empty one, with what was stored and how many there are. */
export async function showNext(
  response: Response,
  place: BatchPlace,
  turn: Turn,
  number: number,
): Promise<void> {
  const { batch } = place;
  const [counts] = (await countsOfBatches([batch._id])).values();
  // The whole pile is typed: time to know which further sheets the second typist is to take out of it.
  if (turn === 'first' && counts && counts.valid + counts.void + batch.removed.length >= batch.announced)
    await topUpSecondEntries((await batchById(batch._id)) ?? batch);
  if (!wantsJson(response.req)) {
    const address = paperAddress(place.unit.unit, batch._id, turn === 'first' ? 'nhap' : 'lan-hai');
    return seeOther(response, `${address}?da=${number}`);
  }
  const { t } = response.locals;
  const screen = await screenOf(response, place, turn);
  response.json({
    saved: t('paper.entry.saved', { number: printedNumber(place, number) }),
    progress: screen.progress,
    attempt: screen.attempt,
    proposed: screen.proposed,
    left: screen.left,
  });
}
