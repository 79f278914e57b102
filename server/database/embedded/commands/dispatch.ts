/** From a request to its answer: finds the command, runs it, and turns every failure into MongoDB's error reply. */
import { BSONError } from 'bson';
import { CommandError } from '../errors.js';
import { type Doc, encode } from '../values.js';
import type { Request } from '../wire/messages.js';
import { AGGREGATE_COMMANDS } from './aggregate.js';
import { type Command, checkFields, type Engine, writeConcernError } from './call.js';
import { COLLECTION_COMMANDS } from './collections.js';
import { EXPLAIN } from './explain.js';
import { FIND_COMMANDS } from './find.js';
import { FIND_AND_MODIFY } from './findAndModify.js';
import { HANDSHAKE } from './handshake.js';
import { INDEX_COMMANDS } from './indexes.js';
import { WRITE_COMMANDS } from './write.js';

const COMMANDS: Record<string, Command> = {
  ...HANDSHAKE,
  ...FIND_COMMANDS,
  ...WRITE_COMMANDS,
  ...FIND_AND_MODIFY,
  ...AGGREGATE_COMMANDS,
  ...COLLECTION_COMMANDS,
  ...INDEX_COMMANDS,
  ...EXPLAIN,
};

/** The reply's body for a request; never throws. */
export async function answer(request: Request, engine: Engine, connectionId: number): Promise<Uint8Array> {
  try {
    const { command, sequences } = request;
    const [name = ''] = Object.keys(command);
    const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!found) throw new CommandError(59, `no such command: '${name}'`);
    if (typeof command.$db !== 'string')
      throw new CommandError(40571, 'OP_MSG requests require a $db argument');
    const call = { name, db: command.$db, command, sequences, engine, connectionId };
    checkFields(call, found);
    const reply = await found.run(call);
    if (reply instanceof Uint8Array) return reply;
    return encode(withoutUndefined({ ...reply, writeConcernError: writeConcernError(command), ok: 1 }));
  } catch (error) {
    return refusal(error);
  }
}

function withoutUndefined(reply: Doc): Doc {
  return Object.fromEntries(Object.entries(reply).filter(([, value]) => value !== undefined));
}

/** The body of an error reply. */
export function refusal(error: unknown): Uint8Array {
  const known = asCommandError(error);
  return encode({ ok: 0, errmsg: known.message, code: known.code, codeName: known.codeName, ...known.extra });
}

function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (BSONError.isBSONError(error)) return new CommandError(22, error.message);
  if (error instanceof RangeError && /call stack/.test(error.message))
    return new CommandError(15, 'the request is nested too deeply');
  process.stderr.write(
    `embedded engine: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return new CommandError(1, error instanceof Error ? error.message : String(error));
}
