/**
 * Aggregation pipelines as a chain of chunk streams. What stands at the head and can be read by index ($match, $sort,
 * $skip, $limit) becomes the query itself; what mingo knows and nobody here needs fast is left to mingo.
 */
import { Aggregator } from 'mingo/aggregator';
import { CommandError, notSupported } from '../errors.js';
import { coveringScan, type Scan, type SortSpec } from '../query/planner.js';
import { type Reader, Turns } from '../query/reading.js';
import { sortKeys } from '../query/sortKeys.js';
import type { Collection } from '../storage/catalog.js';
import { asNumber, type Doc, isDoc, toPlain, typeName } from '../values.js';
import { evaluator, guarded, mingoOptions } from './expressions.js';
import { bucketGroup, Grouping } from './group.js';
import { graphSource, lookup, unionWith } from './joins.js';
import { chunkStage, countOf } from './stages.js';
import { prepare } from './typedExpressions.js';

export type Docs = AsyncIterable<Doc[]>;

export interface Surroundings {
  reader: Reader;
  /** The collection of that name in the same database, if there is one. */
  collection: (name: string) => Collection | undefined;
  variables: Doc;
  /** Of the aggregate command, for the collection it reads first. */
  hint?: unknown;
  deadline?: number | undefined;
}

/** The part of a pipeline that is a plain query, and the stages after it. */
export interface Split {
  filter: Doc;
  sort: SortSpec;
  skip: number;
  limit: number;
  rest: Doc[];
}

/** Takes the leading $match, $sort, $skip and $limit off a pipeline. */
export function splitPipeline(pipeline: Doc[]): Split {
  const split: Split = { filter: {}, sort: [], skip: 0, limit: 0, rest: [] };
  let at = 0;
  const filters: Doc[] = [];
  for (; isDoc(pipeline[at]?.$match); at++) filters.push(pipeline[at]?.$match as Doc);
  if (filters.length > 0) split.filter = filters.length === 1 && filters[0] ? filters[0] : { $and: filters };
  if (isDoc(pipeline[at]?.$sort) && isPlainSort(pipeline[at]?.$sort as Doc))
    split.sort = sortSpec(pipeline[at++]?.$sort);
  if (pipeline[at] && '$skip' in (pipeline[at] ?? {}))
    split.skip = countOf('$skip', pipeline[at++]?.$skip, 0);
  if (pipeline[at] && '$limit' in (pipeline[at] ?? {}))
    split.limit = countOf('$limit', pipeline[at++]?.$limit, 1);
  split.rest = pipeline.slice(at);
  return split;
}

function isPlainSort(spec: Doc): boolean {
  return Object.values(spec).every((way) => asNumber(way) !== undefined);
}

/** A sort document as the planner takes it. @throws CommandError 15974, 15975, 15976 … */
export function sortSpec(spec: unknown): SortSpec {
  if (!isDoc(spec)) throw new CommandError(15973, 'the $sort key specification must be an object');
  const fields = Object.entries(spec);
  if (fields.length === 0) throw new CommandError(15976, '$sort stage must have at least one sort key');
  return fields.map(([path, way]) => {
    const direction = asNumber(way);
    if (isDoc(way)) throw notSupported('$meta in a sort');
    if (direction === undefined) throw new CommandError(15974, `Illegal key in sort specification: ${path}`);
    if (direction !== 1 && direction !== -1)
      throw new CommandError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
    return [path, direction < 0];
  });
}

/** The stages of a pipeline as given by a client. @throws CommandError 14, 40323. */
export function stagesOf(pipeline: unknown): Doc[] {
  if (!Array.isArray(pipeline)) throw new CommandError(14, "'pipeline' option must be specified as an array");
  return pipeline.map((stage) => {
    if (!isDoc(stage)) throw new CommandError(14, "Each element of the 'pipeline' array must be an object");
    if (Object.keys(stage).length !== 1)
      throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
    return stage;
  });
}

/** Reads a collection through a whole pipeline. */
export function runOn(collection: Collection | undefined, pipeline: Doc[], around: Surroundings): Docs {
  const { rest, ...query } = splitPipeline(pipeline);
  if (!collection) return runStages(nothing(), rest, around);
  const covering = around.hint === undefined ? coveringOf(collection, query, rest) : undefined;
  const input = covering ? around.reader.covered(collection, covering) : read(collection, query, around);
  return runStages(input, rest, around);
}

