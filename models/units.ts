/** Units: schools, centres, desks and offices, as a tree. Rounds never read this collection once they are open. */
import mongoose from 'mongoose';
import type { Day } from './day.js';
import { newLinkCode } from './linkCode.js';
import { changesOf, lastChangeSet, type UnitChange, withChanges } from './unitChanges.js';
import { likelyKind, UNIT_KINDS, type UnitKind } from './unitKinds.js';

export interface Unit {
  /** The unit's code: stable, unique. */
  _id: string;
  name: string;
  /** Codes of the education services it gives, such as thcs; empty for offices and desks. */
  levels: string[];
  /** Code of the unit above it; null at the top. */
  parent: string | null;
  /** Learners; null where not known. */
  enrolment: number | null;
  /** Area class as the department names it; null where not known. */
  area: string | null;
  kind: UnitKind;
  /** First day on which it exists; null where not known, or always. */
  since: Day | null;
  /** Last day on which it exists; null while nothing says that it ends. */
  until: Day | null;
  /** Codes of the units that went into it, and of those it went into. */
  predecessors: string[];
  successors: string[];
  /** Codes of the procedures (TTHC) it offers; empty for all. Of no meaning for a school. */
  services: string[];
  linkCode: string;
}

/** The facts of a unit that every list gives. */
type ListedFacts = Pick<Unit, '_id' | 'name' | 'levels' | 'parent' | 'enrolment' | 'area'>;

/** A unit as a list describes it; its link code is the server's business. What is left out stays as it is. */
export type UnitRow = ListedFacts & Partial<Omit<Unit, keyof ListedFacts | 'linkCode'>>;

/** A unit as it is stored; of those stored by earlier versions, some facts are missing. */
type StoredUnit = ListedFacts &
  Pick<Unit, 'linkCode'> &
  Partial<Unit> & {
    /** Number of the set of changes that wrote it last. */
    revision?: number;
    /** Taken back after it was added; kept so that a late writer cannot bring it back. Its link code is free. */
    removed?: boolean;
  };

const units = mongoose.model(
  'Unit',
  new mongoose.Schema<StoredUnit>(
    {
      _id: { type: String, required: true },
      name: { type: String, required: true },
      levels: { type: [String], required: true },
      parent: { type: String, default: null },
      enrolment: { type: Number, default: null },
      area: { type: String, default: null },
      kind: { type: String, enum: UNIT_KINDS },
      since: { type: String },
      until: { type: String },
      predecessors: { type: [String], default: undefined },
      successors: { type: [String], default: undefined },
      services: { type: [String], default: undefined },
      linkCode: { type: String, required: true },
      revision: { type: Number },
      removed: { type: Boolean },
    },
    { collection: 'units', versionKey: false },
  ).index({ linkCode: 1 }, { unique: true }),
);

/**
 * Every unit, by code; those that no longer exist too. A set of changes that is being made is in it as a whole, or not
 * at all.
 */
export async function allUnits(): Promise<Unit[]> {
  for (;;) {
    const before = await lastChangeSet();
    const stored = await units.find().sort({ _id: 1 }).lean<StoredUnit[]>().exec();
    const after = await lastChangeSet();
    if (before?._id !== after?._id) continue;
    const found = stored.filter(({ removed }) => !removed).map(completed);
    return before?.state === 'applying' ? withChanges(found, await changesOf(before)) : found;
  }
}

/** The unit of a code; null where there is none. */
export async function unitByCode(code: string): Promise<Unit | null> {
  return existing(await units.findById(code).lean<StoredUnit>().exec());
}

function existing(stored: StoredUnit | null): Unit | null {
  return stored && !stored.removed ? completed(stored) : null;
}

/** A unit with every fact, whatever version stored it. */
function completed(stored: StoredUnit): Unit {
  return {
    _id: stored._id,
    name: stored.name,
    levels: stored.levels,
    parent: stored.parent,
    enrolment: stored.enrolment,
    area: stored.area,
    kind: stored.kind ?? likelyKind(stored),
    since: stored.since ?? null,
    until: stored.until ?? null,
    predecessors: stored.predecessors ?? [],
    successors: stored.successors ?? [],
    services: stored.services ?? [],
    linkCode: stored.linkCode,
  };
}

/** Whether a unit exists on some day of a period. */
export function existsDuring(
  { since, until }: Pick<Unit, 'since' | 'until'>,
  period: { readonly opens: Day; readonly closes: Day },
): boolean {
  return (since === null || since <= period.closes) && (until === null || period.opens <= until);
}

