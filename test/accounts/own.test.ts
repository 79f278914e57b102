import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountByName } from '../../models/accounts.js';
import { entriesOf } from '../../models/auditEntries.js';
import { dropDatabase } from '../database.js';
import { startTestApp, type TestApp } from '../http/testApp.js';
import { addPerson, GOOD, logInAs } from './people.js';

const OWN = '/van-phong/cua-toi';

let product: TestApp;
let count = 0;

beforeAll(async () => {
  product = await startTestApp();
});
afterAll(dropDatabase);

async function somebody() {
  count += 1;
  const name = `ai-do-${count}`;
  await addPerson(product, { _id: name, role: 'unit', unit: 'Q1' });
  return { name, agent: await logInAs(product, name), other: await logInAs(product, name) };
}

const form = (old: string, password: string, repeat = password) => ({
  'old-password': old,
  password,
  'repeat-password': repeat,
});

describe('the own password is not changed', () => {
  it.each([
    ['where the present one is wrong', form('sai', GOOD), 'Mật khẩu hiện tại không đúng'],
    ['where the new one is short', form('mật khẩu của phép thử', 'ngắn'), 'ít nhất 10 ký tự'],
    ['where it is typed differently', form('mật khẩu của phép thử', GOOD, `${GOOD}.`), 'không giống nhau'],
    ['to the same', form('mật khẩu của phép thử', 'mật khẩu của phép thử'), 'trùng mật khẩu hiện tại'],
    ['with nothing typed', {}, 'Mật khẩu hiện tại không đúng'],
  ])('%s, and nothing typed is shown', async (_name, typed, sentence) => {
    const { name, agent } = await somebody();
    const before = await accountByName(name);
    const { text } = await agent.post(`${OWN}/mat-khau`).type('form').send(typed).expect(422);
    expect(text).toContain(sentence);
    expect(text).toMatch(/<title>Lỗi: /);
    for (const value of Object.values(typed)) expect(text).not.toContain(`value="${value}"`);
    expect(await accountByName(name)).toEqual(before);
  });

  it('by who guesses in somebody else’s open browser', async () => {
    const { agent } = await somebody();
    for (let guess = 1; guess <= 20; guess += 1)
      await agent
        .post(`${OWN}/mat-khau`)
        .type('form')
        .send(form(`sai ${guess}`, GOOD))
        .expect(422);
    await agent.post(`${OWN}/mat-khau`).type('form').send(form(product.password, GOOD)).expect(429);
  });
});

describe('the own password', () => {
  it('is changed, this browser stays logged in and every other one is logged out', async () => {
    const { name, agent, other } = await somebody();
    await agent.post(`${OWN}/mat-khau`).type('form').send(form(product.password, GOOD)).expect(303);
    expect((await agent.get(`${OWN}?xong=mat-khau`).expect(200)).text).toContain('Đã đổi mật khẩu');
    await other.get(OWN).expect(303);
    const logIn = (password: string) =>
      supertest(product.app).post('/van-phong/dang-nhap').type('form').send({ name, password });
    await logIn(product.password).expect(422);
    await logIn(GOOD).expect(303);
    expect((await entriesOf('password-changed', 1))[0]).toMatchObject({ account: name, subject: name });
  });
});

describe('logging out everywhere', () => {
  it('ends every session, this one as well', async () => {
    const { agent, other } = await somebody();
    await agent.post(`${OWN}/dang-xuat-het`).expect(303);
    await agent.get(OWN).expect(303);
    await other.get(OWN).expect(303);
  });

  it('ends nobody else’s', async () => {
    const [one, two] = [await somebody(), await somebody()];
    await one.agent.post(`${OWN}/dang-xuat-het`).expect(303);
    await two.agent.get(OWN).expect(200);
  });
});
