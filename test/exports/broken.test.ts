/** A file that breaks off is seen by whoever takes it, and in the log. */
import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { existingRound } from '../../server/http/existingRound.js';
import { countResponses } from '../../server/results/counting.js';
import { dropDatabase } from '../database.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { storeMade } from './made.js';
import { wholeFile } from './wholeFile.js';

const SURVEY = 'parents-thcs';

let product: TestApp;
let server: http.Server;
let round: string;
let cookie: string;

beforeAll(async () => {
  product = await startTestApp();
  const office = await officeAgent(product);
  ({ round } = await openedRound(product, [unitRow('U1', ['thcs'])], { surveys: [SURVEY] }));
  const place = { round, unit: 'U1', survey: SURVEY, service: 'thcs' };
  for (let seed = 1; seed <= 6; seed += 1) await storeMade(product.context, place, 1000, seed);
  await office.post(`/van-phong/dot/${round}/dong`).expect(303);
  await countResponses(await existingRound(round));
  server = http.createServer(product.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cookie = await logIn();
}, 60_000);
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await dropDatabase();
});

describe('a file of single responses', () => {
  it.each(['identity', 'gzip'])(
    'is whole where nothing goes wrong (%s), and the log says so',
    async (encoding) => {
      const { text, failure } = await take({ 'accept-encoding': encoding });
      expect(failure).toBeNull();
      if (encoding === 'identity') expect(wholeFile(text).rows).toHaveLength(6000);
      const [exported] = await entriesOf('responses-exported', 1);
      await expect
        .poll(async () => (await entriesOf('export-whole', 1))[0])
        .toMatchObject({
          account: 'vanphong',
          subject: round,
          details: { entry: exported?.number, rows: 6000 },
        });
    },
  );

  it('that meets a mistake on the way fails at the browser, says so in its last line, and in the log', async () => {
    // It is read last, and its mistake lies where only the second reading looks, the one that writes the file.
    await insertBad('zzzzzz', { answers: { B01: [/x/] } });
    const answer = await ask({ 'accept-encoding': 'identity' });
    let text = '';
    let failure: unknown = null;
    try {
      for await (const piece of answer) text += piece;
    } catch (error) {
      failure = error;
    }
    await mongoose.connection.collection('responses').deleteOne({ _id: 'zzzzzz' as never });
    expect(answer.statusCode).toBe(200);
    expect(failure).toMatchObject({ code: 'ECONNRESET' });
    expect(() => wholeFile(text)).toThrow();
    expect(text.length).toBeGreaterThan(1000);
    expect(text.trimEnd().split('\r\n').at(-1)).toContain('TỆP KHÔNG TRỌN VẸN');
    const [exported] = await entriesOf('responses-exported', 1);
    expect((await entriesOf('export-broken', 1))[0]).toMatchObject({ details: { entry: exported?.number } });
  });

  it('whose reader goes away is in the log as not whole, and nothing goes on in vain', async () => {
    const before = (await entriesOf('export-broken', 100)).length;
    const answer = await ask({ 'accept-encoding': 'identity' });
    await new Promise((resolve) => answer.once('data', resolve));
    answer.destroy();
    await expect.poll(async () => (await entriesOf('export-broken', 100)).length).toBe(before + 1);
  });

  it('that cannot even begin is a page, not a file', async () => {
    await insertBad('------', { extra: /x/ });
    const answer = await ask({ 'accept-encoding': 'identity' });
    answer.resume();
    await mongoose.connection.collection('responses').deleteOne({ _id: '------' as never });
    expect(answer.statusCode).toBe(500);
    expect(answer.headers['content-type']).toMatch(/html/);
    expect(answer.headers['content-disposition']).toBeUndefined();
  });
});

/** Stores what is counted already, so that the figures do not look at it, and is no response. */
async function insertBad(_id: string, what: object): Promise<void> {
  const bad = { _id, round, unit: 'U1', survey: SURVEY, service: 'thcs', counted: 1, ...what };
  await mongoose.connection.collection('responses').insertOne(bad as never);
}

async function take(headers: Record<string, string>): Promise<{ text: string; failure: string | null }> {
  const answer = await ask(headers);
  let text = '';
  try {
    for await (const piece of answer) text += piece;
    return { text, failure: null };
  } catch (error) {
    return { text, failure: (error as Error).message };
  }
}

function ask(headers: Record<string, string>): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const path = `/van-phong/dot/${round}/phieu/${SURVEY}.csv`;
    http.get({ port, host: '127.0.0.1', path, headers: { cookie, ...headers } }, resolve).on('error', reject);
  });
}

async function logIn(): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/van-phong/dang-nhap`, {
    method: 'POST',
    body: new URLSearchParams({ name: 'vanphong', password: product.password }),
    redirect: 'manual',
  });
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
}
