import mongoose from 'mongoose';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropDatabase } from '../database.js';
import { jobEnd } from '../jobs/jobEnd.js';
import { typeAndHandOver } from '../paper/paper.js';
import { publishByPage } from '../publishing/rounds.js';
import { filledForm, officeAgent, openedRound, startTestApp, type TestApp, unitRow } from './testApp.js';

/** Questions that want a whole, small collection by their nature. */
const WHOLE = new Set([
  'units.find {}',
  'rounds.find {}',
  'surveyversions.find {}',
  'accounts.findone {}',
  'accounts.find {}',
  'plans.find {}',
]);

let product: TestApp;
const asked = new Map<string, { collection: string; filter: object; sort: object | undefined }>();

beforeAll(async () => {
  product = await startTestApp();
  mongoose.set('debug', (collection: string, method: string, ...args: unknown[]) => {
    // What is wanted of each comes before the filter.
    const [first, second] = (method === 'distinct' ? args.slice(1) : args) as [
      object | object[] | undefined,
      { sort?: object } | undefined,
    ];
    if (['insertOne', 'insertMany', 'bulkWrite', 'createIndex'].includes(method)) return;
    const filter = Array.isArray(first)
      ? ((first[0] as { $match?: object } | undefined)?.$match ?? {})
      : (first ?? {});
    const options = (args.at(-1) ?? second) as { sort?: object } | undefined;
    const name = `${collection}.${method} ${JSON.stringify(Object.keys(filter)).replace('[]', '{}')}`;
    asked.set(name.toLowerCase(), { collection, filter, sort: options?.sort });
  });
});
afterAll(async () => {
  mongoose.set('debug', false);
  await dropDatabase();
});

test('no query of a whole round’s life scans a collection', async () => {
  const { round, links } = await openedRound(product, [
    unitRow('Q1', ['mam-non']),
    unitRow('Q2', ['thcs', 'thpt']),
  ]);
  const link = `/k/${links.get('Q1')}`;
  await supertest(product.app).get(link).expect(200);
  const fresh = `${link}/parents-mam-non/mam-non?phieu=moi`;
  const form = await supertest(product.app).get(fresh).expect(303);
  const filled = filledForm(product.context, 'parents-mam-non', '4');
  const send = () =>
    supertest(product.app).post(String(form.headers.location)).type('form').send(filled).expect(303);
  await supertest(product.app)
    .get(String((await send()).headers.location))
    .expect(200);
  await send();
  const office = await officeAgent(product);
  for (const path of [
    '',
    '/don-vi',
    '/don-vi/ma/Q1',
    '/don-vi/thay-doi',
    '/dich-vu',
    '/dich-vu/phien-ban',
    '/viec',
    '/dot-moi',
    '/tai-khoan?tim=phong&don-vi=Q1',
    '/tai-khoan/vanphong',
    '/tai-khoan-loat?xem=co',
    '/nhat-ky?tu=2026-01-01&den=2099-12-31&tai-khoan=vanphong',
    '/nhat-ky?doi-tuong=vanphong&truoc=99',
    '/nhat-ky?viec=logged-in',
    '/nhat-ky.csv',
    '/nhat-ky/kiem-tra',
    '/cua-toi/xac-thuc',
    `/dot/${round}`,
    `/dot/${round}/quan-ly`,
    `/dot/${round}/ty-le.csv`,
    `/dot/${round}/muc-do.csv`,
    `/dot/${round}/ty-le.xlsx`,
    `/dot/${round}/tai-ve`,
    `/dot/${round}/don-vi/Q1`,
    `/dot/${round}/nhom`,
    `/dot/${round}/so-sanh`,
    '/ke-hoach',
    '/phieu',
    `/phieu/parents-thcs/1?dot=${round}`,
    `/dot/${round}/mau`,
    `/dot/${round}/tien-do`,
    `/dot/${round}/van-ban`,
    `/dot/${round}/bao-cao.docx`,
    '/co-so/Q1',
  ])
    await office.get(`/van-phong${path}`).expect(200);
  await planAndSteering(office, round);
  await handOut(office, round);
  const created = await office
    .post('/van-phong/tai-khoan-moi')
    .type('form')
    .send({ name: 'moi-vao', role: 'leader' })
    .expect(200);
  const [invitation = ''] = /\/van-phong\/moi\/[a-z0-9-]+/.exec(created.text) ?? [];
  await supertest(product.app)
    .post(invitation)
    .type('form')
    .send({ password: 'một câu dễ nhớ', 'repeat-password': 'một câu dễ nhớ' })
    .expect(303);
  await office.post('/van-phong/tai-khoan/moi-vao/khoa').expect(303);
  await typeAndHandOver(product, office, round, 'Q1');
  await office.post(`/van-phong/dot/${round}/dong`).expect(303);
  await office.get(`/van-phong/dot/${round}/phieu/parents-mam-non.csv`).expect(200);
  await publishAndCorrect(office, round);
  await office.post('/van-phong/dang-xuat').expect(303);

  const scans: string[] = [];
  for (const [name, { collection, filter, sort }] of asked) {
    if (WHOLE.has(name)) continue;
    const cursor = mongoose.connection.collection(collection).find(filter as Record<string, unknown>);
    const plan = JSON.stringify(await (sort ? cursor.sort(sort as never) : cursor).explain('queryPlanner'));
    if (plan.includes('COLLSCAN')) scans.push(name);
  }
  expect(scans).toEqual([]);
  expect([...asked.keys()].filter((name) => !WHOLE.has(name)).length).toBeGreaterThan(10);
});

