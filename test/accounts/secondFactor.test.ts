import { Secret, TOTP } from 'otpauth';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { accountByName, changeAccount } from '../../models/accounts.js';
import { entriesOf } from '../../models/auditEntries.js';
import { openSecret, sealSecret, totpStep } from '../../server/accounts/secondFactor.js';
import { createApp } from '../../server/app.js';
import { dropDatabase } from '../database.js';
import { officeAgent, startTestApp, type TestApp } from '../http/testApp.js';
import { addPerson, codeOn, GOOD, logInAs } from './people.js';

const FACTOR = '/van-phong/cua-toi/xac-thuc';
const LOGIN = '/van-phong/dang-nhap';

let product: TestApp;
let count = 0;

beforeAll(async () => {
  product = await startTestApp();
});
afterEach(() => vi.useRealTimers());
afterAll(dropDatabase);

/** What an app on the telephone shows, `later` steps of thirty seconds from now. */
const shown = (secret: string, later = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + later * 30_000 });

/** Only the clock is stopped; waiting still works. */
const stopClock = (at: Date | number = Date.now()) => vi.useFakeTimers({ toFake: ['Date'], now: at });

async function setUp(role: 'office' | 'leader' = 'leader') {
  count += 1;
  const name = `hai-buoc-${count}`;
  await addPerson(product, { _id: name, role });
  const agent = await logInAs(product, name);
  const { text } = await agent.get(FACTOR).expect(200);
  const secret = (/<strong class="plain-text">([A-Z2-7 ]+)</.exec(text)?.[1] ?? '').replaceAll(' ', '');
  const sealed = /name="sealed" value="([^"]+)"/.exec(text)?.[1] ?? '';
  return { name, agent, secret, sealed };
}

async function withFactor(role: 'office' | 'leader' = 'leader') {
  const { name, agent, secret, sealed } = await setUp(role);
  const { text } = await turnOn(agent, sealed, shown(secret)).expect(200);
  const codes = [...text.matchAll(/<li class="plain-text">([^<]+)</g)].map(([, code = '']) => code);
  return { name, agent, secret, codes };
}

const turnOn = (agent: TestAgent, sealed: string, code: string, password = product.password) =>
  agent.post(FACTOR).type('form').send({ sealed, code, password });

async function passwordGiven(name: string, password = product.password): Promise<TestAgent> {
  const agent = supertest.agent(product.app);
  const { headers } = await agent.post(LOGIN).type('form').send({ name, password }).expect(303);
  expect(headers.location).toBe(`${LOGIN}/ma?tiep=%2Fvan-phong`);
  return agent;
}

const giveCode = (agent: TestAgent, code: string) => agent.post(`${LOGIN}/ma`).type('form').send({ code });

describe('the second factor is not turned on', () => {
  it.each<[string, (given: { secret: string; sealed: string }) => [string, string, string?]]>([
    ['with a wrong code', ({ sealed }) => [sealed, '000000']],
    ['with a code of an hour ago', ({ sealed, secret }) => [sealed, shown(secret, -120)]],
    ['with letters', ({ sealed }) => [sealed, 'abcdef']],
    ['without the password', ({ sealed, secret }) => [sealed, shown(secret), '']],
    ['with a secret that the server did not make', ({ secret }) => ['x'.repeat(80), shown(secret)]],
    ['with an empty secret', ({ secret }) => ['', shown(secret)]],
  ])('%s', async (_name, given) => {
    stopClock();
    const { name, agent, secret, sealed } = await setUp();
    await turnOn(agent, ...given({ secret, sealed })).expect(422);
    expect((await accountByName(name))?.totp).toBeNull();
  });

  it('with a secret that was made for somebody else', async () => {
    stopClock();
    const [one, two] = [await setUp(), await setUp()];
    await turnOn(two.agent, one.sealed, shown(one.secret)).expect(422);
  });

  it('but a wrong code changes nothing of what was scanned', async () => {
    stopClock();
    const { agent, secret, sealed } = await setUp();
    const { text } = await turnOn(agent, sealed, '000000').expect(422);
    expect(text.replaceAll(' ', '')).toContain(secret);
  });
});

