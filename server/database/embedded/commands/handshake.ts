/** Who the server is and how it fares: hello, ping, buildInfo, serverStatus and what shells ask on the way. */
import os from 'node:os';
import { ObjectId } from 'bson';
import { CommandError } from '../errors.js';
import type { Doc } from '../values.js';
import { type Call, type Command, NO_TRANSACTIONS } from './call.js';

const VERSION = '7.0.0';

/**
 * The engine presents itself as the only member of a replica set: drivers then number their writes, and a retried
 * write can be told from a new one.
 */
function hello({ name, engine, connectionId }: Call): Doc {
  const me = engine.address();
  return {
    helloOk: true,
    [name === 'hello' ? 'isWritablePrimary' : 'ismaster']: true,
    setName: 'embedded',
    setVersion: 1,
    secondary: false,
    hosts: [me],
    primary: me,
    me,
    electionId: new ObjectId('7fffffff0000000000000001'),
    lastWrite: { lastWriteDate: new Date() },
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
  };
}

function buildInfo(): Doc {
  return {
    version: VERSION,
    versionArray: VERSION.split('.').map(Number).concat(0),
    gitVersion: 'embedded',
    modules: [],
    bits: 64,
    debug: false,
    maxBsonObjectSize: 16 * 1024 * 1024,
    storageEngines: ['lmdb'],
  };
}

function serverStatus({ engine }: Call): Doc {
  const { rss, heapUsed } = process.memoryUsage();
  return {
    host: os.hostname(),
    version: VERSION,
    process: 'embedded',
    pid: process.pid,
    uptime: Math.round((Date.now() - engine.startedAt) / 1000),
    localTime: new Date(),
    connections: { current: 1, available: 1000 },
    metrics: { cursor: { open: { total: engine.cursors.size } } },
    mem: { bits: 64, resident: Math.round(rss / 2 ** 20), virtual: 0, heap: Math.round(heapUsed / 2 ** 20) },
    storageEngine: { name: 'lmdb', persistent: true },
  };
}

async function endSessions({ command, engine }: Call): Promise<Doc> {
  const ids = Object.values(command).find(Array.isArray);
  await engine.sessions.end(ids ?? []);
  return {};
}

function getParameter({ command }: Call): Doc {
  if ('featureCompatibilityVersion' in command || command.getParameter === '*')
    return { featureCompatibilityVersion: { version: '7.0' } };
  throw new CommandError(72, 'no option found to get');
}

function refuseTransaction(): never {
  throw NO_TRANSACTIONS;
}

/** What a shell asks to show its prompt: the only member, and it is the primary. */
function replicaSetStatus({ engine }: Call): Doc {
  const member = { _id: 0, name: engine.address(), health: 1, state: 1, stateStr: 'PRIMARY', self: true };
  return { set: 'embedded', date: new Date(), myState: 1, members: [member] };
}

export const HANDSHAKE: Record<string, Command> = {
  hello: { run: hello },
  isMaster: { run: hello },
  ismaster: { run: hello },
  ping: { run: () => ({}) },
  buildInfo: { run: buildInfo },
  buildinfo: { run: buildInfo },
  serverStatus: { run: serverStatus },
  hostInfo: {
    run: () => ({
      system: { hostname: os.hostname(), numCores: os.availableParallelism() },
      os: { type: os.type() },
    }),
  },
  getParameter: { run: getParameter },
  getCmdLineOpts: { run: () => ({ argv: ['embedded'], parsed: {} }) },
  getLog: {
    run: ({ command }) =>
      command.getLog === '*' ? { names: ['global'] } : { totalLinesWritten: 0, log: [] },
  },
  connectionStatus: { run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }) },
  whatsmyuri: { run: ({ engine }) => ({ you: engine.address() }) },
  endSessions: { run: endSessions },
  killSessions: { run: endSessions },
  refreshSessions: { run: () => ({}) },
  startSession: { run: refuseTransaction },
  commitTransaction: { run: refuseTransaction },
  abortTransaction: { run: refuseTransaction },
  // there are no users: shells, the driver's own tests and some set-up scripts ask all the same
  usersInfo: { run: () => ({ users: [] }) },
  rolesInfo: { run: () => ({ roles: [] }) },
  dropAllUsersFromDatabase: { run: () => ({ n: 0 }) },
  replSetGetStatus: { run: replicaSetStatus },
  fsync: { fields: [], run: () => ({ numFiles: 1 }) },
};
