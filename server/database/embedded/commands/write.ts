/** insert, update and delete: each statement by itself, errors by their index, the whole command in one commit. */
import { ObjectId } from 'bson';
import { evaluator } from '../aggregation/expressions.js';
import { CommandError } from '../errors.js';
import { checked, type Query } from '../query/reading.js';
import { compileUpdate, type Update } from '../update/compile.js';
import { runPipeline } from '../update/pipelineUpdate.js';
import { asNumber, type Doc, encode, isDoc, isTruthy, typeName } from '../values.js';
import {
  type Call,
  type Command,
  collectionName,
  deadlineOf,
  refuseCollation,
  refuseUnknown,
  variablesOf,
} from './call.js';
import { eachMatch, findOne, refuseId, removeNow, replace, upsertNow } from './documents.js';
import { hintOf, sortOf } from './find.js';

const LARGEST_BATCH = 100_000;

/** What the statements of one command did so far. */
interface Outcome {
  n: number;
  nModified?: number;
  upserted: Doc[];
  errors: Doc[];
}

function replyOf({ command }: Call, { n, nModified, upserted, errors }: Outcome): Doc {
  // a client that wants no acknowledgement is told nothing, not even of errors
  if (isDoc(command.writeConcern) && asNumber(command.writeConcern.w) === 0) return { n: 0 };
  return {
    n,
    ...(nModified === undefined ? {} : { nModified }),
    ...(upserted.length > 0 ? { upserted } : {}),
    ...(errors.length > 0 ? { writeErrors: errors } : {}),
  };
}

function statementsOf(call: Call, field: string): Doc[] {
  const list = call.command[field];
  if (list === undefined)
    throw new CommandError(40414, `BSON field '${call.name}.${field}' is missing but a required field`);
  if (!Array.isArray(list))
    throw new CommandError(
      14,
      `BSON field '${call.name}.${field}' is the wrong type '${typeName(list)}', expected type 'array'`,
    );
  if (list.length === 0 || list.length > LARGEST_BATCH) {
    throw new CommandError(
      16,
      `Write batch sizes must be between 1 and ${LARGEST_BATCH}. Got ${list.length} operations.`,
    );
  }
  return list.map((item) => {
    if (isDoc(item)) {
      refuseUnknown(item, STATEMENTS[field], `${call.name}.${field}`);
      return item;
    }
    throw new CommandError(
      14,
      `BSON field '${call.name}.${field}.0' is the wrong type '${typeName(item)}', expected type 'object'`,
    );
  });
}

const STATEMENTS: Record<string, string[]> = {
  updates: ['q', 'u', 'c', 'upsert', 'multi', 'arrayFilters', 'hint', 'sort', 'collation'],
  deletes: ['q', 'limit', 'hint', 'collation'],
};

/** Whether the next statement may run after this one failed. */
function isOrdered({ command }: Call): boolean {
  return command.ordered === undefined || isTruthy(command.ordered);
}

function failed(outcome: Outcome, index: number, error: unknown): void {
  if (!(error instanceof CommandError)) throw error;
  outcome.errors.push({ index, code: error.code, ...error.extra, errmsg: error.message });
}

async function insert(call: Call): Promise<Doc> {
  const { db, engine, sequences } = call;
  const name = collectionName(call);
  const stored = sequences.get('documents');
  const docs = statementsOf(call, 'documents').map((doc, at) => prepared(doc, stored?.[at]));
  return engine.sessions.once(call, () => {
    const collection = engine.catalog.ensure(db, name);
    const outcome: Outcome = { n: 0, upserted: [], errors: [] };
    for (const [index, { doc, bytes, refusal }] of docs.entries()) {
      try {
        if (refusal) throw refusal;
        engine.records.insert(collection, doc, bytes);
        outcome.n++;
      } catch (error) {
        failed(outcome, index, error);
        if (isOrdered(call)) break;
      }
    }
    return replyOf(call, outcome);
  });
}

/** A document as it will be stored: with an _id, and the _id first. */
function prepared(doc: Doc, bytes?: Uint8Array): { doc: Doc; bytes: Uint8Array; refusal?: CommandError } {
  const [first] = Object.keys(doc);
  const refusal = refuseId(doc._id);
  if (refusal) return { doc, bytes: new Uint8Array(), refusal };
  if (first === '_id' && bytes) return { doc, bytes: Buffer.from(bytes) };
  const { _id = new ObjectId(), ...rest } = doc;
  const made = { _id, ...rest };
  return { doc: made, bytes: encode(made) };
}

interface Statement {
  query: Query;
  update: Update;
  upsert: boolean;
  multi: boolean;
}

