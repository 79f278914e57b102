/** What a form's own script, a tablet and a proxy before the server are told. */
import mongoose from 'mongoose';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { responseById } from '../../models/responses.js';
import { changesToRounds } from '../../models/rounds.js';
import { responseId } from '../../server/respond/submissionKey.js';
import { closeRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { filledForm, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

let product: TestApp;
let round: string;
let link: string;
let address: string;
const KEY = 'abcdefghijklmnopqrstuv';

beforeAll(async () => {
  product = await startTestApp('2026-10-15');
  const opened = await openedRound(product, [unitRow('S1', ['mam-non']), unitRow('S2', ['thcs'])]);
  round = opened.round;
  link = `/k/${opened.links.get('S1')}`;
  address = `${link}/parents-mam-non/mam-non`;
});
afterAll(dropDatabase);

const stored = () => mongoose.connection.collection('responses').countDocuments();
const form = (level = '4') => filledForm(product.context, 'parents-mam-non', level);
const edition = async () =>
  /name="ban" value="([0-9a-f]{12})"/.exec((await supertest(product.app).get(address)).text)?.[1] ?? '';

function post(fields: Record<string, string>, path = address) {
  return supertest(product.app).post(path).type('form').send(fields);
}

function postAsScript(fields: Record<string, string>, path = address) {
  return post(fields, path).set('Accept', 'application/json');
}

describe('the form’s own script', () => {
  test('is told the code of what is wrong, and nothing is stored', async () => {
    const before = await stored();
    const { A01: _missing, ...gap } = form();
    const answers = {
      'respond.problem.required-likert': await postAsScript({ ...gap, khoa: KEY }).expect(422),
      'respond.problem.no-key': await postAsScript(form()).expect(422),
      'respond.problem.new-edition': await postAsScript({ ...form(), khoa: KEY, ban: 'f'.repeat(12) }).expect(
        409,
      ),
      'no-such-survey': await postAsScript({ ...form(), khoa: KEY }, `${link}/nothing/mam-non`).expect(404),
      'wrong-code': await postAsScript({ ...form(), khoa: KEY }, '/k/AAAAAA/parents-mam-non/mam-non').expect(
        404,
      ),
    };
    for (const [code, answer] of Object.entries(answers)) expect(answer.body.code).toBe(code);
    expect(await stored()).toBe(before);
  });

  test('is told where the thank-you page is, the same for every try', async () => {
    const before = await stored();
    const sent = { ...form(), khoa: KEY, ban: await edition(), giay: '95' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => postAsScript(sent).expect(200)));
    const told = new Set(answers.map(({ body }) => body.received));
    expect([...told]).toEqual([`${link}/da-nhan/${KEY}`]);
    await supertest(product.app).get(`${link}/da-nhan/${KEY}`).expect(200);
    expect(await stored()).toBe(before + 1);
    const other = await postAsScript({ ...form('1'), khoa: KEY }).expect(409);
    expect(other.body.code).toBe('respond.problem.key-used');
    expect(await stored()).toBe(before + 1);
  });
});

test('a form of an earlier edition comes back, with the answers to questions that are the same', async () => {
  const before = await stored();
  const old = { ...form(), B99: '4', K01: 'Cảm ơn', ban: '0123456789ab', khoa: 'E'.repeat(22) };
  const answer = await post(old).expect(409);
  expect(answer.text).toContain('đã có bản mới');
  expect(answer.text).not.toContain('B99');
  expect(answer.text).toContain('name="A01" value="4" checked');
  expect(answer.text).toContain('Cảm ơn</textarea>');
  expect(await stored()).toBe(before);
  const { B99: _gone, ...again } = old;
  await post({ ...again, ban: await edition() }).expect(303);
  expect(await stored()).toBe(before + 1);
});

test('asking for the other language brings the form back, complete and without a mistake, and stores nothing', async () => {
  const before = await stored();
  const { A01: _missing, ...gap } = form();
  const answer = await post({ ...gap, khoa: 'L'.repeat(22), doi: 'en' }, `${address}?lang=en`).expect(200);
  expect(answer.text).toContain('<html lang="en">');
  expect(answer.text).not.toContain('class="problems"');
  expect(answer.text).toContain(`name="khoa" value="${'L'.repeat(22)}"`);
  expect(answer.text).toMatch(/name="A03" value="4" checked/);
  expect(await stored()).toBe(before);
});

test('the key in the address of a phone without a script goes along into the other language', async () => {
  const key = 'R'.repeat(22);
  const answer = await post({ ...form(), khoa: '', doi: 'en' }, `${address}?lang=en`)
    .set('Referer', `http://127.0.0.1${address}?phieu=${key}`)
    .expect(200);
  expect(answer.text).toContain(`name="khoa" value="${key}"`);
  for (const referer of ['', 'nonsense', `http://127.0.0.1${address}?phieu=nonsense`]) {
    const other = await post({ ...form(), khoa: '', doi: 'en' }, `${address}?lang=en`).set(
      'Referer',
      referer,
    );
    expect(other.text).toMatch(/name="khoa" value="[\w-]{22}"/);
  }
});

test('with the database down the whole form is in the page, to be sent again', async () => {
  const down = new mongoose.mongo.MongoServerSelectionError('down', {} as never);
  const failing = vi.spyOn(mongoose.Query.prototype, 'exec').mockRejectedValue(down);
  const sent = { ...form(), K01: 'Dòng 1\n"</textarea><script>', khoa: 'D'.repeat(22) };
  const answer = await post(sent);
  const script = await postAsScript(sent);
  failing.mockRestore();
  expect([answer.status, script.status, script.body.code]).toEqual([503, 503, 'database-down']);
  expect(answer.headers['retry-after']).toBe('30');
  expect(answer.text).not.toContain('<script>"');
  const fields = [...answer.text.matchAll(/<textarea name="([^"]+)" hidden>\n([^<]*)<\/textarea>/g)].map(
    ([, name = '', value = '']) => [
      name,
      value.replace(/&#34;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>'),
    ],
  );
  expect(Object.fromEntries(fields)).toEqual(sent);
});

describe('how a person came', () => {
  const channelOf = async (key: string, query: string) => {
    const answer = await post({ ...form(), khoa: key }, `${address}${query}`).expect(303);
    const kept = await responseById(responseId(key, product.context.config.sessionSecret));
    return [kept?.channel, answer.headers.location];
  };

  test('is kept with the response: link, poster or tablet', async () => {
    const thanks = (key: string) => `${link}/da-nhan/${key}`;
    const [one, two, three] = ['1', '2', '3'].map((digit) => digit.repeat(22)) as [string, string, string];
    expect(await channelOf(one, '?kenh=la')).toEqual(['link', thanks(one)]);
    expect(await channelOf(two, '?kenh=qr')).toEqual(['qr', `${thanks(two)}?kenh=qr`]);
    expect(await channelOf(three, '?kenh=quay')).toEqual(['kiosk', `${thanks(three)}?kenh=quay`]);
  });

  test('is carried along by every link of the pages', async () => {
    const page = await supertest(product.app).get(`${address}?kenh=qr&lang=en`).expect(200);
    const action = /id="phieu" action="([^"]+)"/.exec(page.text)?.[1];
    expect(action).toBe(`${address}?kenh=qr&amp;lang=en#loi`);
    expect(page.text).toContain(`formaction="${address}?kenh=qr"`);
    const thanks = await supertest(product.app).get(`${link}/da-nhan/${KEY}?kenh=quay`).expect(200);
    expect(thanks.text).toContain(`href="${link}?kenh=quay"`);
  });
});

