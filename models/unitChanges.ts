/**
 * The log of changes to units, which is also their history. A set of changes takes effect as a whole at the moment
 * its entry is added under the next number: of two people who change the units at once, the second is told to look
 * again. What was listed beforehand is then written into the units, and finished by whoever comes next where the
 * server dies on the way.
 */
import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import type { Day } from './day.js';
import { isDuplicateKey } from './duplicateKey.js';
import type { Unit } from './units.js';

/** What people do to units. */
type UnitDeed = 'import' | 'add' | 'edit' | 'merge' | 'split' | 'close' | 'move' | 'undo';

/** How many units a set adds, changes, moves below another and closes. */
export type UnitCounts = Readonly<Record<'added' | 'changed' | 'moved' | 'closed', number>>;

/** A unit before and after; null where it was not there. */
export interface UnitChange {
  readonly before: Unit | null;
  readonly after: Unit | null;
}

export interface UnitChangeSet {
  /** 1, 2, 3 … without gaps. */
  _id: number;
  at: Date;
  account: string;
  deed: UnitDeed;
  /** The day from which it holds; null where it has none. */
  day: Day | null;
  counts: UnitCounts;
  /** The number of the set that this one takes back; null where none. */
  undoes: number | null;
  /** Of what a job made: the job's own name for it, by which it knows that it is made. */
  name?: string;
  /** Where its changes are. */
  batch: string;
  state: 'applying' | 'done';
}

/** Units with changes made to them, by code. */
export function withChanges(units: readonly Unit[], made: readonly UnitChange[]): Unit[] {
  const byCode = new Map(units.map((unit) => [unit._id, unit]));
  for (const { before, after } of made) {
    if (after) byCode.set(after._id, after);
    else if (before) byCode.delete(before._id);
  }
  return [...byCode.values()].sort((one, other) => (one._id < other._id ? -1 : 1));
}

interface StoredChange extends UnitChange {
  /** `batch/code`. */
  _id: string;
  batch: string;
  code: string;
}

const sets = mongoose.model(
  'UnitChangeSet',
  new mongoose.Schema<UnitChangeSet>(
    {
      _id: { type: Number, required: true },
      at: { type: Date, required: true },
      account: { type: String, required: true },
      deed: { type: String, required: true },
      day: { type: String, default: null },
      counts: { type: mongoose.Schema.Types.Mixed, required: true },
      undoes: { type: Number, default: null },
      name: { type: String },
      batch: { type: String, required: true },
      state: { type: String, enum: ['applying', 'done'], required: true },
    },
    { collection: 'unitChangeSets', versionKey: false, writeConcern: { w: 'majority', j: true } },
  )
    .index({ batch: 1 }, { unique: true })
    .index({ undoes: 1 }),
);

const changes = mongoose.model(
  'UnitChange',
  new mongoose.Schema<StoredChange>(
    {
      _id: { type: String, required: true },
      batch: { type: String, required: true },
      code: { type: String, required: true },
      before: { type: mongoose.Schema.Types.Mixed, default: null },
      after: { type: mongoose.Schema.Types.Mixed, default: null },
    },
    {
      collection: 'unitChanges',
      versionKey: false,
      minimize: false,
      writeConcern: { w: 'majority', j: true },
    },
  )
    .index({ batch: 1 })
    .index({ code: 1 }),
);

/** The last set of changes; null where there never was one. */
export function lastChangeSet(): Promise<UnitChangeSet | null> {
  return sets
    .findOne({ _id: { $gt: 0 } })
    .sort({ _id: -1 })
    .lean<UnitChangeSet>()
    .exec();
}

/** A set of changes by its number; null where there is none. */
export function changeSet(number: number): Promise<UnitChangeSet | null> {
  return sets.findById(number).lean<UnitChangeSet>().exec();
}

/** The latest sets of changes, the last first. */
export function latestChangeSets(limit: number): Promise<UnitChangeSet[]> {
  return sets
    .find({ _id: { $gt: 0 } })
    .sort({ _id: -1 })
    .limit(limit)
    .lean<UnitChangeSet[]>()
    .exec();
}

