/** Updates as functions from a document to its successor: replacement, operators, or a pipeline. */
import { ObjectId } from 'bson';
import { CommandError } from '../errors.js';
import { keyOf } from '../query/keys.js';
import type { Evaluate } from '../query/matcher.js';
import { isOperators } from '../query/operators.js';
import { isPosition, MISSING, valueAt } from '../query/paths.js';
import { positionOf } from '../query/position.js';
import { asNumber, type Doc, isDoc } from '../values.js';
import { arrayFilters } from './arrayFilters.js';
import { comparePaths, refuseConflicts, type Target, targetsOf } from './parse.js';
import { seedOf } from './seed.js';
import { changeAt, copyOf, placesOf, removeAt } from './targets.js';

export interface UpdateRequest {
  filter: Doc;
  update: unknown;
  arrayFilters: unknown;
  evaluate: Evaluate;
  /** Runs the stages of a pipeline update on one document. */
  runPipeline: (stages: Doc[], doc: Doc) => Doc;
}

export interface Update {
  /** A whole new document rather than operators: allowed for one document only. */
  replacement: boolean;
  /**
   * The successor of a document, and whether it counts as modified even if it is the same (a $push does, a NaN does).
   * @throws CommandError for what MongoDB refuses on this document.
   */
  apply: (doc: Doc) => { next: Doc; always: boolean };
  /** The document that an upsert inserts. */
  insert: () => Doc;
}

/** Compiles an update. @throws CommandError 9, 40, 52, 56 … for a malformed one. */
export function compileUpdate(request: UpdateRequest): Update {
  const { update } = request;
  const step = Array.isArray(update)
    ? pipelineStep(request, update)
    : isDoc(update)
      ? documentStep(request, update)
      : undefined;
  if (!step) throw new CommandError(9, 'Update argument must be either an object or an array');
  return {
    replacement: !Array.isArray(update) && isDoc(update) && !isOperators(update),
    apply: (doc) => {
      const context: Context = { doc, now: new Date(), inserting: false, changed: false };
      const made = step(context);
      if ('_id' in made ? !sameId(made._id, doc._id) : '_id' in doc) {
        throw new CommandError(
          66,
          `Performing an update on the path '_id' would modify the immutable field '_id'`,
        );
      }
      return { next: made, always: context.changed };
    },
    insert: () =>
      withId(step({ doc: seedOf(request.filter), now: new Date(), inserting: true, changed: false })),
  };
}

function sameId(a: unknown, b: unknown): boolean {
  return keyOf(a).equals(keyOf(b));
}

function withId(doc: Doc): Doc {
  if (!('_id' in doc)) return { _id: new ObjectId(), ...doc };
  const { _id, ...rest } = doc;
  return { _id, ...rest };
}

interface Context {
  doc: Doc;
  now: Date;
  inserting: boolean;
  changed: boolean;
}

type Step = (context: Context) => Doc;

function pipelineStep({ runPipeline }: UpdateRequest, update: unknown[]): Step {
  const stages = update.map((stage) => {
    const [name] = isDoc(stage) ? Object.keys(stage) : [];
    if (!isDoc(stage) || name === undefined)
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
    if (!['$set', '$addFields', '$unset', '$project', '$replaceRoot', '$replaceWith'].includes(name)) {
      throw new CommandError(72, `${name} is not allowed to be used within an update`);
    }
    return stage;
  });
  return ({ doc }) => {
    const made = runPipeline(stages, doc);
    return '_id' in doc && !('_id' in made) ? { _id: doc._id, ...made } : made;
  };
}

function documentStep(request: UpdateRequest, update: Doc): Step {
  const [first, ...others] = Object.keys(update);
  if (!first?.startsWith('$')) {
    const operator = others.find((name) => name.startsWith('$'));
    if (operator === undefined) return replacementStep(update);
    throw new CommandError(
      52,
      `The dollar ($) prefixed field '${operator}' in '${operator}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  }
  return operatorStep(request, update);
}

function replacementStep(update: Doc): Step {
  return ({ doc }) => {
    if (!('_id' in doc) || '_id' in update)
      return { ...('_id' in update ? { _id: update._id } : {}), ...update };
    return { _id: doc._id, ...update };
  };
}

function operatorStep(request: UpdateRequest, update: Doc): Step {
  const targets = targetsOf(update).sort((a, b) => comparePaths(a.path, b.path));
  refuseConflicts(targets);
  const filters = arrayFilters(request, targets);
  return (context) => {
    const { doc, inserting } = context;
    const made = copyOf(doc);
    const matched = (arrayPath: string) => positionOf(doc, arrayPath, request.filter, request.evaluate);
    for (const target of targets) {
      if (target.operator === '$setOnInsert' && !inserting) continue;
      for (const place of placesOf(made, target.path, { matched, filters }))
        act(made, target, place, context);
    }
    return made;
  };
}

function act(doc: Doc, { operator, change, to }: Target, place: string[], context: Context): void {
  if (WITHOUT_CREATING.has(operator)) refuseScalars(doc, place);
  if (operator === '$unset') removeAt(doc, place);
  else if (operator === '$rename' && to) {
    const value = valueAt(doc, place);
    if (value === MISSING) return;
    refuseArrays(doc, place);
    refuseArrays(doc, to);
    removeAt(doc, place);
    changeAt(doc, to, () => value);
  } else
    changeAt(doc, place, (value) => {
      const made = change(value, context);
      if (operator === '$push' || (operator in ARITHMETIC && Number.isNaN(asNumber(made))))
        context.changed = true;
      return made;
    });
}

/** A sum or product that is no number equals nothing, not even what was there. */
const ARITHMETIC = { $inc: true, $mul: true };

/** These make no new fields, yet fail where the path leads through a value that can hold none. */
const WITHOUT_CREATING = new Set(['$pull', '$pullAll', '$pop', '$rename']);

function refuseScalars(doc: Doc, place: string[]): void {
  for (const [at, part] of place.entries()) {
    const holder = at === 0 ? doc : valueAt(doc, place.slice(0, at));
    if (holder === MISSING) return;
    if (isDoc(holder) || (Array.isArray(holder) && isPosition(part))) continue;
    throw new CommandError(
      28,
      `Cannot use the part (${part}) of (${place.join('.')}) to traverse the element (${place[at - 1]})`,
    );
  }
}

function refuseArrays(doc: Doc, place: string[]): void {
  for (let at = 1; at < place.length; at++) {
    if (Array.isArray(valueAt(doc, place.slice(0, at)))) {
      throw new CommandError(
        2,
        `The source and target field for $rename must not be on the path of an array element: '${place.join('.')}'`,
      );
    }
  }
}
