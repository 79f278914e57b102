/** Typing a share of the sheets twice: who may, what they see, and how differences are decided. */
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { batchById, type PaperBatch } from '../../models/paperBatches.js';
import { countsOfBatches, sheetOfBatch, sheetsOfBatch } from '../../models/paperSheets.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { startTestApp, type TestApp } from '../http/testApp.js';
import { openBatch, type PaperUnit, paperUnit, SCHOOL, serialOf, typedForm } from './paper.js';
import { storedResponses } from './stored.js';

let product: TestApp;
let unit: PaperUnit;
let first: TestAgent;
let second: TestAgent;
let batch: PaperBatch;
let at: string;
let number = 0;

beforeAll(async () => {
  product = await startTestApp();
  unit = await paperUnit(product);
  first = await agentOf(product, 'entry', SCHOOL);
  second = await agentOf(product, 'unit', SCHOOL);
});
afterAll(dropDatabase);
beforeEach(async () => {
  batch = await openBatch(first, unit, { 'nhap-lai': '1', 'it-nhat': '0', 'so-luong': '1' });
  at = `${unit.pages}/${batch._id}`;
  number += 100;
});

const sheet = (offset: number, change: Record<string, string> = {}) => ({
  so: serialOf(unit, batch, number + offset),
  ...typedForm(product, 'parents-thcs', '4'),
  ...change,
});
const type = (form: Record<string, string>) => first.post(`${at}/nhap`).type('form').send(form).expect(303);
const again = (agent: TestAgent, form: Record<string, string>) =>
  agent.post(`${at}/lan-hai`).type('form').send(form);
const handOver = () => first.post(`${at}/chot`).type('form').send({ du: 'yes' });

describe('a second entry is refused', () => {
  it('from whoever typed the first', async () => {
    await type(sheet(1));
    const answer = await again(first, sheet(1));
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('lần hai phải là người khác');
    expect((await first.get(`${at}/lan-hai`)).text).toContain('Không còn phiếu nào để Quý vị nhập lần hai');
  });

  it('of a sheet that was never typed, or is typed twice already', async () => {
    await type(sheet(1));
    expect((await again(second, sheet(2))).text).toContain('không có phiếu số đó');
    await again(second, sheet(1)).expect(303);
    expect((await again(second, sheet(1))).text).toContain('đã được nhập lần hai');
  });

  it('with a mistake in it', async () => {
    await type(sheet(1));
    await again(second, sheet(1, { A01: '9' })).expect(422);
    expect((await sheetOfBatch(batch._id, number + 1))?.secondBy).toBeNull();
  });
});

describe('whoever may type a sheet a second time', () => {
  it('is not shown what was typed first, on no page', async () => {
    await type(sheet(1, { G02: '30', K01: 'Chữ chỉ người nhập đầu thấy' }));
    const waiting = await second.get(`${at}/phieu/${number + 1}`);
    expect(waiting.status).toBe(409);
    expect(waiting.text).toContain('Phiếu chờ nhập lần hai');
    const removal = await second
      .post(`${at}/phieu/${number + 1}/bo`)
      .type('form')
      .send({});
    expect(removal.status).toBe(422);
    const screen = await second.get(`${at}/lan-hai`);
    const page = await second.get(at);
    for (const { text } of [waiting, removal, screen, page]) {
      expect(text).not.toContain('Chữ chỉ người nhập đầu thấy');
      expect(text).not.toContain('value="30"');
    }
    // The first typist may still mend it.
    await first.get(`${at}/phieu/${number + 1}`).expect(200);
  });

  it('is told which sheets to take out of the pile', async () => {
    await type(sheet(1));
    const { so } = sheet(1);
    expect((await second.get(`${at}/lan-hai`)).text).toContain(`${so.slice(0, 4)}-${so.slice(4)}`);
  });
});

