/** The stages that read other collections: $lookup, $unionWith and $graphLookup. */
import { Long } from 'bson';
import { CommandError } from '../errors.js';
import { keyText } from '../query/keys.js';
import { MISSING, spreadValues, valueAt } from '../query/paths.js';
import type { Collection } from '../storage/catalog.js';
import { changeAt, copyOf } from '../update/targets.js';
import { asNumber, type Doc, isDoc } from '../values.js';
import { evaluator, variablesIn } from './expressions.js';
import type { Docs, Surroundings } from './pipeline.js';
import { stagesOf } from './split.js';

type Run = (collection: Collection | undefined, pipeline: Doc[], around: Surroundings) => Docs;

/** `$lookup` by fields, by pipeline, or both: one indexed query for each document. */
export async function* lookup(
  input: Docs,
  spec: unknown,
  around: Surroundings,
  run: Run,
): AsyncGenerator<Doc[]> {
  if (!isDoc(spec)) throw new CommandError(9, 'the $lookup specification must be an Object');
  const { from, localField, foreignField, as, pipeline = [], let: given } = spec;
  if (typeof from !== 'string' || typeof as !== 'string')
    throw new CommandError(9, "must specify 'from' and 'as' fields for a $lookup");
  if ((localField === undefined) !== (foreignField === undefined))
    throw new CommandError(
      9,
      '$lookup requires both or neither of localField and foreignField to be specified',
    );
  if (localField === undefined && !('pipeline' in spec))
    throw new CommandError(
      9,
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  const variables = variablesIn(given, around.variables);
  const piped = stagesOf(pipeline);
  for await (const chunk of input) {
    const joined: Doc[] = [];
    for (const doc of chunk) {
      const inner = { ...around, hint: undefined, variables: variables(doc) };
      const stages = [...joinStage(doc, localField, foreignField), ...piped];
      const made = copyOf(doc);
      const found = await collect(run(around.collection(from), stages, inner));
      changeAt(made, as.split('.'), () => found);
      joined.push(made);
    }
    yield joined;
  }
}

function joinStage(doc: Doc, localField: unknown, foreignField: unknown): Doc[] {
  if (typeof localField !== 'string' || typeof foreignField !== 'string') return [];
  const parts = localField.split('.');
  const direct = valueAt(doc, parts);
  const values = direct === MISSING || Array.isArray(direct) ? spreadValues(doc, parts) : [direct];
  if (values.length === 0 && !Array.isArray(direct)) values.push(null);
  const [only] = values;
  return [{ $match: { [foreignField]: values.length === 1 ? { $eq: only } : { $in: values } } }];
}

/** `$unionWith`: the documents so far, then those of another collection. */
export async function* unionWith(
  input: Docs,
  spec: unknown,
  around: Surroundings,
  run: Run,
): AsyncGenerator<Doc[]> {
  const from = isDoc(spec) ? spec.coll : spec;
  if (typeof from !== 'string') throw new CommandError(9, '$unionWith needs the name of a collection');
  yield* input;
  const stages = isDoc(spec) && spec.pipeline !== undefined ? stagesOf(spec.pipeline) : [];
  yield* run(around.collection(from), stages, { ...around, hint: undefined });
}

/** `$graphLookup`: what the first documents found lead to, and what those lead to, each document once. */
export async function* graphLookup(
  input: Docs,
  spec: unknown,
  around: Surroundings,
  run: Run,
): AsyncGenerator<Doc[]> {
  const { from, startWith, connectFromField, connectToField, as, depthField, ...limits } = isDoc(spec)
    ? spec
    : {};
  if (![from, connectFromField, connectToField, as].every(isText) || startWith === undefined)
    throw new CommandError(
      40105,
      '$graphLookup requires from, as, startWith, connectFromField, and connectToField to be specified.',
    );
  const { maxDepth = Number.POSITIVE_INFINITY, restrictSearchWithMatch = {} } = limits;
  const deepest = asNumber(maxDepth) ?? -1;
  if (deepest < 0) throw new CommandError(40101, 'maxDepth requires a nonnegative argument');
  const start = evaluator(around.variables)(startWith);
  const search = async (first: unknown): Promise<Doc[]> => {
    const found = new Map<string, Doc>();
    const asked = new Set<string>();
    let values = Array.isArray(first) ? first : [first ?? null];
    for (let depth = 0; depth <= deepest; depth++) {
      const fresh = values.filter((value) => !asked.has(keyText(value)));
      if (fresh.length === 0) break;
      for (const value of fresh) asked.add(keyText(value));
      values = [];
      const filter = { $and: [{ [String(connectToField)]: { $in: fresh } }, restrictSearchWithMatch] };
      for (const doc of await collect(
        run(around.collection(String(from)), [{ $match: filter }], { ...around, hint: undefined }),
      )) {
        const key = keyText(doc._id);
        if (found.has(key)) continue;
        found.set(key, isText(depthField) ? { ...doc, [depthField]: Long.fromNumber(depth) } : doc);
        values.push(...spreadValues(doc, String(connectFromField).split('.')));
      }
    }
    return [...found.values()];
  };
  for await (const chunk of input) {
    const joined: Doc[] = [];
    for (const doc of chunk) {
      const made = copyOf(doc);
      const found = await search(start(doc));
      changeAt(made, String(as).split('.'), () => found);
      joined.push(made);
    }
    yield joined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

async function collect(docs: Docs): Promise<Doc[]> {
  const found: Doc[] = [];
  for await (const chunk of docs) found.push(...chunk);
  return found;
}
