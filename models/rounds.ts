/** Rounds: the periods in which answers are taken, with everything that was decided for them. */
import mongoose from 'mongoose';
import type { Day } from './day.js';
import { roundSchema } from './roundSchema.js';
import type { SamplingDesign } from './samplingDesign.js';

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

/** The collection, for the files of its queries in this folder alone. */
export const rounds = mongoose.model('Round', roundSchema);

let changes = 0;

/** How many changes to rounds this process has made; a page made before the last one may be out of date. */
export function changesToRounds(): number {
  return changes;
}

/** Counts a change; for roundChanges.ts. */
export function roundsChanged(): void {
  changes++;
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

/** Whether the round takes an answer only with an invitation code. */
export function isByInvitation({ access }: Pick<Round, 'access'>): boolean {
  return access === 'invitation';
}

/** Whether the round has been closed, its results published or not. */
export function hasEnded({ state }: Pick<Round, 'state'>): boolean {
  return state === 'closed' || state === 'published';
}

/** The last day on which the round took, or is to take, answers. */
export function lastDay({ closes, closedOn }: Round): Day {
  return closedOn !== null && closedOn < closes ? closedOn : closes;
}

/** Whether the round takes answers on a day: it was opened, and the day lies within its period. */
export function takesAnswers(round: Round, day: Day): boolean {
  return round.state === 'open' && round.opens <= day && day <= round.closes;
}
