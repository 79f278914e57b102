/** Units: schools, centres, desks and offices, as a tree. Rounds never read this collection once they are open. */
import mongoose from 'mongoose';
import type { Day } from './day.js';
import { newLinkCode } from './linkCode.js';
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
type StoredUnit = ListedFacts & Pick<Unit, 'linkCode'> & Partial<Unit>;

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
    },
    { collection: 'units', versionKey: false },
  ).index({ linkCode: 1 }, { unique: true }),
);

/** Every unit, by code; those that no longer exist too. */
export async function allUnits(): Promise<Unit[]> {
  return (await units.find().sort({ _id: 1 }).lean<StoredUnit[]>().exec()).map(completed);
}

/** The unit of a code; null where there is none. */
export async function unitByCode(code: string): Promise<Unit | null> {
  const stored = await units.findById(code).lean<StoredUnit>().exec();
  return stored && completed(stored);
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
  const stored = await units.findOne({ linkCode }).lean<StoredUnit>().exec();
  return stored && completed(stored);
}

/**
 * Adds the units of a list and brings known ones up to date, in one bulk write. Link codes are permanent: a known
 * unit keeps its own. Repeating the call after a failure completes it.
 */
export async function storeUnits(rows: readonly UnitRow[]): Promise<void> {
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

function unusedLinkCode(taken: Set<string>): string {
  let code = newLinkCode();
  while (taken.has(code)) code = newLinkCode();
  taken.add(code);
  return code;
}
