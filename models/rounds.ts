/** Rounds: the periods in which answers are taken, with everything that was decided for them. */
import mongoose from 'mongoose';
import type { Day } from './day.js';
import { type SamplingDesign, samplingDesignSchema } from './samplingDesign.js';

/**
 * draft → open → closed → published; open ⇄ closed as long as nothing is published.
 *
 * A published round takes nothing: no answer, no paper form, no reopening. What is published never changes
 * (server/publishing/). Where something came late or a paper form was wrong, the office begins a correction, with a
 * reason: published → closed. From there the round goes on as any closed one – paper forms are typed, it is reopened if
 * need be – while the published revision stays on the public pages; publishing it again makes the next revision. A
 * correction that brought nothing is dropped: closed → published, and no revision is made.
 *
 * `publications` therefore tells what the public sees, `state` what the office may do.
 */
export type RoundState = 'draft' | 'open' | 'closed' | 'published';
export type Numbering = 'school-year' | 'calendar-year';

/** The one indicator that a round measures itself. */
export const SATISFACTION_RATE = 'satisfaction-rate';

/** What a round is to reach; exactly one bound. Indicators other than the satisfaction rate are kept as text. */
export interface Target {
  indicator: string;
  atLeast?: number | undefined;
  moreThan?: number | undefined;
  atMost?: number | undefined;
  unit: string;
}

/** A survey pinned to the exact version and content that the round asks. */
interface PinnedSurvey {
  id: string;
  version: number;
  hash: string;
}

/** A service as the round rates it: its name is kept with the round. */
export interface RoundService {
  code: string;
  kind: 'education' | 'procedure';
  /** By language; Vietnamese and English at least. */
  name: { vi: string; en: string; [language: string]: string };
}

/** The measure of a plan that a round carries out, and which of the rounds planned there it is. */
export interface RoundPlan {
  /** The plan. */
  id: string;
  measure: string;
  /** The planned round and the year it is held in, such as `r1@2026`; empty where the plan names none. */
  planned: string;
}

/** What was decided about a round that had been opened, when, by whom and why. */
export interface RoundEvent {
  day: Day;
  what: 'opened' | 'extended' | 'closed' | 'reopened' | 'published' | 'correcting' | 'kept';
  /** Last day on which answers are taken, from then on. */
  closes: Day;
  /** In the words of who decided it; empty where none was asked for. */
  reason: string;
  account: string;
}

/** A revision of the round's results that the public has seen. */
export interface Publication {
  /** From 1. */
  revision: number;
  /** Under which its sealed parts are stored (models/sealedParts.ts). */
  attempt: string;
  /** SHA-256 (hex) of its manifest: what the public checks the results by. */
  seal: string;
  day: Day;
  /** Why there is another revision, as the public reads it; empty for the first. */
  reason: string;
  account: string;
  /** Responses it is made of. */
  responses: number;
}

/**
 * Who may answer: whoever has the unit's link, or once each whoever has an invitation code.
 */
export type RoundAccess = 'link' | 'invitation';

export interface Round {
  /** Appears in the office's addresses, such as dot-2-nam-2026. */
  _id: string;
  label: string;
  /** Schools rated by families and learners, or desks rated by the people they served. */
  subject: 'education' | 'procedure';
  numbering: Numbering;
  opens: Day;
  /** Last day on which answers are taken. */
  closes: Day;
  /** The day on which the office closed it; null while it is not closed. */
  closedOn: Day | null;
  /** Runs all year without quotas (quanh năm). */
  continuous: boolean;
  state: RoundState;
  surveys: PinnedSurvey[];
  services: RoundService[];
  /** Codes of the units that take part. */
  units: string[];
  /** Whether these are all units that the surveys ask about, found anew when the round opens. */
  everyUnit: boolean;
  targets: Target[];
  /** Who leads it, and the document it comes from; empty where not given. */
  lead: string;
  source: string;
  /** Who coordinates; empty where not given. */
  coordinating: string[];
  /** The plan it was made from; null where it was made by hand. */
  plan: RoundPlan | null;
  /** Of rounds made before there were invitations there is none: by link. */
  access?: RoundAccess;
  /** From its opening on, the earliest first. Rounds opened before there was a history have none. */
  history: RoundEvent[];
  /** How it is decided who is asked; null where nobody has decided it. */
  design: SamplingDesign | null;
  /** What was published of it, the first revision first. They never change and are never taken away. */
  publications: Publication[];
  /** The attempt at publishing it that was begun last; whatever lets an answer in takes it away (`stopSealing`). */
  sealing?: string;
}

