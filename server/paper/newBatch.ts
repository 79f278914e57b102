/** The form that opens a batch: what can be chosen, and what is wrong with what was entered. */
import { randomInt } from 'node:crypto';
import { type Day, parseDay } from '../../models/day.js';
import type { NewBatch } from '../../models/paperBatches.js';
import {
  isByInvitation,
  lastDay,
  type Round,
  type RoundService,
  roundsByCodes,
} from '../../models/rounds.js';
import { type RoundUnit, snapshotsOfLink } from '../../models/roundUnits.js';
import type { Unit } from '../../models/units.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import type { Survey } from '../../surveys/schema.js';
import type { FormBody } from '../http/body.js';
import { MOST_ROWS } from './importFile.js';
import { whyNoPaper } from './place.js';

/** Most sheets of a batch: a pile that two people can check in a day. */
const MOST_SHEETS = 500;

/** Every how many sheets are typed twice. */
export const SECOND_SHARES = [10, 5, 20, 1, 0] as const;

/** In a choice, for "each sheet says its own service". */
const EACH = '*';

/** A round that takes paper forms of the unit, and what they can be about. */
export interface Offered {
  readonly round: Round;
  readonly unit: RoundUnit;
  readonly surveys: readonly OfferedSurvey[];
}

interface OfferedSurvey {
  readonly survey: Survey;
  readonly choices: readonly Choice[];
}

interface Choice {
  /** `round/survey/service`, or `*` for the service. */
  readonly value: string;
  readonly service: RoundService | null;
}

/** A mistake of a form, by field; `key` names the text. */
export interface Mistake {
  readonly field: string;
  readonly key: string;
  readonly parameters?: Readonly<Record<string, string | number>>;
}

/** Everything that paper forms of a unit can be about on a day, the latest round first. */
export async function offeredTo(unit: Unit, today: Day): Promise<Offered[]> {
  const snapshots = (await snapshotsOfLink(unit.linkCode)).filter((snapshot) => snapshot.unit === unit._id);
  const rounds = await roundsByCodes(snapshots.map(({ round }) => round));
  const open = rounds.filter((round) => whyNoPaper(round, today) === null).reverse();
  return Promise.all(
    open.map(async (round) => {
      const snapshot = snapshots.find((one) => one.round === round._id) as RoundUnit;
      return { round, unit: snapshot, surveys: await surveysOffered(round, snapshot) };
    }),
  );
}

function surveysOffered(round: Round, { offers }: RoundUnit): Promise<OfferedSurvey[]> {
  const asked = round.surveys.filter(({ id }) => offers.some(({ survey }) => survey === id));
  return Promise.all(
    asked.map(async (pinned) => {
      const services = offers.filter(({ survey }) => survey === pinned.id).map(({ service }) => service);
      const choice = (code: string): Choice => ({
        value: `${round._id}/${pinned.id}/${code}`,
        service: round.services.find((service) => service.code === code) ?? null,
      });
      return {
        survey: await pinnedSurvey(pinned),
        choices: [...(services.length > 1 ? [choice(EACH)] : []), ...services.map(choice)],
      };
    }),
  );
}

/** A batch as it was entered, or what is wrong with it. */
export type ReadBatch =
  | { readonly batch: NewBatch; readonly mistakes: readonly [] }
  | { readonly batch: null; readonly mistakes: readonly Mistake[] };

/** Reads the form of a new batch. */
export function readBatch(
  body: FormBody,
  offered: readonly Offered[],
  today: Day,
  account: string,
  printedDay: (day: Day) => string,
): ReadBatch {
  const mistakes: Mistake[] = [];
  const mistake = (field: string, reason: string, parameters = {}) =>
    mistakes.push({ field, key: `paper.new.problem.${reason}`, parameters });
  const chosen = offered
    .flatMap(({ round, unit, surveys }) =>
      surveys.flatMap((one) => one.choices.map((choice) => ({ round, unit, ...one, choice }))),
    )
    .find(({ choice }) => choice.value === body.tap);
  if (!chosen) mistake('tap', 'choice');
  const source = body.nguon === 'file' ? 'file' : 'typed';
  const numbering = body['so-phieu'] === 'written' ? 'written' : 'printed';
  // Where the people asked were chosen, a numbered sheet takes the place of a code; a photocopy could be anybody's.
  if (chosen && isByInvitation(chosen.round) && numbering === 'written') mistake('so-phieu', 'invitation');
  const collected = parseDay(String(body['thu-den'] ?? ''));
  if (chosen) {
    const latest = [lastDay(chosen.round), today].sort()[0] as Day;
    if (collected === null || collected < chosen.round.opens || collected > latest)
      mistake('thu-den', 'collected', { from: printedDay(chosen.round.opens), to: printedDay(latest) });
  }
  const most = source === 'file' ? MOST_ROWS : MOST_SHEETS;
  const announced = wholeNumber(body['so-luong'], most);
  if (announced === null || announced < 1) mistake('so-luong', 'announced', { most });
  const every = SECOND_SHARES.find((share) => String(share) === body['nhap-lai']);
  if (every === undefined) mistake('nhap-lai', 'every');
  const atLeast = wholeNumber(body['it-nhat'], MOST_SHEETS);
  if (atLeast === null && source === 'typed' && every) mistake('it-nhat', 'at-least');
  if (!chosen || collected === null || announced === null || every === undefined || mistakes.length > 0)
    return { batch: null, mistakes };
  const typedTwice = source === 'file' ? 0 : every;
  const { round, unit, survey, choice } = chosen;
  return {
    mistakes: [],
    batch: {
      round: round._id,
      unit: unit.unit,
      survey: survey.id,
      service: choice.service?.code ?? null,
      numbering,
      source,
      collected,
      announced,
      opened: today,
      openedBy: account,
      second: {
        every: typedTwice,
        atLeast: typedTwice === 0 ? 0 : (atLeast ?? 0),
        start: typedTwice === 0 ? 0 : randomInt(typedTwice),
        sameTypist: body['cung-nguoi'] === 'yes',
      },
    },
  };
}

function wholeNumber(text: unknown, most: number): number | null {
  return typeof text === 'string' && /^\d{1,4}$/.test(text.trim()) && Number(text) <= most
    ? Number(text)
    : null;
}
