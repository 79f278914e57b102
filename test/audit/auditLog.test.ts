import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { audited, entriesOf, recordAudit, recordAudits } from '../../models/auditEntries.js';
import { sealAuditWith } from '../../models/auditSeal.js';
import { verifyAudit } from '../../server/audit/verify.js';
import { dropDatabase } from '../database.js';
import { wholeFile } from '../exports/wholeFile.js';
import { officeAgent, startTestApp, type TestApp } from '../http/testApp.js';

const LOG = '/van-phong/nhat-ky';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
});
afterAll(dropDatabase);

/** The collection behind the product's back. */
const stored = () => mongoose.connection.collection('auditEntries');

const opened = (subject: string, account = 'vanphong') => ({
  account,
  action: 'round-opened',
  subject,
  details: {},
});

describe('the log cannot be changed', () => {
  it.each(['post', 'put', 'patch', 'delete'] as const)('by %s to any of its addresses', async (method) => {
    const before = await stored().find().toArray();
    for (const address of [LOG, `${LOG}/1`, `${LOG}.csv`, `${LOG}/kiem-tra`])
      await office[method](address).type('form').send({}).expect(404);
    expect(await stored().find().toArray()).toEqual(before);
  });
});

describe('tampering in the database shows', () => {
  beforeEach(async () => {
    await stored().deleteMany({});
    for (const subject of ['a', 'b', 'c', 'd']) await recordAudit(opened(subject));
    expect(await verifyAudit(null)).toMatchObject({ entries: 4, breaks: 0 });
  });

  it.each<[string, object]>([
    ['who did it', { account: 'nguoi-khac' }],
    ['what was done', { action: 'round-closed' }],
    ['to what', { subject: 'x' }],
    ['when', { at: new Date('2020-01-01') }],
    ['how many', { details: { rows: 1 } }],
  ])('where an entry says otherwise: %s', async (_name, change) => {
    await stored().updateOne({ number: 2 }, { $set: change });
    expect(await verifyAudit(null)).toMatchObject({ broken: [{ number: 2, what: 'altered' }], breaks: 1 });
    expect((await office.get(`${LOG}/kiem-tra`).expect(200)).text).toContain('Số 2 đã bị sửa');
  });

  it('where an entry was taken out', async () => {
    await stored().deleteOne({ number: 3 });
    expect(await verifyAudit(null)).toMatchObject({ broken: [{ number: 4, what: 'missing' }] });
  });

  it('where the first one was taken out', async () => {
    await stored().deleteOne({ number: 1 });
    expect(await verifyAudit(null)).toMatchObject({ broken: [{ number: 2, what: 'missing' }] });
  });

  it('where two entries were exchanged', async () => {
    await stored().updateOne({ number: 2 }, { $set: { number: 99 } });
    await stored().updateOne({ number: 3 }, { $set: { number: 2 } });
    await stored().updateOne({ number: 99 }, { $set: { number: 3 } });
    expect((await verifyAudit(null)).breaks).toBeGreaterThan(0);
  });

  it('where somebody without the secret wrote the rest of the log anew', async () => {
    await stored().deleteMany({ number: { $gte: 3 } });
    sealAuditWith('another secret of thirty-two letters or more');
    await recordAudit(opened('forged'));
    sealAuditWith(product.context.config.sessionSecret);
    const { digest, seal } = (await stored().findOne({ number: 3 })) as unknown as Record<string, string>;
    expect(await verifyAudit(null)).toMatchObject({ breaks: 0, otherKey: 1 });
    const own = String((await stored().findOne({ number: 2 }))?.seal).split('.')[0];
    await stored().updateOne({ number: 3 }, { $set: { seal: `${own}.${String(seal).split('.')[1]}` } });
    expect(await verifyAudit(null)).toMatchObject({ broken: [{ number: 3, what: 'seal' }], otherKey: 0 });
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('where the end was cut off, to whoever noted the last mark', async () => {
    const { last } = await verifyAudit(null);
    if (!last) throw new Error('no last entry');
    const noted = `${LOG}/kiem-tra?so=${last.number}&dau=${encodeURIComponent(last.mark.toUpperCase())}`;
    expect((await office.get(noted).expect(200)).text).toContain('vẫn đúng như dấu đã chép lại');
    await stored().deleteOne({ number: last.number });
    expect((await verifyAudit(null)).breaks).toBe(0);
    expect((await office.get(noted).expect(200)).text).toContain('không còn, hoặc khác');
    await recordAudit(opened('another'));
    expect((await office.get(noted).expect(200)).text).toContain('không còn, hoặc khác');
  });

  it('but a mark of nothing proves nothing', async () => {
    const { last } = await verifyAudit(null);
    for (const mark of ['', 'zz', last?.mark.slice(0, 4) ?? ''])
      expect((await verifyAudit({ number: String(last?.number), mark: mark.replace(/\W/g, '') })).noted).toBe(
        false,
      );
  });
});

describe('entries', () => {
  it('of many at once are numbered without gaps, in few writes', async () => {
    await stored().deleteMany({});
    const writes: string[] = [];
    mongoose.set('debug', (_collection: string, method: string) => writes.push(method));
    await Promise.all(Array.from({ length: 200 }, (_, index) => recordAudit(opened(`r${index}`))));
    mongoose.set('debug', false);
    expect(await verifyAudit(null)).toMatchObject({ entries: 200, breaks: 0 });
    expect(writes.filter((method) => method === 'insertMany').length).toBeLessThan(10);
  });

  it('take the next numbers where another process took some of theirs', async () => {
    await stored().deleteMany({});
    await recordAudit(opened('first'));
    const { _id, ...copy } = (await stored().findOne({ number: 1 })) ?? { _id: null };
    const AuditEntries = mongoose.model('AuditEntry');
    const insertMany = AuditEntries.insertMany.bind(AuditEntries);
    // After the last number was read, another process writes an entry in the middle of those that are to come.
    const spy = vi.spyOn(AuditEntries, 'insertMany').mockImplementationOnce((async (...given: never[]) => {
      await stored().insertOne({ ...copy, number: 30 });
      return insertMany(...(given as unknown as Parameters<typeof insertMany>));
    }) as never);
    await recordAudits(Array.from({ length: 50 }, (_, index) => opened(`r${index}`)));
    expect(spy).toHaveBeenCalledTimes(2);
    spy.mockRestore();
    const entries = (await stored().find().toArray()) as unknown as { number: number; subject: string }[];
    expect(entries.map(({ number }) => number).sort((one, other) => one - other)).toEqual(
      Array.from({ length: 52 }, (_, index) => index + 1),
    );
    expect(
      new Set(entries.filter(({ subject }) => subject.startsWith('r')).map((entry) => entry.subject)).size,
    ).toBe(50);
  });

  it('stand before the change they tell of, and a change that fails is told of again', async () => {
    let recordedBefore: unknown;
    const failing = audited(opened('fails'), async () => {
      [recordedBefore] = await entriesOf('round-opened', 1);
      throw new Error('refused');
    });
    await expect(failing).rejects.toThrow('refused');
    expect(recordedBefore).toMatchObject({ subject: 'fails' });
    const [entry] = await entriesOf('round-opened', 1);
    expect((await entriesOf('not-done', 1))[0]).toMatchObject({
      account: 'vanphong',
      subject: 'fails',
      details: { entry: entry?.number },
    });
  });

  it('keep what cannot be stored as it was typed verifiable', async () => {
    await stored().deleteMany({});
    await recordAudit({ ...opened('\ud83d half'), details: { rows: 0.1, search: '\udc00' } });
    expect(await verifyAudit(null)).toMatchObject({ entries: 1, breaks: 0 });
  });
});

describe('the page', () => {
  beforeAll(async () => {
    await stored().deleteMany({});
    await recordAudits(
      Array.from({ length: 250 }, (_, index) => opened(`dot-${index + 1}`, `nguoi-${index % 5}`)),
    );
    await stored().updateMany({ number: { $lte: 100 } }, { $set: { at: new Date('2026-09-30T17:00:00Z') } });
  });

  it('refuses a day that is none, with what was typed', async () => {
    const answer = await office.get(`${LOG}?tu=2026-02-30&doi-tuong=%3Cb%3E`).expect(422);
    expect(answer.text).toContain('Ngày không có trong lịch');
    expect(answer.text).toContain('value="2026-02-30"');
    expect(answer.text).toContain('value="&lt;b&gt;"');
    await office.get(`${LOG}?tu=2026-10-02&den=2026-10-01`).expect(422);
    await office.get(`${LOG}.csv?tu=x`).expect(303);
  });

  it('shows the latest first, by pages that follow each other without a gap', async () => {
    const seen: string[] = [];
    for (let address: string | undefined = LOG; address; ) {
      const { text }: { text: string } = await office.get(address).expect(200);
      seen.push(...subjectsOn(text));
      address = /href="([^"]*)" rel="next"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, index) => `dot-${250 - index}`));
  });

  it('finds by account, action, subject and day of Vietnam', async () => {
    const found = async (query: string) => subjectsOn((await office.get(`${LOG}?${query}`).expect(200)).text);
    expect(await found('tai-khoan=nguoi-3')).toHaveLength(50);
    expect(await found('doi-tuong=dot-77')).toEqual(['dot-77']);
    expect(await found('viec=round-closed')).toEqual([]);
    expect(await found('tai-khoan=nguoi-0&doi-tuong=dot-77')).toEqual([]);
    expect(await found('den=2026-10-01')).toHaveLength(100);
    expect(await found('tu=2026-10-01&den=2026-10-01')).toHaveLength(100);
    expect(await found('den=2026-09-30')).toEqual([]);
    expect(await found('tu=2026-10-01&den=2026-10-01&tai-khoan=nguoi-1')).toHaveLength(20);
  });

  it('says what was done as a sentence, and keeps the code of what it has no words for', async () => {
    await recordAudit({ account: 'system', action: 'of-a-later-version', subject: '', details: { odd: 3 } });
    const { text } = await office.get(LOG).expect(200);
    expect(text).toContain('Mở đợt khảo sát');
    expect(text).toContain('of-a-later-version<small>odd: 3');
  });
});

describe('the file', () => {
  it('has every entry that was looked for, harmless to a spreadsheet, and is itself recorded', async () => {
    await recordAudit(opened('=HYPERLINK("x")', 'nguoi-3'));
    const answer = await office.get(`${LOG}.csv?tai-khoan=nguoi-3`).buffer(true).expect(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(wholeFile(answer.text).rows).toHaveLength(51);
    const lines = answer.text.split('\r\n');
    expect(lines[0]).toContain('"Việc đã làm"');
    expect(lines[1]).toContain(`"'=HYPERLINK(""x"")"`);
    expect((await entriesOf('audit-exported', 1))[0]).toMatchObject({
      account: 'vanphong',
      details: { search: 'tai-khoan=nguoi-3' },
    });
  });
});

function subjectsOn(page: string): string[] {
  return [...page.matchAll(/<td class="wide"><a href="[^"]*doi-tuong=[^"]*">([^<]*)</g)].map(
    ([, subject = '']) => subject,
  );
}
