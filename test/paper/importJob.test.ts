/** A file of answers stored by a job: what it refuses, who watches it, and that no answer lies anywhere but in its sheets. */
import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertJob, type Job } from '../../models/jobs.js';
import { batchById, type PaperBatch } from '../../models/paperBatches.js';
import { sheetsOfBatch } from '../../models/paperSheets.js';
import { giveList } from '../../server/jobs/givenList.js';
import { readCsv } from '../../server/lists/csvLines.js';
import { readSheetFile } from '../../server/paper/importFile.js';
import { paperImportJob } from '../../server/paper/importJob.js';
import { placeOfBatch } from '../../server/paper/place.js';
import { itemsOf } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { officeAgent, startTestApp, type TestApp } from '../http/testApp.js';
import { jobEnd } from '../jobs/jobEnd.js';
import { openBatch, type PaperUnit, paperUnit, SCHOOL, serialOf, typedForm } from './paper.js';

const SHEETS = 600;
const SECRET = 'Cô giáo của con tôi';

let product: TestApp;
let unit: PaperUnit;
let agent: TestAgent;
let account: string;
let batch: PaperBatch;
let at: string;
let number = 0;
let survey: Survey;

beforeAll(async () => {
  product = await startTestApp();
  unit = await paperUnit(product);
  agent = await agentOf(product, 'entry', SCHOOL);
  account = String((await collection('accounts').findOne({ role: 'entry' }))?._id);
  survey = product.context.surveys.get('parents-thcs') as Survey;
});
afterAll(dropDatabase);
beforeEach(async () => {
  batch = await openBatch(agent, unit, { nguon: 'file' });
  at = `${unit.pages}/${batch._id}`;
  number += 1000;
});

const collection = (name: string) => mongoose.connection.collection(name);
const columns = () => ['so', ...itemsOf(survey).map(({ code }) => code)];
const file = (sheets = SHEETS) =>
  [
    columns(),
    ...Array.from({ length: sheets }, (_, sheet) => {
      const form = { ...typedForm(product, survey.id, '4'), K01: `${SECRET} ${sheet}` };
      const cells: Record<string, string> = { so: serialOf(unit, batch, number + sheet), ...form };
      return columns().map((column) => cells[column] ?? '');
    }),
  ]
    .map((cells) => cells.join(','))
    .join('\n');
const give = (list: string) => agent.post(`${at}/tep`).field('step', 'store').field('list', list);
const sheetsThere = () => sheetsOfBatch(batch._id);
const listsKept = () => collection('keptTexts').countDocuments();
const audited = () =>
  collection('auditEntries').countDocuments({ action: 'paper-file-stored', 'details.batch': batch.ordinal });

/** A job of a file whose server died a minute ago, before it had done anything. */
async function abandoned(list: string, by = account): Promise<{ id: string; input: Job['input'] }> {
  const read = readSheetFile(await placeOfBatch(batch), readCsv(list), 'vi');
  const input = {
    ...{ ...(await giveList(readCsv(list))), hash: read.hash, unit: SCHOOL, batch: batch._id },
    ...{ file: 'phieu.csv', day: '2026-10-15' },
  };
  const parameters = { unit: 'Trường', ordinal: batch.ordinal };
  const { id } = await insertJob(
    { kind: 'paper-import', account: by, parameters, input, total: SHEETS },
    `paper-import ${batch._id}`,
  );
  await died(id);
  return { id, input };
}

const died = (id: string) =>
  collection('jobs').updateOne(
    { _id: id as never },
    { $set: { state: 'running', beat: new Date(Date.now() - 60_000) } },
  );
const alive = (id: string) =>
  collection('jobs').updateOne({ _id: id as never }, { $set: { beat: new Date() } });
const begunAgain = async (id: string) => {
  await agent.post(`/van-phong/viec/${id}/lai`).expect(303);
  return jobEnd(id);
};

/** Sends the file and does not wait for it. @returns the job */
async function sent(list: string): Promise<string> {
  product.setPatience(0);
  const { headers } = await give(list).expect(303);
  product.setPatience(30_000);
  return String(headers.location).split('/').at(-1) ?? '';
}

/** Runs a job until so many sheets are stored, as where its server is killed there. */
const runUntil = (input: Job['input'], sheets: number) =>
  paperImportJob.run(
    product.context,
    input as never,
    {
      async begin() {},
      async reached(done) {
        if (done >= sheets) throw new Error('killed');
      },
      expect() {},
    },
    account,
  );