/** The scan of an index that holds all that a $group after a $match needs, if there is one. */
export function coveringOf(
  collection: Collection,
  query: Omit<Split, 'rest'>,
  [next]: Doc[],
): Scan | undefined {
  if (!next || !('$group' in next) || query.skip > 0 || query.limit > 0 || query.sort.length > 0)
    return undefined;
  const fields = fieldsOfGroup(next.$group);
  return fields && fields.size > 0 ? coveringScan(collection, query.filter, fields) : undefined;
}

/** The fields that a $group reads, or undefined if that cannot be told (it uses the whole document, or variables). */
function fieldsOfGroup(spec: unknown, found: Set<string> = new Set()): Set<string> | undefined {
  if (typeof spec === 'string') {
    if (spec.startsWith('$$')) return undefined;
    if (spec.startsWith('$')) found.add(spec.slice(1));
    return found;
  }
  if (typeof spec !== 'object' || spec === null) return found;
  return Object.values(spec).every((inner) => fieldsOfGroup(inner, found)) ? found : undefined;
}

async function* nothing(): AsyncGenerator<Doc[]> {}

async function* read(
  collection: Collection,
  query: Omit<Split, 'rest'>,
  { reader, variables, hint, deadline }: Surroundings,
): AsyncGenerator<Doc[]> {
  const options = { ...query, hint, deadline, evaluate: evaluator(variables) };
  for await (const chunk of reader.find(collection, options)) yield chunk.map(({ doc }) => doc());
}

/** Sends documents through stages. @throws CommandError 40324 for an unknown stage, at once. */
export function runStages(input: Docs, stages: Doc[], around: Surroundings): Docs {
  let docs = input;
  for (const [at, stage] of stages.entries()) {
    const [[name, spec] = ['', undefined]] = Object.entries(stage);
    docs = runStage(docs, name, spec, around, stages[at + 1]);
  }
  return docs;
}