describe('the desk’s tablet', () => {
  test('is told where nothing is open, as a phone is', async () => {
    await supertest(product.app).get('/quay/AAAAAA').expect(404);
    product.setToday('2027-01-01');
    await supertest(product.app).get(link.replace('/k/', '/quay/')).expect(409);
    product.setToday('2026-10-15');
  });

  test('has the form in a frame, which no other page may have', async () => {
    const tablet = await supertest(product.app).get(link.replace('/k/', '/quay/')).expect(200);
    expect(tablet.text).toContain(`data-src="${link}?kenh=quay"`);
    const policy = (answer: { headers: Record<string, string> }) => answer.headers['content-security-policy'];
    expect(policy(tablet)).toContain("frame-src 'self'");
    expect(policy(tablet)).toContain("frame-ancestors 'none'");
    for (const page of [`${link}?kenh=quay`, `${address}?kenh=quay`, `${link}/nothing?kenh=quay`])
      expect(policy(await supertest(product.app).get(page))).toContain("frame-ancestors 'self'");
    for (const page of [link, address, `${link}/da-nhan/${KEY}`])
      expect(policy(await supertest(product.app).get(page))).toContain("frame-ancestors 'none'");
  });
});

describe('a form that was just served', () => {
  test('is served again without the database, byte for byte, and may be kept by a proxy', async () => {
    await supertest(product.app).get(address).expect(200);
    const asked = vi.spyOn(mongoose.Query.prototype, 'exec');
    const [one, two] = [await supertest(product.app).get(address), await supertest(product.app).get(address)];
    expect(asked).not.toHaveBeenCalled();
    asked.mockRestore();
    expect(one.text).toBe(two.text);
    const { date: _one, ...headers } = one.headers;
    const { date: _two, ...others } = two.headers;
    expect(headers).toEqual(others);
    expect(headers['cache-control']).toMatch(/^public, max-age=0, s-maxage=60/);
    expect(headers['set-cookie']).toBeUndefined();
    const tag = String(headers.etag);
    await supertest(product.app).get(address).set('If-None-Match', tag).expect(304);
    expect((await supertest(product.app).head(address).expect(200)).text).toBeFalsy();
  });

  test('is not shown a moment longer than the day or the round', async () => {
    await supertest(product.app).get(address).expect(200);
    product.setToday('2026-12-01');
    await supertest(product.app).get(address).expect(409);
    product.setToday('2026-10-15');
    await supertest(product.app).get(address).expect(200);
    const before = changesToRounds();
    await closeRound(round, product.context.today());
    expect(changesToRounds()).toBeGreaterThan(before);
    await supertest(product.app).get(address).expect(409);
  });
});