/** Publishes the round, reads what is public, and begins a correction that is dropped. */
async function publishAndCorrect(office: TestAgent, round: string): Promise<void> {
  const page = `/van-phong/dot/${round}/cong-bo`;
  expect((await publishByPage(office, round)).status).toBe(303);
  for (const path of ['', `/${round}`, `/${round}/don-vi`, `/${round}/don-vi/Q1`, `/${round}/du-lieu.csv`])
    await supertest(product.app).get(`/ket-qua${path}`).expect(200);
  await supertest(product.app).get('/').expect(200);
  await office.get('/van-phong/co-so/Q1').expect(200);
  await office.get(`/van-phong/co-so/Q1/ket-qua/${round}`).expect(200);
  await office.post(`${page}/dinh-chinh`).type('form').send({ reason: 'Phiếu giấy đến muộn' }).expect(303);
  await office.get(page).expect(200);
  await office.post(`${page}/giu-nguyen`).expect(303);
}

/** A plan's life, and a round that is extended. */
async function planAndSteering(office: TestAgent, round: string): Promise<void> {
  const taken = await office
    .post('/van-phong/ke-hoach/moi')
    .type('form')
    .send({ mau: 'quang-ngai-2022', title: 'Kế hoạch', year: '2026' })
    .expect(303);
  const plan = String(taken.headers.location);
  await office.get(plan).expect(200);
  const mark = { key: 'm1p1', day: '2026-10-01' };
  await office.post(`${plan}/xong`).type('form').send(mark).expect(303);
  await office.post(`${plan}/chua-xong`).type('form').send(mark).expect(303);
  await office.post(`${plan}/luu-tru`).type('form').send({ archived: 'yes' }).expect(303);
  await office
    .post(`/van-phong/dot/${round}/gia-han`)
    .type('form')
    .send({ closes: '2026-12-31', reason: 'Thêm thời gian' })
    .expect(303);
}

/** Prints, and hands out codes; the round is treated as one by invitation for a moment. */
async function handOut(office: TestAgent, round: string): Promise<void> {
  const own = `/van-phong/co-so/Q1/dot/${round}`;
  const post = (address: string, form: Record<string, string>) =>
    office.post(address).type('form').send(form).expect(303);
  const forms = await post(`${own}/phieu-in`, { survey: 'parents-mam-non', copies: '1' });
  const run = await post(`/van-phong/dot/${round}/in/phieu`, { scope: 'Q1', copies: '1' });
  const access = (way: string) =>
    mongoose.connection.collection('rounds').updateOne({ _id: round as never }, { $set: { access: way } });
  await access('invitation');
  const page = `/van-phong/dot/${round}/ma-moi`;
  const job = await post(`${page}/tao`, { basis: 'number', number: '2' });
  await jobEnd(String(job.headers.location).split('/').at(-1) ?? '');
  for (const address of [
    String(forms.headers.location),
    String(run.headers.location),
    String(job.headers.location),
    `${own}/phieu-in`,
    `${own}/ma-moi`,
    `${page}/phieu`,
    page,
    `/van-phong/dot/${round}/in`,
    `/van-phong/dot/${round}/in/lan-in`,
  ])
    await office.get(address).expect(200);
  const { text } = await office.get(`${own}/ma-moi/ma.csv`).expect(200);
  const [, code = ''] = /\/m\/(\w{11})"/.exec(text) ?? [];
  await supertest(product.app)
    .post(`/m/${code}/parents-mam-non/mam-non?phieu=${'m'.repeat(22)}`)
    .type('form')
    .send(filledForm(product.context, 'parents-mam-non', '4'))
    .expect(303);
  await office.post(`${own}/ma-moi/thu-hoi`).type('form').send({ code: 'x' }).expect(422);
  await post(`${own}/ma-moi/thu-hoi`, { all: 'yes' });
  const all = await post(`${page}/thu-hoi`, { all: 'yes' });
  await jobEnd(String(all.headers.location).split('/').at(-1) ?? '');
  await access('link');
}
