/** Handing a batch over where every write on the way fails once, before or after it was done. */
import mongoose from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { batchById, type PaperBatch } from '../../models/paperBatches.js';
import { chooseSheets, insertSheets, sheetsOfBatch } from '../../models/paperSheets.js';
import { handOver, resumeHandOvers } from '../../server/paper/handOver.js';
import { keepSheet, stagedSheet } from '../../server/paper/sheets.js';
import { dropDatabase } from '../database.js';
import { officeAgent, startTestApp, type TestApp } from '../http/testApp.js';
import { day, openBatch, type PaperUnit, paperUnit } from './paper.js';
import { storedResponses } from './stored.js';

/** More than are added in one write. */
const SHEETS = 230;
const WRITES = [
  'updateOne',
  'updateMany',
  'bulkWrite',
  'deleteMany',
  'findOneAndUpdate',
  'insertOne',
] as const;

let product: TestApp;
let unit: PaperUnit;
let open: () => Promise<PaperBatch>;
beforeAll(async () => {
  product = await startTestApp();
  unit = await paperUnit(product);
  const agent = await officeAgent(product);
  open = () => openBatch(agent, unit, { 'so-phieu': 'written' });
});
afterAll(dropDatabase);
afterEach(() => vi.restoreAllMocks());

const typed = (batch: PaperBatch, number: number) => ({
  number,
  void: null,
  attempt: 'A'.repeat(22),
  typist: 'nguoi-nhap',
  day: day('2026-10-15'),
  service: 'thcs',
  answers: { A01: (number % 5) + 1, K01: `${batch._id} ${number}` },
});

async function fullBatch(): Promise<PaperBatch> {
  const batch = await open();
  const numbers = Array.from({ length: SHEETS }, (_, index) => index + 1);
  await insertSheets(numbers.map((number) => stagedSheet(batch, typed(batch, number), false)));
  return batch;
}

/** Has the n-th write from now on fail. @returns whether there was an n-th one */
function failing(nth: number, moment: 'before' | 'after'): () => boolean {
  let writes = 0;
  const prototype = mongoose.mongo.Collection.prototype as unknown as Record<
    string,
    (...args: unknown[]) => Promise<unknown>
  >;
  for (const name of WRITES) {
    const write = prototype[name] as (...args: unknown[]) => Promise<unknown>;
    vi.spyOn(prototype, name).mockImplementation(async function (this: unknown, ...args: unknown[]) {
      writes += 1;
      const mine = writes === nth;
      if (mine && moment === 'before') throw new Error('gone');
      const done = await write.apply(this, args);
      if (mine) throw new Error('gone');
      return done;
    });
  }
  return () => writes >= nth;
}

const sheetsStoredOf = async ({ _id, round }: PaperBatch) =>
  (await storedResponses(round))
    .map(({ answers }) => String(answers.K01))
    .filter((text) => text.startsWith(_id))
    .sort();

describe('a batch is handed over whole, each sheet once', () => {
  it.each(['before', 'after'] as const)(
    'where any one write fails %s it is done',
    async (moment) => {
      for (let nth = 1; ; nth += 1) {
        const batch = await fullBatch();
        const failed = failing(nth, moment);
        await handOver(product.context, batch, 'vanphong').catch(() => {});
        const hit = failed();
        vi.restoreAllMocks();
        // As the next start of the server does.
        await resumeHandOvers(product.context);
        if ((await batchById(batch._id))?.state === 'open') {
          for (const { phase } of await sheetsOfBatch(batch._id)) expect(phase).toBe('staged');
          expect(await handOver(product.context, batch, 'vanphong')).toBeNull();
        }
        const wanted = Array.from({ length: SHEETS }, (_, index) => `${batch._id} ${index + 1}`).sort();
        expect(await sheetsStoredOf(batch)).toEqual(wanted);
        for (const sheet of await sheetsOfBatch(batch._id)) expect(sheet).not.toHaveProperty('staged');
        if (!hit) {
          expect(nth).toBeGreaterThan(6);
          return;
        }
      }
    },
    120_000,
  );

  it('by two servers at the same time', async () => {
    const batch = await fullBatch();
    await Promise.all([1, 2, 3].map(() => handOver(product.context, batch, 'vanphong')));
    await resumeHandOvers(product.context);
    expect(await sheetsStoredOf(batch)).toHaveLength(SHEETS);
    expect((await batchById(batch._id))?.state).toBe('handed-over');
  });

  it('while sheets are still being typed: what was acknowledged goes along, the rest is refused', async () => {
    const batch = await fullBatch();
    let kept = 0;
    const typing = Array.from({ length: 40 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 3));
      await keepSheet(batch, typed(batch, SHEETS + 1 + index)).then(
        () => {
          kept += 1;
        },
        () => {},
      );
    });
    await new Promise((resolve) => setTimeout(resolve, 40));
    await handOver(product.context, batch, 'vanphong');
    await Promise.all(typing);
    await resumeHandOvers(product.context);
    expect(kept).toBeGreaterThan(0);
    expect(await sheetsStoredOf(batch)).toHaveLength(SHEETS + kept);
    expect((await sheetsOfBatch(batch._id)).filter(({ staged }) => staged)).toEqual([]);
  });

  it('and not at all where a sheet waits for its second entry, also after a restart in between', async () => {
    const batch = await fullBatch();
    await chooseSheets(batch._id, [7]);
    expect(await handOver(product.context, batch, 'vanphong')).toBe('second');
    await mongoose.model('PaperBatch').updateOne({ _id: batch._id }, { $set: { state: 'checking' } });
    await resumeHandOvers(product.context);
    expect((await batchById(batch._id))?.state).toBe('open');
    expect(await sheetsStoredOf(batch)).toEqual([]);
    for (const { phase } of await sheetsOfBatch(batch._id)) expect(phase).toBe('staged');
  });
});
