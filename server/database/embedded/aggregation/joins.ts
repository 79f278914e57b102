/** The stages that read other collections: $lookup, $unionWith and the source of $graphLookup. */
import { CommandError } from '../errors.js';
import { MISSING, spreadValues, valueAt } from '../query/paths.js';
import type { Collection } from '../storage/catalog.js';
import { changeAt, copyOf } from '../update/targets.js';
import { type Doc, decode, isDoc, toPlain } from '../values.js';
import { variablesIn } from './expressions.js';
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

/** `$graphLookup` as mingo takes it: with the documents of the other collection in place of its name. */
export function graphSource(spec: unknown, { reader, collection }: Surroundings): Doc {
  if (!isDoc(spec) || typeof spec.from !== 'string')
    throw new CommandError(9, "'from' option to $graphLookup must be a string");
  const source = collection(spec.from);
  return { ...spec, from: source ? reader.all(source).map((bytes) => toPlain(decode(bytes))) : [] };
}

async function collect(docs: Docs): Promise<Doc[]> {
  const found: Doc[] = [];
  for await (const chunk of docs) found.push(...chunk);
  return found;
}