/** Whether a unit is another one or somewhere below it, as the tree is today. A code that does not exist is nowhere. */
export async function isWithin(code: string, top: string): Promise<boolean> {
  const seen = new Set<string>();
  for (let at: string | null = code; at !== null && !seen.has(at); ) {
    seen.add(at);
    const unit: Unit | null = await unitByCode(at);
    if (!unit) return false;
    if (at === top) return true;
    at = unit.parent;
  }
  return false;
}

/** The unit a link code (in capitals, without separators) leads to; null where none has it. */
export async function unitByLinkCode(linkCode: string): Promise<Unit | null> {
  return existing(await units.findOne({ linkCode }).lean<StoredUnit>().exec());
}

/** The units, existing on a day, that one which has ended went into: directly, or through others that have ended. */
export async function heirsOf(unit: Unit, day: Day): Promise<Unit[]> {
  const heirs: Unit[] = [];
  const seen = new Set([unit._id]);
  const next = hasEnded(unit, day) ? [...unit.successors] : [];
  for (let code = next.shift(); code !== undefined; code = next.shift()) {
    if (seen.has(code)) continue;
    seen.add(code);
    const successor = await unitByCode(code);
    if (successor && hasEnded(successor, day)) next.push(...successor.successors);
    else if (successor) heirs.push(successor);
  }
  return heirs;
}

/** Whether a unit existed, and does not any more on a day. */
export function hasEnded({ until }: Pick<Unit, 'until'>, day: Day): boolean {
  return until !== null && until < day;
}

let changesHere = 0;

/** How many changes to units this process has made; a page made before the last one may be out of date. */
export function changesToUnits(): number {
  return changesHere;
}

/**
 * Writes a set of changes into the units, however often it is called and whoever else does so at the same time: a
 * unit that a later set has written stays as it is.
 * @param reached is told how many are written; what it throws ends the work, which whoever comes next finishes
 */
export async function writeChanges(
  revision: number,
  changes: readonly UnitChange[],
  reached: (written: number) => Promise<void> = async () => {},
): Promise<void> {
  changesHere += 1;
  const writes = changes.flatMap(({ before, after }) => {
    const _id = (after ?? before)?._id;
    if (_id === undefined) return [];
    const replacement = after
      ? { ...after, revision }
      : // Its link code is unique like every other, and none that anybody could type.
        { ...before, revision, removed: true, linkCode: `-${_id}` };
    return [
      { replaceOne: { filter: { _id, revision: { $not: { $gte: revision } } }, replacement, upsert: true } },
    ];
  });
  try {
    for (let start = 0; start < writes.length; start += BATCH) {
      await reached(start);
      await write(writes.slice(start, start + BATCH));
    }
  } finally {
    changesHere += 1;
  }
}

/** Units written at once: few enough to tell how far it has come. */
const BATCH = 250;

/** A unit that a later set has written is not found by the filter and cannot be added either: it stays. */
async function write(writes: object[]): Promise<void> {
  try {
    await units.collection.bulkWrite(writes as never[], {
      ordered: false,
      writeConcern: { w: 'majority', j: true },
    });
  } catch (error) {
    const { MongoBulkWriteError } = mongoose.mongo;
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const failed = [error.writeErrors].flat();
    if (failed.some(({ code, errmsg }) => code !== 11000 || /linkCode/.test(errmsg ?? ''))) throw error;
  }
}

/**
 * Adds the units of a list and brings known ones up to date, in one bulk write. Link codes are permanent: a known
 * unit keeps its own. Repeating the call after a failure completes it.
 */
export async function storeUnits(rows: readonly UnitRow[]): Promise<void> {
  changesHere += 1;
  const taken = new Set((await allUnits()).map((unit) => unit.linkCode));
  await units.bulkWrite(
    rows.map(({ _id, ...facts }) => ({
      updateOne: {
        filter: { _id },
        update: { $set: givenIn(facts), $setOnInsert: { linkCode: unusedLinkCode(taken) } },
        upsert: true,
      },
    })),
    { ordered: false },
  );
}

/** The facts that a list gives; one that it leaves out is not touched. */
function givenIn(facts: Omit<UnitRow, '_id'>) {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** A link code that none of these is, and one of these from now on. */
export function unusedLinkCode(taken: Set<string>): string {
  let code = newLinkCode();
  while (taken.has(code)) code = newLinkCode();
  taken.add(code);
  return code;
}
