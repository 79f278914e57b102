/** `npm run verify-seal`: the same for what nobody touched, and a sentence for whatever was. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Response } from '../../models/responses.js';
import { verifySeal } from '../../server/publishing/verify.js';
import { dropDatabase, freshDatabaseUri } from '../database.js';
import { officeAgent, startTestApp, type TestApp } from '../http/testApp.js';
import { addLate, closedRound, publicationsOf, publishByPage } from './rounds.js';

let product: TestApp;
let office: TestAgent;
let round: string;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  round = await closedRound(product);
  await mongoose.connection
    .collection('responses')
    .updateOne({ round, unit: 'Q1' }, { $set: { 'answers.K01': 'Cảm ơn nhà trường' } });
  await publishByPage(office, round);
});
afterAll(dropDatabase);

const stored = () => mongoose.connection.collection<Response>('responses');

/** What is found after a change, which is taken back again. */
async function foundAfter(change: () => Promise<() => Promise<unknown>>): Promise<string[]> {
  const undo = await change();
  try {
    const { findings = [] } = (await verifySeal(round)) ?? {};
    return [...new Set(findings.map(({ what, of }) => `${what} ${of}`))];
  } finally {
    await undo();
  }
}

/** Changes one stored response. */
function changing(filter: object, update: object) {
  return async () => {
    const one = await stored().findOne({ round, ...filter });
    if (!one) throw new Error('nothing to change');
    await stored().updateOne({ _id: one._id }, update);
    return () => stored().replaceOne({ _id: one._id }, one);
  };
}

describe('a seal of what nobody has touched', () => {
  it('is made again from the raw answers, to the last byte', async () => {
    expect(await verifySeal(round)).toMatchObject({ findings: [], since: 0, figures: true, responses: 167 });
  });

  it('is not there where nothing was published', async () => {
    expect(await verifySeal('khong-co')).toBeNull();
    expect(await verifySeal(round, 2)).toBeNull();
  });
});

describe('any single stored answer that was changed is noticed', () => {
  it('a level, at whatever unit', async () => {
    for (const unit of ['Q1', 'Q4', 'Q7']) {
      const found = await foundAfter(
        changing({ unit, 'answers.A01': { $in: [3, 4, 5] } }, { $set: { 'answers.A01': 1 } }),
      );
      expect(found).toContain(`answers ${unit}`);
      expect(found).toContain('figures overview');
      expect(found).toContain('figures du-lieu.csv');
    }
  });

  it('two that leave every count as it was', async () => {
    const found = await foundAfter(async () => {
      const [four, five] = await Promise.all(
        [4, 5].map((level) => stored().findOne({ round, unit: 'Q3', 'answers.B01': level })),
      );
      if (!four || !five) throw new Error('nothing to change');
      await stored().updateOne({ _id: four._id }, { $set: { 'answers.B01': 5 } });
      await stored().updateOne({ _id: five._id }, { $set: { 'answers.B01': 4 } });
      return () => Promise.all([four, five].map((one) => stored().replaceOne({ _id: one._id }, one)));
    });
    expect(found).toContain('answers Q3');
  });

  it('what was written, the channel, a flag, the day', async () => {
    expect(
      await foundAfter(changing({ 'answers.K01': { $exists: true } }, { $set: { 'answers.K01': 'Khác' } })),
    ).toEqual(['texts Q1']);
    expect(await foundAfter(changing({ unit: 'Q2' }, { $set: { channel: 'qr' } }))).toContain('answers Q2');
    expect(await foundAfter(changing({ unit: 'Q2' }, { $set: { flags: ['fast'] } }))).toContain('answers Q2');
    expect(await foundAfter(changing({ unit: 'Q2' }, { $set: { day: '2026-10-16' } }))).toEqual([
      'answers Q2',
    ]);
  });

  it('one that is gone, one that is elsewhere, one too many', async () => {
    const gone = await foundAfter(async () => {
      const one = await stored().findOne({ round, unit: 'Q5' });
      if (!one) throw new Error('nothing to remove');
      await stored().deleteOne({ _id: one._id });
      return () => stored().insertOne(one);
    });
    expect(gone).toContain('missing Q5');
    expect(await foundAfter(changing({ unit: 'Q5' }, { $set: { unit: 'Q3' } }))).toEqual(
      expect.arrayContaining(['missing Q5', 'missing Q3']),
    );
    const added = await foundAfter(async () => {
      const one = await stored().findOne({ round, unit: 'Q5' });
      if (!one) throw new Error('nothing to copy');
      await stored().insertOne({ ...one, _id: 'm'.repeat(22) });
      return () => stored().deleteOne({ _id: 'm'.repeat(22) });
    });
    expect(added).toEqual(['added ']);
  });
});

