/** Answers typed elsewhere: the template, the dry run, and that a file is stored whole, once. */
import fc from 'fast-check';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { batchById, type PaperBatch } from '../../models/paperBatches.js';
import { sheetsOfBatch } from '../../models/paperSheets.js';
import { countOfRound } from '../../models/responses.js';
import { readList } from '../../server/lists/readList.js';
import { writeXlsx } from '../../server/lists/writeList.js';
import { itemsOf } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { startTestApp, type TestApp } from '../http/testApp.js';
import { openBatch, type PaperUnit, paperUnit, SCHOOL, serialOf, typedForm } from './paper.js';
import { storedResponses } from './stored.js';

let product: TestApp;
let unit: PaperUnit;
let agent: TestAgent;
let batch: PaperBatch;
let at: string;
let number = 0;
let survey: Survey;

beforeAll(async () => {
  product = await startTestApp();
  unit = await paperUnit(product);
  agent = await agentOf(product, 'entry', SCHOOL);
  survey = product.context.surveys.get('parents-thcs') as Survey;
});
afterAll(dropDatabase);
beforeEach(async () => {
  batch = await openBatch(agent, unit, { nguon: 'file' });
  at = `${unit.pages}/${batch._id}`;
  number += 100;
});

const columns = () => ['so', ...itemsOf(survey).map(({ code }) => code)];
const row = (offset: number, change: Record<string, string> = {}) => {
  const cells: Record<string, string> = {
    so: serialOf(unit, batch, number + offset),
    ...typedForm(product, survey.id, '4'),
    ...change,
  };
  return columns().map((column) => cells[column] ?? '');
};
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
const csv = (rows: string[][], header = columns()) =>
  [header, ...rows].map((cells) => cells.map(quoted).join(',')).join('\n');
const give = (content: string | Buffer, step = 'check') =>
  agent.post(`${at}/tep`).field('step', step).attach('file', Buffer.from(content), 'phieu.csv');
const stored = async () => (await sheetsOfBatch(batch._id)).length;

describe('a file is refused, whole, and the mistake told by its cell', () => {
  const cases: [string, () => string, string][] = [
    ['without any line', () => '', 'Danh sách trống'],
    ['with nothing but notes', () => csv([['# Số phiếu']]), 'không có phiếu nào'],
    ['without the column of a question', () => csv([row(1)], ['so', 'A01']), 'Thiếu cột a03'],
    ['with a column nobody knows', () => csv([row(1)], [...columns(), 'họ tên']), 'họ tên'],
    ['with a serial that is wrong', () => csv([row(1, { so: '12345678' })]), 'Dòng 2, cột so'],
    ['with a serial twice', () => csv([row(1), row(2), row(1)]), 'đã có ở dòng 2'],
    [
      'with a serial never printed',
      () => csv([row(1, { so: serialOf(unit, batch, 99_000) })]),
      'chưa từng được in',
    ],
    ['with a level that does not exist', () => csv([row(1), row(2, { B01: '6' })]), 'Dòng 3, cột B01'],
    ['with words no answer has', () => csv([row(1, { B01: 'Khá hài lòng' })]), 'Dòng 2, cột B01'],
    [
      'with an empty sheet',
      () => csv([columns().map((column) => (column === 'so' ? serialOf(unit, batch, number) : ''))]),
      'không có câu trả lời nào',
    ],
    ['in another alphabet’s bytes', () => Buffer.from([0xff, 0xfe, 0x41, 0x00]).toString('latin1'), ''],
  ];
  it.each(cases)('%s', async (_, file, reason) => {
    const answer = await give(file(), 'store');
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(reason);
    expect(await stored()).toBe(0);
    expect((await batchById(batch._id))?.file).toBeNull();
  });

  it('of more than 2 MB, or as another kind of form', async () => {
    expect((await give('x'.repeat(2 * 1024 * 1024 + 1))).status).toBe(413);
    await agent.post(`${at}/tep`).type('form').send({ list: 'so' }).expect(415);
  });

  it('where one of its sheets was typed on the screen', async () => {
    const typed = await openBatch(agent, unit);
    const form = { so: serialOf(unit, batch, number + 1), ...typedForm(product, survey.id, '4') };
    await agent.post(`${unit.pages}/${typed._id}/nhap`).type('form').send(form).expect(303);
    const answer = await give(csv([row(2), row(1)]), 'store');
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('Dòng 3, cột so');
    expect(answer.text).toContain(`đã được nhập trong tập số ${typed.ordinal}`);
    expect(await stored()).toBe(0);
  });

  it('into a batch that is typed, and into one that has its file', async () => {
    const typed = await openBatch(agent, unit);
    await agent.get(`${unit.pages}/${typed._id}/tep`).expect(404);
    await give(csv([row(1)]), 'store').expect(303);
    expect((await give(csv([row(2)]), 'store')).status).toBe(409);
    await agent.get(`${at}/nhap`).expect(404);
  });

  it('a second time, in whatever form, until its batch is discarded', async () => {
    const rows = [row(1), row(2)];
    await give(csv(rows), 'store').expect(303);
    const first = batch;
    batch = await openBatch(agent, unit, { nguon: 'file' });
    at = `${unit.pages}/${batch._id}`;
    for (const file of [
      csv(rows),
      csv(rows).replaceAll('","', '";"'),
      await writeXlsx({ columns: columns(), rows }, 'x'),
    ]) {
      const answer = await give(file, 'store');
      expect(answer.status).toBe(422);
      expect(answer.text).toContain(`đã được lấy vào tập số ${first.ordinal}`);
    }
    const discard = `${unit.pages}/${first._id}/huy`;
    await agent.post(discard).type('form').send({ 'ly-do': 'Nhầm' }).expect(303);
    await give(csv(rows), 'store').expect(303);
  });
});