function updateStatement(call: Call, statement: Doc): Statement {
  const { q, u, upsert, multi, arrayFilters, hint, sort, collation } = statement;
  refuseCollation(collation);
  if (!isDoc(q))
    throw new CommandError(
      q === undefined ? 40414 : 14,
      `BSON field 'update.updates.q' is missing or of the wrong type`,
    );
  const variables = { ...variablesOf(call), ...(isDoc(statement.c) ? statement.c : {}) };
  const evaluate = evaluator(variables);
  const update = compileUpdate({
    filter: q,
    update: u,
    arrayFilters,
    evaluate,
    runPipeline: runPipeline(variables),
  });
  if (update.replacement && isTruthy(multi))
    throw new CommandError(9, 'multi update is not supported for replacement-style update');
  const query = {
    filter: q,
    sort: isDoc(sort) ? sortOf(sort) : [],
    skip: 0,
    limit: isTruthy(multi) ? 0 : 1,
    hint: hintOf(hint),
    evaluate,
    deadline: deadlineOf(call),
  };
  return { query: checked(query), update, upsert: isTruthy(upsert), multi: isTruthy(multi) };
}

async function update(call: Call): Promise<Doc> {
  const { engine } = call;
  const name = collectionName(call);
  const statements = statementsOf(call, 'updates');
  const outcome: Outcome = { n: 0, nModified: 0, upserted: [], errors: [] };
  const one = (index: number) => {
    const { query, update: change, upsert } = updateStatement(call, statements[index] ?? {});
    const found = findOne(call, name, query);
    if (found) {
      if (replace(call, name, found, change)) outcome.nModified = (outcome.nModified ?? 0) + 1;
      outcome.n++;
    } else if (upsert) {
      outcome.upserted.push({ index, _id: upsertNow(call, name, change)._id });
      outcome.n++;
    }
  };
  const many = async (index: number) => {
    const statement = updateStatement(call, statements[index] ?? {});
    let [n, modified] = [0, 0];
    const collection = engine.catalog.get(call.db, name);
    await eachMatch(engine, collection, statement.query, (found) => {
      if (replace(call, name, found, statement.update)) modified++;
      n++;
    });
    // a statement that fails on its way counts nothing, though what it changed stays changed
    outcome.n += n;
    outcome.nModified = (outcome.nModified ?? 0) + modified;
    if (n === 0 && statement.upsert) await engine.store.write(() => one(index));
  };
  return runStatements(
    call,
    statements.map(({ multi }) => isTruthy(multi)),
    outcome,
    one,
    many,
  );
}

async function remove(call: Call): Promise<Doc> {
  const { db, engine } = call;
  const name = collectionName(call);
  const statements = statementsOf(call, 'deletes');
  const wrong = statements.find(({ limit }) => asNumber(limit) !== 0 && asNumber(limit) !== 1);
  if (wrong)
    throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${String(wrong.limit)}`);
  const outcome: Outcome = { n: 0, upserted: [], errors: [] };
  const queryOf = (index: number): Query => {
    const { q, limit, hint, collation } = statements[index] ?? {};
    refuseCollation(collation);
    if (!isDoc(q))
      throw new CommandError(40414, "BSON field 'delete.deletes.q' is missing but a required field");
    const count = asNumber(limit) ?? 0;
    return checked({
      filter: q,
      sort: [],
      skip: 0,
      limit: count,
      hint: hintOf(hint),
      evaluate: evaluator(variablesOf(call)),
      deadline: deadlineOf(call),
    });
  };
  const one = (index: number) => {
    const found = findOne(call, name, queryOf(index));
    if (!found) return;
    removeNow(call, name, found);
    outcome.n++;
  };
  const many = (index: number) =>
    eachMatch(engine, engine.catalog.get(db, name), queryOf(index), (found) => {
      removeNow(call, name, found);
      outcome.n++;
    });
  return runStatements(
    call,
    statements.map(({ limit }) => asNumber(limit) === 0),
    outcome,
    one,
    many,
  );
}

/** Statements about one document run together in one commit; those about many take as many commits as they need. */
async function runStatements(
  call: Call,
  several: boolean[],
  outcome: Outcome,
  one: (index: number) => void,
  many: (index: number) => Promise<void>,
): Promise<Doc> {
  const { engine } = call;
  if (!several.includes(true)) {
    const start = { ...outcome };
    return engine.sessions.once(call, () => {
      Object.assign(outcome, start, { upserted: [], errors: [] });
      for (const index of several.keys()) {
        try {
          one(index);
        } catch (error) {
          failed(outcome, index, error);
          if (isOrdered(call)) break;
        }
      }
      return replyOf(call, outcome);
    });
  }
  for (const [index, isMany] of several.entries()) {
    try {
      if (isMany) await many(index);
      else await engine.store.write(() => one(index));
    } catch (error) {
      failed(outcome, index, error);
      if (isOrdered(call)) break;
    }
  }
  return replyOf(call, outcome);
}

export const WRITE_COMMANDS: Record<string, Command> = {
  insert: { fields: ['documents', 'ordered', 'bypassDocumentValidation'], run: insert },
  update: { fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let'], run: update },
  delete: { fields: ['deletes', 'ordered', 'let'], run: remove },
};
