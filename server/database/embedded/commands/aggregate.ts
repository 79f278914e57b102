/** aggregate: a pipeline read through a cursor, or written to a collection by $out and $merge. */
import { evaluator } from '../aggregation/expressions.js';
import { output } from '../aggregation/output.js';
import { type Docs, runOn, runStages, type Surroundings } from '../aggregation/pipeline.js';
import { coveringOf, splitPipeline, stagesOf } from '../aggregation/split.js';
import { CommandError } from '../errors.js';
import { checked } from '../query/reading.js';
import type { Collection } from '../storage/catalog.js';
import { asNumber, type Doc, encode, isDoc } from '../values.js';
import { type Call, type Command, collectionName, collectionOf, deadlineOf, variablesOf } from './call.js';
import { explainFind } from './explain.js';
import { hintOf } from './find.js';
import { collStatsDoc } from './statistics.js';

async function aggregate(call: Call): Promise<Doc | Uint8Array> {
  const { command, db, engine } = call;
  const stages = stagesOf(command.pipeline);
  if (command.explain) return explainAggregate(call);
  if (!isDoc(command.cursor))
    throw new CommandError(
      9,
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  const whole = asNumber(command.aggregate) === 1;
  const name = whole ? '$cmd.aggregate' : collectionName(call);
  const around = surroundings(call);
  const options = { namespace: `${db}.${name}`, batchSize: asNumber(command.cursor.batchSize) };
  const collection = engine.catalog.get(db, name);
  const last = stages.at(-1);
  const writes = last && ('$out' in last || '$merge' in last);
  if (writes && isDoc(command.readConcern) && command.readConcern.level === 'linearizable')
    throw new CommandError(
      72,
      `${Object.keys(last)[0]} cannot be used with a 'linearizable' read concern level`,
    );
  const read = writes ? stages.slice(0, -1) : stages;
  const docs = ownDocs(call, read, around);
  if (writes) {
    await output(call, last, docs ?? runOn(collection, read, around));
    return engine.cursors.open(encoded((async function* () {})()), options);
  }
  return engine.cursors.open(docs ? encoded(docs) : source(call, collection, read, around), options);
}

/** The documents of a pipeline whose first stage makes its own, or undefined where a collection is read. */
function ownDocs(call: Call, [first = {}, ...rest]: Doc[], around: Surroundings): Docs | undefined {
  const { command } = call;
  const whole = asNumber(command.aggregate) === 1;
  const [[name, spec] = ['', undefined]] = Object.entries(first);
  if (command.apiStrict === true && (name === '$collStats' || name === '$listLocalSessions'))
    throw new CommandError(323, `stage ${name} is not in API Version 1`);
  let docs: unknown;
  if (name === '$collStats' && !whole) docs = [collStatsDoc(call, spec)];
  if (name === '$documents' && whole) docs = evaluator(around.variables)(spec)({});
  if (name === '$listLocalSessions' && whole) docs = [{ _id: command.lsid, lastUse: new Date() }];
  if (Array.isArray(docs)) return runStages(one(docs), rest, around);
  if (!whole) return undefined;
  runStages(one([]), name ? [first] : [], around);
  throw new CommandError(73, `{aggregate: 1} is not valid for '${name}'; a collection is required.`);
}

async function* one(chunk: Doc[]): AsyncGenerator<Doc[]> {
  yield chunk;
}

/** The rest of the engine as pipelines see it. */
function surroundings(call: Call): Surroundings {
  const { db, engine } = call;
  return {
    reader: engine.reader,
    collection: (name) => engine.catalog.get(db, name),
    variables: variablesOf(call),
    hint: hintOf(call.command.hint),
    deadline: deadlineOf(call),
  };
}

async function* encoded(docs: AsyncIterable<Doc[]>): AsyncGenerator<Uint8Array[]> {
  for await (const chunk of docs) yield chunk.map(encode);
}

/** Where a pipeline is no more than a query or a count, stored bytes and index keys answer without decoding. */
function source(
  call: Call,
  collection: Collection | undefined,
  stages: Doc[],
  around: Surroundings,
): AsyncGenerator<Uint8Array[]> {
  const { rest, ...split } = splitPipeline(stages);
  const { reader } = around;
  const query = checked({
    ...split,
    hint: hintOf(call.command.hint),
    evaluate: evaluator(around.variables),
    deadline: deadlineOf(call),
  });
  const counting = countingStage(rest);
  if (collection && counting) {
    return (async function* () {
      const n = await reader.count(collection, query);
      if (n > 0) yield [encode(counting(n))];
    })();
  }
  if (collection && rest.length === 0) {
    return (async function* () {
      for await (const chunk of reader.find(collection, query)) yield chunk.map(({ bytes }) => bytes);
    })();
  }
  return encoded(runOn(collection, stages, around));
}

/** For `{$count}` and `{$group: {_id: constant, n: {$sum: 1}}}`, what countDocuments sends: the answer for a count. */
function countingStage(stages: Doc[]): ((n: number) => Doc) | undefined {
  const [stage, ...others] = stages;
  if (!stage || others.length > 0) return undefined;
  const { $count, $group } = stage;
  if (typeof $count === 'string' && /^[^$.]+$/.test($count)) return (n) => ({ [$count]: n });
  if (!isDoc($group)) return undefined;
  const fields = Object.entries($group).filter(([name]) => name !== '_id');
  const constant = '_id' in $group && ($group._id === null || asNumber($group._id) !== undefined);
  const [[name, accumulator] = ['', undefined]] = fields;
  if (/[.$]/.test(name)) return undefined;
  if (!constant || fields.length !== 1 || !isDoc(accumulator) || asNumber(accumulator.$sum) !== 1)
    return undefined;
  return (n) => ({ _id: $group._id, [name]: n });
}

/** explain of an aggregate: the plan of the part at its head that is a query. */
export function explainAggregate(call: Call): Promise<Doc> {
  const { rest, ...split } = splitPipeline(stagesOf(call.command.pipeline));
  const evaluate = evaluator(variablesOf(call));
  const query = { ...split, hint: hintOf(call.command.hint), evaluate };
  const collection = collectionOf(call);
  return explainFind(call, query, rest, collection && coveringOf(collection, split, rest));
}

const FIELDS = [
  'pipeline',
  'cursor',
  'explain',
  'allowDiskUse',
  'bypassDocumentValidation',
  'collation',
  'hint',
  'let',
];

export const AGGREGATE_COMMANDS: Record<string, Command> = {
  aggregate: { fields: FIELDS, run: aggregate },
};
