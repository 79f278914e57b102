import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../../models/auditEntries.js';
import { auditEntriesFound } from '../../models/auditSearch.js';
import type { Day } from '../../models/day.js';
import { allPlans, planByCode } from '../../models/plans.js';
import { allRounds, type Round, roundByCode } from '../../models/rounds.js';
import { storeUnits } from '../../models/units.js';
import {
  changeDraft,
  closeRound,
  createRound,
  openRound,
  type RoundDraft,
} from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { formAt } from '../plans/forms.js';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp('2026-10-15');
  office = await officeAgent(product);
  await storeUnits([unitRow('TH-1', ['tieu-hoc']), unitRow('TH-2', ['tieu-hoc'])]);
});
afterEach(() => vi.restoreAllMocks());
afterAll(dropDatabase);

const REASON = { closes: '2026-12-20', reason: 'Chậm gửi đường dẫn' };

/** Every change of a round: what the office posts to a round that is ready for it, and the entry it leaves. */
const ROUND_CHANGES = [
  { action: 'round-opened', from: 'draft', path: 'mo', form: {} },
  { action: 'round-draft-deleted', from: 'draft', path: 'xoa', form: {} },
  { action: 'round-access-set', from: 'draft', path: 'ma-moi/cach-tra-loi', form: { access: 'invitation' } },
  { action: 'round-extended', from: 'open', path: 'gia-han', form: REASON },
  { action: 'round-closed', from: 'open', path: 'dong', form: { reason: '' } },
  { action: 'round-reopened', from: 'closed', path: 'mo-lai', form: REASON },
] as const;

describe('a change of a round that cannot be recorded is not made', () => {
  it.each(ROUND_CHANGES)('$action', async ({ from, path, form }) => {
    const code = await roundIn(from);
    const before = await roundByCode(code);
    const sent = await withSeen(code, form);
    logIsDown();
    await office.post(`/van-phong/dot/${code}/${path}`).type('form').send(sent).expect(500);
    expect(await roundByCode(code)).toEqual(before);
  });

  it('round-created, round-draft-changed', async () => {
    const code = await roundIn('draft');
    const before = await allRounds();
    const more = draft(product.context, { label: 'Đợt không ghi được' });
    logIsDown();
    await expect(createRound(product.context, more)).rejects.toThrow('log');
    await expect(changeDraft(product.context, code, more)).rejects.toThrow('log');
    expect(await allRounds()).toEqual(before);
  });
});

describe('a change of a round leaves one entry', () => {
  it.each(ROUND_CHANGES)('$action, by whoever did it', async ({ action, from, path, form }) => {
    const code = await roundIn(from);
    const sent = await withSeen(code, form);
    await office.post(`/van-phong/dot/${code}/${path}`).type('form').send(sent).expect(303);
    const [entry, ...others] = (await entriesAbout(code)).filter((one) => one.action === action);
    expect(entry).toMatchObject({ account: 'vanphong', subject: code });
    expect(others).toEqual([]);
  });

  it('that a second one in another process was too late for: its entry is marked as not done', async () => {
    const code = await roundIn('open');
    await whileRecording(
      'round-closed',
      () => setState(code, 'closed'),
      async () => {
        await expect(closeRound(code, '2026-10-15' as Day)).rejects.toMatchObject({ status: 409 });
      },
    );
    await expectNotDone(code, 'round-closed');
  });

  it('that clashes with one made meanwhile: it is put back and marked as not done', async () => {
    const other = await roundIn('open');
    await setState(other, 'draft');
    const mine = await createRound(product.context, aDraft());
    // As another process would, which does not wait for its turn here.
    const problems = await whileRecording(
      'round-opened',
      () => setState(other, 'open'),
      () => openRound(product.context, mine),
    );
    expect(problems).toMatchObject([{ key: 'rounds.problem.clash' }]);
    expect(await roundByCode(mine)).toMatchObject({ state: 'draft', history: [] });
    await expectNotDone(mine, 'round-opened');
  });
});

describe('two drafts of one name', () => {
  it('made at once get a code each, and an entry that was too late for its code is marked', async () => {
    const label = 'Đợt trùng tên';
    const codes = await Promise.all([1, 2, 3].map(() => createRound(product.context, aDraft({ label }))));
    expect(codes.toSorted()).toEqual(['dot-trung-ten', 'dot-trung-ten-2', 'dot-trung-ten-3']);
    for (const code of codes) {
      const entries = await entriesAbout(code);
      const undone = new Set(entries.flatMap(({ details }) => details.entry ?? []));
      const made = entries.filter(({ action, number }) => action === 'round-created' && !undone.has(number));
      expect(made).toHaveLength(1);
    }
  });
});