describe('a file', () => {
  it('changes nothing in the dry run, which tells how many sheets and blanks it has', async () => {
    const answer = await give(csv([row(1, { A01: '' }), row(2)])).expect(200);
    expect(answer.text).toContain('2 phiếu');
    expect(answer.text).toContain('1 câu để trống');
    expect(await stored()).toBe(0);
  });

  it('is stored from the dry run’s own page', async () => {
    const { text } = await give(csv([row(1, { K01: 'Có "ngoặc", và\nxuống dòng' })])).expect(200);
    const carried = /<textarea name="list" hidden>([\s\S]*?)<\/textarea>/.exec(text)?.[1] ?? '';
    const list = carried.replaceAll('&#34;', '"').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    await agent.post(`${at}/tep`).field('step', 'store').field('list', list).expect(303);
    const [sheet] = await sheetsOfBatch(batch._id);
    expect(sheet?.staged?.answers.K01).toBe('Có "ngoặc", và\nxuống dòng');
  });

  it('becomes responses once its batch is handed over, and not before', async () => {
    const before = await countOfRound(unit.round);
    expect((await agent.post(`${at}/chot`).type('form').send({ du: 'yes' })).text).toContain(
      'chưa có tệp nào',
    );
    await give(csv([row(1), row(2), row(3)]), 'store').expect(303);
    expect(await countOfRound(unit.round)).toBe(before);
    await agent.post(`${at}/chot`).type('form').send({}).expect(303);
    expect(await countOfRound(unit.round)).toBe(before + 3);
  });

  it('may say answers in words, as other programs export them', async () => {
    const words = { A01: 'Rất hài lòng', A03: 'không có ý kiến', A04: 'Very satisfied', G02: '90 %' };
    const option = itemsOf(survey).find(({ code }) => code === 'H01');
    const label = option && 'options' in option ? (option.options[1]?.text.vi ?? '') : '';
    await give(csv([row(1, { ...words, H01: label })]), 'store').expect(303);
    const [sheet] = await sheetsOfBatch(batch._id);
    expect(sheet?.staged?.answers).toMatchObject({ A01: 5, A03: 0, A04: 5, G02: 90, H01: 'father' });
  });

  it('of photocopies needs no numbers', async () => {
    batch = await openBatch(agent, unit, { nguon: 'file', 'so-phieu': 'written' });
    at = `${unit.pages}/${batch._id}`;
    await give(csv([row(1, { so: '' }), row(2, { so: '' })]), 'store').expect(303);
    expect((await sheetsOfBatch(batch._id)).map((sheet) => sheet.number)).toEqual([1, 2]);
  });

  it('sent at the same moment as another is one of the two, whole', async () => {
    const files = [
      [1, 2, 3],
      [4, 5],
    ].map((offsets) => csv(offsets.map((offset) => row(offset))));
    const answers = await Promise.all(files.map((file) => give(file, 'store')));
    const { file } = (await batchById(batch._id)) ?? {};
    const sheets = await sheetsOfBatch(batch._id);
    for (const { status } of answers) expect([303, 409]).toContain(status);
    if (file) {
      expect(sheets).toHaveLength(file.rows);
      for (const sheet of sheets) expect(Number(sheet.staged?.attempt)).toBe(file.attempt);
    }
    // Whatever became of them, the batch can be gone on with.
    if (!file) await give(files[0] ?? '', 'store').expect(303);
  });

  it('left half by a server that died is stored whole the next time', async () => {
    const rows = [row(1), row(2), row(3)];
    await give(csv(rows), 'store').expect(303);
    // As the database looks when the server dies before it says that the file is there.
    const { default: mongoose } = await import('mongoose');
    await mongoose.model('PaperBatch').updateOne({ _id: batch._id }, { $set: { file: null } });
    await mongoose.model('PaperSheet').deleteOne({ batch: batch._id });
    await give(csv([row(4), row(5)]), 'store').expect(303);
    const sheets = await sheetsOfBatch(batch._id);
    expect(sheets.map((sheet) => sheet.number)).toEqual([number + 4, number + 5]);
  });
});

