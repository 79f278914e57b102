/**
 * Aggregation pipelines as a chain of chunk streams. What stands at the head and can be read by index ($match, $sort,
 * $skip, $limit) becomes the query itself; what mingo knows and nobody here needs fast is left to mingo.
 */
import { Aggregator } from 'mingo/aggregator';
import { CommandError, notSupported } from '../errors.js';
import type { Reader } from '../query/reading.js';
import type { Collection } from '../storage/catalog.js';
import { asNumber, type Doc, isDoc, toPlain, typeName } from '../values.js';
import { evaluator, guarded, mingoOptions } from './expressions.js';
import { autoBuckets, bucketGroup, Grouping } from './group.js';
import { graphLookup, lookup, unionWith } from './joins.js';
import { coveringOf, type Split, sortSpec, splitPipeline, stagesOf } from './split.js';
import { chunkStage, countOf } from './stages.js';
import { all, counted, grouped, inChunks, limited, mapChunks, sampled, skipped, sorted } from './streams.js';
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

/** Reads a collection through a whole pipeline. */
export function runOn(collection: Collection | undefined, pipeline: Doc[], around: Surroundings): Docs {
  const { rest, ...query } = splitPipeline(pipeline);
  if (!collection) return runStages(nothing(), rest, around);
  const covering = around.hint === undefined ? coveringOf(collection, query, rest) : undefined;
  const input = covering ? around.reader.covered(collection, covering) : read(collection, query, around);
  return runStages(input, rest, around);
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
      if (!(isDoc(spec) ? Object.keys(spec)[0] : String(spec))?.startsWith('$'))
        throw new CommandError(
          40149,
          '$sortByCount takes a $-prefixed path or an expression inside an object',
        );
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
      return graphLookup(input, spec, around, runOn);
    case '$bucket': {
      const buckets = grouped(input, new Grouping(bucketGroup(spec), evaluate));
      return sorted(buckets, [['_id', false]]);
    }
    case '$bucketAuto':
      return gathered(input, (docs) => autoBuckets(docs, spec, evaluate));
    case '$densify':
      return gathered(input, (docs) => densified(docs, spec, around));
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

/** What is made of all documents together. */
async function* gathered(input: Docs, make: (docs: Doc[]) => Doc[]): AsyncGenerator<Doc[]> {
  yield* inChunks(make(await all(input)));
}

/** `$densify` by mingo. */
function densified(docs: Doc[], spec: unknown, { variables }: Surroundings): Doc[] {
  if (!isDoc(spec) || !isDoc(spec.range))
    throw new CommandError(40414, "BSON field '$densify.range' is missing but a required field");
  const stages = [{ $densify: prepare(spec) }] as never;
  return guarded(() =>
    new Aggregator(stages, mingoOptions(variables)).run(docs.map(toPlain) as Doc[]),
  ) as Doc[];
}