describe('with the second factor', () => {
  it('the password alone opens nothing', async () => {
    const { name } = await withFactor();
    const agent = await passwordGiven(name);
    await agent.get('/van-phong').expect(303);
    await agent.post('/van-phong/cua-toi/dang-xuat-het').expect(401);
    expect((await agent.get(`${LOGIN}/ma`).expect(200)).text).toContain('Xác thực hai bước');
  });

  it('a code logs in once, and neither it nor an earlier one again', async () => {
    const { name, secret } = await withFactor();
    stopClock(Date.now() + 60_000);
    const code = shown(secret);
    const earlier = shown(secret, -1);
    const agent = await passwordGiven(name);
    expect((await giveCode(agent, `${code.slice(0, 3)} ${code.slice(3)}`).expect(303)).headers.location).toBe(
      '/van-phong',
    );
    await agent.get('/van-phong').expect(200);
    for (const used of [code, earlier]) {
      const again = await passwordGiven(name);
      expect((await giveCode(again, used).expect(422)).text).toContain('Mã không đúng hoặc đã dùng');
    }
    await giveCode(await passwordGiven(name), shown(secret, 1)).expect(303);
  });

  it('the code that turned it on does not log in as well', async () => {
    stopClock();
    const { name, secret } = await withFactor();
    await giveCode(await passwordGiven(name), shown(secret)).expect(422);
  });

  it('one of two who use the same code at once gets in', async () => {
    const { name, secret } = await withFactor();
    stopClock(Date.now() + 60_000);
    const agents = [await passwordGiven(name), await passwordGiven(name)];
    const answers = await Promise.all(agents.map((agent) => giveCode(agent, shown(secret))));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422]);
  });

  it('the code is asked within five minutes', async () => {
    const { name, secret } = await withFactor();
    const agent = await passwordGiven(name);
    stopClock(Date.now() + 6 * 60_000);
    expect((await giveCode(agent, shown(secret)).expect(422)).text).toContain('đăng nhập lại từ đầu');
  });

  it('every other browser is logged out when it is turned on', async () => {
    const { name, agent, secret, sealed } = await setUp();
    const other = await logInAs(product, name);
    stopClock();
    await turnOn(agent, sealed, shown(secret)).expect(200);
    await other.get('/van-phong').expect(303);
    await agent.get('/van-phong').expect(200);
  });

  it('an invitation still asks for the code', async () => {
    const { name, secret } = await withFactor();
    const office = await officeAgent(product);
    const invited = codeOn((await office.post(`/van-phong/tai-khoan/${name}/moi-lai`).expect(200)).text);
    stopClock(Date.now() + 60_000);
    const agent = supertest.agent(product.app);
    const form = { password: GOOD, 'repeat-password': GOOD };
    const { headers } = await agent.post(`/van-phong/moi/${invited}`).type('form').send(form).expect(303);
    expect(headers.location).toBe(`${LOGIN}/ma`);
    await agent.get('/van-phong').expect(303);
    await giveCode(agent, shown(secret)).expect(303);
    await agent.get('/van-phong').expect(200);
  });

  it('guessing codes is stopped, for whoever has the password as well', async () => {
    const { name } = await withFactor();
    let last = 0;
    for (let guess = 1; guess <= 11 && last !== 429; guess += 1)
      last = (await giveCode(await passwordGiven(name), String(guess).padStart(6, '0'))).status;
    expect(last).toBe(429);
  });

  it('the secret is in the database only encrypted', async () => {
    const { name, secret } = await withFactor();
    const stored = await accountByName(name);
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect(openSecret(product.context, name, stored?.totp?.secret ?? '')).toBe(secret);
    expect(openSecret(product.context, 'somebody-else', stored?.totp?.secret ?? '')).toBeNull();
  });
});

