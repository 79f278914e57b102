import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import mongoose from 'mongoose';
import supertest from 'supertest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Submission } from '../../models/responses.js';
import { createApp } from '../../server/app.js';
import { Bursts } from '../../server/respond/bursts.js';
import { dropDatabase } from '../database.js';
import { filledForm, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let bursts: Bursts;
let sends: number;
beforeEach(() => {
  vi.useFakeTimers();
  bursts = new Bursts();
  sends = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

/** One send. @returns whether it was one of a burst */
async function send(
  ip: string | undefined,
  { unit = 'U', id = `${++sends}`, outcome = 'stored' as Submission, to = bursts } = {},
): Promise<boolean> {
  let said = false;
  await to.counting(ip, unit, id, async (burst) => {
    said = burst;
    return outcome;
  });
  return said;
}

async function sendMany(count: number, ip: string, unit = 'U'): Promise<boolean[]> {
  const said: boolean[] = [];
  for (let index = 0; index < count; index += 1) said.push(await send(ip, { unit }));
  return said;
}

const burstsIn = (said: boolean[]) => said.filter(Boolean).length;

describe('no burst is', () => {
  it('forty sends of a unit from one network', async () => {
    expect(burstsIn(await sendMany(40, '203.0.113.7'))).toBe(0);
  });

  it('forty for each of several units, or from each of several networks', async () => {
    for (const unit of ['U', 'V', 'W'])
      for (const ip of ['203.0.113.7', '203.0.114.7', '2001:db8:1::1', '2001:db8:2::1'])
        expect(burstsIn(await sendMany(40, ip, unit))).toBe(0);
  });

  it('a retry, however often and whatever became of it', async () => {
    await sendMany(39, '203.0.113.7');
    for (const outcome of ['repeated', 'conflict', 'repeated'] as const)
      for (let index = 0; index < 30; index += 1) await send('203.0.113.7', { id: 'again', outcome });
    expect(await send('203.0.113.7')).toBe(false);
    expect(await send('203.0.113.7')).toBe(true);
  });

  it('a send that the database did not take', async () => {
    const failing = bursts.counting('203.0.113.7', 'U', 'x', () => Promise.reject(new Error('down')));
    await expect(failing).rejects.toThrow('down');
    expect(bursts.kept).toEqual([]);
    expect(burstsIn(await sendMany(40, '203.0.113.7'))).toBe(0);
  });

  it('one response sent a hundred times at once', async () => {
    const outcomes: Submission[] = ['stored', ...Array<Submission>(99).fill('repeated')];
    const said = await Promise.all(outcomes.map((outcome) => send('203.0.113.7', { id: 'x', outcome })));
    expect(burstsIn(said)).toBe(0);
    expect(burstsIn(await sendMany(39, '203.0.113.7'))).toBe(0);
    expect(await send('203.0.113.7')).toBe(true);
  });

  it.each([undefined, '', 'unknown', '203.0.113.7:5000'])(
    'sends from %j, which is no address',
    async (ip) => {
      for (let index = 0; index < 50; index += 1) expect(await send(ip)).toBe(false);
      expect(bursts.kept).toEqual([]);
    },
  );
});

describe('a burst is', () => {
  it('every send of a unit from one network beyond the fortieth', async () => {
    expect(await sendMany(60, '203.0.113.7')).toEqual([...Array(40).fill(false), ...Array(20).fill(true)]);
  });

  it.each([
    ['203.0.113.1', '203.0.113.254'],
    ['203.0.113.1', '::ffff:203.0.113.200'],
    ['2001:db8:7:1::1', '2001:DB8:7:ffff:0:0:0:9'],
  ])('noticed across the addresses %s and %s of one network', async (one, other) => {
    expect(burstsIn(await sendMany(40, one))).toBe(0);
    expect(await send(other)).toBe(true);
  });

  it('noticed also where everything is sent at once', async () => {
    const said = await Promise.all(Array.from({ length: 100 }, () => send('203.0.113.7')));
    expect(burstsIn(said)).toBe(60);
  });

  it('over ten minutes after its first send', async () => {
    await sendMany(60, '203.0.113.7');
    vi.advanceTimersByTime(10 * MINUTE - 1);
    expect(await send('203.0.113.7')).toBe(true);
    vi.advanceTimersByTime(1);
    expect(await send('203.0.113.7')).toBe(false);
  });
});

describe('of a network nothing', () => {
  it('is kept but a hash that differs from process to process and from window to window', async () => {
    const keys = Array.from({ length: 3 }, () => randomBytes(32));
    const left = [...keys];
    const one = new Bursts(() => left.shift() ?? Buffer.alloc(0));
    const other = new Bursts();
    await send('203.0.113.7', { to: one });
    await send('203.0.113.7', { to: other });
    const first = one.kept;
    expect(first).toHaveLength(1);
    expect(first[0]).toMatch(/^[\w-]{43}$/);
    expect(other.kept).not.toEqual(first);
    vi.advanceTimersByTime(10 * MINUTE);
    await send('203.0.113.7', { to: one });
    expect(one.kept).not.toEqual(first);
    expect(left).toHaveLength(1);
  });

  it('is left after ten minutes, and so after two days, though nothing is sent any more', async () => {
    await sendMany(60, '203.0.113.7');
    expect(bursts.kept).toHaveLength(1);
    vi.advanceTimersByTime(10 * MINUTE);
    expect(bursts.kept).toEqual([]);
    vi.advanceTimersByTime(2 * DAY);
    expect(bursts.kept).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is left after two days of sends without a pause', async () => {
    const left = new Set<string>();
    for (let elapsed = 0; elapsed < 2 * DAY; elapsed += 3 * MINUTE) {
      await send('203.0.113.7');
      for (const hash of bursts.kept) left.add(hash);
      vi.advanceTimersByTime(3 * MINUTE);
    }
    // A hash for each window of ten minutes, so each is gone with its window.
    expect(left.size).toBe((2 * DAY) / (12 * MINUTE));
    expect(bursts.kept.length).toBeLessThanOrEqual(1);
  });
});

it('memory is bounded: of a flood from more networks than fit, the rest is not counted', async () => {
  for (let index = 0; index < 50_010; index += 1)
    await send(`10.${index >> 8}.${index & 255}.1`, { id: 'x' });
  expect(bursts.kept.length).toBe(50_000);
  expect(burstsIn(await sendMany(50, '203.0.113.7'))).toBe(0);
  // What was counted before still is.
  expect(burstsIn(await sendMany(50, '10.0.0.9'))).toBe(11);
});

describe('whatever is sent in whatever order', () => {
  const ips = fc.constantFrom('203.0.113.7', '203.0.113.8', '203.0.113.9', '2001:db8:1::1');
  const outcomes = fc.constantFrom<Submission>('stored', 'stored', 'stored', 'repeated', 'conflict');
  const events = fc.array(
    fc.record({
      ip: ips,
      unit: fc.constantFrom('U', 'U', 'U', 'V'),
      outcome: outcomes,
      pause: fc.constantFrom(0, 0, 0, 0, 0, 0, 5, 200) /* seconds */,
    }),
    { minLength: 20, maxLength: 300, size: 'max' },
  );
  const groupOf = (ip: string, unit: string) => `${ip.slice(0, -1)} ${unit}`;

  it('one after the other: a send is one of a burst where forty before it were stored in its ten minutes', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (list) => {
        vi.useFakeTimers();
        const fresh = new Bursts();
        let counts = new Map<string, number>();
        let now = 0;
        let ends = 0;
        for (const [index, { ip, unit, outcome, pause }] of list.entries()) {
          now += pause;
          vi.advanceTimersByTime(pause * 1000);
          if (now >= ends) {
            counts = new Map();
            ends = now + 600;
          }
          const before = counts.get(groupOf(ip, unit)) ?? 0;
          expect(await send(ip, { unit, id: `${index}`, outcome, to: fresh })).toBe(before >= 40);
          if (outcome === 'stored') counts.set(groupOf(ip, unit), before + 1);
        }
        vi.useRealTimers();
      }),
      { numRuns: 50 },
    );
  });

  it('all at once: of one unit from one network at most forty stored go unflagged, and forty sends never flagged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), events, async (scheduler, list) => {
        const fresh = new Bursts();
        const sent = await Promise.all(
          list.map(async ({ ip, unit, outcome }, index) => {
            let said = false;
            const write = scheduler.scheduleFunction(async () => outcome);
            const counting = fresh.counting(ip, unit, `${index}`, (burst) => {
              said = burst;
              return write();
            });
            await scheduler.waitFor(counting);
            return { group: groupOf(ip, unit), outcome, said };
          }),
        );
        for (const group of new Set(sent.map((one) => one.group))) {
          const ofGroup = sent.filter((one) => one.group === group);
          const stored = ofGroup.filter(({ outcome }) => outcome === 'stored');
          expect(stored.filter(({ said }) => !said).length).toBeLessThanOrEqual(40);
          if (ofGroup.length <= 40) expect(ofGroup.some(({ said }) => said)).toBe(false);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('through the form', () => {
  let product: TestApp;
  let address: string;
  beforeAll(async () => {
    product = await startTestApp();
    const { links } = await openedRound(product, [unitRow('S1', ['thcs']), unitRow('S2', ['thcs'])]);
    address = `/k/${links.get('S1')}/parents-thcs/thcs`;
  });
  beforeEach(async () => {
    vi.useRealTimers();
    await mongoose.connection.collection('responses').deleteMany({});
  });
  afterAll(dropDatabase);

  /** How many stored responses carry the flag, and how many do not. */
  async function stored(): Promise<[burst: number, others: number]> {
    const responses = mongoose.connection.collection('responses');
    const burst = await responses.countDocuments({ flags: 'burst' });
    return [burst, (await responses.countDocuments()) - burst];
  }

  const keys = (count: number) => Array.from({ length: count }, () => randomBytes(16).toString('base64url'));

  it('a whole class of 45 from one address gets through, though each sends twice; the last five are flagged', async () => {
    const form = { ...filledForm(product.context, 'parents-thcs', '4'), A01: '5' };
    const app = createApp(product.context);
    for (const khoa of keys(45))
      for (const _time of [1, 2])
        await supertest(app)
          .post(address)
          .type('form')
          .send({ ...form, khoa })
          .expect(303);
    expect(await stored()).toEqual([5, 40]);
  });

  it('a whole class of 45 at the same moment gets through', async () => {
    const form = { ...filledForm(product.context, 'parents-thcs', '4'), A01: '5' };
    const app = createApp(product.context);
    const answers = await Promise.all(
      keys(45).map((khoa) =>
        supertest(app)
          .post(address)
          .type('form')
          .send({ ...form, khoa }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(45).fill(303));
    expect(await stored()).toEqual([5, 40]);
  });

  it('45 from 45 homes are no burst, and nothing of an address is stored', async () => {
    const form = { ...filledForm(product.context, 'parents-thcs', '4'), A01: '5' };
    const app = createApp({ ...product.context, config: { ...product.context.config, trustProxy: 1 } });
    for (const [index, khoa] of keys(45).entries())
      await supertest(app)
        .post(address)
        .set('X-Forwarded-For', `203.0.${index}.77`)
        .type('form')
        .send({ ...form, khoa })
        .expect(303);
    expect(await stored()).toEqual([0, 45]);
    const { db } = mongoose.connection;
    for (const { name } of (await db?.listCollections().toArray()) ?? [])
      expect(JSON.stringify(await db?.collection(name).find().toArray())).not.toContain('203.0.');
  });
});