describe('a file is refused late', () => {
  it('where one of its sheets has been typed meanwhile: the page says so and leads to the batch', async () => {
    const { id } = await abandoned(file());
    const typed = await openBatch(agent, unit);
    const form = { so: serialOf(unit, batch, number + 7), ...typedForm(product, survey.id, '4') };
    await agent.post(`${unit.pages}/${typed._id}/nhap`).type('form').send(form).expect(303);
    expect(await begunAgain(id)).toMatchObject({ state: 'failed', problem: 'paper-sheet-changed' });
    const { text } = await agent.get(`/van-phong/viec/${id}`).expect(200);
    expect(text).toContain('xem tình trạng mới nhất');
    expect(text).toContain(`href="${at}"`);
    expect([(await sheetsThere()).length, await listsKept(), await audited()]).toEqual([0, 0, 0]);
  });

  it('where its batch was discarded meanwhile', async () => {
    const { id } = await abandoned(file());
    await agent.post(`${at}/huy`).type('form').send({ 'ly-do': 'Nhầm' }).expect(303);
    expect(await begunAgain(id)).toMatchObject({ state: 'failed', problem: 'paper-ended' });
    expect([(await sheetsThere()).length, await listsKept()]).toEqual([0, 0]);
  });

  it('while another file is on its way into the batch, and nothing of it is kept', async () => {
    const { id } = await abandoned(file());
    await alive(id);
    const kept = await listsKept();
    const answer = await give(file(2)).expect(409);
    expect(answer.text).toContain('Tập này đang nhận một tệp khác');
    expect(await listsKept()).toBe(kept);
    // The same file again is a button pressed twice.
    product.setPatience(0);
    expect((await give(file()).expect(303)).headers.location).toBe(`/van-phong/viec/${id}`);
    product.setPatience(30_000);
    await collection('keptTexts').deleteMany({});
  });

  it('soon enough to be shown again with what was given, where somebody stored sheets at that moment', async () => {
    const stray = { batch: batch._id, number: 99_999, phase: 'staged', staged: { attempt: '99999999' } };
    await collection('paperSheets').insertOne({ _id: `${batch._id}/x` as never, ...stray });
    const answer = await give(file(2)).expect(409);
    expect(answer.text).toContain('phiếu của đơn vị đã có thay đổi');
    expect(answer.text).toContain(`${SECRET} 1`);
    expect(answer.text).toContain('name="step" value="store"');
    expect([(await sheetsThere()).length, await audited()]).toEqual([1, 0]);
    await collection('paperSheets').deleteOne({ _id: `${batch._id}/x` as never });
    await give(file(2)).expect(303);
  });

  it('for an account that has been given another unit, and for everybody of another unit', async () => {
    const { id } = await abandoned(file());
    const other = await agentOf(product, 'entry', 'T2');
    await other.get(`/van-phong/viec/${id}`).expect(404);
    await other.post(`/van-phong/viec/${id}/lai`).expect(404);
    const moved = await collection('accounts').findOne({ role: 'entry', unit: 'T2' });
    await collection('jobs').updateOne({ _id: id as never }, { $set: { account: moved?._id } });
    await other.post(`/van-phong/viec/${id}/lai`).expect(404);
    expect((await sheetsThere()).length).toBe(0);
    await collection('keptTexts').deleteMany({});
  });
});

describe('a file whose job is not waited for', () => {
  it('is watched by who gave it; the batch says that it is coming and shows no sheet before it is whole', async () => {
    const { id, input } = await abandoned(file());
    await expect(runUntil(input, 250)).rejects.toThrow('killed');
    await alive(id);
    expect((await sheetsThere()).length).toBe(250);
    const page = await agent.get(at).expect(200);
    expect(page.text).toContain('Phiếu từ tệp đang được lưu');
    expect(page.text).toContain(`href="/van-phong/viec/${id}"`);
    expect(page.text).toContain(`<strong>0 / ${batch.announced}</strong>`);
    expect(page.text).not.toContain(`href="${at}/tep"`);
    expect((await agent.get(`${at}/tep`).expect(303)).headers.location).toBe(at);
    const unitAccount = await agentOf(product, 'unit', SCHOOL);
    const shown = await unitAccount.get(at).expect(200);
    expect(shown.text).toContain('Phiếu từ tệp đang được lưu');
    expect(shown.text).not.toContain(`/van-phong/viec/${id}`);
    await died(id);
    expect(await begunAgain(id)).toMatchObject({ state: 'done', outcome: { rows: SHEETS }, href: at });
  });

  it('leaves no answer anywhere but in the sheets of its batch', async () => {
    const id = await sent(file());
    expect(await jobEnd(id)).toMatchObject({ state: 'done', outcome: { rows: SHEETS } });
    expect(await listsKept()).toBe(0);
    const names = (await mongoose.connection.db?.listCollections().toArray())?.map(({ name }) => name) ?? [];
    for (const name of names) {
      const text = JSON.stringify(await collection(name).find().toArray());
      expect([name, text.includes(SECRET)]).toEqual([name, name === 'paperSheets']);
    }
    const { text } = await (await officeAgent(product)).get(`/van-phong/viec/${id}`).expect(200);
    expect(text).toContain(`Đã lưu ${SHEETS} phiếu`);
  });
});

describe('begun again after its server died', () => {
  it.each([0, 250, 500])(
    'with %i sheets stored, it stores each once, with one entry in the log',
    async (sheets) => {
      const { id, input } = await abandoned(file());
      await expect(runUntil(input, sheets)).rejects.toThrow('killed');
      expect(await begunAgain(id)).toMatchObject({ state: 'done', outcome: { rows: SHEETS } });
      const there = await sheetsThere();
      expect(there.map((sheet) => sheet.number)).toEqual(
        Array.from({ length: SHEETS }, (_, i) => number + i),
      );
      expect(there[9]?.staged?.answers.K01).toBe(`${SECRET} 9`);
      expect([await listsKept(), await audited()]).toEqual([0, 1]);
      // And once more, where it died after it had stored everything.
      await died(id);
      expect(await begunAgain(id)).toMatchObject({ state: 'done', outcome: { rows: SHEETS }, href: at });
      expect([(await sheetsThere()).length, await audited()]).toEqual([SHEETS, 1]);
      expect((await batchById(batch._id))?.file).toMatchObject({ name: 'phieu.csv', rows: SHEETS });
    },
  );
});
