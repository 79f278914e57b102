/** What a unit's own page shows: the rounds it takes part in, what to hand out, how many answers have come. */
import type { Day } from '../../models/day.js';
import { allRounds, lastDay, type Round } from '../../models/rounds.js';
import { type RoundUnit, snapshotsOfUnit } from '../../models/roundUnits.js';
import { allUnits, type Unit } from '../../models/units.js';
import type { Context } from '../context.js';
import { formatOf } from '../http/format.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { type UnitProgress, unitProgress } from '../progress/unitProgress.js';
import { type PublishedRound, publishedOfUnit } from '../publishing/ofUnit.js';
import { audienceOf, type HandedOut, handedOut, minutesOf } from './handedOut.js';
import { type UnitBelow, unitsBelow } from './unitsBelow.js';

/** A round that is open, or opens later. */
interface RoundNow {
  readonly round: Round;
  /** Whether it takes answers today. */
  readonly open: boolean;
  /** What the unit itself hands out; null where only units below it take part. */
  readonly own: (HandedOut & { readonly message: string; readonly progress: UnitProgress | null }) | null;
  readonly below: readonly UnitBelow[];
}

/** A round that is over. */
interface RoundPast {
  readonly round: Round;
  readonly last: Day;
  readonly responses: number;
}

export interface UnitPage {
  /** The earliest first. */
  readonly now: readonly RoundNow[];
  /** The latest first. */
  readonly past: readonly RoundPast[];
  /** What the round was published with, the latest first; nothing before that. */
  readonly published: readonly PublishedRound[];
}

/** The rounds of a unit. @param base address that links to us begin with */
export async function unitPage(context: Context, unit: Unit, base: string): Promise<UnitPage> {
  const today = context.today();
  const snapshots = new Map((await snapshotsOfUnit(unit._id)).map((one) => [one.round, one]));
  const rounds = (await allRounds()).filter(({ state }) => state !== 'draft');
  const published = await publishedOfUnit(rounds, unit._id);
  const isOver = (round: Round) => round.state !== 'open' || lastDay(round) < today;
  const over = rounds.filter((round) => isOver(round) && snapshots.has(round._id));
  const now = await Promise.all(
    rounds
      .filter((round) => !isOver(round))
      .reverse()
      .map((round) => roundNow(context, round, unit._id, snapshots.get(round._id), base)),
  );
  return {
    published,
    now: now.filter(({ own, below }) => own !== null || below.length > 0),
    past: await Promise.all(
      over.map(async (round) => ({
        round,
        last: lastDay(round),
        responses: (await unitProgress(context, round, unit._id))?.received ?? 0,
      })),
    ),
  };
}

async function roundNow(
  context: Context,
  round: Round,
  unit: string,
  snapshot: RoundUnit | undefined,
  base: string,
): Promise<RoundNow> {
  const today = context.today();
  const part = snapshot && (await handedOut(round, snapshot, base));
  return {
    round,
    open: round.opens <= today,
    own: part
      ? { ...part, message: messageOf(context, part), progress: await unitProgress(context, round, unit) }
      : null,
    below: await unitsBelow(
      round._id,
      unit,
      today,
      async () => new Map((await allUnits()).map((one) => [one._id, one])),
    ),
  };
}

/** The message that a unit sends to the people it asks. */
function messageOf({ config }: Context, part: HandedOut): string {
  const t = translator(DEFAULT_LANGUAGE);
  const format = formatOf(DEFAULT_LANGUAGE);
  const { round, unit, link } = part;
  const paragraphs = [
    t('distribute.message.to', { audience: audienceOf(part) }),
    t(`distribute.message.what.${round.subject}`, { department: config.departmentName, unit: unit.name }),
    t('distribute.message.ask', {
      minutes: minutesOf(part),
      opens: format.day(round.opens),
      closes: format.day(round.closes),
    }),
    link,
    t('distribute.message.anonymous'),
    t('distribute.message.thanks'),
  ];
  return paragraphs.join('\n\n');
}
