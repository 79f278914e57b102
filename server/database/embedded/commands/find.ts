/** The commands that read by a filter: find, getMore, killCursors, count, distinct. */

import { evaluator } from '../aggregation/expressions.js';
import { sortSpec } from '../aggregation/split.js';
import { CommandError, notSupported } from '../errors.js';
import { keyText } from '../query/keys.js';
import { spreadValues } from '../query/paths.js';
import { compileProjection } from '../query/projection.js';
import { checked, type Query } from '../query/reading.js';
import type { SortSpec } from '../query/scans.js';
import { asLong, type Doc, encode, isDoc, isTruthy } from '../values.js';
import {
  type Call,
  type Command,
  collectionName,
  collectionOf,
  countField,
  deadlineOf,
  docField,
  sizeField,
  variablesOf,
} from './call.js';

const FIND_FIELDS = [
  'filter',
  'sort',
  'projection',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'hint',
  'let',
  'collation',
  'noCursorTimeout',
  'allowPartialResults',
  'allowDiskUse',
  'tailable',
  'awaitData',
  'oplogReplay',
  'min',
  'max',
  'returnKey',
  'showRecordId',
];

/** The query of a find command, or of find's arguments inside explain. */
export function findQuery(call: Call): Query {
  const { command } = call;
  for (const option of ['tailable', 'awaitData', 'returnKey', 'showRecordId', 'min', 'max']) {
    if (command[option] && !(isDoc(command[option]) && Object.keys(command[option]).length === 0))
      throw notSupported(`find with ${option}`);
  }
  const limit = countField(call, 'limit') ?? 0;
  return checked({
    filter: docField(call, 'filter'),
    sort: sortOf(docField(call, 'sort')),
    skip: sizeField(call, 'skip') ?? 0,
    limit: Math.abs(limit),
    hint: hintOf(command.hint),
    evaluate: evaluator(variablesOf(call)),
    deadline: deadlineOf(call),
  });
}

/** A find's sort; empty is no sort. Documents lie in the order of their _id: that is the natural one. */
export function sortOf(sort: Doc): SortSpec {
  if ('$natural' in sort) return sortSpec({ _id: sort.$natural });
  return Object.keys(sort).length === 0 ? [] : sortSpec(sort);
}

/** A hint as given, or undefined where there is none. */
export function hintOf(hint: unknown): unknown {
  return hint === undefined || hint === '' || (isDoc(hint) && Object.keys(hint).length === 0)
    ? undefined
    : hint;
}

function find(call: Call): Promise<Uint8Array> {
  const { command, db, engine } = call;
  const query = findQuery(call);
  const collection = collectionOf(call);
  const limit = countField(call, 'limit') ?? 0;
  const options = {
    namespace: `${db}.${collectionName(call)}`,
    batchSize: sizeField(call, 'batchSize'),
    limit: query.limit,
    singleBatch: isTruthy(command.singleBatch) || limit < 0,
    noTimeout: isTruthy(command.noCursorTimeout),
  };
  const projection = docField(call, 'projection');
  const evaluate = evaluator(variablesOf(call));
  const project =
    Object.keys(projection).length > 0 ? compileProjection(projection, query.filter, evaluate) : undefined;
  async function* source(): AsyncGenerator<Uint8Array[]> {
    if (!collection) return;
    for await (const chunk of engine.reader.find(collection, query)) {
      yield chunk.map(({ bytes, doc }) => (project ? encode(project(doc())) : bytes));
    }
  }
  return engine.cursors.open(source(), options);
}

function getMore(call: Call): Promise<Uint8Array> {
  const { command, db, engine } = call;
  const id = cursorId(command.getMore);
  if (typeof command.collection !== 'string')
    throw new CommandError(14, "BSON field 'getMore.collection' is the wrong type, expected type 'string'");
  return engine.cursors.more(id, `${db}.${command.collection}`, sizeField(call, 'batchSize'));
}

function cursorId(value: unknown): bigint {
  const id = asLong(value)?.toBigInt();
  if (id === undefined)
    throw new CommandError(14, "BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
  return id;
}

function killCursors({ command, engine }: Call): Doc {
  const ids = Array.isArray(command.cursors) ? command.cursors : [];
  const killed = ids.filter((id) => engine.cursors.kill(cursorId(id)));
  const notFound = ids.filter((id) => !killed.includes(id));
  return { cursorsKilled: killed, cursorsNotFound: notFound, cursorsAlive: [], cursorsUnknown: [] };
}

/** The query of a count or distinct command. */
export function plainQuery(call: Call): Query {
  const limit = Math.abs(countField(call, 'limit') ?? 0);
  return checked({
    filter: docField(call, 'query'),
    sort: [],
    skip: sizeField(call, 'skip') ?? 0,
    limit,
    hint: hintOf(call.command.hint),
    evaluate: evaluator(),
    deadline: deadlineOf(call),
  });
}

async function count(call: Call): Promise<Doc> {
  const collection = collectionOf(call);
  const query = plainQuery(call);
  return { n: collection ? await call.engine.reader.count(collection, query) : 0 };
}

async function distinct(call: Call): Promise<Doc> {
  const { command, engine } = call;
  const collection = collectionOf(call);
  if (typeof command.key !== 'string')
    throw new CommandError(14, "BSON field 'distinct.key' is the wrong type, expected type 'string'");
  const path = command.key.split('.');
  const found = new Map<string, unknown>();
  const query = plainQuery(call);
  if (collection) {
    for await (const chunk of engine.reader.find(collection, query)) {
      for (const { doc } of chunk)
        for (const value of spreadValues(doc(), path)) {
          const key = keyText(value);
          if (!found.has(key)) found.set(key, value);
        }
    }
  }
  return { values: [...found.values()] };
}

export const FIND_COMMANDS: Record<string, Command> = {
  find: { fields: FIND_FIELDS, run: find },
  getMore: { fields: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'], run: getMore },
  killCursors: { fields: ['cursors'], run: killCursors },
  count: { fields: ['query', 'limit', 'skip', 'hint', 'collation', 'fields'], run: count },
  distinct: { fields: ['key', 'query', 'hint', 'collation'], run: distinct },
};
