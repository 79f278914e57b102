/**
 * The reports of the demonstration's rounds, read back: every table held against the files of the same figures, cell by
 * cell, and every percentage of the text against the pages.
 */
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRounds, type Round } from '../../models/rounds.js';
import { prepareDemo } from '../../server/demo/data.js';
import { dropDatabase } from '../database.js';
import { wholeFile } from '../exports/wholeFile.js';
import { officeAgent, startTestApp } from '../http/testApp.js';
import { rowsOf } from '../results/page.js';
import { downloaded } from './downloaded.js';
import { figureOf, intervalOf, numberOf, numbersOf, rateOf } from './numbers.js';
import { elements, type ReadRow, type WordFile } from './wordReader.js';

type Line = Readonly<Record<string, string>>;

let office: TestAgent;
let rounds: Round[];
/** What is known of a round, by its code. */
const known = new Map<
  string,
  { report: WordFile; rates: Line[]; items: Line[]; groups: Line[]; page: string }
>();

beforeAll(async () => {
  const product = await startTestApp();
  await prepareDemo(product.context);
  office = await officeAgent(product);
  rounds = (await allRounds()).filter(({ state }) => state !== 'draft');
  for (const { _id } of rounds) {
    const file = async (name: string) => [
      ...wholeFile((await office.get(`/van-phong/dot/${_id}/${name}.csv`).expect(200)).text).records,
    ];
    known.set(_id, {
      report: await downloaded(office, _id, 'bao-cao'),
      rates: await file('ty-le'),
      items: await file('tieu-chi'),
      groups: await file('nhom'),
      page: (await office.get(`/van-phong/dot/${_id}`).expect(200)).text,
    });
  }
}, 120_000);
afterAll(dropDatabase);

