import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allRounds } from '../../models/rounds.js';
import { readConfig } from '../../server/config.js';
import { backupDatabase } from '../../server/database/backupDatabase.js';
import { connectTo } from '../../server/database/connection.js';
import { restoreDatabase } from '../../server/database/restoreDatabase.js';
import { prepareDemo } from '../../server/demo/data.js';
import { WHOLE } from '../../server/results/counts.js';
import { RoundFigures } from '../../server/results/roundFigures.js';
import { talliesOf } from '../../server/results/tallies.js';
import { unitRows } from '../../server/results/unitRows.js';
import { readContext } from '../../server/serve.js';
import { type OwnEngine, ownEngine } from '../database/ownEngine.js';
import { dropDatabase, freshDatabaseUri } from '../database.js';

let engine: OwnEngine;
let folder: string;
beforeAll(async () => {
  engine = await ownEngine();
  folder = await mkdtemp(path.join(tmpdir(), 'carried-'));
});
afterAll(async () => {
  await dropDatabase();
  await engine.remove();
  await rm(folder, { recursive: true, force: true });
});

/** Every figure of every round. */
async function figures() {
  const rounds = await allRounds();
  return Promise.all(
    rounds.map(async (round) => {
      const tallies = await talliesOf(round);
      const figures = new RoundFigures(round, tallies, 5);
      const groups = tallies.groups.map(({ group, survey, tally }) => [group, survey.id, [...tally.counts]]);
      return { total: figures.summary(WHOLE), units: unitRows(round, figures), groups };
    }),
  );
}

/** The connection's database. */
function database() {
  const { db } = mongoose.connection;
  if (!db) throw new Error('not connected');
  return db;
}

test('rounds carried from the embedded engine to another server by backup and restore show the same figures', async () => {
  const config = readConfig({ SESSION_SECRET: randomBytes(32).toString('hex'), LOG_LEVEL: 'silent' });
  const file = path.join(folder, 'rounds.backup');
  await connectTo(engine.uri);
  expect(await prepareDemo(readContext(config))).toBeGreaterThan(5000);
  const before = await figures();
  await backupDatabase(database(), file);
  await mongoose.disconnect();
  // The reference server, where one is at hand; otherwise another database on the server of this run.
  await connectTo(freshDatabaseUri(process.env.REFERENCE_URI || process.env.MONGODB_URI));
  await restoreDatabase(database(), file);
  expect(await figures()).toEqual(before);
  expect(before.map(({ total }) => total.responses).reduce((sum, count) => sum + count)).toBeGreaterThan(
    5000,
  );
});