/** The numbers, of these, of sets that were taken back. */
export async function takenBack(numbers: readonly number[]): Promise<ReadonlySet<number>> {
  const undoing = await sets
    .find({ undoes: { $in: [...numbers] } })
    .lean<UnitChangeSet[]>()
    .exec();
  return new Set(undoing.flatMap(({ undoes }) => undoes ?? []));
}

/** The changes of a set, by code. */
export async function changesOf({ batch }: Pick<UnitChangeSet, 'batch'>): Promise<UnitChange[]> {
  const stored = await changes.find({ batch }).sort({ _id: 1 }).lean<StoredChange[]>().exec();
  return stored.map(({ before, after }) => ({ before, after }));
}

/** Everything that was done to one unit, the last first. */
export async function historyOfUnit(code: string): Promise<(UnitChange & { set: UnitChangeSet })[]> {
  const stored = await changes.find({ code }).lean<StoredChange[]>().exec();
  const done = await sets
    .find({ batch: { $in: stored.map(({ batch }) => batch) } })
    .lean<UnitChangeSet[]>()
    .exec();
  const byBatch = new Map(done.map((set) => [set.batch, set]));
  return stored
    .flatMap(({ batch, before, after }) => {
      // Changes that nobody's entry names were never made.
      const set = byBatch.get(batch);
      return set ? [{ set, before, after }] : [];
    })
    .sort((one, other) => other.set._id - one.set._id);
}

/**
 * Lists changes that a set is to have. Nobody's set names them yet: they have no effect.
 * @param reached is told how many are listed; what it throws ends the work
 * @returns where they are: `batch` of the set
 */
export async function listChanges(
  changed: readonly UnitChange[],
  reached: (listed: number) => Promise<void> = async () => {},
): Promise<string> {
  const batch = `${Date.now()}-${randomBytes(9).toString('base64url')}`;
  const documents = changed.map(({ before, after }) => {
    const code = (after ?? before)?._id ?? '';
    return { _id: `${batch}/${code}`, batch, code, before, after };
  });
  try {
    for (let start = 0; start < documents.length; start += BATCH) {
      await reached(start);
      await changes.collection.insertMany(documents.slice(start, start + BATCH) as never[], {
        writeConcern: { w: 'majority', j: true },
      });
    }
    return batch;
  } catch (error) {
    await removeListed(batch).catch(() => {});
    throw error;
  }
}

/** A random name for a set that a job is to make. */
export function newSetName(): string {
  return randomBytes(12).toString('base64url');
}

/** Removes changes that were listed and that no set names. */
export async function removeListed(batch: string): Promise<void> {
  await changes.deleteMany({ batch });
}

/**
 * Adds a set of changes under a number. From here on it holds.
 * @param set with the batch under which its changes are listed
 * @returns the set; null where the number is taken
 */
export async function addChangeSet(set: Omit<UnitChangeSet, 'state' | 'at'>): Promise<UnitChangeSet | null> {
  const entry: UnitChangeSet = { ...set, at: new Date(), state: 'applying' };
  try {
    await sets.create(entry);
    return entry;
  } catch (error) {
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}

/** The units have the changes of a set. */
export async function markApplied({ _id }: UnitChangeSet): Promise<void> {
  await sets.updateOne({ _id, state: 'applying' }, { $set: { state: 'done' } });
}

/** Removes changes that were listed before `instant` and never took effect: the server died in between. */
export async function removeStray(instant: Date): Promise<void> {
  const batches = await changes.distinct('batch', { batch: { $lt: String(instant.getTime()) } }).exec();
  const known = new Set(
    (
      await sets
        .find({ batch: { $in: batches } })
        .lean<UnitChangeSet[]>()
        .exec()
    ).map(({ batch }) => batch),
  );
  const stray = batches.filter((batch) => !known.has(batch));
  if (stray.length > 0) await changes.deleteMany({ batch: { $in: stray } });
}

/** Changes listed in one write: few enough to tell how far it has come. */
const BATCH = 250;
