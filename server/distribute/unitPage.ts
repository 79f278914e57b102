/** What a unit's own page shows: the rounds it takes part in, what to hand out, how many answers have come. */
import type { Day } from '../../models/day.js';
import { lastDay, type Round, roundsByCodes } from '../../models/rounds.js';
import { snapshotsOfUnit } from '../../models/roundUnits.js';
import type { Unit } from '../../models/units.js';
import type { Context } from '../context.js';
import { formatOf } from '../http/format.js';
import { DEFAULT_LANGUAGE, translator } from '../http/language.js';
import { talliesOfUnit } from '../results/tallies.js';
import { audienceOf, type HandedOut, handedOut, minutesOf } from './handedOut.js';

/** One round on a unit's page. */
interface RoundOfUnit extends HandedOut {
  /** Ready to be pasted into Zalo, in Vietnamese. */
  readonly message: string;
  /** Responses, by survey in the round's order. */
  readonly bySurvey: readonly { readonly survey: string; readonly responses: number }[];
  readonly responses: number;
  /** Whether it takes answers today. */
  readonly open: boolean;
  /** The last day on which it takes, or took, answers. */
  readonly last: Day;
}

export interface UnitPage {
  /** Open or still to come, the earliest first. */
  readonly now: readonly RoundOfUnit[];
  /** Over, the latest first. */
  readonly past: readonly RoundOfUnit[];
}

/** The rounds of a unit. @param base address that links to us begin with */
export async function unitPage(context: Context, unit: Unit, base: string): Promise<UnitPage> {
  const snapshots = new Map((await snapshotsOfUnit(unit._id)).map((one) => [one.round, one]));
  const rounds = (await roundsByCodes([...snapshots.keys()])).filter(({ state }) => state !== 'draft');
  const today = context.today();
  const all = await Promise.all(
    rounds.map(async (round): Promise<RoundOfUnit[]> => {
      const snapshot = snapshots.get(round._id);
      if (!snapshot) return [];
      const part = await handedOut(round, snapshot, base);
      const bySurvey = await responsesOf(round, part);
      return [
        {
          ...part,
          bySurvey,
          message: messageOf(context, part),
          responses: bySurvey.reduce((sum, { responses }) => sum + responses, 0),
          open: round.state === 'open' && round.opens <= today && today <= round.closes,
          last: lastDay(round),
        },
      ];
    }),
  );
  const isOver = ({ round, last }: RoundOfUnit) => round.state !== 'open' || last < today;
  return {
    now: all.flat().filter((one) => !isOver(one)),
    past: all.flat().filter(isOver).reverse(),
  };
}

async function responsesOf(round: Round, { unit, surveys }: HandedOut) {
  const cells = await talliesOfUnit(round, unit.unit);
  return surveys.map(({ id }) => ({
    survey: id,
    responses: cells.reduce((sum, { survey, tally }) => sum + (survey.id === id ? tally.responses : 0), 0),
  }));
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
