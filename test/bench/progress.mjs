/**
 * `npm run bench:progress`: the progress board and the sampling plan at the size of a whole province, on the embedded
 * engine. It prints figures and the aims they are held against; it fails nothing. BENCH_RESPONSES and BENCH_UNITS make
 * it smaller. The processor's time beside the clock's tells what of it is a busy machine.
 */
import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import supertest from 'supertest';
import { roundByCode } from '../../dist/models/rounds.js';
import { setQuotas, unitsOfRound } from '../../dist/models/roundUnits.js';
import { createFirstAccount, OFFICE_ACCOUNT } from '../../dist/server/accounts/passwords.js';
import { createApp } from '../../dist/server/app.js';
import { connectTo } from '../../dist/server/database/connection.js';
import { boardOf } from '../../dist/server/progress/board.js';
import { countedDays } from '../../dist/server/progress/countedDays.js';
import { onEmbeddedEngine } from './databases.mjs';
import { median } from './printed.mjs';
import { benchContext, draftRound, openedRound, responsesWanted, storeProvince, UNITS } from './province.mjs';

const RESPONSES = responsesWanted(500_000);
const OPENS = '2026-10-01';
const TODAY = '2026-11-05';
const DAYS = 36;
const SURVEYS = ['parents-mam-non', 'parents-tieu-hoc', 'parents-thcs'];
const LEVELS = [['mam-non'], ['tieu-hoc'], ['thcs'], ['tieu-hoc', 'thcs']];

async function build(context) {
  await storeProvince({ communes: 96, top: 'SGD', levelsOf: (number) => LEVELS[number % 4] });
  return {
    code: await openedRound(context, { opens: OPENS, surveys: SURVEYS }),
    draft: await draftRound(context, { opens: '2027-10-01', closes: '2027-11-30', surveys: SURVEYS }),
  };
}

async function answer(code) {
  const units = await unitsOfRound(code);
  await setQuotas(
    code,
    units.map((one) => ({ unit: one.unit, quota: 200, forms: 400 })),
  );
  const pick = (list) => list[Math.floor(Math.random() * list.length)];
  const one = () => {
    const { unit, offers } = pick(units);
    const day = new Date(Date.parse(OPENS) + Math.floor(Math.random() * DAYS) * 86_400_000);
    return {
      _id: randomBytes(24).toString('base64url'),
      round: code,
      unit,
      ...pick(offers),
      version: 1,
      channel: 'link',
      answers: {},
      language: 'vi',
      day: day.toISOString().slice(0, 10),
      flags: [],
    };
  };
  const responses = mongoose.connection.collection('responses');
  for (let at = 0; at < RESPONSES; at += 5000)
    await responses.insertMany(Array.from({ length: Math.min(5000, RESPONSES - at) }, one), {
      ordered: false,
    });
}

async function measured(what, work, times, aim = '') {
  const clock = [];
  const before = process.cpuUsage();
  for (let time = 0; time < times; time++) {
    const began = performance.now();
    await work();
    clock.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(before);
  const figures =
    `${Math.round(median(clock))} ms`.padStart(10) +
    `${Math.round((user + system) / 1000 / times)} ms`.padStart(10);
  console.log(what.padEnd(56) + figures, ' ', aim);
}

const PLAN = {
  kind: 'sample',
  by: ['level', 'place'],
  precisionFor: 'round',
  margin: '3',
  confidence: '95',
  expected: '50',
  responseRate: '50',
  spread: 'proportional',
  minimum: '10',
};

await onEmbeddedEngine(async (uri) => {
  await connectTo(uri);
  const context = benchContext(TODAY);
  const password = randomBytes(12).toString('hex');
  await createFirstAccount(password);
  const { code, draft } = await build(context);
  await answer(code);
  console.log(`${RESPONSES} responses of ${UNITS} units`.padEnd(56), '    clock', '     cpu');
  await measured(
    'counting every day for the first time',
    () => countedDays(code, TODAY),
    1,
    'in the background',
  );
  const round = await roundByCode(code);
  await measured('the figures of the board', () => boardOf(context, round, ''), 9);
  const office = supertest.agent(createApp(context));
  const name = OFFICE_ACCOUNT;
  await office.post('/van-phong/dang-nhap').type('form').send({ name, password }).expect(303);
  const page = (what, address, times, aim) =>
    measured(what, () => office.get(`/van-phong/dot/${address}`).expect(200), times, aim);
  const aim = 'aim: under 500 ms';
  await page('the board by place', `${code}/tien-do`, 9, aim);
  await page('the board, every unit', `${code}/tien-do?xem=don-vi`, 9, aim);
  await page('a reminder', `${code}/tien-do/nhac?duoi=XA003`, 9, aim);
  await page('the board as CSV', `${code}/tien-do.csv`, 3);
  await page('the board as XLSX', `${code}/tien-do.xlsx`, 3);
  const decide = () => office.post(`/van-phong/dot/${draft}/mau`).type('form').send(PLAN).expect(303);
  await measured('deciding a sampling plan', decide, 3);
  await page('the sampling plan', `${draft}/mau`, 9, aim);
  await page('the quotas of the open round', `${code}/mau`, 9, aim);
  await mongoose.disconnect();
});
