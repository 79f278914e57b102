/**
 * Rounds: making one, deciding a draft anew, opening it with the snapshot of its units, closing it. Each of these
 * records itself in the audit log before it is done; of two people at once the second is told that it came too late,
 * and where its entry had been written by then, a second entry says that nothing was done.
 */
import { audited } from '../../models/auditEntries.js';
import type { Day } from '../../models/day.js';
import { removeDocumentFacts } from '../../models/documentFacts.js';
import {
  insertRound,
  moveRound,
  type RoundDraftFacts,
  removeDraft,
  replaceDraft,
} from '../../models/roundChanges.js';
import { slugOf, storedUnderFreeCode } from '../../models/roundCode.js';
import { type Round, type RoundEvent, roundByCode } from '../../models/rounds.js';
import { keepSnapshot, type RoundUnit, removeSnapshot } from '../../models/roundUnits.js';
import { keepFrame, removeSampleUnits } from '../../models/sampleUnits.js';
import { allUnits, existsDuring, type Unit } from '../../models/units.js';
import { pinnedSurvey, pinSurvey } from '../../surveys/pinned.js';
import type { Survey } from '../../surveys/schema.js';
import { surveyVersions } from '../../surveys/versions.js';
import type { Context } from '../context.js';
import { existingRound } from '../http/existingRound.js';
import { Problem } from '../http/problem.js';
import { type SampledUnits, sampledUnits } from '../sampling/opening.js';
import { snapshotOf, unitsAsked } from '../sampling/snapshot.js';
import { inForce } from '../services/keptServices.js';
import { auditedChange, inTurn, type OpeningProblem } from './clashes.js';

/** A round as its maker decides it. */
export interface RoundDraft
  extends Pick<
      Round,
      'label' | 'subject' | 'numbering' | 'opens' | 'closes' | 'continuous' | 'targets' | 'lead' | 'source'
    >,
    Partial<Pick<Round, 'coordinating' | 'plan'>> {
  /** By id for the newest version, or as `id@version`; pinned when the draft is stored. */
  readonly surveys: readonly string[];
  /** Units that take part; null for every unit with a level that the surveys ask about. */
  readonly units: readonly string[] | null;
}

/**
 * Stores a draft round.
 * @param account who makes it
 * @returns its code, made from its label
 * @throws {Problem} 400 `unknown-survey`
 */
export async function createRound(context: Context, draft: RoundDraft, account = 'system'): Promise<string> {
  const facts = await factsOf(context, draft);
  const state = 'draft' as const;
  const round = { ...facts, state, closedOn: null, history: [], design: null, publications: [] };
  return storedUnderFreeCode(slugOf(draft.label), {
    isTaken: async (code) => (await roundByCode(code)) !== null,
    store: (code) =>
      audited({ account, action: 'round-created', subject: code, details: {} }, () =>
        insertRound({ _id: code, ...round }),
      ),
  });
}

/**
 * Decides a draft anew; its code stays.
 * @param account who decides it
 * @throws {Problem} 400 `unknown-survey` · 404 no such round · 409 `round-state` where it is no draft (any more)
 */
export async function changeDraft(
  context: Context,
  code: string,
  draft: RoundDraft,
  account = 'system',
): Promise<void> {
  const facts = await factsOf(context, draft);
  await inTurn(async () => {
    await inState(code, 'draft');
    await audited({ account, action: 'round-draft-changed', subject: code, details: {} }, async () => {
      if (!(await replaceDraft(code, facts))) throw new Problem(409, 'round-state');
    });
  });
}

/** A draft with its surveys pinned and its services and units looked up. */
async function factsOf(context: Context, draft: RoundDraft): Promise<RoundDraftFacts> {
  const versions = await surveyVersions(context.surveys);
  const surveys = [...new Set(draft.surveys)].map((wanted): Survey => {
    const [id = '', version] = wanted.split('@');
    const known = versions.get(id) ?? [];
    const survey =
      version === undefined
        ? (context.surveys.get(id) ?? known[0])
        : known.find((one) => String(one.version) === version);
    if (!survey || survey.subject !== draft.subject) throw new Problem(400, 'unknown-survey', { id });
    return survey;
  });
  const levels = new Set(surveys.flatMap((survey) => survey.services));
  const services = [...context.services.values()].filter((service) =>
    draft.subject === 'procedure'
      ? service.kind === 'procedure' && inForce(service, draft)
      : levels.has(service.code),
  );
  const units = draft.units ?? unitsAsked(surveys, await allUnits(), draft);
  return {
    ...draft,
    surveys: await Promise.all(surveys.map(pinSurvey)),
    services: services.map(({ code, kind, name }) => ({ code, kind, name })),
    units: [...new Set(units)],
    everyUnit: draft.units === null,
    coordinating: draft.coordinating ?? [],
    plan: draft.plan ?? null,
  };
}

