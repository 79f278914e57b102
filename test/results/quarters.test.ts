import { randomBytes } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { addResponses } from '../../models/responses.js';
import { roundByCode } from '../../models/rounds.js';
import { talliesOfRound } from '../../models/tallies.js';
import { tallyState } from '../../models/tallyStates.js';
import { countResponses } from '../../server/results/counting.js';
import { TALLY_FORMAT } from '../../server/results/tallyBytes.js';
import { closeRound } from '../../server/rounds/rounds.js';
import { itemsOf, surveysOn } from '../../surveys/read.js';
import { dropDatabase } from '../database.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { rowsOf } from './page.js';

let product: TestApp;
let office: TestAgent;
let survey: string;
let service: string;

beforeAll(async () => {
  product = await startTestApp('2026-10-15');
  office = await officeAgent(product);
  [survey = ''] = surveysOn(product.context.surveys, 'procedure');
  const procedure = [...product.context.services.values()].find(({ kind }) => kind === 'procedure');
  service = procedure?.code ?? '';
});
afterAll(dropDatabase);

describe('a quarter is not shown', () => {
  it('of a round that is held in a period of its own', async () => {
    const code = await roundWith({ '2026-01-05': 9, '2026-10-01': 9 }, false);
    expect(quartersOn(await page(code))).toEqual([]);
    const kept = await talliesOfRound(code, (await tallyState(code))?.generation ?? 0);
    expect(kept.filter(({ group }) => group.startsWith('quarter='))).toEqual([]);
  });

  it('where fewer than five people answered in it, nor another from which it could be computed', async () => {
    const code = await roundWith({ '2026-02-10': 12, '2026-05-10': 7, '2026-08-10': 3 });
    const quarters = quartersOn(await page(code));
    expect(quarters.map(([name, people, rate]) => [name, people, rate])).toEqual([
      ['Quý I/2026', '12', expect.stringMatching(/^100,0 %/)],
      ['Quý II/2026', '7', 'ẩn'],
      ['Quý III/2026', '3', 'ẩn'],
    ]);
    const rows = await inFile(code);
    expect(rows.map((row) => [row.Nhóm, row['Số phiếu'], row['Tỷ lệ hài lòng (%)']])).toEqual([
      ['Quý I/2026', '12', '100,0'],
      ['Quý II/2026', '7', ''],
      ['Quý III/2026', '3', ''],
    ]);
  });
});

describe('a continuous round', () => {
  it('is shown by quarter, each day in its own, the first and the last of a quarter too', async () => {
    const days = { '2026-01-01': 5, '2026-03-31': 6, '2026-04-01': 7, '2026-09-30': 8, '2026-10-01': 9 };
    const code = await roundWith(days);
    expect(quartersOn(await page(code)).map(([name, people]) => [name, people])).toEqual([
      ['Quý I/2026', '11'],
      ['Quý II/2026', '7'],
      ['Quý III/2026', '8'],
      ['Quý IV/2026', '9'],
    ]);
    expect((await office.get(`/van-phong/dot/${code}/nhom?lang=en`)).text).toContain('Quarter 3 of 2026');
  });
});

describe('tallies that a version before quarters left behind', () => {
  it('are counted anew by themselves when somebody looks, and every quarter is there', async () => {
    const code = await roundWith({ '2026-02-10': 12, '2026-05-10': 8 });
    await asLeftByFormat2(code);
    expect(quartersOn(await page(code)).map(([, people]) => people)).toEqual(['12', '8']);
    expect((await tallyState(code))?.format).toBe(TALLY_FORMAT);
  });

  it('are counted anew in the background as well, and no answer is counted twice or lost', async () => {
    const code = await roundWith({ '2026-02-10': 12, '2026-05-10': 8 });
    await asLeftByFormat2(code);
    const round = await roundByCode(code);
    if (!round) throw new Error('no round');
    await countResponses(round);
    const { generation, format } = (await tallyState(code)) ?? { generation: 0, format: 0 };
    expect(format).toBe(TALLY_FORMAT);
    const kept = await talliesOfRound(code, generation);
    const peopleIn = (beginning: string) =>
      kept.filter(({ group }) => group.startsWith(beginning)).map(({ people }) => people);
    expect(peopleIn('quarter=').toSorted()).toEqual([12, 8]);
    expect(peopleIn('channel=')).toEqual([20]);
    expect(kept.filter(({ unit }) => unit !== '').map(({ people }) => people)).toEqual([20]);
  });
});

let rounds = 0;

/** A round at one desk with so many satisfied people a day, all counted; the only one that is open. */
async function roundWith(days: Record<string, number>, continuous = true): Promise<string> {
  rounds += 1;
  const desk = `MC-${rounds}`;
  const { round } = await openedRound(product, [unitRow(desk, [])], {
    subject: 'procedure',
    surveys: [survey],
    units: [desk],
    continuous,
    label: `Đợt ${rounds}`,
    opens: '2026-01-01' as Day,
    closes: '2026-12-31' as Day,
  });
  const asked = product.context.surveys.get(survey);
  if (!asked) throw new Error('no survey');
  const answers = Object.fromEntries(
    itemsOf(asked).flatMap(({ code, kind }) => (kind === 'likert' ? [[code, 5]] : [])),
  );
  await addResponses(
    Object.entries(days).flatMap(([day, people]) =>
      Array.from({ length: people }, () => ({
        _id: randomBytes(16).toString('base64url'),
        ...{ round, unit: desk, survey, service, version: asked.version },
        ...{ channel: 'link' as const, answers, language: 'vi', day: day as Day, flags: [] },
      })),
    ),
  );
  const stored = await roundByCode(round);
  if (stored) await countResponses(stored);
  await closeRound(round, '2026-10-15' as Day);
  return round;
}

/** The database as format 2 left it: no quarters, everything marked as counted. */
async function asLeftByFormat2(code: string): Promise<void> {
  const { db } = mongoose.connection;
  await db?.collection('tallies').deleteMany({ round: code, group: { $regex: '^quarter=' } });
  await db?.collection<{ _id: string }>('tallyStates').updateOne({ _id: code }, { $set: { format: 2 } });
}

async function page(code: string): Promise<string> {
  return (await office.get(`/van-phong/dot/${code}/nhom`).expect(200)).text;
}

function quartersOn(html: string): string[][] {
  const table = /<div class="table"[^>]*aria-label="Quý">(.*?)<\/table>/s.exec(html)?.[1] ?? '';
  return rowsOf(table).filter(([name]) => name?.startsWith('Quý '));
}

async function inFile(code: string): Promise<Record<string, string>[]> {
  const { text } = await office.get(`/van-phong/dot/${code}/nhom.csv?dang=viet`).expect(200);
  const rows = parse(text, { bom: true, columns: true, delimiter: ';', relax_column_count: true });
  return (rows as Record<string, string>[]).filter((row) => row['Loại nhóm'] === 'Quý');
}
