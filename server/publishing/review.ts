/** What the office looks at before it publishes a round: everything that a reader could ask about afterwards. */
import { createHash } from 'node:crypto';
import { batchesOfRound } from '../../models/paperBatches.js';
import { countsOfBatches } from '../../models/paperSheets.js';
import { countOfRound, FLAGS } from '../../models/responses.js';
import { allRounds, type Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import type { Format } from '../http/format.js';
import { ownRow, WHOLE } from '../results/counts.js';
import { verdictOn } from '../results/overview.js';
import { qualityRows } from '../results/quality.js';
import { resultsOf } from '../results/resultsOf.js';
import type { RoundFigures } from '../results/roundFigures.js';
import { type RoundTallies, talliesOf } from '../results/tallies.js';
import { type Check, check } from '../rounds/checkList.js';
import { isTooLittle } from './prepared.js';
import { AnswersLost, difference } from './revisions.js';
import { revisionFigures } from './seal.js';
import { earlierRevisions } from './sealedReading.js';

/** What was looked at. */
export interface Review {
  readonly checks: readonly Check[];
  readonly errors: number;
  readonly warnings: number;
  /** Responses there are. */
  readonly responses: number;
  /**
   * Stands for the warnings word for word, the number of responses and which revision they become: who publishes says
   * with it what was seen.
   */
  readonly seen: string;
}

/** Units are named where more of their responses than this carry a flag, in percent. */
const MANY_FLAGS = 10;

/** Everything that is looked at, in order. @param format of the page, for numbers in the sentences */
export async function reviewOf(context: Context, round: Round, format: Format): Promise<Review> {
  const figures = await resultsOf(context, round);
  const checks = [
    ...stateChecks(round),
    ...answerChecks(figures),
    ...(await paperChecks(round)),
    ...quotaChecks(figures, format),
    ...flagChecks(figures, context.config.minimumRespondents, format),
    ...hiddenChecks(figures, context.config.minimumRespondents, format),
    ...(await revisionChecks(context, round, format)),
    ...targetChecks(round, figures),
    ...(await comparisonChecks(round)),
  ];
  const warnings = checks.filter(({ level }) => level === 'warning');
  const responses = await countOfRound(round._id);
  const told = [
    round.publications.length + 1,
    responses,
    ...warnings.map(({ key, parameters, names }) => [key, parameters, names]),
  ];
  return {
    checks,
    errors: checks.filter(({ level }) => level === 'error').length,
    warnings: warnings.length,
    responses,
    seen: createHash('sha256').update(JSON.stringify(told)).digest('base64url').slice(0, 16),
  };
}

function stateChecks({ _id, state }: Round): Check[] {
  if (state === 'closed') return [check('fine', 'state', 'publishing.check.state.fine')];
  const mend = { href: `/van-phong/dot/${_id}/quan-ly`, key: 'publishing.check.mend.close' };
  return [check('error', 'state', 'publishing.check.state.not-closed', {}, { mend })];
}

function answerChecks({ counts }: RoundFigures): Check[] {
  const { responses } = counts.pooled(WHOLE);
  return responses === 0 ? [check('error', 'answers', 'publishing.check.answers.none')] : [];
}

async function paperChecks({ _id }: Round): Promise<Check[]> {
  const batches = await batchesOfRound(_id);
  const moving = batches.filter(({ state }) => state === 'checking' || state === 'handing-over');
  const open = batches.filter(({ state }) => state === 'open');
  if (moving.length > 0) return [check('error', 'paper', 'publishing.check.paper.moving')];
  if (open.length === 0) return [check('fine', 'paper', 'publishing.check.paper.fine')];
  const counts = await countsOfBatches(open.map((batch) => batch._id));
  const sheets = [...counts.values()].reduce((sum, { valid }) => sum + valid, 0);
  const names = [...new Set(open.map(({ unit }) => unit))].sort();
  return [
    check('warning', 'paper', 'publishing.check.paper.open', { batches: open.length, sheets }, { names }),
  ];
}

function quotaChecks({ counts }: RoundFigures, format: Format): Check[] {
  const units = [...counts.units.values()].map(({ unit, name, quota }) => ({
    name,
    quota,
    responses: counts.pooled(ownRow(unit)).responses,
  }));
  const under = units.filter(({ quota, responses }) => quota !== null && responses > 0 && responses < quota);
  const nothing = units.filter(({ responses }) => responses === 0);
  const found: Check[] = [];
  const all = format.count(units.length);
  if (under.length > 0)
    found.push(
      check(
        'warning',
        'quota',
        'publishing.check.quota.under',
        { units: format.count(under.length), all },
        { names: under.map(({ name }) => name) },
      ),
    );
  if (nothing.length > 0)
    found.push(
      check(
        'warning',
        'quota',
        'publishing.check.quota.nothing',
        { units: format.count(nothing.length), all },
        { names: nothing.map(({ name }) => name) },
      ),
    );
  return found.length > 0 ? found : [check('fine', 'quota', 'publishing.check.quota.fine')];
}

function flagChecks(figures: RoundFigures, minimum: number, format: Format): Check[] {
  const whole = figures.counts.pooled(WHOLE);
  const flagged = Math.max(...FLAGS.map((flag) => whole.flagged(flag)));
  if (flagged === 0 || whole.responses === 0) return [check('fine', 'flags', 'publishing.check.flags.none')];
  const share = format.percent(flagged / whole.responses);
  const many = qualityRows(figures.counts, minimum).filter(({ flags }) =>
    FLAGS.some((flag) => flags[flag].percent > MANY_FLAGS),
  );
  if (many.length === 0) return [check('note', 'flags', 'publishing.check.flags.few', { share })];
  const parameters = { share, units: format.count(many.length), many: format.percentage(MANY_FLAGS) };
  return [
    check('warning', 'flags', 'publishing.check.flags.many', parameters, {
      names: many.map(({ unit }) => unit.name),
    }),
  ];
}

function hiddenChecks(figures: RoundFigures, minimum: number, format: Format): Check[] {
  const rows = [...figures.counts.units.values()].map(({ unit, name }) => ({
    name,
    isHidden: figures.summary(ownRow(unit)).total.hidden,
  }));
  const hidden = rows.filter(({ isHidden }) => isHidden);
  if (hidden.length === 0) return [check('fine', 'hidden', 'publishing.check.hidden.none', { minimum })];
  const parameters = { units: format.count(hidden.length), all: format.count(rows.length), minimum };
  return [
    check('note', 'hidden', 'publishing.check.hidden.some', parameters, {
      names: hidden.map(({ name }) => name),
    }),
  ];
}

/** Of a correction: what came since, and what the two revisions together must not tell. */
async function revisionChecks(context: Context, round: Round, format: Format): Promise<Check[]> {
  const last = round.publications.at(-1);
  if (!last) return [];
  const minimum = context.config.minimumRespondents;
  const now = await talliesOf(round);
  const before = await earlierRevisions(round.publications);
  let since: RoundTallies;
  try {
    since = difference(now, before.at(-1)?.tallies ?? now);
  } catch (error) {
    if (!(error instanceof AnswersLost)) throw error;
    return [check('error', 'revision', 'publishing.check.revision.lost')];
  }
  const added = since.units.reduce((sum, { tally }) => sum + tally.responses, 0);
  if (isTooLittle(round, since, minimum))
    return [check('error', 'revision', 'publishing.check.revision.too-few', { added, minimum })];
  if (added === 0) return [check('warning', 'revision', 'publishing.check.revision.nothing')];
  const figures = revisionFigures(round, now, before, minimum, null);
  const alone = await resultsOf(context, round);
  const units = [...figures.counts.units.values()].filter(
    ({ unit }) => figures.summary(ownRow(unit)).total.hidden && !alone.summary(ownRow(unit)).total.hidden,
  );
  const parameters = { added: format.count(added), units: format.count(units.length) };
  return units.length === 0
    ? [check('note', 'revision', 'publishing.check.revision.added', { added: format.count(added) })]
    : [
        check('warning', 'revision', 'publishing.check.revision.hides', parameters, {
          names: units.map(({ name }) => name),
        }),
      ];
}

function targetChecks(round: Round, figures: RoundFigures): Check[] {
  const verdicts = round.targets.map((target) => verdictOn(target, figures));
  if (verdicts.length === 0) return [check('note', 'targets', 'publishing.check.targets.none')];
  const of = (wanted: (typeof verdicts)[number]) => verdicts.filter((verdict) => verdict === wanted).length;
  const parameters = { met: of('met'), missed: of('missed'), uncertain: of('uncertain') };
  return [check('note', 'targets', 'publishing.check.targets.stand', parameters)];
}

async function comparisonChecks(round: Round): Promise<Check[]> {
  const earlier = (await allRounds()).filter(
    ({ _id, subject, opens, state }) =>
      _id !== round._id && subject === round.subject && opens < round.opens && state !== 'draft',
  );
  const [published] = earlier.filter(({ publications }) => publications.length > 0);
  if (published)
    return [check('fine', 'comparison', 'publishing.check.comparison.with', { round: published.label })];
  const [closed] = earlier;
  return closed
    ? [check('note', 'comparison', 'publishing.check.comparison.unpublished', { round: closed.label })]
    : [check('note', 'comparison', 'publishing.check.comparison.first')];
}