const rounds = mongoose.model(
  'Round',
  new mongoose.Schema<Round>(
    {
      _id: { type: String, required: true },
      label: { type: String, required: true },
      subject: { type: String, enum: ['education', 'procedure'], required: true },
      numbering: { type: String, enum: ['school-year', 'calendar-year'], required: true },
      opens: { type: String, required: true },
      closes: { type: String, required: true },
      closedOn: { type: String, default: null },
      continuous: { type: Boolean, required: true },
      state: { type: String, enum: ['draft', 'open', 'closed', 'published'], required: true },
      surveys: { type: [{ _id: false, id: String, version: Number, hash: String }], required: true },
      services: {
        type: [{ _id: false, code: String, kind: String, name: mongoose.Schema.Types.Mixed }],
        required: true,
      },
      units: { type: [String], required: true },
      everyUnit: { type: Boolean, default: false },
      access: { type: String, enum: ['link', 'invitation'], default: 'link' },
      targets: {
        type: [
          {
            _id: false,
            indicator: String,
            atLeast: Number,
            moreThan: Number,
            atMost: Number,
            unit: String,
          },
        ],
        required: true,
      },
      lead: { type: String, default: '' },
      source: { type: String, default: '' },
      coordinating: { type: [String], default: [] },
      plan: {
        type: new mongoose.Schema<RoundPlan>(
          { id: String, measure: String, planned: { type: String, default: '' } },
          { _id: false, id: false },
        ),
        default: null,
      },
      history: {
        type: [{ _id: false, day: String, what: String, closes: String, reason: String, account: String }],
        default: [],
      },
      design: { type: samplingDesignSchema, default: null },
      publications: {
        type: [
          {
            _id: false,
            revision: Number,
            attempt: String,
            seal: String,
            day: String,
            reason: String,
            account: String,
            responses: Number,
          },
        ],
        default: [],
      },
      sealing: { type: String },
    },
    { collection: 'rounds', versionKey: false },
  )
    .index({ opens: -1 })
    .index({ 'plan.id': 1 })
    .index({ 'publications.revision': 1 }, { sparse: true }),
);

let changes = 0;

/** How many changes to rounds this process has made; a page made before the last one may be out of date. */
export function changesToRounds(): number {
  return changes;
}

/** Every round, the latest first. */
export async function allRounds(): Promise<Round[]> {
  return (await rounds.find().sort({ opens: -1, _id: 1 }).lean<Round[]>().exec()).map(whole);
}

/** The round of a code; null where there is none. */
export async function roundByCode(code: string): Promise<Round | null> {
  const round = await rounds.findById(code).lean<Round>().exec();
  return round && whole(round);
}

/** The rounds made from a plan, the earliest first. */
export async function roundsOfPlan(plan: string): Promise<Round[]> {
  const found = await rounds.find({ 'plan.id': plan }).sort({ opens: 1, _id: 1 }).lean<Round[]>().exec();
  return found.map(whole);
}

/** A round stored before there were plans and histories, as if it had been stored today. */
function whole(round: Round): Round {
  return {
    ...round,
    coordinating: round.coordinating ?? [],
    plan: round.plan ?? null,
    history: round.history ?? [],
    design: round.design ?? null,
    publications: round.publications ?? [],
  };
}

/** The rounds of these codes, the earliest first; codes that do not exist are left out. */
export async function roundsByCodes(codes: readonly string[]): Promise<Round[]> {
  const found = await rounds
    .find({ _id: { $in: [...codes] } })
    .sort({ opens: 1 })
    .lean<Round[]>()
    .exec();
  return found.map(whole);
}

/** Stores a new draft. @throws MongoServerError 11000 where the code is taken */
export async function insertRound(round: Round): Promise<void> {
  await rounds.create(round);
  changes++;
}

/**
 * Moves a round from one state to another, in one write with what changes along with it.
 * @param event what its history says of it; null where it is only put back
 * @returns false where it was not in `from` any more: somebody else was quicker
 */
export async function moveRound(
  code: string,
  from: RoundState,
  to: RoundState,
  change: Partial<Pick<Round, 'units' | 'closes' | 'closedOn' | 'design'>> = {},
  event: RoundEvent | null = null,
): Promise<boolean> {
  const result = await rounds.updateOne(
    { _id: code, state: from },
    { $set: { ...change, state: to }, ...(event ? { $push: { history: event } } : {}) },
  );
  changes++;
  return result.matchedCount === 1;
}

/**
 * Begins an attempt at publishing a closed round, or at saying that nothing has changed since it was published; an
 * earlier attempt can no longer succeed.
 * @returns false where it is not closed (any more)
 */
export async function beginSealing(code: string, attempt: string): Promise<boolean> {
  const { matchedCount } = await rounds.updateOne(
    { _id: code, state: 'closed' },
    { $set: { sealing: attempt } },
  );
  return matchedCount === 1;
}

/**
 * Before answers come into a round otherwise than by its links: whatever attempt at publishing it is under way fails.
 * @returns false where the round takes none: it is published already, or a draft
 */
export async function stopSealing(code: string): Promise<boolean> {
  const { matchedCount } = await rounds.updateOne(
    { _id: code, state: { $in: ['open', 'closed'] } },
    { $unset: { sealing: '' } },
  );
  return matchedCount === 1;
}

/**
 * Publishes a round: the one write by which a revision is there or not, however the server ends.
 * @returns false where anything has come between since the attempt was begun
 */