function runStage(
  input: Docs,
  name: string,
  spec: unknown,
  around: Surroundings,
  following: Doc | undefined,
): Docs {
  const evaluate = evaluator(around.variables);
  const onChunk = chunkStage(name, spec, evaluate);
  if (onChunk) return mapChunks(input, onChunk);
  switch (name) {
    case '$limit':
      return limited(input, countOf(name, spec, 1));
    case '$skip':
      return skipped(input, countOf(name, spec, 0));
    case '$sort':
      return sorted(input, sortSpec(spec), asNumber(following?.$limit));
    case '$group':
      return grouped(input, new Grouping(spec, evaluate));
    case '$sortByCount': {
      const counted = grouped(input, new Grouping({ _id: spec, count: { $sum: 1 } }, evaluate));
      return sorted(counted, [['count', true]]);
    }
    case '$count':
      return counted(input, spec);
    case '$sample':
      return sampled(input, isDoc(spec) ? spec.size : undefined);
    case '$facet':
      return faceted(input, spec, around);
    case '$lookup':
      return lookup(input, spec, around, runOn);
    case '$unionWith':
      return unionWith(input, spec, around, runOn);
    case '$graphLookup':
      return throughMingo(input, name, graphSource(spec, around), around);
    case '$bucket': {
      const buckets = grouped(input, new Grouping(bucketGroup(spec), evaluate));
      return sorted(buckets, [['_id', false]]);
    }
    case '$bucketAuto':
    case '$densify':
      return throughMingo(input, name, spec, around);
    case '$changeStream':
      throw new CommandError(40573, 'The $changeStream stage is only supported on replica sets');
    case '$out':
    case '$merge':
      throw new CommandError(40601, `${name} can only be the final stage in the pipeline`);
    default:
      if (OUT_OF_SCOPE.has(name)) throw notSupported(name);
      throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

const OUT_OF_SCOPE = new Set([
  '$fill',
  '$setWindowFields',
  '$geoNear',
  '$search',
  '$searchMeta',
  '$vectorSearch',
  '$currentOp',
  '$listSessions',
  '$planCacheStats',
  '$collStats',
  '$indexStats',
  '$documents',
]);

async function* mapChunks(input: Docs, stage: (docs: Doc[]) => Doc[]): AsyncGenerator<Doc[]> {
  for await (const chunk of input) {
    const made = stage(chunk);
    if (made.length > 0) yield made;
  }
}

async function* limited(input: Docs, limit: number): AsyncGenerator<Doc[]> {
  let left = limit;
  for await (const chunk of input) {
    yield chunk.slice(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}

async function* skipped(input: Docs, skip: number): AsyncGenerator<Doc[]> {
  let left = skip;
  for await (const chunk of input) {
    if (left < chunk.length) yield chunk.slice(left);
    left = Math.max(left - chunk.length, 0);
  }
}

async function* sorted(input: Docs, spec: SortSpec, limit = Number.POSITIVE_INFINITY): AsyncGenerator<Doc[]> {
  const keyOf = sortKeys(spec);
  let all: { doc: Doc; key: Buffer }[] = [];
  const order = () => all.sort((a, b) => Buffer.compare(a.key, b.key));
  for await (const chunk of input) {
    for (const doc of chunk) all.push({ doc, key: keyOf(doc) });
    if (all.length > limit * 2 + 1000) all = order().slice(0, limit);
  }
  yield* inChunks(order().map(({ doc }) => doc));
}

function* inChunks(docs: Doc[]): Generator<Doc[]> {
  for (let at = 0; at < docs.length; at += 256) yield docs.slice(at, at + 256);
}

async function* grouped(input: Docs, grouping: Grouping): AsyncGenerator<Doc[]> {
  for await (const chunk of input) for (const doc of chunk) grouping.add(doc);
  yield* inChunks(grouping.results());
}

async function* counted(input: Docs, name: unknown): AsyncGenerator<Doc[]> {
  if (typeof name !== 'string') throw new CommandError(40156, 'the count field must be a string');
  if (name === '') throw new CommandError(40157, 'the count field must be a non-empty string');
  if (name.startsWith('$')) throw new CommandError(40158, 'the count field cannot be a $-prefixed path');
  if (name.includes('.')) throw new CommandError(40160, "the count field cannot contain '.'");
  let count = 0;
  for await (const chunk of input) count += chunk.length;
  if (count > 0) yield [{ [name]: count }];
}

async function* sampled(input: Docs, size: unknown): AsyncGenerator<Doc[]> {
  const wanted = asNumber(size);
  if (wanted === undefined) throw new CommandError(28746, 'size argument to $sample must be a number');
  if (wanted < 0) throw new CommandError(28747, 'size argument to $sample must not be negative');
  const kept: Doc[] = [];
  let seen = 0;
  for await (const chunk of input) {
    for (const doc of chunk) {
      seen++;
      if (kept.length < wanted) kept.push(doc);
      else {
        const at = Math.floor(Math.random() * seen);
        if (at < wanted) kept[at] = doc;
      }
    }
  }
  yield* inChunks(kept);
}

async function all(input: Docs): Promise<Doc[]> {
  const docs: Doc[] = [];
  for await (const chunk of input) for (const doc of chunk) docs.push(doc);
  return docs;
}

const NOT_IN_FACET = new Set([
  '$out',
  '$merge',
  '$facet',
  '$geoNear',
  '$indexStats',
  '$collStats',
  '$changeStream',
]);

async function* faceted(input: Docs, spec: unknown, around: Surroundings): AsyncGenerator<Doc[]> {
  if (!isDoc(spec) || Object.keys(spec).length === 0)
    throw new CommandError(40169, 'the $facet specification must be a non-empty object');
  const facets = Object.entries(spec).map(([name, stages]): [string, Doc[]] => {
    if (!Array.isArray(stages))
      throw new CommandError(
        40170,
        `arguments to $facet must be arrays, ${name} is type ${typeName(stages)}`,
      );
    const inner = stagesOf(stages);
    const wrong = inner.map((stage) => Object.keys(stage)[0] ?? '').find((stage) => NOT_IN_FACET.has(stage));
    if (wrong) throw new CommandError(40600, `${wrong} is not allowed to be used within a $facet stage`);
    return [name, inner];
  });
  const docs = await all(input);
  const made: Doc = {};
  for (const [name, stages] of facets)
    made[name] = await all(
      runStages(
        (async function* () {
          yield* inChunks(docs);
        })(),
        stages,
        around,
      ),
    );
  yield [made];
}

async function* throughMingo(
  input: Docs,
  name: string,
  spec: unknown,
  around: Surroundings,
): AsyncGenerator<Doc[]> {
  const turns = new Turns();
  const docs = await all(input);
  await turns.pause();
  const plain = prepare(spec);
  const made = guarded(() =>
    new Aggregator([{ [name]: plain }] as never, mingoOptions(around.variables)).run(
      docs.map(toPlain) as Doc[],
    ),
  );
  // groups are told by their _id first
  yield* inChunks((made as Doc[]).map((doc) => (name === '$bucketAuto' ? { _id: doc._id, ...doc } : doc)));
}