/** A draft as it would open today: its surveys, every unit there is by now, and what each would be asked. */
export async function openingOf(drafted: Round): Promise<{
  readonly round: Round;
  readonly surveys: readonly Survey[];
  readonly units: readonly Unit[];
  readonly snapshot: readonly RoundUnit[];
  /** The list that schools are drawn from; empty where none are. */
  readonly frame: SampledUnits['frame'];
}> {
  const surveys = await Promise.all(drafted.surveys.map(pinnedSurvey));
  const units = await allUnits();
  // The list may have been imported or mended since the draft was made.
  const round = drafted.everyUnit ? { ...drafted, units: unitsAsked(surveys, units, drafted) } : drafted;
  const sampled = await sampledUnits(round, snapshotOf(round, surveys, units), units);
  const { snapshot, frame, design } = sampled;
  return { round: { ...round, units: sampled.units, design }, surveys, units, snapshot, frame };
}

/**
 * Opens a draft: takes the snapshot of its units, then lets answers in.
 * @param account who opens it
 * @param warnings how many they had seen, for the log
 * @returns why it cannot be opened; empty where it was
 * @throws {Problem} 404 no such round · 409 `round-state` where it is no draft
 */
export function openRound(
  context: Context,
  code: string,
  account = 'system',
  warnings = 0,
): Promise<OpeningProblem[]> {
  return inTurn(async () => {
    const drafted = await inState(code, 'draft');
    const { round, units, snapshot, frame } = await openingOf(drafted);
    const problems = problemsOf(round, snapshot, units, context.today());
    if (problems.length > 0) return problems;
    const event: RoundEvent = {
      day: context.today(),
      what: 'opened',
      closes: round.closes,
      reason: '',
      account,
    };
    const entry = { account, action: 'round-opened', subject: code, details: { warnings } };
    return auditedChange(entry, { round, snapshot }, drafted, event, async () => {
      await keepSnapshot(code, snapshot);
      await keepFrame(code, frame);
      return moveRound(code, 'draft', 'open', { units: round.units, design: round.design }, event);
    });
  });
}

/**
 * Closes an open round: no answer is taken any more.
 * @param today the day that people are told as its last
 * @param by who closes it, and why
 * @throws {Problem} 404 no such round · 409 `round-state` where it is not open
 */
export function closeRound(
  code: string,
  today: Day,
  by: Pick<RoundEvent, 'account' | 'reason'> = { account: 'system', reason: '' },
): Promise<void> {
  return inTurn(async () => {
    const { closes } = await inState(code, 'open');
    const event: RoundEvent = { day: today, what: 'closed', closes: today < closes ? today : closes, ...by };
    const { account, reason } = by;
    await audited({ account, action: 'round-closed', subject: code, details: { reason } }, async () => {
      if (!(await moveRound(code, 'open', 'closed', { closedOn: today }, event)))
        throw new Problem(409, 'round-state');
    });
  });
}

/**
 * Throws a draft away.
 * @param account who does
 * @throws {Problem} 404 no such round · 409 `round-state` where it has been opened
 */
export function deleteDraft(code: string, account = 'system'): Promise<void> {
  return inTurn(async () => {
    await inState(code, 'draft');
    await audited({ account, action: 'round-draft-deleted', subject: code, details: {} }, async () => {
      if (!(await removeDraft(code))) throw new Problem(409, 'round-state');
    });
    await removeSnapshot(code);
    await removeSampleUnits(code);
    await removeDocumentFacts(code);
  });
}

/** The round of a code. @throws {Problem} 404 `no-such-round` · 409 `round-state` where it is in another state */
async function inState(code: string, state: Round['state']): Promise<Round> {
  const round = await existingRound(code);
  if (round.state !== state) throw new Problem(409, 'round-state');
  return round;
}

/** What makes opening impossible; openingChecks.ts tells it, and what is only unwise, before. */
export function problemsOf(
  round: Round,
  snapshot: readonly RoundUnit[],
  units: readonly Unit[],
  today: Day,
): OpeningProblem[] {
  const problems: OpeningProblem[] = [];
  const problem = (name: string, parameters: Record<string, string | number> = {}) =>
    problems.push({ key: `rounds.problem.${name}`, parameters });
  if (round.closes < today) problem('past');
  if (round.units.length === 0) problem('no-units');
  const known = new Set(units.map(({ _id }) => _id));
  const missing = round.units.filter((code) => !known.has(code));
  if (missing.length > 0) problem('units-missing', { units: missing.join(', ') });
  const taking = new Set(round.units);
  const ended = units.filter((unit) => taking.has(unit._id) && !existsDuring(unit, round));
  if (ended.length > 0) problem('units-ended', { units: ended.map(({ name }) => name).join(', ') });
  const idle = snapshot.filter(({ offers }) => offers.length === 0);
  if (idle.length > 0) problem('units-without-survey', { units: idle.map(({ name }) => name).join(', ') });
  return problems;
}