describe('recovery codes', () => {
  it('are ten, each good once, in any spelling', async () => {
    const { name, codes } = await withFactor();
    expect(new Set(codes).size).toBe(10);
    const [first = ''] = codes;
    await giveCode(await passwordGiven(name), first.toUpperCase().replaceAll('-', ' ')).expect(303);
    await giveCode(await passwordGiven(name), first).expect(422);
    expect((await accountByName(name))?.recoveryHashes).toHaveLength(9);
    expect((await entriesOf('recovery-code-used', 1))[0]).toMatchObject({
      account: name,
      details: { left: 9 },
    });
    expect(JSON.stringify(await accountByName(name))).not.toContain(codes[1]);
  });

  it('of somebody else are worth nothing', async () => {
    const [one, two] = [await withFactor(), await withFactor()];
    await giveCode(await passwordGiven(two.name), one.codes[0] ?? '').expect(422);
  });

  it('are made anew for the password, and the old ones are worth nothing', async () => {
    const { name, agent, codes } = await withFactor();
    await agent.post(`${FACTOR}/ma`).type('form').send({ password: 'sai' }).expect(422);
    const { text } = await agent
      .post(`${FACTOR}/ma`)
      .type('form')
      .send({ password: product.password })
      .expect(200);
    await giveCode(await passwordGiven(name), codes[0] ?? '').expect(422);
    const [, fresh = ''] = /<li class="plain-text">([^<]+)</.exec(text) ?? [];
    await giveCode(await passwordGiven(name), fresh).expect(303);
  });
});

describe('turning it off', () => {
  it('takes the password', async () => {
    const { name, agent } = await withFactor();
    await agent.post(`${FACTOR}/tat`).type('form').send({ password: 'sai' }).expect(422);
    expect((await accountByName(name))?.totp).not.toBeNull();
    await agent.post(`${FACTOR}/tat`).type('form').send({ password: product.password }).expect(303);
    await logInAs(product, name);
    await agent.post(`${FACTOR}/tat`).type('form').send({ password: product.password }).expect(409);
  });

  it('is done by the office for who lost the telephone', async () => {
    const { name } = await withFactor();
    const office = await officeAgent(product);
    await office.post(`/van-phong/tai-khoan/${name}/bo-xac-thuc`).expect(303);
    await logInAs(product, name);
    expect((await entriesOf('second-factor-removed', 1))[0]).toMatchObject({
      account: 'vanphong',
      subject: name,
    });
  });
});

describe('where the office must have it', () => {
  it('an account of the office gets no further than setting it up, and cannot turn it off', async () => {
    const strict = { ...product.context, config: { ...product.context.config, officeSecondFactor: true } };
    const app = createApp(strict);
    await addPerson(product, { _id: 'bat-buoc', role: 'office' });
    await addPerson(product, { _id: 'khong-bat-buoc', role: 'leader' });
    const agent = await logInAs({ ...product, app }, 'bat-buoc');
    expect((await agent.get('/van-phong/don-vi').expect(303)).headers.location).toBe(FACTOR);
    await agent.post('/van-phong/dot-moi').type('form').send({}).expect(403);
    const { text } = await agent.get(FACTOR).expect(200);
    const secret = (/<strong class="plain-text">([A-Z2-7 ]+)</.exec(text)?.[1] ?? '').replaceAll(' ', '');
    stopClock();
    await turnOn(agent, /name="sealed" value="([^"]+)"/.exec(text)?.[1] ?? '', shown(secret)).expect(200);
    await agent.get('/van-phong/don-vi').expect(200);
    await agent.post(`${FACTOR}/tat`).type('form').send({ password: product.password }).expect(409);
    await (await logInAs({ ...product, app }, 'khong-bat-buoc')).get('/van-phong/don-vi').expect(200);
  });
});

describe('time steps', () => {
  // RFC 6238, appendix B, SHA-1: the last six of the eight digits given there.
  const secret = new Secret({
    buffer: new TextEncoder().encode('12345678901234567890').buffer as ArrayBuffer,
  }).base32;
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %i seconds the code is %s, half a minute either way', (seconds, code) => {
    const step = Math.floor(seconds / 30);
    expect(totpStep(secret, code, seconds * 1000)).toBe(step);
    expect(totpStep(secret, code, (seconds + 30) * 1000)).toBe(step);
    expect(totpStep(secret, code, (seconds - 30) * 1000)).toBe(step);
    expect(totpStep(secret, code, (seconds + 90) * 1000)).toBeNull();
  });

  it('of a changed SESSION_SECRET cannot be told, and recovery codes still log in', async () => {
    const { name, secret: own, codes } = await withFactor();
    const changed = {
      ...product.context,
      config: { ...product.context.config, sessionSecret: 'x'.repeat(40) },
    };
    await changeAccount(name, { totp: { secret: sealSecret(changed, name, own), lastStep: 0 } });
    stopClock(Date.now() + 60_000);
    await giveCode(await passwordGiven(name), shown(own)).expect(422);
    await giveCode(await passwordGiven(name), codes[0] ?? '').expect(303);
  });
});