describe('a change of a plan', () => {
  it('that cannot be recorded is not made', async () => {
    const code = await newPlan('Kế hoạch không ghi được');
    const page = `/van-phong/ke-hoach/${code}`;
    await office.post(`${page}/xong`).type('form').send({ key: 'm1p1', day: '2026-03-20' }).expect(303);
    const sent = formAt((await office.get(`${page}/sua`).expect(200)).text, `${page}/sua`);
    const [before, all] = [await planByCode(code), (await allPlans()).length];
    logIsDown();
    const changes: [string, object][] = [
      ['sua', { ...sent, title: 'Tên khác' }],
      ['xong', { key: 'm1p2', day: '2026-03-20' }],
      ['chua-xong', { key: 'm1p1' }],
      ['luu-tru', { archived: 'yes' }],
    ];
    for (const [path, form] of changes)
      await office.post(`${page}/${path}`).type('form').send(form).expect(500);
    await office
      .post('/van-phong/ke-hoach/moi?mau=quang-ngai-2022')
      .type('form')
      .send({ mau: 'quang-ngai-2022', title: 'Một kế hoạch nữa', year: '2026' })
      .expect(500);
    expect(await planByCode(code)).toEqual(before);
    expect(await allPlans()).toHaveLength(all);
  });

  it('leaves one entry, and none where there is nothing to change', async () => {
    const code = await newPlan('Kế hoạch có nhật ký');
    const page = `/van-phong/ke-hoach/${code}`;
    const sent = formAt((await office.get(`${page}/sua`).expect(200)).text, `${page}/sua`);
    const changes: [string, object, number][] = [
      ['sua', sent, 303],
      ['sua', sent, 409],
      ['xong', { key: 'm1p1', day: '2026-03-20' }, 303],
      ['xong', { key: 'm1p1', day: '2026-03-20' }, 303],
      ['chua-xong', { key: 'm1p1' }, 303],
      ['chua-xong', { key: 'm1p1' }, 303],
      ['luu-tru', { archived: 'yes' }, 303],
      ['luu-tru', { archived: 'yes' }, 303],
      ['luu-tru', { archived: '' }, 303],
    ];
    for (const [path, form, status] of changes)
      await office.post(`${page}/${path}`).type('form').send(form).expect(status);
    expect((await entriesAbout(code)).map(({ action }) => action).toReversed()).toEqual([
      'plan-taken-up',
      'plan-changed',
      'plan-done',
      'plan-not-done',
      'plan-archived',
      'plan-restored',
    ]);
  });

  it('that somebody else made meanwhile is marked as not done', async () => {
    const code = await newPlan('Kế hoạch hai người');
    const plans = mongoose.connection.collection<{ _id: string }>('plans');
    await whileRecording(
      'plan-archived',
      () => plans.updateOne({ _id: code }, { $set: { archived: true } }),
      () =>
        office.post(`/van-phong/ke-hoach/${code}/luu-tru`).type('form').send({ archived: 'yes' }).expect(303),
    );
    await expectNotDone(code, 'plan-archived');
  });
});

function aDraft(change: Partial<RoundDraft> = {}): RoundDraft {
  return draft(product.context, { surveys: ['parents-tieu-hoc'], ...change });
}

/** A round of its own in a state; no other is open. */
async function roundIn(state: Round['state']): Promise<string> {
  for (const round of await allRounds())
    if (round.state === 'open') await closeRound(round._id, '2026-10-15' as Day);
  const code = await createRound(product.context, aDraft());
  if (state === 'draft') return code;
  expect(await openRound(product.context, code)).toEqual([]);
  if (state === 'closed') await closeRound(code, '2026-10-15' as Day);
  return code;
}

/** A form with the mark of the warnings that its page shows. */
async function withSeen(code: string, form: object): Promise<object> {
  const { text } = await office.get(`/van-phong/dot/${code}/quan-ly`).expect(200);
  return { 'da-xem': /name="da-xem" value="([^"]*)"/.exec(text)?.[1] ?? '', ...form };
}

function entriesAbout(subject: string): Promise<AuditEntry[]> {
  return auditEntriesFound({ subject }, 1000);
}

/** The last entry of an action about something is followed by one that says that it was not done. */
async function expectNotDone(subject: string, action: string): Promise<void> {
  const entries = await entriesAbout(subject);
  const [entry, ...others] = entries.filter((one) => one.action === action);
  expect(others).toEqual([]);
  expect(entries[0]).toMatchObject({ action: 'not-done', details: { entry: entry?.number } });
}

function logIsDown(): void {
  vi.spyOn(mongoose.model('AuditEntry'), 'insertMany').mockRejectedValue(new Error('log'));
}

/** Lets something else happen right after an entry is written and before its change is made. */
async function whileRecording<T>(
  action: string,
  meanwhile: () => Promise<unknown>,
  work: () => PromiseLike<T>,
): Promise<T> {
  const model = mongoose.model('AuditEntry');
  const insert = model.insertMany.bind(model) as (entries: unknown, options: object) => Promise<unknown>;
  const spy = vi.spyOn(model, 'insertMany').mockImplementation((async (
    entries: readonly { readonly action: string }[],
    options: object,
  ) => {
    const inserted = await insert(entries, options);
    if (entries.some((entry) => entry.action === action)) await meanwhile();
    return inserted;
  }) as unknown as typeof model.insertMany);
  const result = await work();
  expect(spy).toHaveBeenCalled();
  spy.mockRestore();
  return result;
}

async function setState(code: string, state: Round['state']): Promise<void> {
  const rounds = mongoose.connection.collection<{ _id: string }>('rounds');
  await rounds.updateOne({ _id: code }, { $set: { state } });
}

async function newPlan(title: string): Promise<string> {
  const answer = await office
    .post('/van-phong/ke-hoach/moi?mau=quang-ngai-2022')
    .type('form')
    .send({ mau: 'quang-ngai-2022', title, year: '2026' })
    .expect(303);
  return String(answer.headers.location).replace(/^.*ke-hoach\//, '');
}
