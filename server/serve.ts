/** Configuration → database → app → listen → stop; shared by the production start and the demonstration. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { sealAuditWith } from '../models/auditSeal.js';
import { dayInVietnam } from '../models/day.js';
import { refuseEditedVersions } from '../surveys/pinned.js';
import { readSurveys } from '../surveys/read.js';
import { createApp } from './app.js';
import type { Config } from './config.js';
import type { Context } from './context.js';
import { connectDatabase } from './database/connection.js';
import { readEmblem } from './http/emblem.js';
import { DEFAULT_LANGUAGE, readLanguageList, translator } from './http/language.js';
import { stopJobs } from './jobs/jobs.js';
import { resumeHandOvers } from './paper/handOver.js';
import { projectPath } from './paths.js';
import { readPlans } from './plans/planFiles.js';
import { keepDayCounts } from './progress/keepDayCounts.js';
import { keepTallies } from './results/keepTallies.js';
import { readServices } from './services/catalogue.js';
import { beginServices, keepServices } from './services/keptServices.js';
import { tidyChanges } from './units/changes.js';

const t = translator(DEFAULT_LANGUAGE);

/** How long open requests may take to finish once the server is told to stop. */
const DRAIN_MS = 10_000;

export interface RunningServer {
  /** Address under which the server is reached. */
  readonly url: string;
  /** Takes no new requests, finishes those under way, then stops the database. */
  stop(): Promise<void>;
}

/**
 * Everything a request may need, from the project's own files; from here on the audit log is sealed.
 * @throws where a file has a mistake
 */
export function readContext(config: Config): Context {
  sealAuditWith(config.sessionSecret);
  return {
    config,
    log: pino({ level: config.logLevel }),
    languages: readLanguageList(),
    surveys: readSurveys(projectPath('surveys')),
    services: readServices(projectPath('server', 'services', 'catalogue.json')),
    emblem: readEmblem(config.emblem),
    plans: readPlans(projectPath('server', 'plans', 'files')),
    patience: 1000,
    today: () => dayInVietnam(new Date()),
  };
}

/**
 * Starts the server: takes the port first, so that a port in use is known before anything is stored.
 * @param prepare what to do once the database is there and before the first request
 * @throws where a file has a mistake, the database cannot be had or the port is taken
 */
export async function serve(
  config: Config,
  prepare: (context: Context) => Promise<void>,
): Promise<RunningServer> {
  const context = readContext(config);
  let answer: RequestListener = notYet;
  const server = createServer((request, response) => answer(request, response));
  await listen(server, config);
  let disconnect = async () => {};
  try {
    disconnect = await connectDatabase(config, databaseGone);
    await refuseEditedVersions(context.surveys);
    await tidyChanges();
    await beginServices(context);
    await prepare(context);
    await resumeHandOvers(context);
    answer = createApp(context);
    const lastTallies = keepTallies(context);
    const endDayCounts = keepDayCounts(context);
    const endServices = keepServices(context);
    const last = () => {
      endServices();
      endDayCounts();
      return lastTallies();
    };
    return { url: urlOf(server, config), stop: () => stop(server, last, disconnect) };
  } catch (error) {
    server.close();
    await disconnect();
    throw error;
  }
}

/** Answers while the server is starting. */
const notYet: RequestListener = (_request, response) => {
  response
    .writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '2' })
    .end(t('start.waiting'));
};

/** Without its database a server can only refuse; who watches over it can start it anew. */
function databaseGone(): void {
  fail(new Error(t('start.database-gone')));
}

/**
 * Runs until SIGTERM or SIGINT, then stops cleanly; a failed start is one plain message and exit code 1. Told to stop
 * while it is starting, it stops as soon as it has started: a database half opened is nothing to walk away from.
 */
export async function runUntilStopped(start: () => Promise<RunningServer>): Promise<void> {
  const starting = start();
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    starting.then((running) => running.stop()).then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  if (process.env.npm_lifecycle_event) whenParentEnds(stop);
  await starting.catch(fail);
}

/** npm ends its shell on SIGTERM and the shell tells nobody: whoever stopped npm meant the server. */
function whenParentEnds(stop: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 500).unref();
}

function fail(error: unknown): never {
  console.error(
    error instanceof Error ? `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}` : error,
  );
  process.exit(1);
}

function listen(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code = '' }: NodeJS.ErrnoException) => {
      const key = code === 'EADDRINUSE' ? 'start.problem.port' : 'start.problem.host';
      reject(new Error(t(key, { host, port, code })));
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function urlOf(server: Server, { publicUrl, host }: Config): string {
  if (publicUrl) return publicUrl;
  const { port } = server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

async function stop(
  server: Server,
  lastTallies: () => Promise<void>,
  disconnect: () => Promise<void>,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const patience = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(patience);
  await stopJobs();
  await lastTallies();
  await disconnect();
}
