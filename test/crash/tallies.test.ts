import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { afterEach, expect, test } from 'vitest';
import { type Round, roundByCode } from '../../models/rounds.js';
import { talliesOfRound } from '../../models/tallies.js';
import { tallyState } from '../../models/tallyStates.js';
import { connectTo } from '../../server/database/connection.js';
import { projectPath } from '../../server/paths.js';
import { countResponses, rebuildTallies } from '../../server/results/counting.js';
import { talliesOf } from '../../server/results/tallies.js';
import type { Tally } from '../../server/statistics/tally.js';
import { itemsOf, readSurveys } from '../../surveys/read.js';
import { ownEngine } from '../database/ownEngine.js';
import { dropDatabase, freshDatabaseUri } from '../database.js';
import { wholeFile } from '../exports/wholeFile.js';
import type { RunningProduct } from '../product.js';
import { startToKill } from './killed.js';
import { Office } from './office.js';

const KILLS = Number(process.env.TALLY_KILLS ?? 6);
const CLIENTS = 16;
const ROUND = 'dot-thu';
const SURVEY = 'parents-mam-non';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const survey = readSurveys(projectPath('surveys')).get(SURVEY);
const likert = (survey ? itemsOf(survey) : [])
  .filter(({ kind }) => kind === 'likert')
  .map(({ code }) => code);

const single = (survey ? itemsOf(survey) : [])
  .filter(({ kind }) => kind === 'single')
  .map(({ code }) => code);
const overall = 'G01';

/** Answers arriving at servers that are killed and started again, while the office reads the figures. */
class Fire {
  begun = 0;
  acknowledged = 0;
  readonly wrong: string[] = [];
  #link = '';
  #password = '';

  constructor(readonly settings: Readonly<Record<string, string>>) {}

  async start(): Promise<RunningProduct> {
    const product = await startToKill(this.settings);
    cleanUps.push(() => product.end('SIGKILL'));
    const [, password] = /mật khẩu (\S+)/.exec(product.output()) ?? [];
    if (password) {
      this.#password = password;
      this.#link = await (await this.#office(product)).openRound();
    }
    return product;
  }

  async #office({ url }: RunningProduct): Promise<Office> {
    const office = new Office(url);
    await office.logIn(this.#password);
    return office;
  }

  /** Clients and two people of the office, until the servers they speak to are gone or the time is over. */
  async burn(servers: readonly RunningProduct[], isOver: () => boolean): Promise<void> {
    const until = async (work: () => Promise<void>) => {
      while (!isOver()) await work().catch(() => sleep(20));
    };
    const clients = Array.from({ length: CLIENTS }, (_, client) =>
      until(() => this.#send(servers[client % servers.length]?.url ?? '')),
    );
    const readers = servers.map(async (server) => {
      const office = await this.#office(server).catch(() => null);
      if (office) await until(() => this.#read(office));
    });
    await Promise.all([...clients, ...readers]);
  }

  async #send(url: string): Promise<void> {
    const person = this.begun;
    this.begun += 1;
    const answers = likert.map((code, item) => [code, String(((person + item) % 5) + 1)]);
    // Every third says who they are, and every fourth comes by a QR code.
    if (person % 3 === 0) for (const code of single) answers.push([code, optionOf(code, person)]);
    const channel = person % 4 === 0 ? '&kenh=qr' : '';
    const key = randomBytes(16).toString('base64url');
    const answer = await fetch(`${url}/k/${this.#link}/${SURVEY}/mam-non?phieu=${key}${channel}`, {
      method: 'POST',
      body: new URLSearchParams(answers),
      redirect: 'manual',
    });
    if (answer.status === 303) this.acknowledged += 1;
  }

  async #read(office: Office): Promise<void> {
    const before = this.acknowledged;
    const answer = await office.get(`/van-phong/dot/${ROUND}/ty-le.csv`);
    if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
    const [row] = wholeFile(await answer.text()).records;
    const counted = Number(row?.['Số phiếu']);
    if (!(counted >= before && counted <= this.begun))
      this.wrong.push(`${counted} shown where ${before} to ${this.begun} were stored`);
  }
}

function optionOf(code: string, person: number): string {
  const item = (survey ? itemsOf(survey) : []).find((each) => each.code === code);
  const options = item && 'options' in item ? item.options : [];
  return options[person % options.length]?.code ?? '';
}

/** Every count of every unit and group, counted in plain code. */
async function recount(): Promise<object> {
  const counts: Record<string, Record<string, number>> = {};
  for await (const { unit, survey, service, channel, answers } of mongoose.connection
    .collection('responses')
    .find({ round: ROUND })) {
    const groups = [unit, `channel=${channel}`, ...single.map((code) => `${code}=${answers[code] ?? ''}`)];
    const levels = likert.filter((code) => code !== overall).map((code) => Number(answers[code]));
    const favourable = levels.filter((level) => level >= 4).length;
    for (const group of groups) {
      counts[`${group} ${survey} ${service}`] ??= {};
      const cell = counts[`${group} ${survey} ${service}`] ?? {};
      const add = (name: string, by = 1) => {
        cell[name] = (cell[name] ?? 0) + by;
      };
      add('people');
      add('answering');
      if (favourable === levels.length) add('allFavourable');
      if (levels.reduce((sum, level) => sum + level, 0) / levels.length >= 4) add('meanAtLeastFour');
      add('answeredSquared', levels.length ** 2);
      add('product', levels.length * favourable);
      add('favourableSquared', favourable ** 2);
      for (const code of likert) add(`${code}: ${answers[code]}`);
      for (const code of likert.filter((code) => code !== overall))
        add(`${code}: ${answers[code]} with ${answers[overall]}`);
    }
  }
  return Object.fromEntries(Object.entries(counts).map(([name, cell]) => [name, onlyPositive(cell)]));
}

