/** Rounds: creating one, opening it with the snapshot of its units, closing it. */
import type { Day } from '../../models/day.js';
import { isDuplicateKey } from '../../models/duplicateKey.js';
import {
  allRounds,
  insertRound,
  moveRound,
  type Round,
  removeDraft,
  roundByCode,
} from '../../models/rounds.js';
import { keepSnapshot, type RoundUnit, removeSnapshot, snapshotsOfUnits } from '../../models/roundUnits.js';
import { allUnits, type Unit } from '../../models/units.js';
import { pinnedSurvey, pinSurvey } from '../../surveys/pinned.js';
import type { Context } from '../context.js';
import { Problem } from '../http/problem.js';
import { snapshotOf, unitsAsked } from './snapshot.js';

/** A round as its maker decides it; surveys by id, pinned to their present versions when it is stored. */
export interface RoundDraft
  extends Pick<
    Round,
    'label' | 'subject' | 'numbering' | 'opens' | 'closes' | 'continuous' | 'targets' | 'lead' | 'source'
  > {
  readonly surveys: readonly string[];
  /** Units that take part; null for every unit with a level that the surveys ask about. */
  readonly units: readonly string[] | null;
}

/**
 * Stores a draft round.
 * @returns its code, made from its label
 * @throws {Problem} 400 `unknown-survey`
 */
export async function createRound(context: Context, draft: RoundDraft): Promise<string> {
  const surveys = [...new Set(draft.surveys)].map((id) => {
    const survey = context.surveys.get(id);
    if (!survey || survey.subject !== draft.subject) throw new Problem(400, 'unknown-survey', { id });
    return survey;
  });
  const levels = new Set(surveys.flatMap((survey) => survey.services));
  const services = [...context.services.values()].filter(({ code, kind }) =>
    draft.subject === 'procedure' ? kind === 'procedure' : levels.has(code),
  );
  const units = draft.units ?? unitsAsked(surveys, await allUnits(), draft);
  const round: Omit<Round, '_id'> = {
    ...draft,
    state: 'draft',
    surveys: await Promise.all(surveys.map(pinSurvey)),
    services: services.map(({ code, kind, name }) => ({ code, kind, name })),
    units: [...new Set(units)],
    everyUnit: draft.units === null,
    closedOn: null,
  };
  return insertUnderFreeCode(slugOf(draft.label), round);
}

async function insertUnderFreeCode(slug: string, round: Omit<Round, '_id'>): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const _id = attempt === 1 ? slug : `${slug}-${attempt}`;
    try {
      await insertRound({ _id, ...round });
      return _id;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
}

/** `Đợt 2 năm 2026` as `dot-2-nam-2026`. */
export function slugOf(label: string): string {
  const plain = label.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D');
  return (
    plain
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .slice(0, 60)
      .replace(/^-+|-+$/g, '') || 'dot'
  );
}

/** A reason why a round cannot be opened; `key` names the text. */
export interface OpeningProblem {
  readonly key: string;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** Openings under way in this process: one after the other, so that of two that clash the first one opens. */
let openings: Promise<unknown> = Promise.resolve();

/**
 * Opens a draft: takes the snapshot of its units, then lets answers in.
 * @returns why it cannot be opened; empty where it was
 * @throws {Problem} 404 no such round · 409 `round-state` where it is no draft
 */
export function openRound(context: Context, code: string): Promise<OpeningProblem[]> {
  const opening = openings.then(() => openNow(context, code));
  openings = opening.catch(() => {});
  return opening;
}

async function openNow(context: Context, code: string): Promise<OpeningProblem[]> {
  const drafted = await existingRound(code);
  if (drafted.state !== 'draft') throw new Problem(409, 'round-state');
  const surveys = await Promise.all(drafted.surveys.map(pinnedSurvey));
  const units = await allUnits();
  // The list may have been imported or mended since the draft was made.
  const round = drafted.everyUnit ? { ...drafted, units: unitsAsked(surveys, units, drafted) } : drafted;
  const snapshot = snapshotOf(round, surveys, units);
  const problems = [
    ...problemsOf(round, snapshot, units, context.today()),
    ...(await clashesOf(round, snapshot)),
  ];
  if (problems.length > 0) return problems;
  await keepSnapshot(code, snapshot);
  if (!(await moveRound(code, 'draft', 'open', { units: round.units })))
    throw new Problem(409, 'round-state');
  // Another process may have opened a clashing round since the first look; of two, at most one stays open.
  const clashes = await clashesOf(round, snapshot);
  if (clashes.length > 0) await moveRound(code, 'open', 'draft');
  return clashes;
}

/**
 * Closes an open round: no answer is taken any more.
 * @param today the day that people are told as its last
 * @throws {Problem} 404 no such round · 409 `round-state` where it is not open
 */
export async function closeRound(code: string, today: Day): Promise<void> {
  await existingRound(code);
  if (!(await moveRound(code, 'open', 'closed', { closedOn: today }))) throw new Problem(409, 'round-state');
}

/**
 * Throws a draft away.
 * @throws {Problem} 404 no such round · 409 `round-state` where it has been opened
 */
export async function deleteDraft(code: string): Promise<void> {
  await existingRound(code);
  if (!(await removeDraft(code))) throw new Problem(409, 'round-state');
  await removeSnapshot(code);
}

/** The round of a code. @throws {Problem} 404 `no-such-round` */
export async function existingRound(code: string): Promise<Round> {
  const round = await roundByCode(code);
  if (!round) throw new Problem(404, 'no-such-round');
  return round;
}

/** What would embarrass once the links are out. */
function problemsOf(
  round: Round,
  snapshot: readonly RoundUnit[],
  units: readonly Unit[],
  today: string,
): OpeningProblem[] {
  const problems: OpeningProblem[] = [];
  const problem = (name: string, parameters: Record<string, string | number> = {}) =>
    problems.push({ key: `rounds.problem.${name}`, parameters });
  if (round.closes < today) problem('past');
  if (round.units.length === 0) problem('no-units');
  const missing = round.units.filter((code) => !units.some((unit) => unit._id === code));
  if (missing.length > 0) problem('units-missing', { units: missing.join(', ') });
  const idle = snapshot.filter(({ offers }) => offers.length === 0);
  if (idle.length > 0) problem('units-without-survey', { units: idle.map(({ name }) => name).join(', ') });
  return problems;
}

/** A link must lead to one round: no other open round may ask the same survey about the same unit at the same time. */
async function clashesOf(round: Round, snapshot: readonly RoundUnit[]): Promise<OpeningProblem[]> {
  const others = (await allRounds()).filter(
    ({ _id, state, opens, closes }) =>
      _id !== round._id && state === 'open' && opens <= round.closes && round.opens <= closes,
  );
  if (others.length === 0) return [];
  const theirs = await snapshotsOfUnits(
    others.map(({ _id }) => _id),
    snapshot.map(({ unit }) => unit),
  );
  const ours = new Set(
    snapshot.flatMap(({ unit, offers }) =>
      offers.map(({ survey, service }) => `${unit} ${survey} ${service}`),
    ),
  );
  const clashing = theirs.filter(({ unit, offers }) =>
    offers.some(({ survey, service }) => ours.has(`${unit} ${survey} ${service}`)),
  );
  return others
    .filter(({ _id }) => clashing.some((snapshot) => snapshot.round === _id))
    .map(({ label }) => ({ key: 'rounds.problem.clash', parameters: { label } }));
}
