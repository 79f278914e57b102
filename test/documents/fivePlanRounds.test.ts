/**
 * A round of each of five departments' plans, opened as planned, answered and closed: what its page, its CSV file, its
 * workbook and its report say of every service at every unit is the same, cell by cell. Each is read back by a reader
 * that has nothing to do with what wrote it.
 */
import readXlsxFile from 'read-excel-file/node';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roundByCode } from '../../models/rounds.js';
import { unitsOfRound } from '../../models/roundUnits.js';
import { storeUnits } from '../../models/units.js';
import { sheetNames } from '../../server/exports/sheetNames.js';
import { closeRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { SUMMARY_HEADINGS } from '../exports/headings.js';
import { storeMade } from '../exports/made.js';
import { textOf, wholeFile } from '../exports/wholeFile.js';
import { officeAgent, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import {
  madeFromPlan,
  openedThroughPage,
  storeDepartment,
  takenUpThroughPage,
} from '../plans/officeSteps.js';
import { unitRowOf } from '../results/page.js';
import { downloaded } from './downloaded.js';
import { figureOf, numberOf, numbersOf, rateOf } from './numbers.js';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp('2026-10-05');
  office = await officeAgent(product);
  await storeDepartment();
  await storeUnits([
    { ...unitRow('MN', ['mam-non'], 'Trường Mầm non Hoa Sen'), parent: 'SGD', enrolment: 210 },
    { ...unitRow('PT', ['thpt'], 'Trường THPT Chu Văn An'), parent: 'SGD', enrolment: 1200 },
  ]);
});
afterAll(dropDatabase);

const AUTUMN = { opens: '2026-10-01', closes: '2026-11-30' };

interface Case {
  readonly plan: string;
  readonly planned: string;
  readonly change: object;
}

const CASES: readonly Case[] = [
  { plan: 'dak-lak-2021', planned: 'm1.r2@2026', change: {} },
  { plan: 'quang-ngai-2022', planned: 'm1.any@2026', change: AUTUMN },
  { plan: 'soc-trang-2021', planned: 'm1.any@2026', change: { ...AUTUMN, label: 'Điều tra năm 2026' } },
  {
    plan: 'son-la-2021',
    planned: 'm1.any@2026',
    change: { ...AUTUMN, desks: 'SGD', label: 'Chỉ số hài lòng cuối năm' },
  },
  { plan: 'ba-ria-vung-tau-2021-2025', planned: 'm2.all@2026', change: { desks: 'MC' } },
];

describe('page, CSV, workbook and report agree cell by cell', () => {
  it.each(CASES)('in a round of $plan', { timeout: 60_000 }, async ({ plan, planned, change }) => {
    const taken = await takenUpThroughPage(office, plan, '2026', change);
    const code = await madeFromPlan(office, taken, planned, change);
    await openedThroughPage(office, code);
    await answered(code);
    await closeRound(code, product.context.today());
    const round = await roundByCode(code);
    const address = `/van-phong/dot/${code}`;

    const rates = wholeFile((await office.get(`${address}/ty-le.csv`).expect(200)).text).records;
    const page = (await office.get(`${address}/don-vi`).expect(200)).text;
    const workbook = (await office.get(`${address}/ty-le.xlsx`).responseType('blob').expect(200)).body;
    const sheets = (await readXlsxFile(workbook)) as unknown as { sheet: string; data: unknown[][] }[];
    const report = (await downloaded(office, code, 'bao-cao')).blocks();
    const appendix = report.find(
      (block) => block.kind === 'table' && block.rows[0]?.cells.includes('Mã đơn vị'),
    );
    const inReport = appendix?.kind === 'table' ? appendix.rows.map(({ cells }) => cells) : [];

    let compared = 0;
    let hidden = 0;
    for (const line of rates) {
      const [unit = '', service = '', name = ''] = ['Mã đơn vị', 'Mã dịch vụ', 'Tên dịch vụ'].map((heading) =>
        textOf(line[heading] ?? ''),
      );
      const people = numberOf(line['Số phiếu']);
      if (people === 0 && round?.subject === 'procedure') continue;
      const figure = figureOf(line);
      const counts = [line['Số phiếu'], line['Số người có câu trả lời'], line['Số câu trả lời (n)']].map(
        numberOf,
      );

      const [, , responses, rate = '', mean, expectation] = unitRowOf(page, unit, service);
      expect([unit, numberOf(responses)]).toEqual([unit, people]);
      if (figure[0] === null) expect(rate).not.toMatch(/\d/);
      else
        expect(numbersOf([...rate.matchAll(/[\d.,]+/g)].map(String))).toEqual([
          ...figure.slice(0, 3),
          counts[2],
        ]);
      expect(numbersOf([mean ?? '', expectation?.split(' n = ')[0] ?? ''])).toEqual([
        figure[3],
        numberOf(line['Đáp ứng mong đợi (%)']),
      ]);

      const [sheetName] = sheetNames([round?.subject === 'procedure' ? `${service} ${name}` : name]);
      const sheet = sheets.find((each) => each.sheet === sheetName)?.data ?? [];
      const row = sheet.find((each) => each[0] === unit) ?? [];
      const headings = sheet.find((each) => each.includes('Mã đơn vị')) ?? [];
      for (const heading of SUMMARY_HEADINGS) {
        const cell = row[headings.indexOf(heading)];
        expect([unit, heading, typeof cell === 'number' ? cell : null]).toEqual([
          unit,
          heading,
          numberOf(line[heading]),
        ]);
      }

      const cells = inReport.find((each) => each[1] === unit && each[3] === name) ?? [];
      expect([unit, name, ...numbersOf(cells.slice(4, 7))]).toEqual([unit, name, ...counts]);
      expect(rateOf(cells.slice(7, 10))).toEqual(figure);
      compared += 1;
      if (figure[0] === null && people !== 0) hidden += 1;
    }
    expect(compared).toBeGreaterThan(1);
    expect(hidden, 'few people answered somewhere').toBeGreaterThan(0);
    expect(inReport.filter((cells) => /^\d+$/.test(cells[0] ?? ''))).toHaveLength(rates.length);
  });
});

/** Everybody who is asked answers: a few dozen people each, at the first place three, at the second nobody. */
async function answered(round: string): Promise<void> {
  let place = 0;
  for (const { unit, offers } of await unitsOfRound(round))
    for (const { survey, service } of offers) {
      const people = place === 0 ? 3 : place === 1 ? 0 : 12 + ((place * 7) % 23);
      await storeMade(product.context, { round, unit, survey, service }, people, place);
      place += 1;
    }
}