async function figures(round: Round): Promise<object> {
  const { units, groups } = await talliesOf(round);
  return Object.fromEntries([
    ...units.map(({ unit, survey, service, tally }) => [
      `${unit.unit} ${survey.id} ${service}`,
      countsOf(tally),
    ]),
    ...groups.map(({ survey, service, group, tally }) => [
      `${group} ${survey.id} ${service}`,
      countsOf(tally),
    ]),
  ]);
}

function countsOf(tally: Tally): object {
  const { people, allFavourable, meanAtLeastFour } = tally.respondents;
  const { answeredSquared, product, favourableSquared } = tally.answersByPerson();
  return onlyPositive({
    people: tally.responses,
    answering: people,
    allFavourable,
    meanAtLeastFour,
    answeredSquared,
    product,
    favourableSquared,
    ...Object.fromEntries(
      likert.flatMap((code) => {
        const { levels, noOpinion, blank } = tally.item(code);
        const pairs = code === overall ? [] : tally.pairs(code);
        return [
          ...levels.map((people, level) => [`${code}: ${level + 1}`, people]),
          [`${code}: none`, noOpinion + blank],
          ...pairs.flatMap((row, one) => row.map((n, two) => [`${code}: ${one + 1} with ${two + 1}`, n])),
        ];
      }),
    ),
  });
}

function onlyPositive(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0));
}

async function bytesKept(): Promise<string[]> {
  const { generation = Number.NaN } = (await tallyState(ROUND)) ?? {};
  const kept = await talliesOfRound(ROUND, generation);
  return kept.map(({ _id, people, counts }) => `${_id} ${people} ${counts.toString('hex')}`).sort();
}

/** Tallies, a recount in plain code and a full rebuild; the database is the connected one. */
async function expectAgreement({ acknowledged, begun, wrong }: Fire): Promise<void> {
  expect(wrong).toEqual([]);
  const round = await roundByCode(ROUND);
  if (!round) throw new Error('no round');
  const counted = await recount();
  const stored = await mongoose.connection.collection('responses').countDocuments({ round: ROUND });
  expect(stored).toBeGreaterThanOrEqual(acknowledged);
  expect(stored).toBeLessThanOrEqual(begun);
  expect(acknowledged).toBeGreaterThanOrEqual(20 * KILLS);
  expect(await figures(round)).toEqual(counted);
  await countResponses(round);
  expect(await figures(round)).toEqual(counted);
  const kept = await bytesKept();
  await rebuildTallies(round);
  expect(await bytesKept()).toEqual(kept);
  expect(await figures(round)).toEqual(counted);
}

/** Now soon after the start, while a server counts what came in before; now later, while answers arrive. */
async function someTime(kill: number, fire: Fire): Promise<void> {
  if (kill % 2 === 1) return sleep(Math.random() * 120);
  const enough = fire.acknowledged + 40;
  while (fire.acknowledged < enough) await sleep(10);
  await sleep(Math.random() * 500);
}

test('after kills of a server and its engine at any moment, tallies, a recount and a rebuild agree', {
  timeout: 60_000 + KILLS * 10_000,
}, async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'tallies-'));
  cleanUps.push(() => rm(dataDir, { recursive: true, force: true }));
  const fire = new Fire({ DATA_DIR: dataDir });
  let product = await fire.start();
  for (let kill = 0; kill < KILLS; kill += 1) {
    let over = false;
    const burning = fire.burn([product], () => over);
    await someTime(kill, fire);
    await product.end('SIGKILL');
    over = true;
    await burning;
    product = await fire.start();
  }
  // A page first: whoever answers has finished its start, and knows how to end.
  expect((await fetch(`${product.url}/van-phong/dang-nhap`)).status).toBe(200);
  expect(await product.end('SIGTERM')).toBe(0);
  const engine = await ownEngine(dataDir);
  cleanUps.push(engine.stop, () => mongoose.disconnect());
  await connectTo(engine.uri);
  await expectAgreement(fire);
});

test('after kills of one of two servers on one database, tallies, a recount and a rebuild agree', {
  timeout: 60_000 + KILLS * 10_000,
}, async () => {
  const uri = freshDatabaseUri();
  const fire = new Fire({ MONGODB_URI: uri });
  const servers = [await fire.start(), await fire.start()];
  await connectTo(uri);
  cleanUps.push(dropDatabase);
  let open = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    let over = false;
    const burning = fire.burn(servers, () => over);
    await someTime(kill, fire);
    await servers[kill % 2]?.end('SIGKILL');
    if ((await tallyState(ROUND))?.phase !== 'idle') open += 1;
    over = true;
    await burning;
    servers[kill % 2] = await fire.start();
  }
  for (const server of servers) await server.end('SIGKILL');
  console.log(`${KILLS} kills, ${fire.acknowledged} answers acknowledged; ${open} left a batch open`);
  await expectAgreement(fire);
});
