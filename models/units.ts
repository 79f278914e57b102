/** Units: schools, centres, desks and offices, as a tree. Rounds never read this collection once they are open. */
import mongoose from 'mongoose';
import { newLinkCode } from './linkCode.js';

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
  linkCode: string;
}

/** A unit as a list describes it; its link code is the server's business. */
export type UnitRow = Omit<Unit, 'linkCode'>;

const units = mongoose.model(
  'Unit',
  new mongoose.Schema<Unit>(
    {
      _id: { type: String, required: true },
      name: { type: String, required: true },
      levels: { type: [String], required: true },
      parent: { type: String, default: null },
      enrolment: { type: Number, default: null },
      area: { type: String, default: null },
      linkCode: { type: String, required: true },
    },
    { collection: 'units', versionKey: false },
  ).index({ linkCode: 1 }, { unique: true }),
);

/** Every unit, by code. */
export function allUnits(): Promise<Unit[]> {
  return units.find().sort({ _id: 1 }).lean<Unit[]>().exec();
}

/** The unit of a code; null where there is none. */
export function unitByCode(code: string): Promise<Unit | null> {
  return units.findById(code).lean<Unit>().exec();
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
export function unitByLinkCode(linkCode: string): Promise<Unit | null> {
  return units.findOne({ linkCode }).lean<Unit>().exec();
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
        update: { $set: facts, $setOnInsert: { linkCode: unusedLinkCode(taken) } },
        upsert: true,
      },
    })),
    { ordered: false },
  );
}

function unusedLinkCode(taken: Set<string>): string {
  let code = newLinkCode();
  while (taken.has(code)) code = newLinkCode();
  taken.add(code);
  return code;
}