describe('so is everything else that was sealed', () => {
  it('the tree, the facts, the questionnaire', async () => {
    const change = (collection: string, filter: object, field: string, value: unknown) => async () => {
      const all = mongoose.connection.collection(collection);
      const one = await all.findOne(filter as never);
      if (!one) throw new Error('nothing to change');
      await all.updateOne({ _id: one._id }, { $set: { [field]: value } });
      return () => all.replaceOne({ _id: one._id }, one);
    };
    expect(await foundAfter(change('roundUnits', { round, unit: 'Q3' }, 'enrolment', 7))).toEqual([
      'tree Q3',
    ]);
    expect(await foundAfter(change('rounds', { _id: round }, 'label', 'Tên khác'))).toEqual(['facts ']);
  });

  it('what is stored of the seal itself', async () => {
    const [publication] = await publicationsOf(round);
    const parts = mongoose.connection.collection('sealedParts');
    for (const name of ['overview', 'evidence-000', 'du-lieu.csv', 'drivers-000'])
      expect(
        await foundAfter(async () => {
          const one = await parts.findOne({ _id: `${publication?.attempt}/${name}` as never });
          const other = await parts.findOne({ _id: `${publication?.attempt}/tree` as never });
          await parts.updateOne({ _id: one?._id ?? null } as never, { $set: { content: other?.content } });
          return () =>
            parts.updateOne({ _id: one?._id ?? null } as never, { $set: { content: one?.content } });
        }),
      ).toEqual([`stored-part ${name}`]);
    const rounds = mongoose.connection.collection('rounds');
    expect(
      await foundAfter(async () => {
        await rounds.updateOne({ _id: round as never }, { $set: { 'publications.0.seal': 'f'.repeat(64) } });
        return () =>
          rounds.updateOne({ _id: round as never }, { $set: { 'publications.0.seal': publication?.seal } });
      }),
    ).toEqual(['manifest ']);
  });
});

describe('the command', () => {
  it('says so in words and by its exit code', async () => {
    const same = await verifyCommand(round);
    expect([same.code, same.said]).toEqual([0, expect.stringContaining('KHỚP: tính lại từ 167 phiếu gốc')]);
    const one = await stored().findOne({ round, unit: 'Q2', 'answers.C01': 5 });
    await stored().updateOne({ _id: one?._id ?? '' }, { $set: { 'answers.C01': 4 } });
    const differs = await verifyCommand(round);
    expect(differs.code).toBe(1);
    expect(differs.said).toContain('Câu trả lời gốc đã bị sửa, ở đơn vị: Q2');
    expect(differs.said).toContain('KHÔNG KHỚP');
    await stored().updateOne({ _id: one?._id ?? '' }, { $set: { 'answers.C01': 5 } });
    expect((await verifyCommand('khong-co')).code).toBe(1);
    expect((await verifyCommand()).code).toBe(2);
    expect((await verifyCommand(round, '0')).code).toBe(2);
  });
});

it('every revision can be verified after a correction, the first one from the answers that it had', async () => {
  await addLate(product, office, round, [['Q2', 'parents-thcs', 'thcs', 12]]);
  expect(await verifySeal(round)).toMatchObject({ findings: [], since: 12 });
  expect((await publishByPage(office, round, 'Bổ sung phiếu giấy đến muộn')).status).toBe(303);
  expect(await verifySeal(round, 1)).toMatchObject({ findings: [], since: 12, responses: 167 });
  expect(await verifySeal(round, 2)).toMatchObject({ findings: [], since: 0, responses: 179 });
});

/** Runs the command on this test's database. */
function verifyCommand(...words: string[]): Promise<{ code: number; said: string }> {
  const program = path.resolve('dist/server/publishing/verifySeal.js');
  const uri = freshDatabaseUri().replace(/test-[0-9a-f]+/, mongoose.connection.name);
  const env = { PATH: process.env.PATH ?? '', MONGODB_URI: uri };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, said: stdout + stderr });
    });
  });
}