describe('the report of every round of the demonstration', () => {
  it('is there for three rounds: open, published and continuous', () => {
    expect(
      rounds.map(({ subject, state, continuous }) => `${subject} ${state} ${continuous}`).sort(),
    ).toEqual(['education open false', 'education published false', 'procedure open true']);
  });

  it('has the figures of every unit as the file of rates has them', () => {
    for (const { report, rates } of known.values()) {
      const rows = tableWith(report, 'Mã đơn vị').filter(({ cells }) => cells.length > 1);
      expect(rows).toHaveLength(rates.length);
      const read = new Map(rows.map(({ cells }) => [`${cells[1]} ${cells[3]}`, cells]));
      for (const line of rates) {
        const cells = read.get(`${line['Mã đơn vị']} ${line['Tên dịch vụ']}`) ?? [];
        const hidden = isHidden(line);
        expect(numbersOf(cells.slice(4, 7))).toEqual(
          [line['Số phiếu'], line['Số người có câu trả lời'], line['Số câu trả lời (n)']].map(numberOf),
        );
        expect(cells[5] === 'ẩn').toBe(hidden);
        expect(rateOf(cells.slice(7, 10))).toEqual(figureOf(line));
        expect(numbersOf(cells.slice(10, 12))).toEqual(
          [line['Hài lòng chung (%)'], line['Đáp ứng mong đợi (%)']].map(numberOf),
        );
      }
    }
  });

  it('hides what is hidden, and says why', () => {
    const hiding = [...known.values()].filter(({ rates }) => rates.some(isHidden));
    expect(hiding.length).toBeGreaterThan(0);
    for (const { report } of hiding)
      expect(report.text()).toMatch(/“ẩn”: số liệu dựa trên ý kiến của dưới 5 người/);
  });

  it('has every item of every survey as the file of items has it', () => {
    for (const [code, { report, items }] of known) {
      const round = roundOf(code);
      const whole = items.filter((line) => line['Mã đơn vị'] === '');
      const groups = groupedBy(whole, (line) => `${line['Tên dịch vụ']}|${line['Người trả lời']}`);
      let compared = 0;
      for (const [key, lines] of groups) {
        const [service = '', audience = ''] = key.split('|');
        const parts = lines.filter((line) => line['Mã tiêu chí'] !== '');
        const name = round.subject === 'education' ? audience : service;
        const tables = report.blocks();
        const at = tables.findIndex(
          (block) =>
            block.kind === 'paragraph' &&
            block.style === 'Caption' &&
            new RegExp(`^${escaped(name)} \\([\\d.]+ phiếu\\)$`).test(block.text),
        );
        if (at === -1) {
          // Nobody answered it.
          expect(parts.every((line) => line['Số câu trả lời (n)'] === '')).toBe(true);
          continue;
        }
        const rows = rowsAfter(report, at);
        expect(rows.map(({ cells }) => cells[0]).sort()).toEqual(
          parts.map((line) => line['Mã tiêu chí']).sort(),
        );
        for (const line of parts) {
          const cells = rows.find((row) => row.cells[0] === line['Mã tiêu chí'])?.cells ?? [];
          expect(cells[1]).toBe(line['Nội dung']);
          expect(numberOf(cells[2])).toBe(numberOf(line['Số câu trả lời (n)']));
          expect(rateOf(cells.slice(3, 6))).toEqual(figureOf(line));
          expect(numbersOf(cells.slice(6, 11))).toEqual(
            [1, 2, 3, 4, 5].map((level) => numberOf(line[`Mức ${level} (%)`])),
          );
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(20);
    }
  });

  it('has every service, every way of the overall rate and every quarter', () => {
    for (const [code, { report, items, groups, rates }] of known) {
      const round = roundOf(code);
      const totals = items.filter((line) => line['Mã đơn vị'] === '' && line.Loại === 'Chung');
      const answered = totals.filter(
        (line) =>
          round.subject === 'education' ||
          rates.some((rate) => rate['Mã dịch vụ'] === line['Mã dịch vụ'] && rate['Số phiếu'] !== '0'),
      );
      const services = body(
        report.tableUnder(
          round.subject === 'education'
            ? 'Kết quả theo cấp học, dịch vụ và người trả lời'
            : 'Kết quả theo thủ tục hành chính',
        ),
      );
      const before = round.subject === 'education' ? 2 : 1;
      expect(services.map(({ cells }) => cells.slice(0, before))).toEqual(
        answered.map((line) => [line['Tên dịch vụ'], line['Người trả lời']].slice(0, before)),
      );
      services.forEach(({ cells }, at) => {
        const line = answered[at] ?? {};
        expect(numberOf(cells[before + 1])).toBe(numberOf(line['Số câu trả lời (n)']));
        expect(rateOf(cells.slice(before + 2))).toEqual(figureOf(line));
      });
      const ways = groups.filter((line) => line['Loại nhóm'] === 'Cách tính chung');
      if (ways.length > 1) {
        const table = body(report.tableUnder('Tỷ lệ hài lòng chung theo từng cách tính'));
        expect(table.map(({ cells }) => cells[0])).toEqual(ways.map((line) => line.Nhóm));
        table.forEach(({ cells }, at) => {
          expect([numberOf(cells[1]), ...intervalOf(cells[2])]).toEqual(figureOf(ways[at] ?? {}).slice(0, 3));
        });
      }
      const quarters = groups.filter((line) => line['Loại nhóm'] === 'Quý');
      expect(quarters.length > 0).toBe(round.continuous);
      if (round.continuous) {
        const table = body(report.tableUnder('Kết quả theo quý'));
        table.forEach(({ cells }, at) => {
          const line = quarters[at] ?? {};
          expect(cells[0]).toBe(line.Nhóm);
          expect(numbersOf(cells.slice(1, 3))).toEqual(
            [line['Số phiếu'], line['Số câu trả lời (n)']].map(numberOf),
          );
          expect(rateOf(cells.slice(3, 6))).toEqual(figureOf(line));
        });
        expect(table).toHaveLength(quarters.length);
      }
    }
  });

  it('has the best and the lowest items, and what to improve, as the file of items has them', () => {
    for (const { report, items } of known.values()) {
      const whole = items.filter((line) => line['Mã đơn vị'] === '' && line.Loại === 'Tiêu chí');
      const found = (text = '', group = '') =>
        whole.filter(
          (line) => line['Nội dung'] === text && [line['Người trả lời'], line['Tên dịch vụ']].includes(group),
        );
      const rates: number[] = [];
      for (const caption of [
        '5 tiêu chí có tỷ lệ hài lòng cao nhất',
        '5 tiêu chí có tỷ lệ hài lòng thấp nhất',
      ])
        for (const { cells } of body(report.tableUnder(caption))) {
          const figures = found(cells[1], cells[2]).map((line) => [
            numberOf(line['Số câu trả lời (n)']),
            ...figureOf(line),
          ]);
          expect(figures).toContainEqual([numberOf(cells[3]), ...rateOf(cells.slice(4, 7))]);
          rates.push(numberOf(cells[4]) ?? Number.NaN);
        }
      expect(rates).toHaveLength(10);
      expect(rates.slice(0, 5)).toEqual(rates.slice(0, 5).toSorted((a, b) => b - a));
      expect(rates.slice(5)).toEqual(rates.slice(5).toSorted((a, b) => a - b));
      expect(Math.min(...rates.slice(0, 5))).toBeGreaterThanOrEqual(Math.max(...rates.slice(5)));
      for (const { cells } of body(report.tableUnder('Các tiêu chí đề xuất cải thiện trước'))) {
        const figures = found(cells[1], cells[2]).map((line) => [
          numberOf(line['Số câu trả lời (n)']),
          ...figureOf(line).slice(0, 3),
        ]);
        expect(figures).toContainEqual([numberOf(cells[3]), numberOf(cells[4]), ...intervalOf(cells[5])]);
      }
    }
  });

  it('is compared with the earlier round as the file of the comparison is', async () => {
    const now = rounds.find(({ subject, state }) => subject === 'education' && state === 'open')?._id ?? '';
    const { text } = await office.get(`/van-phong/dot/${now}/so-sanh.csv`).expect(200);
    const lines = wholeFile(text).records.filter((line) => line.Loại === 'Chung');
    const report = known.get(now)?.report;
    const table = body(report?.tableUnder('So với Đợt 1 năm') ?? []);
    expect(table).toHaveLength(lines.length);
    table.forEach(({ cells }, at) => {
      const line = lines[at] ?? {};
      if (at > 0) expect(line.Tên).toContain(cells[0]);
      expect(numbersOf(cells.slice(1, 4))).toEqual(
        [line['Tỷ lệ đợt trước (%)'], line['Tỷ lệ hài lòng (%)'], line['Chênh lệch (điểm %)']].map(numberOf),
      );
      expect(cells[4]?.split(' đến ').map(numberOf)).toEqual(
        [line['Chênh lệch, cận dưới'], line['Chênh lệch, cận trên']].map(numberOf),
      );
      expect(cells[5]).toBe(line['Nhận định']);
    });
  });

  it('has its factors and expectations as the page has them', () => {
    for (const [code, { report, page }] of known) {
      const rows = rowsOf(page);
      const factors = body(
        report.tableUnder(`Kết quả theo ${roundOf(code).subject === 'education' ? 'lĩnh vực' : 'yếu tố'}`),
      );
      expect(factors).toHaveLength(5);
      for (const { cells } of factors) {
        const row = rows.find(([title = '']) => title.startsWith(spaced(cells[0])));
        expect(row?.join(' ')).toContain(spaced(cells[2]));
        expect(row?.join(' ')).toContain(spaced(cells[1]));
        expect(row?.join(' ')).toContain(spaced(cells[4]));
      }
      for (const { cells } of body(report.tableUnder('Mức độ đáp ứng mong đợi'))) {
        const [name, audience] = [spaced(cells[0]), cells.length > 3 ? spaced(cells[1]) : ''];
        const row = rows.find(
          ([of = '', responses]) =>
            of.startsWith(name) && of.endsWith(audience) && responses === cells.at(-2),
        );
        const [shown] = (row?.at(-1) ?? '').split(' n = ');
        // The page has one sign for hidden and for none.
        expect(shown).toBe(cells.at(-1) === 'ẩn' ? '–' : spaced(cells.at(-1)));
      }
    }
  });

  it('prints no percentage that the pages and files do not', () => {
    for (const [code, { report, rates, items, groups, page }] of known) {
      const told = new Set(
        [...rates, ...items, ...groups].flatMap((line) => Object.values(line)).map(Number),
      );
      for (const [, number = ''] of page.matchAll(/([\d.,]+)\u00a0%/g))
        told.add(numberOf(number) ?? Number.NaN);
      for (const target of roundOf(code).targets) told.add(target.atLeast ?? Number.NaN);
      told.add(95);
      const blocks = report.blocks();
      const texts = blocks.flatMap((block) =>
        block.kind === 'paragraph' && !/^So với|^Trong đó/.test(block.text) ? [block.text] : [],
      );
      const printed = texts.join('\n').matchAll(/(\d+(?:,\d+)?)\s%/g);
      const unknown = [...printed]
        .map(([, number]) => numberOf(number))
        .filter((number) => !told.has(number ?? Number.NaN));
      expect(unknown).toEqual([]);
    }
  });

  it('has its pictures with words for who cannot see them', () => {
    for (const { report } of known.values()) {
      const pictures = report.names.filter((name) => /^word\/media\/.*\.png$/.test(name));
      expect(pictures.length).toBeGreaterThanOrEqual(1);
      const described = elements(report.body, 'wp:docPr').map(
        (picture) => picture.getAttribute('descr') ?? '',
      );
      expect(described).toHaveLength(pictures.length);
      for (const words of described) expect(words).toMatch(/\d,\d\s%/);
    }
  });

  it('says that the figures of an open round are provisional, and nothing of it once it is closed', () => {
    for (const [code, { report }] of known) {
      const isOpen = roundOf(code).state === 'open';
      expect(report.text().includes('SỐ LIỆU TẠM THỜI')).toBe(isOpen);
      const feet = report.names.filter((name) => /^word\/footer\d+\.xml$/.test(name));
      expect(feet.some((name) => (report.xml(name).textContent ?? '').includes('SỐ LIỆU TẠM THỜI'))).toBe(
        isOpen,
      );
    }
  });

  it('leaves no word of a program', () => {
    for (const { report } of known.values())
      expect(report.text()).not.toMatch(/NaN|undefined|null|\[object|\[\[|\{\w+\}|Infinity/);
  });
});

function roundOf(code: string): Round {
  const round = rounds.find(({ _id }) => _id === code);
  if (!round) throw new Error(`no round ${code}`);
  return round;
}

/** Rows below the head. */
function body(rows: readonly ReadRow[]): ReadRow[] {
  return rows.filter(({ isHead }) => !isHead);
}

function tableWith(document: WordFile, heading: string): ReadRow[] {
  const table = document
    .blocks()
    .find((block) => block.kind === 'table' && block.rows[0]?.cells.includes(heading));
  return table?.kind === 'table' ? body(table.rows) : [];
}

function rowsAfter(document: WordFile, at: number): ReadRow[] {
  const table = document.blocks()[at + 1];
  return table?.kind === 'table' ? body(table.rows) : [];
}

function groupedBy(lines: readonly Line[], keyOf: (line: Line) => string): Map<string, Line[]> {
  const groups = new Map<string, Line[]>();
  for (const line of lines) groups.set(keyOf(line), [...(groups.get(keyOf(line)) ?? []), line]);
  return groups;
}

function isHidden(line: Line): boolean {
  return (line['Ghi chú'] ?? '').startsWith('ẩn');
}

function spaced(text = ''): string {
  return text.replace(/\s+/g, ' ');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