describe('a batch', () => {
  it('is not handed over while a chosen sheet waits for its second entry or for a decision', async () => {
    await type(sheet(1));
    const waiting = await handOver();
    expect(waiting.status).toBe(422);
    expect(waiting.text).toContain('Còn phiếu phải nhập lần hai');
    await again(second, sheet(1, { A01: '5' })).expect(303);
    const differing = await handOver();
    expect(differing.status).toBe(422);
    expect(differing.text).toContain('chưa được quyết định');
    expect((await batchById(batch._id))?.state).toBe('open');
  });

  it('shows how often the two entries differ, of the questions answered, with its interval', async () => {
    await type(sheet(1, { A01: '5', A03: '-' }));
    await again(second, sheet(1, { A03: '-' })).expect(303);
    const [counts] = (await countsOfBatches([batch._id])).values();
    const asked = Object.keys(typedForm(product, 'parents-thcs', '4')).length;
    expect(counts).toMatchObject({ second: 1, undecided: 1, compared: asked - 1, disagreed: 1 });
    expect((await first.get(at)).text).toContain(`lệch 1 trên ${asked - 1} câu được so`);
  });

  it('has every so many sheets typed twice, and at least as many as it says', async () => {
    batch = await openBatch(first, unit, { 'nhap-lai': '5', 'it-nhat': '4', 'so-luong': '10' });
    at = `${unit.pages}/${batch._id}`;
    for (let offset = 1; offset <= 9; offset += 1) await type(sheet(offset));
    const chosen = async () => (await sheetsOfBatch(batch._id)).filter((one) => one.chosen);
    expect((await chosen()).length).toBeGreaterThanOrEqual(1);
    expect((await chosen()).length).toBeLessThanOrEqual(2);
    // The last of the pile: now it is known how many are missing.
    await type(sheet(10));
    expect(await chosen()).toHaveLength(4);
    await again(second, sheet([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].find((n) => n) ?? 1));
  });

  it('may be typed twice by one person where it says so', async () => {
    batch = await openBatch(first, unit, { 'nhap-lai': '1', 'cung-nguoi': 'yes' });
    at = `${unit.pages}/${batch._id}`;
    await type(sheet(1));
    await again(first, sheet(1)).expect(303);
    await handOver().expect(303);
  });

  it('leaves out void sheets when it chooses', async () => {
    await type(sheet(1, { hong: 'unreadable' }));
    expect((await sheetOfBatch(batch._id, number + 1))?.chosen).toBe(false);
    await handOver().expect(303);
  });
});

describe('a difference', () => {
  beforeEach(async () => {
    await type(sheet(1, { A01: '5', B01: '2', K01: 'Tốt' }));
    await again(second, sheet(1, { A01: '3', B01: '-' })).expect(303);
  });
  const page = () => `${at}/doi-chieu/${number + 1}`;
  const decide = (values: Record<string, string>) => second.post(page()).type('form').send(values);

  it('is shown question by question, with both entries and nothing else', async () => {
    const { text } = await second.get(page()).expect(200);
    expect([...text.matchAll(/<input id="([A-Z]\d+)"/g)].map(([, code]) => code)).toEqual(['A01', 'B01']);
    expect(text).toContain('entry-t1');
    expect(text).toContain('unit-t1');
  });

  it('is not decided by half, nor by what the question does not take, nor for other questions', async () => {
    expect((await decide({ A01: '5' })).status).toBe(422);
    expect((await decide({ A01: '5', B01: '8' })).status).toBe(422);
    await decide({ A01: '5', B01: '2', A03: '1' }).expect(303);
    expect((await sheetOfBatch(batch._id, number + 1))?.staged?.answers.A03).toBe(4);
  });

  it('is decided by the sheet, whichever entry was right, and the response says what was decided', async () => {
    await decide({ A01: '1', B01: '-' }).expect(303);
    await second.get(page()).expect(404);
    await handOver().expect(303);
    const responses = await storedResponses(unit.round);
    const decided = responses.filter(({ answers }) => answers.A01 === 1);
    expect(decided).toHaveLength(1);
    expect(decided[0]?.answers).not.toHaveProperty('B01');
    expect(decided[0]?.answers.K01).toBe('Tốt');
    // How the entries agreed stays, without what they said.
    const left = await sheetOfBatch(batch._id, number + 1);
    expect(left).toMatchObject({ disagreed: 2, secondBy: 'unit-t1' });
    expect(left).not.toHaveProperty('staged');
  });

  it('cannot be mended around', async () => {
    expect((await first.get(`${at}/phieu/${number + 1}`)).status).toBe(409);
  });
});
