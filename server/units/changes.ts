/** Changing the units: one set of changes at a time, as a whole or not at all, and taken back as a whole. */
import { isDeepStrictEqual } from 'node:util';
import { unitsInRounds } from '../../models/roundUnits.js';
import {
  addChangeSet,
  changeSet,
  changesOf,
  lastChangeSet,
  listChanges,
  markApplied,
  removeListed,
  removeStray,
  takenBack,
  type UnitChange,
  type UnitChangeSet,
  withChanges,
} from '../../models/unitChanges.js';
import { allUnits, type Unit, writeChanges } from '../../models/units.js';
import { Problem } from '../http/problem.js';
import { countsOf } from './difference.js';

/** The units as somebody sees them before changing them. */
interface SeenUnits {
  /** Number of the last set of changes that is in them. */
  readonly revision: number;
  readonly units: readonly Unit[];
}

/** The units as they are. */
export async function seenUnits(): Promise<SeenUnits> {
  const last = await lastChangeSet();
  return { revision: last?._id ?? 0, units: await allUnits() };
}

/** What is said of a set of changes when it is made. */
type NewSet = Pick<UnitChangeSet, 'deed' | 'account' | 'day'> &
  Partial<Pick<UnitChangeSet, 'undoes' | 'name'>>;

/**
 * Makes a set of changes.
 * @param revision of the units that were seen when the changes were worked out
 * @returns the number of the set
 * @throws {Problem} 409 `units-changed` where the units have changed since
 */
export async function makeChanges(
  revision: number,
  set: NewSet,
  changes: readonly UnitChange[],
): Promise<number> {
  const made = await takeEffect(revision, set, changes, await listChanges(changes));
  await apply(made, changes);
  return made._id;
}

/**
 * Has changes take effect that are listed already: from here on they hold, and `finishChanges` writes them into the
 * units.
 * @param batch where they are listed; removed where they cannot take effect
 * @throws {Problem} 409 `units-changed` where the units have changed since `revision`
 */
export async function takeEffect(
  revision: number,
  set: NewSet,
  changes: readonly UnitChange[],
  batch: string,
): Promise<UnitChangeSet> {
  await finishChanges();
  const made = await addChangeSet({
    _id: revision + 1,
    undoes: null,
    counts: countsOf(changes),
    ...set,
    batch,
  });
  if (made) return made;
  await removeListed(batch);
  throw new Problem(409, 'units-changed');
}

/**
 * Finishes what a server began that died on the way. To be called at the start, too.
 * @param watch is told how many units there are to write, and how many are written
 */
export async function finishChanges(watch: FinishWatch = NOBODY): Promise<void> {
  const last = await lastChangeSet();
  if (last?.state === 'applying') await apply(last, await changesOf(last), watch);
}

/** Who watches changes being written into the units; either may throw to end it where it stands. */
interface FinishWatch {
  begin(total: number): Promise<void>;
  reached(written: number): Promise<void>;
}

const NOBODY: FinishWatch = { begin: async () => {}, reached: async () => {} };

const STRAY_MS = 60 * 60 * 1000;

/** At the start of a server: finishes what was begun, and forgets what never took effect. */
export async function tidyChanges(): Promise<void> {
  await finishChanges();
  await removeStray(new Date(Date.now() - STRAY_MS));
}

async function apply(
  set: UnitChangeSet,
  changes: readonly UnitChange[],
  watch: FinishWatch = NOBODY,
): Promise<void> {
  await watch.begin(changes.length);
  await writeChanges(set._id, changes, watch.reached);
  await markApplied(set);
}

/** Why a set of changes cannot be taken back, with the units concerned. */
interface UndoRefusal {
  readonly reason: 'changed-since' | 'in-rounds' | 'has-units-below' | 'undone' | 'is-undo';
  readonly units: readonly Unit[];
}

/** What taking a set back would do, or why it cannot be. */
interface Undo {
  readonly set: UnitChangeSet;
  readonly revision: number;
  readonly changes: readonly UnitChange[];
  readonly refusal: UndoRefusal | null;
}

/**
 * What taking a set back would do.
 * @throws {Problem} 404 no such set
 */
export async function undoOf(number: number): Promise<Undo> {
  const { revision, units } = await seenUnits();
  const set = await changeSet(number);
  if (!set) throw new Problem(404, 'not-found');
  const made = await changesOf(set);
  const changes = made.map(({ before, after }) => ({ before: after, after: before }));
  const undo = (reason: UndoRefusal['reason'] | null, concerned: readonly Unit[] = []): Undo => ({
    set,
    revision,
    changes,
    refusal: reason && { reason, units: concerned },
  });
  if (set.deed === 'undo') return undo('is-undo');
  if ((await takenBack([number])).has(number)) return undo('undone');
  const now = new Map(units.map((unit) => [unit._id, unit]));
  const otherwise = made.flatMap(({ before, after }) => {
    const unit = (after ?? before) as Unit;
    return isDeepStrictEqual(now.get(unit._id) ?? null, after) ? [] : [now.get(unit._id) ?? unit];
  });
  if (otherwise.length > 0) return undo('changed-since', otherwise);
  const going = made.flatMap(({ before, after }) => (before === null && after ? [after] : []));
  const codes = new Set(going.map(({ _id }) => _id));
  const below = withChanges(units, changes).filter(({ parent }) => parent !== null && codes.has(parent));
  if (below.length > 0) return undo('has-units-below', below);
  const asked = new Set(await unitsInRounds([...codes]));
  if (asked.size > 0)
    return undo(
      'in-rounds',
      going.filter(({ _id }) => asked.has(_id)),
    );
  return undo(null);
}