export async function publishRound(
  code: string,
  publication: Publication,
  event: RoundEvent,
): Promise<boolean> {
  const { attempt, revision } = publication;
  const before =
    revision === 1 ? { 'publications.0': { $exists: false } } : { publications: { $size: revision - 1 } };
  const { matchedCount } = await rounds.updateOne(
    { _id: code, state: 'closed', sealing: attempt, ...before },
    {
      $set: { state: 'published' },
      $unset: { sealing: '' },
      $push: { publications: publication, history: event },
    },
    { writeConcern: { w: 'majority', j: true } },
  );
  changes++;
  return matchedCount === 1;
}

/** Drops a correction that brought nothing. @returns false where anything has come between */
export async function keepPublished(code: string, attempt: string, event: RoundEvent): Promise<boolean> {
  const { matchedCount } = await rounds.updateOne(
    { _id: code, state: 'closed', sealing: attempt, 'publications.revision': 1 },
    { $set: { state: 'published' }, $unset: { sealing: '' }, $push: { history: event } },
  );
  changes++;
  return matchedCount === 1;
}

/** The rounds of which the public has seen results, the latest first. */
export async function publishedRounds(): Promise<Round[]> {
  const found = await rounds
    .find({ 'publications.revision': 1 }, { units: 0, history: 0, design: 0 })
    .sort({ opens: -1, _id: 1 })
    .lean<Round[]>()
    .exec();
  return found.map((round) => whole({ ...round, units: [] }));
}

/** Whether the public has seen results of any round. */
export async function isAnythingPublished(): Promise<boolean> {
  return (await rounds.exists({ 'publications.revision': 1 })) !== null;
}

/**
 * Lets an open round take answers until another day.
 * @param from the last day that whoever decided it saw
 * @returns false where it is not open until that day any more: somebody else was quicker
 */
export async function moveClosingDay(code: string, from: Day, event: RoundEvent): Promise<boolean> {
  const result = await rounds.updateOne(
    { _id: code, state: 'open', closes: from },
    { $set: { closes: event.closes }, $push: { history: event } },
  );
  changes++;
  return result.matchedCount === 1;
}

/**
 * Undoes an event that turned out to clash, where nothing has happened since.
 * @param before what the round was
 */
export async function undoEvent(
  code: string,
  event: RoundEvent,
  before: Pick<Round, 'state' | 'closes' | 'closedOn' | 'history' | 'units'>,
): Promise<void> {
  const { state, closes, closedOn, history, units } = before;
  await rounds.updateOne(
    { _id: code, history: { $size: history.length + 1 }, state: 'open', closes: event.closes },
    { $set: { state, closes, closedOn, history, units } },
  );
  changes++;
}

/** What can still be decided anew while a round is a draft. */
export type RoundDraftFacts = Pick<
  Round,
  | 'label'
  | 'subject'
  | 'numbering'
  | 'opens'
  | 'closes'
  | 'continuous'
  | 'surveys'
  | 'services'
  | 'units'
  | 'everyUnit'
  | 'targets'
  | 'lead'
  | 'source'
  | 'coordinating'
  | 'plan'
>;

/** Decides a draft anew. @returns false where it is no draft (any more) */
export async function replaceDraft(code: string, facts: RoundDraftFacts): Promise<boolean> {
  const result = await rounds.updateOne({ _id: code, state: 'draft' }, { $set: facts });
  changes++;
  return result.matchedCount === 1;
}

/** Decides the sampling design of a draft. @returns false where it is no draft (any more) */
export async function setDesign(code: string, design: SamplingDesign | null): Promise<boolean> {
  const result = await rounds.updateOne({ _id: code, state: 'draft' }, { $set: { design } });
  changes++;
  return result.matchedCount === 1;
}

/** Decides who may answer. @returns false where it is no draft (any more) */
export async function setAccess(code: string, access: RoundAccess): Promise<boolean> {
  const { matchedCount } = await rounds.updateOne({ _id: code, state: 'draft' }, { $set: { access } });
  changes++;
  return matchedCount === 1;
}

/** Whether the round takes an answer only with an invitation code. */
export function isByInvitation({ access }: Pick<Round, 'access'>): boolean {
  return access === 'invitation';
}

/** Removes a draft. @returns false where it was no draft (any more) */
export async function removeDraft(code: string): Promise<boolean> {
  const { deletedCount } = await rounds.deleteOne({ _id: code, state: 'draft' });
  changes++;
  return deletedCount === 1;
}

/** Whether the round has been closed, its results published or not. */
export function hasEnded({ state }: Pick<Round, 'state'>): boolean {
  return state === 'closed' || state === 'published';
}

/** The last day on which the round took, or is to take, answers. */
export function lastDay({ closes, closedOn }: Round): Day {
  return closedOn !== null && closedOn < closes ? closedOn : closes;
}

/** Sets a later (or earlier) last day. */
export async function setClosingDay(code: string, closes: Day): Promise<void> {
  await rounds.updateOne({ _id: code }, { $set: { closes } });
  changes++;
}

/** Whether the round takes answers on a day: it was opened, and the day lies within its period. */
export function takesAnswers(round: Round, day: Day): boolean {
  return round.state === 'open' && round.opens <= day && day <= round.closes;
}
