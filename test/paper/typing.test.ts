/** Typing paper forms: what is refused, what is stored, and that it counts once the batch is handed over. */
import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { batchById, type PaperBatch } from '../../models/paperBatches.js';
import { sheetsOfBatch } from '../../models/paperSheets.js';
import { countOfRound } from '../../models/responses.js';
import { closeRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { startTestApp, type TestApp } from '../http/testApp.js';
import {
  batchForm,
  day,
  openBatch,
  type PaperUnit,
  PRINTED,
  paperUnit,
  SCHOOL,
  serialOf,
  typedForm,
} from './paper.js';
import { storedResponses } from './stored.js';

let product: TestApp;
let unit: PaperUnit;
let typist: TestAgent;
let school: TestAgent;
let leader: TestAgent;
let batch: PaperBatch;
let at: string;
/** Printed numbers go up, so that no test meets the sheets of another. */
let number = 0;

beforeAll(async () => {
  product = await startTestApp();
  unit = await paperUnit(product);
  typist = await agentOf(product, 'entry', SCHOOL);
  school = await agentOf(product, 'unit', SCHOOL);
  leader = await agentOf(product, 'leader');
});
afterAll(dropDatabase);
beforeEach(async () => {
  batch = await openBatch(typist, unit);
  at = `${unit.pages}/${batch._id}`;
  number += 100;
});

const sheet = (offset: number, change: Record<string, string> = {}) => ({
  so: serialOf(unit, batch, number + offset),
  ...typedForm(product, 'parents-thcs', '4'),
  ...change,
});
const type = (agent: TestAgent, form: Record<string, string>) =>
  agent.post(`${at}/nhap`).type('form').send(form);
const stored = async () => (await sheetsOfBatch(batch._id)).length;

describe('a batch is not opened', () => {
  const cases: [string, Record<string, string>, string][] = [
    ['without a round and questionnaire', { tap: '' }, 'Hãy chọn đợt'],
    [
      'for a questionnaire the school does not have',
      { tap: 'dot-2-nam-2026/parents-thpt/thpt' },
      'Hãy chọn đợt',
    ],
    ['of no sheets', { 'so-luong': '0' }, 'từ 1 đến 500'],
    ['of more sheets than a pile has', { 'so-luong': '501' }, 'từ 1 đến 500'],
    ['collected before the round began', { 'thu-den': '2026-09-30' }, 'từ 01/10/2026 đến 15/10/2026'],
    ['collected tomorrow', { 'thu-den': '2026-10-16' }, 'từ 01/10/2026 đến 15/10/2026'],
    ['collected on no day', { 'thu-den': '2026-02-30' }, 'từ 01/10/2026'],
    ['with a share that is not offered', { 'nhap-lai': '7' }, 'nhập lần hai'],
    ['with no number of second entries', { 'nhap-lai': '10', 'it-nhat': 'năm' }, 'ví dụ 5'],
  ];
  it.each(cases)('%s', async (_, change, reason) => {
    const answer = await typist.post(`${unit.pages}/moi`).type('form').send(batchForm(unit.round, change));
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(reason);
    expect(answer.text).toContain('<title>Lỗi:');
  });

  it('before the first day of the round', async () => {
    product.setToday('2026-09-30');
    const answer = await typist.post(`${unit.pages}/moi`).type('form').send(batchForm(unit.round));
    product.setToday('2026-10-15');
    expect(answer.status).toBe(409);
  });

  it('for photocopies in a round by invitation, which takes numbered sheets in the place of codes', async () => {
    const rounds = mongoose.model('Round');
    await rounds.updateOne({ _id: unit.round }, { $set: { access: 'invitation' } });
    const form = batchForm(unit.round, { 'so-phieu': 'written' });
    const answer = await typist.post(`${unit.pages}/moi`).type('form').send(form);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('chỉ nhận phiếu có số in sẵn');
    await typist.post(`${unit.pages}/moi`).type('form').send(batchForm(unit.round)).expect(303);
    await rounds.updateOne({ _id: unit.round }, { $set: { access: 'link' } });
  });

  it('by a leader', async () => {
    await leader.post(`${unit.pages}/moi`).type('form').send(batchForm(unit.round)).expect(403);
  });
});

describe('a sheet is refused, and nothing of it stored', () => {
  const cases: [string, () => Record<string, string>, string][] = [
    ['without its serial', () => sheet(1, { so: '' }), 'Hãy gõ số phiếu'],
    [
      'under a serial with a wrong digit',
      () => sheet(1, { so: wrongDigit(sheet(1).so) }),
      'Số phiếu không đúng',
    ],
    [
      'of another questionnaire',
      () => sheet(1, { so: serialOf(unit, { ...batch, survey: 'parents-tieu-hoc' }, number) }),
      'không thuộc bộ câu hỏi',
    ],
    [
      'under a number that was never printed',
      () => sheet(1, { so: serialOf(unit, batch, PRINTED + 1) }),
      'chưa từng được in',
    ],
    ['with a level that does not exist', () => sheet(1, { A01: '6' }), 'chỉ nhận: 0, 1, 2, 3, 4, 5'],
    [
      'with a percentage that is not on the form',
      () => sheet(1, { G02: '85' }),
      'chỉ nhận: 0, 10, 20, …, 100',
    ],
    ['with an option that does not exist', () => sheet(1, { H01: '9' }), 'chỉ nhận: 1, 2, 3, 4'],
    ['with a question skipped without a word', () => sheet(1, { A01: '' }), 'gõ dấu “-”'],
    ['with a field the questionnaire does not have', () => sheet(1, { Z99: '1' }), 'Z99'],
    [
      'that is blank all over',
      () => ({
        so: sheet(1).so,
        ...Object.fromEntries(
          Object.keys(typedForm(product, 'parents-thcs', '4')).map((code) => [code, '-']),
        ),
      }),
      'không có câu trả lời nào',
    ],
  ];
  it.each(cases)('%s', async (_, form, reason) => {
    const answer = await type(typist, form());
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(reason);
    expect(answer.text).toContain('<title>Lỗi:');
    expect(await stored()).toBe(0);
  });

  it('keeps everything that was typed', async () => {
    const answer = await type(typist, sheet(1, { A01: '6', K01: 'Thêm <ghế> đá', A03: '2' }));
    expect(answer.text).toContain('value="6"');
    expect(answer.text).toContain('Thêm &lt;ghế&gt; đá');
    expect(answer.text).toMatch(/name="A03"[^>]* value="2"/);
  });

  it('where its serial is typed in this batch already, in whatever form', async () => {
    await type(typist, sheet(1)).expect(303);
    const { so } = sheet(1);
    const again = await type(school, sheet(1, { so: `${so.slice(0, 4)}-${so.slice(4)}`, A01: '2' }));
    expect(again.status).toBe(409);
    expect(again.text).toContain('đã được nhập trong tập này');
    expect(await stored()).toBe(1);
  });

  it('where its serial is typed in another batch, also once that one is handed over', async () => {
    await type(typist, sheet(1)).expect(303);
    const first = batch;
    const second = await openBatch(typist, unit);
    const typeThere = () => typist.post(`${unit.pages}/${second._id}/nhap`).type('form').send(sheet(1));
    expect((await typeThere()).text).toContain(`đã được nhập trong tập số ${first.ordinal}`);
    await typist.post(`${at}/chot`).type('form').send({ du: 'yes' }).expect(303);
    const answer = await typeThere();
    expect(answer.status).toBe(409);
    expect(answer.text).toContain(`đã được nhập trong tập số ${first.ordinal}`);
  });

  it('from a leader, who does not see the screen either', async () => {
    await type(leader, sheet(1)).expect(403);
    await leader.get(`${at}/nhap`).expect(403);
    await leader.get(`${at}/phieu/1`).expect(403);
    await leader.get(at).expect(200);
  });

  it('under the address of a school the batch does not belong to', async () => {
    const other = await agentOf(product, 'entry', 'T2');
    const there = `/van-phong/co-so/T2/phieu-giay/${batch._id}`;
    await other.get(there).expect(404);
    await other.post(`${there}/nhap`).type('form').send(sheet(1)).expect(404);
    await other.post(`${at}/nhap`).type('form').send(sheet(1)).expect(404);
    expect(await stored()).toBe(0);
  });

  it('once the batch is handed over or discarded', async () => {
    await type(typist, sheet(1)).expect(303);
    await typist.post(`${at}/chot`).type('form').send({ du: 'yes' }).expect(303);
    expect((await type(typist, sheet(2))).status).toBe(409);
    await typist.get(`${at}/phieu/${number + 1}`).expect(409);
  });
});

describe('a typed sheet', () => {
  it('is stored once, however often its form is sent', async () => {
    const form = sheet(1, { khoa: 'A'.repeat(22) });
    const answers = await Promise.all([1, 2, 3].map(() => type(typist, form)));
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(await stored()).toBe(1);
    expect((await type(typist, { ...form, A01: '1' })).status).toBe(409);
  });

  it('tells the screen’s script what was stored, and what is wrong', async () => {
    const good = await type(typist, sheet(1)).set('Accept', 'application/json').expect(200);
    expect(good.body).toMatchObject({ progress: '1 / 3 phiếu', proposed: '' });
    const bad = await type(typist, sheet(2, { A01: '7' }))
      .set('Accept', 'application/json')
      .expect(422);
    expect(bad.body.problems).toEqual([{ field: 'A01', text: 'Câu này chỉ nhận: 0, 1, 2, 3, 4, 5.' }]);
    const look = (so: string) => typist.get(`${at}/so`).query({ so });
    expect((await look(sheet(1).so)).body.problem).toContain('đã được nhập');
    expect((await look(sheet(2).so)).body.problem).toBeNull();
  });

  it('is not a response before the batch is handed over, and then is one, by the same rules as online', async () => {
    const before = await countOfRound(unit.round);
    await type(typist, sheet(1, { A01: '-', A03: '0', G02: '100', H01: '2', K01: '  Tốt\r\nlắm ' })).expect(
      303,
    );
    await type(typist, sheet(2, { A01: '5' })).expect(303);
    await type(typist, sheet(3, { hong: 'blank' })).expect(303);
    expect(await countOfRound(unit.round)).toBe(before);
    await typist.post(`${at}/chot`).type('form').send({}).expect(303);
    expect(await countOfRound(unit.round)).toBe(before + 2);
    const blank = (await storedResponses(unit.round)).find(({ answers }) => answers.A01 === undefined);
    expect(blank).toMatchObject({
      unit: SCHOOL,
      survey: 'parents-thcs',
      service: 'thcs',
      channel: 'paper',
      day: '2026-10-15',
      answers: { A03: 0, G02: 100, K01: 'Tốt\nlắm' },
    });
    expect(blank?.answers).not.toHaveProperty('A01');
  });

  it('can be mended and taken out before, with a reason, and both are in the audit log', async () => {
    await type(typist, sheet(1)).expect(303);
    await type(typist, sheet(2)).expect(303);
    const { so: _so, ...answers } = sheet(1, { A01: '1' });
    const page = `${at}/phieu/${number + 1}`;
    expect((await typist.get(page)).text).toMatch(/name="A01"[^>]* value="4"/);
    await typist
      .post(page)
      .type('form')
      .send({ ...answers, A01: '8' })
      .expect(422);
    await typist.post(page).type('form').send(answers).expect(303);
    expect((await typist.get(page)).text).toMatch(/name="A01"[^>]* value="1"/);
    await typist
      .post(`${at}/phieu/${number + 2}/bo`)
      .type('form')
      .send({ 'ly-do': ' ' })
      .expect(422);
    await typist
      .post(`${at}/phieu/${number + 2}/bo`)
      .type('form')
      .send({ 'ly-do': 'Nhầm tập' })
      .expect(303);
    expect(await stored()).toBe(1);
    expect((await typist.get(at)).text).toContain('Nhầm tập');
    const [mended] = await entriesOf('paper-sheet-mended', 1);
    expect(mended).toMatchObject({ account: 'entry-t1', details: { sheet: number + 1 } });
    expect((await entriesOf('paper-sheet-removed', 1))[0]?.details).toMatchObject({ reason: 'Nhầm tập' });
    // Its number is free again.
    await type(typist, sheet(2)).expect(303);
  });

  it('has no number that leads to its answers once it is handed over', async () => {
    await type(typist, sheet(1)).expect(303);
    const [staged] = await sheetsOfBatch(batch._id);
    await typist.post(`${at}/chot`).type('form').send({ du: 'yes' }).expect(303);
    const [left] = await sheetsOfBatch(batch._id);
    expect(left).not.toHaveProperty('staged');
    const kept = JSON.stringify([left, await batchById(batch._id)]);
    expect(kept).not.toContain(staged?.staged?.key);
    const responses = JSON.stringify(await storedResponses(unit.round));
    expect(responses).not.toContain(sheet(1).so);
    expect(responses).not.toContain(staged?.staged?.key);
    expect(responses).not.toContain(batch._id);
  });
});

describe('a batch is not handed over', () => {
  it('while it is empty', async () => {
    const answer = await typist.post(`${at}/chot`).type('form').send({ du: 'yes' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('chưa có phiếu nào');
    expect((await batchById(batch._id))?.state).toBe('open');
  });

  it('with fewer sheets than were collected, unless somebody says that it is so', async () => {
    await type(typist, sheet(1)).expect(303);
    const answer = await typist.post(`${at}/chot`).type('form').send({});
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Đã nhập 1 phiếu, trong khi tập ghi thu về 3 phiếu');
    await typist.post(`${at}/chot`).type('form').send({ du: 'yes' }).expect(303);
  });

  it('twice', async () => {
    await type(typist, sheet(1)).expect(303);
    const before = await countOfRound(unit.round);
    const send = () => typist.post(`${at}/chot`).type('form').send({ du: 'yes' });
    const statuses = (await Promise.all([send(), send(), send()])).map(({ status }) => status);
    expect(statuses).toContain(303);
    for (const status of statuses) expect([303, 409]).toContain(status);
    expect(await countOfRound(unit.round)).toBe(before + 1);
    expect((await send()).status).toBe(409);
  });

  it('after it was discarded, which needs a reason and frees its serials', async () => {
    await type(typist, sheet(1)).expect(303);
    await typist.post(`${at}/huy`).type('form').send({}).expect(422);
    await typist.post(`${at}/huy`).type('form').send({ 'ly-do': 'Đếm lại từ đầu' }).expect(303);
    await typist.post(`${at}/chot`).type('form').send({ du: 'yes' }).expect(409);
    expect(await stored()).toBe(0);
    batch = await openBatch(typist, unit);
    at = `${unit.pages}/${batch._id}`;
    await type(typist, sheet(1)).expect(303);
  });
});

it('sheets that came in time may be typed after the last day, and after the round was closed', async () => {
  product.setToday('2026-12-05');
  await closeRound(unit.round, day('2026-12-02'));
  const late = { 'thu-den': '2026-12-01' };
  const form = batchForm(unit.round, late);
  const refused = await typist.post(`${unit.pages}/moi`).type('form').send(form).expect(422);
  expect(refused.text).toContain('đến 30/11/2026');
  batch = await openBatch(typist, unit, { 'thu-den': '2026-11-30' });
  at = `${unit.pages}/${batch._id}`;
  await type(typist, sheet(1)).expect(303);
  const before = await countOfRound(unit.round);
  await typist.post(`${at}/chot`).type('form').send({ du: 'yes' }).expect(303);
  expect(await countOfRound(unit.round)).toBe(before + 1);
});

function wrongDigit(serial: string): string {
  return `${serial.slice(0, 4)}${(Number(serial[4]) + 1) % 10}${serial.slice(5)}`;
}
