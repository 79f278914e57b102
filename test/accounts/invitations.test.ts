import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accountByName } from '../../models/accounts.js';
import { entriesOf } from '../../models/auditEntries.js';
import { dropDatabase } from '../database.js';
import { officeAgent, startTestApp, type TestApp } from '../http/testApp.js';
import { addPerson, codeOn, GOOD, logInAs } from './people.js';

const INVITATION = '/van-phong/moi';

let product: TestApp;
let office: TestAgent;
let count = 0;
let name: string;
let code: string;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
});
beforeEach(async () => {
  product.setToday('2026-10-15');
  count += 1;
  name = `nguoi-${count}`;
  const created = await office
    .post('/van-phong/tai-khoan-moi')
    .type('form')
    .send({ name, role: 'leader' })
    .expect(200);
  code = codeOn(created.text);
});
afterAll(dropDatabase);

const passwords = (password: string, repeat = password) => ({ password, 'repeat-password': repeat });
const accept = (given: string, form: object) =>
  supertest(product.app).post(`${INVITATION}/${given}`).type('form').send(form);

describe('an invitation is refused', () => {
  it.each(['khong-co-that', 'xxxx-xxxx-xxxx', '%00', '..%2f', 'a'.repeat(300)])(
    'where nobody has the code %s, with the way to type it again',
    async (wrong) => {
      const page = await supertest(product.app).get(`${INVITATION}/${wrong}`).expect(404);
      expect(page.text).toContain('Không có lời mời nào mang mã này');
      await accept(wrong, passwords(GOOD)).expect(404);
    },
  );

  it('after its last day, and works on that day', async () => {
    product.setToday('2026-10-22');
    await supertest(product.app).get(`${INVITATION}/${code}`).expect(200);
    product.setToday('2026-10-23');
    const page = await supertest(product.app).get(`${INVITATION}/${code}`).expect(410);
    expect(page.text).toContain('dùng được đến hết ngày 22/10/2026');
    await accept(code, passwords(GOOD)).expect(410);
    expect((await accountByName(name))?.passwordHash).toBeNull();
  });

  it('once it has been used, kindly', async () => {
    await accept(code, passwords(GOOD)).expect(303);
    const before = await accountByName(name);
    const page = await supertest(product.app).get(`${INVITATION}/${code}`).expect(410);
    expect(page.text).toContain('Lời mời này đã được dùng');
    await accept(code, passwords('một mật khẩu khác hẳn')).expect(410);
    expect(await accountByName(name)).toEqual(before);
  });

  it('where a newer one was made', async () => {
    const again = await office.post(`/van-phong/tai-khoan/${name}/moi-lai`).expect(200);
    await supertest(product.app).get(`${INVITATION}/${code}`).expect(404);
    await supertest(product.app)
      .get(`${INVITATION}/${codeOn(again.text)}`)
      .expect(200);
  });

  it('while the account is disabled', async () => {
    await office.post(`/van-phong/tai-khoan/${name}/khoa`).expect(303);
    await supertest(product.app).get(`${INVITATION}/${code}`).expect(410);
    await accept(code, passwords(GOOD)).expect(410);
    expect((await office.post(`/van-phong/tai-khoan/${name}/moi-lai`).expect(409)).text).toContain('mở khóa');
  });

  it.each([
    ['too short', passwords('ngắn quá'), 'ít nhất 10 ký tự'],
    ['typed differently', passwords(GOOD, `${GOOD}!`), 'không giống nhau'],
    ['none', {}, 'ít nhất 10 ký tự'],
    ['given twice', { password: [GOOD, GOOD], 'repeat-password': GOOD }, 'ít nhất 10 ký tự'],
  ])('with a password that is %s, and stays good', async (_name, form, sentence) => {
    const page = await accept(code, form).expect(422);
    expect(page.text).toContain(sentence);
    expect(page.text).not.toContain(GOOD);
    expect(page.headers['set-cookie']).toBeUndefined();
    await accept(code, passwords(GOOD)).expect(303);
  });

  it('to the second of two browsers that use it at once', async () => {
    const answers = await Promise.all([
      accept(code, passwords(GOOD)),
      accept(code, passwords('câu thứ hai khác')),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 410]);
  });
});

describe('an invitation', () => {
  it('is not used up by looking at it, as messengers do', async () => {
    for (let look = 0; look < 3; look += 1)
      expect((await supertest(product.app).get(`${INVITATION}/${code}`).expect(200)).text).toContain(name);
  });

  it('sets the password and logs in, whatever letters it was typed with', async () => {
    const answer = await accept(code, passwords(GOOD.normalize('NFD'), GOOD.normalize('NFC'))).expect(303);
    expect(String(answer.headers['set-cookie'])).toContain('phien=');
    await supertest(product.app)
      .post('/van-phong/dang-nhap')
      .type('form')
      .send({ name, password: GOOD })
      .expect(303);
    expect((await entriesOf('password-set', 1))[0]).toMatchObject({ account: name, subject: name });
  });

  it('can be typed in capitals, with or without hyphens', async () => {
    for (const typed of [code.toUpperCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `]) {
      const { headers } = await supertest(product.app).get(INVITATION).query({ ma: typed }).expect(303);
      await supertest(product.app).get(String(headers.location)).expect(200);
    }
    await supertest(product.app).get(INVITATION).expect(200);
    expect((await supertest(product.app).get(`${INVITATION}?ma=--`).expect(422)).text).toContain(
      'Hãy nhập mã mời',
    );
  });

  it('typed with a Vietnamese keyboard on is not looked up, and the page says what to switch off', async () => {
    for (const typed of ['ká7m-3xqd-9wbd', 'đ7mp-3xqd-9wbd']) {
      const { text } = await supertest(product.app).get(INVITATION).query({ ma: typed }).expect(422);
      expect(text).toContain('bộ gõ tiếng Việt');
      expect(text).toContain(typed);
    }
  });

  it('is not in the database, nor in the audit log', async () => {
    const stored = JSON.stringify([await accountByName(name), await entriesOf('account-created', 100)]);
    expect(stored).not.toContain(code);
    expect(stored).not.toContain(code.replaceAll('-', ''));
  });

  it('made again for somebody with a password leaves that password good until it is used', async () => {
    const known = `quen-${count}`;
    await addPerson(product, { _id: known, role: 'leader' });
    const { text } = await office.post(`/van-phong/tai-khoan/${known}/moi-lai`).expect(200);
    const earlier = await logInAs(product, known);
    await accept(codeOn(text), passwords(GOOD)).expect(303);
    await earlier.get('/van-phong/cua-toi').expect(303);
    const { password } = product;
    await supertest(product.app)
      .post('/van-phong/dang-nhap')
      .type('form')
      .send({ name: known, password })
      .expect(422);
  });
});

describe('guessing codes', () => {
  it('is stopped after sixty wrong ones, and logging in is not', async () => {
    let last = 404;
    for (let guess = 1; guess <= 61; guess += 1)
      last = (await supertest(product.app).get(`${INVITATION}/guess-${guess}`)).status;
    expect(last).toBe(429);
    await officeAgent(product);
  });
});