describe('the template', () => {
  it.each(['xlsx', 'csv'])(
    'as %s names every column, says what can be written, and is a file without sheets itself',
    async (form) => {
      const answer = await agent.get(`${at}/mau.${form}`).responseType('blob');
      expect(answer.headers['content-disposition']).toContain(`phieu-giay-parents-thcs.${form}`);
      const { lines, problems } = await readList(answer.body as Buffer);
      expect(problems).toEqual([]);
      expect(lines[0]?.cells).toEqual(columns());
      expect(lines[1]?.cells[1]).toBe(itemsOf(survey)[0]?.text.vi);
      expect(lines[2]?.cells[1]).toContain('5 = Rất hài lòng');
      const filled = [...lines.map(({ cells }) => [...cells]), row(1)];
      expect((await give(csv(filled.slice(1), columns()), 'store')).status).toBe(303);
      expect(await stored()).toBe(1);
    },
  );
});

it('whatever a file says, it is stored whole or not at all, and what is stored is what a typist could type', async () => {
  const cell = fc.constantFrom(
    '1',
    '5',
    '0',
    '-',
    '',
    '6',
    'Hài lòng',
    'x',
    '=1+1',
    '100',
    '85 %',
    'ấ',
    '1,2',
    '\u0000',
  );
  const change = fc.dictionary(fc.constantFrom('A01', 'B03', 'G02', 'H01', 'K01'), cell);
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      number += 10;
      batch = await openBatch(agent, unit, { nguon: 'file' });
      at = `${unit.pages}/${batch._id}`;
      const answer = await give(csv(changes.map((one, index) => row(index, one))), 'store');
      expect([303, 422]).toContain(answer.status);
      expect(await stored()).toBe(answer.status === 303 ? changes.length : 0);
      for (const { staged } of await sheetsOfBatch(batch._id)) {
        expect([0, 1, 2, 3, 4, 5, undefined]).toContain(staged?.answers.A01);
        expect(Number(staged?.answers.G02 ?? 0) % 10).toBe(0);
      }
      await agent.post(`${at}/huy`).type('form').send({ 'ly-do': 'thử' }).expect(303);
    }),
    { numRuns: 25 },
  );
  expect((await storedResponses(unit.round)).every(({ channel }) => channel === 'paper')).toBe(true);
}, 60_000);
