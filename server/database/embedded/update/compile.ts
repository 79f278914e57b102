/** Updates as functions from a document to its successor: replacement, operators, or a pipeline. */
import { ObjectId } from 'bson';
import { CommandError } from '../errors.js';
import { keyOf } from '../query/keys.js';
import { compileFilter, type Evaluate, type Test } from '../query/matcher.js';
import { isOperators } from '../query/operators.js';
import { isPosition, MISSING, valueAt } from '../query/paths.js';
import { positionOf } from '../query/projection.js';
import { asNumber, asRegExp, type Doc, isDoc, typeName } from '../values.js';
import { type Change, OPERATORS } from './operators.js';
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

interface Target {
  operator: string;
  path: string[];
  change: Change;
  /** For $rename: where the value goes. */
  to?: string[];
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

function targetsOf(update: Doc): Target[] {
  const targets: Target[] = [];
  for (const [operator, fields] of Object.entries(update)) {
    const make =
      operator === '$setOnInsert'
        ? OPERATORS.$set
        : operator === '$unset' || operator === '$rename'
          ? () => () => MISSING
          : Object.hasOwn(OPERATORS, operator)
            ? OPERATORS[operator]
            : undefined;
    if (!make) {
      throw new CommandError(
        9,
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    }
    if (!isDoc(fields)) {
      throw new CommandError(
        9,
        `Modifiers operate on fields but we found type ${typeName(fields)} instead. For example: {$mod: {<field>: ...}} not {${operator}: ${JSON.stringify(fields)}}`,
      );
    }
    for (const [path, operand] of Object.entries(fields)) {
      const target: Target = { operator, path: pathOf(path), change: make(operand, path) };
      if (operator === '$rename') {
        target.to = renameTarget(path, operand);
        targets.push({ operator: '$renamed', path: target.to, change: () => MISSING });
      }
      targets.push(target);
    }
  }
  return targets;
}

function pathOf(path: string): string[] {
  if (path === '') throw new CommandError(56, 'An empty update path is not valid.');
  const parts = path.split('.');
  if (parts.includes(''))
    throw new CommandError(
      56,
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  if (parts[0]?.startsWith('$'))
    throw new CommandError(
      parts[0] === '$' || parts[0].startsWith('$[') ? 2 : 52,
      `The dollar ($) prefixed field '${parts[0]}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    );
  return parts;
}

function renameTarget(from: string, to: unknown): string[] {
  if (typeof to !== 'string')
    throw new CommandError(2, `The 'to' field for $rename must be a string: ${from}: ${String(to)}`);
  if (from === to)
    throw new CommandError(2, `The source and target field for $rename must differ: ${from}: "${to}"`);
  if ([...from.split('.'), ...to.split('.')].some((part) => part.startsWith('$')))
    throw new CommandError(2, `The source field for $rename may not be dynamic: ${from}`);
  return pathOf(to);
}

function comparePaths(a: string[], b: string[]): number {
  for (const [at, part] of a.entries()) {
    const other = b[at];
    if (other === undefined) return 1;
    if (part === other) continue;
    if (isPosition(part) && isPosition(other)) return Number(part) - Number(other);
    return part < other ? -1 : 1;
  }
  return a.length - b.length;
}

function refuseConflicts(targets: Target[]): void {
  for (let at = 1; at < targets.length; at++) {
    const [before, path] = [targets[at - 1]?.path ?? [], targets[at]?.path ?? []];
    if (before.every((part, depth) => part === path[depth])) {
      throw new CommandError(
        40,
        `Updating the path '${path.join('.')}' would create a conflict at '${before.join('.')}'`,
      );
    }
  }
}

function arrayFilters(
  { arrayFilters: given, evaluate }: UpdateRequest,
  targets: Target[],
): Map<string, Test> {
  const filters = new Map<string, Test>();
  for (const filter of Array.isArray(given) ? given : []) {
    if (!isDoc(filter)) throw new CommandError(14, 'arrayFilters must be documents');
    const name = identifierOf(filter);
    if (name === undefined)
      throw new CommandError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name))
      throw new CommandError(
        2,
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
      );
    if (filters.has(name))
      throw new CommandError(9, `Found multiple array filters with the same top-level field name ${name}`);
    const test = compileFilter(filter, evaluate);
    filters.set(name, (item) => test({ [name]: item }));
  }
  const used = new Set(
    targets.flatMap(({ path }) =>
      path.filter((part) => part.startsWith('$[')).map((part) => part.slice(2, -1)),
    ),
  );
  for (const name of used)
    if (name !== '' && !filters.has(name))
      throw new CommandError(2, `No array filter found for identifier '${name}' in path`);
  for (const name of filters.keys())
    if (!used.has(name))
      throw new CommandError(9, `The array filter for identifier '${name}' was not used in the update`);
  return filters;
}

function identifierOf(filter: Doc): string | undefined {
  for (const [key, value] of Object.entries(filter)) {
    if (!key.startsWith('$')) return key.split('.')[0];
    if (!Array.isArray(value)) continue;
    for (const branch of value) {
      const found = isDoc(branch) ? identifierOf(branch) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The fields that a filter fixes by equality: what an upsert begins with. */
function seedOf(filter: Doc, seed: Doc = {}): Doc {
  for (const [key, condition] of Object.entries(filter)) {
    if (key === '$and' || (key === '$or' && Array.isArray(condition) && condition.length === 1)) {
      for (const branch of condition as unknown[]) if (isDoc(branch)) seedOf(branch, seed);
    } else if (!key.startsWith('$')) {
      const values = isOperators(condition) ? equalitiesOf(condition) : [condition];
      for (const value of values) {
        if (asRegExp(value)) continue;
        if (valueAt(seed, key.split('.')) !== MISSING) {
          throw new CommandError(54, `cannot infer query fields to set, path '${key}' is matched twice`);
        }
        changeAt(seed, key.split('.'), () => copyOf(value));
      }
    }
  }
  return seed;
}

function equalitiesOf({ $eq, $in, $all }: Doc): unknown[] {
  const all = Array.isArray($all) ? $all.filter((item) => !isOperators(item)) : [];
  const only = Array.isArray($in) && $in.length === 1 ? $in : [];
  return [...($eq === undefined ? [] : [$eq]), ...only, ...all];
}
