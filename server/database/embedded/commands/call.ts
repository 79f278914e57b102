/** What every command is handed: the parts of the engine, and the request with its common fields checked. */
import { variablesIn } from '../aggregation/expressions.js';
import { CommandError, notSupported } from '../errors.js';
import type { Reader } from '../query/reading.js';
import type { Catalog, Collection } from '../storage/catalog.js';
import type { Records } from '../storage/records.js';
import type { Store } from '../storage/store.js';
import { asNumber, type Doc, isDoc, typeName } from '../values.js';
import type { Cursors } from './cursors.js';
import type { Sessions } from './sessions.js';

export interface Engine {
  store: Store;
  catalog: Catalog;
  records: Records;
  reader: Reader;
  cursors: Cursors;
  sessions: Sessions;
  /** Where clients reach the engine, as hello tells them. */
  address: () => string;
  startedAt: number;
}

export interface Call {
  name: string;
  db: string;
  command: Doc;
  sequences: Map<string, Uint8Array[]>;
  engine: Engine;
  connectionId: number;
}

export interface Command {
  /** The fields it takes beside those that all commands take; undefined for commands that take anything. */
  fields?: string[];
  /** The answer: a document without `ok`, or finished bytes. */
  run: (call: Call) => Promise<Doc | Uint8Array> | Doc | Uint8Array;
}

const COMMON = [
  '$db',
  'lsid',
  'txnNumber',
  '$clusterTime',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'maxTimeMSOpTimeOnly',
  'comment',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'startTransaction',
  'autocommit',
  'stmtId',
  '$audit',
  '$client',
  '$configServerState',
  'help',
];

/** @throws CommandError for a field the command does not have, a transaction, or a concern that cannot be met. */
export function checkFields(call: Call, { fields }: Command): void {
  const { command, name } = call;
  if (command.autocommit === false || 'startTransaction' in command) throw NO_TRANSACTIONS;
  checkVersion(command, name);
  refuseUnknown(command, fields && [name, ...COMMON, ...fields], name);
  checkReadConcern(command);
  refuseCollation(command.collation);
}

/** @throws CommandError 40415 for a field of a request that is not among those known, where they are. */
export function refuseUnknown(given: Doc, known: string[] | undefined, name: string): void {
  const unknown = known && Object.keys(given).find((key) => !known.includes(key));
  if (unknown) throw new CommandError(40415, `BSON field '${name}.${unknown}' is an unknown field.`);
}

/** What a server without transactions says of them. */
export const NO_TRANSACTIONS = new CommandError(
  20,
  'Transaction numbers are only allowed on a replica set member or mongos: the embedded engine has no transactions',
);

const LEVELS = new Set([undefined, 'local', 'available', 'majority', 'linearizable']);

function checkReadConcern({ readConcern }: Doc): void {
  const level = isDoc(readConcern) ? readConcern.level : undefined;
  if (level === 'snapshot') throw notSupported('read concern snapshot');
  if (!LEVELS.has(level as string | undefined))
    throw new CommandError(
      2,
      `Enumeration value '${String(level)}' for field 'readConcern.level' is not a valid value.`,
    );
}

/** What a write concern that one member cannot meet comes to: the write is done, and this is said of it. */
export function writeConcernError({ writeConcern }: Doc): Doc | undefined {
  const w = isDoc(writeConcern) ? writeConcern.w : undefined;
  if ((asNumber(w) ?? 1) > 1)
    return { code: 100, codeName: 'UnsatisfiableWriteConcern', errmsg: 'Not enough data-bearing nodes' };
  if (typeof w !== 'string' || w === 'majority') return undefined;
  const errmsg = `No write concern mode named '${w}' found in replica set configuration`;
  return { code: 79, codeName: 'UnknownReplWriteConcern', errmsg };
}

/** Commands that MongoDB's stable API, version 1, does not have. */
const NOT_IN_API = new Set([
  'distinct',
  'collStats',
  'dbStats',
  'validate',
  'serverStatus',
  'renameCollection',
  'getLog',
]);

function checkVersion({ apiVersion, apiStrict }: Doc, name: string): void {
  if (apiVersion !== undefined && apiVersion !== '1')
    throw new CommandError(322, `API version must be "1", got ${String(apiVersion)}`);
  if (apiStrict === true && NOT_IN_API.has(name))
    throw new CommandError(323, `Provided apiStrict:true, but the command ${name} is not in API Version 1`);
}

/** Only the order by bytes is known. @throws CommandError 115 for any other collation. */
export function refuseCollation(collation: unknown): void {
  if (!isDoc(collation) || Object.keys(collation).length === 0 || collation.locale === 'simple') return;
  throw notSupported('A collation other than simple');
}

/** The name of the collection that the command is about. @throws CommandError 73. */
export function collectionName({ command, name, db }: Call): string {
  const found = command[name];
  if (typeof found !== 'string')
    throw new CommandError(
      found === undefined ? 40414 : 73,
      `collection name has invalid type ${typeName(found)}`,
    );
  if (found === '') throw new CommandError(73, `Invalid namespace specified '${db}.'`);
  return found;
}

/** The collection that the command is about, if it exists. */
export function collectionOf(call: Call): Collection | undefined {
  return call.engine.catalog.get(call.db, collectionName(call));
}

/** A document field of a command; missing or null is empty. @throws CommandError 14 for another type. */
export function docField(call: Call, field: string): Doc {
  const value = call.command[field];
  if (value === undefined || value === null) return {};
  if (isDoc(value)) return value;
  throw new CommandError(
    14,
    `BSON field '${call.name}.${field}' is the wrong type '${typeName(value)}', expected type 'object'`,
  );
}

/** A whole number field of a command. @throws CommandError 14, 51024. */
export function countField(call: Call, field: string): number | undefined {
  const value = call.command[field];
  if (value === undefined || value === null) return undefined;
  const number = asNumber(value);
  if (number === undefined)
    throw new CommandError(
      14,
      `BSON field '${call.name}.${field}' is the wrong type '${typeName(value)}', expected types '[long, int, decimal, double]'`,
    );
  return Math.trunc(number);
}

/** The same for fields that must not be negative. */
export function sizeField(call: Call, field: string): number | undefined {
  const number = countField(call, field);
  if (number !== undefined && number < 0)
    throw new CommandError(51024, `BSON field '${field}' value must be >= 0, actual value '${number}'`);
  return number;
}

/** The moment at which maxTimeMS ends the command, if the client set one. */
export function deadlineOf(call: Call): number | undefined {
  const limit = sizeField(call, 'maxTimeMS');
  return limit ? performance.now() + limit : undefined;
}

/** The `let` variables of a command, for expressions. */
export function variablesOf(call: Call): Doc {
  return variablesIn(docField(call, 'let'))({});
}
