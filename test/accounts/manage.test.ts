import mongoose from 'mongoose';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accountByName, allAccounts } from '../../models/accounts.js';
import { entriesOf } from '../../models/auditEntries.js';
import { auditEntriesFound } from '../../models/auditSearch.js';
import { storeUnits } from '../../models/units.js';
import * as manage from '../../server/accounts/manage.js';
import { dropDatabase } from '../database.js';
import { officeAgent, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { addPerson, codeOn, logInAs } from './people.js';

const LIST = '/van-phong/tai-khoan';
const NEW = '/van-phong/tai-khoan-moi';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  await storeUnits([
    unitRow('SO', []),
    { ...unitRow('XA1', [], 'Xã Bình Sơn'), parent: 'SO' },
    { ...unitRow('T1', ['thcs'], 'Trường Nguyễn Bỉnh Khiêm'), parent: 'XA1' },
    { ...unitRow('T2', ['thpt']), parent: 'SO' },
  ]);
});
afterAll(dropDatabase);

const create = (form: object) => office.post(NEW).type('form').send(form);
const change = (name: string, form: object) => office.post(`${LIST}/${name}`).type('form').send(form);

describe('an account is not created', () => {
  it.each<[string, object, string]>([
    ['without a name', { role: 'leader' }, 'Tên đăng nhập gồm'],
    ['with capitals', { name: 'Nguyen', role: 'leader' }, 'Tên đăng nhập gồm'],
    ['with diacritics', { name: 'nguyễn', role: 'leader' }, 'Tên đăng nhập gồm'],
    ['with a slash', { name: 'a/../b', role: 'leader' }, 'Tên đăng nhập gồm'],
    ['with two names', { name: ['abc', 'abd'], role: 'leader' }, 'Tên đăng nhập gồm'],
    ['with a name that is taken', { name: 'vanphong', role: 'leader' }, 'đã có người dùng'],
    ['without a role', { name: 'moi' }, 'Hãy chọn vai trò'],
    ['with a role that there is not', { name: 'moi', role: 'root' }, 'Hãy chọn vai trò'],
    ['for a unit without one', { name: 'moi', role: 'unit' }, 'cần một đơn vị'],
    ['for a unit that there is not', { name: 'moi', role: 'entry', unit: 'T9' }, 'Không có đơn vị'],
  ])('%s, and what was typed is kept', async (_name, form, sentence) => {
    const before = await allAccounts();
    const { text } = await create({ fullName: '"><b>Ông A', ...form }).expect(422);
    expect(text).toContain(sentence);
    expect(text).toContain('value="&#34;&gt;&lt;b&gt;Ông A"');
    expect(text).toMatch(/<title>Lỗi: /);
    expect(await allAccounts()).toEqual(before);
  });

  it('twice by two clicks', async () => {
    const answers = await Promise.all([
      create({ name: 'hai-lan', role: 'leader' }),
      create({ name: 'hai-lan', role: 'leader' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
  });
});

describe('the office’s last account', () => {
  it('can be neither disabled nor given another role', async () => {
    for (const asked of [office.post(`${LIST}/vanphong/khoa`), change('vanphong', { role: 'leader' })])
      expect((await asked.expect(409)).text).toContain('tài khoản Văn phòng cuối cùng');
    expect(await accountByName('vanphong')).toMatchObject({ role: 'office', disabled: false });
    expect((await entriesOf('not-done', 1))[0]).toMatchObject({ account: 'vanphong', subject: 'vanphong' });
    await office.get('/van-phong').expect(200);
  });

  it('is the last one although somebody was invited who has no password yet', async () => {
    await create({ name: 'chua-vao', role: 'office' }).expect(200);
    await office.post(`${LIST}/vanphong/khoa`).expect(409);
  });

  it('is the last one although another one is disabled', async () => {
    await addPerson(product, { _id: 'bi-khoa', role: 'office', disabled: true });
    await office.post(`${LIST}/vanphong/khoa`).expect(409);
  });

  it('cannot be lost by two who take each other’s office away at once', async () => {
    await addPerson(product, { _id: 'thu-hai', role: 'office' });
    const [first, second] = [await accountByName('vanphong'), await accountByName('thu-hai')];
    if (!first || !second) throw new Error('no accounts');
    await manage.disableAccount('thu-hai', first);
    // The other one looked before that, and saw two.
    const counted = vi.spyOn(mongoose.model('Account'), 'countDocuments');
    counted.mockReturnValueOnce({ exec: async () => 2 } as never);
    await expect(manage.disableAccount('vanphong', second)).rejects.toMatchObject({ code: 'last-office' });
    expect(counted).toHaveBeenCalledTimes(2);
    counted.mockRestore();
    expect(await accountByName('thu-hai')).toMatchObject({ role: 'office', disabled: false });
    await manage.enableAccount('thu-hai', first);
    office = await officeAgent(product);
    await office.post(`${LIST}/thu-hai/khoa`).expect(303);
  });
});

describe('an account', () => {
  it('that is disabled is out at once, and in again when it is enabled', async () => {
    await addPerson(product, { _id: 'nghi-viec', role: 'leader' });
    const agent = await logInAs(product, 'nghi-viec');
    await agent.get('/van-phong').expect(200);
    await office.post(`${LIST}/nghi-viec/khoa`).expect(303);
    await agent.get('/van-phong').expect(303);
    await agent
      .post('/van-phong/dang-nhap')
      .type('form')
      .send({ name: 'nghi-viec', password: product.password })
      .expect(422);
    await office.post(`${LIST}/nghi-viec/mo-khoa`).expect(303);
    await agent.get('/van-phong').expect(303);
    await logInAs(product, 'nghi-viec');
  });

  it('can be logged out of every browser', async () => {
    await addPerson(product, { _id: 'hai-may', role: 'leader' });
    const agents = [await logInAs(product, 'hai-may'), await logInAs(product, 'hai-may')];
    await office.post(`${LIST}/hai-may/ket-thuc`).expect(303);
    for (const agent of agents) await agent.get('/van-phong').expect(303);
  });

  it('given another role and unit works as that at once, and the log says from what to what', async () => {
    await addPerson(product, { _id: 'doi-vai', role: 'leader' });
    const agent = await logInAs(product, 'doi-vai');
    await change('doi-vai', { role: 'unit', unit: 'T1', fullName: 'Bà B' }).expect(303);
    const again = await logInAs(product, 'doi-vai', agent);
    await again.get('/van-phong/co-so/T1').expect(200);
    await again.get('/van-phong/co-so/T2').expect(404);
    await again.get(LIST).expect(404);
    expect((await entriesOf('account-changed', 1))[0]?.details).toEqual({
      roleFrom: 'leader',
      roleTo: 'unit',
      unitFrom: '',
      unitTo: 'T1',
      fullName: 'Bà B',
    });
    const { text } = await office.get(`${LIST}/doi-vai`).expect(200);
    expect(text).toContain('sang vai trò: Đơn vị');
  });

  it('that is saved unchanged changes nothing and leaves no entry', async () => {
    const before = await auditEntriesFound({ subject: 'doi-vai' }, 100);
    await change('doi-vai', { role: 'unit', unit: 'T1', fullName: 'Bà B' }).expect(303);
    expect(
      (await auditEntriesFound({ subject: 'doi-vai' }, 100)).filter(({ action }) => action !== 'logged-in'),
    ).toEqual(before.filter(({ action }) => action !== 'logged-in'));
  });

  it('of the department has no unit, whatever was typed', async () => {
    await change('doi-vai', { role: 'leader', unit: 'T1' }).expect(303);
    expect(await accountByName('doi-vai')).toMatchObject({ role: 'leader', unit: null });
  });
});

describe('leaders', () => {
  it('see the accounts and change nothing', async () => {
    await addPerson(product, { _id: 'lanh-dao', role: 'leader' });
    const leader = await logInAs(product, 'lanh-dao');
    const { text } = await leader.get(`${LIST}/vanphong`).expect(200);
    expect(text).not.toContain('method="post" action="/van-phong/tai-khoan');
    for (const end of ['', '/khoa', '/moi-lai', '/ket-thuc'])
      await leader.post(`${LIST}/vanphong${end}`).expect(403);
    await leader.post(NEW).type('form').send({ name: 'ban-cua-toi', role: 'office' }).expect(403);
    expect(await accountByName('ban-cua-toi')).toBeNull();
  });
});

describe('the list', () => {
  const names = async (query: string) => {
    const { text } = await office.get(`${LIST}?${query}`).expect(200);
    return [...text.matchAll(/<th scope="row"><a [^>]*><strong>([^<]*)</g)].map(([, name]) => name);
  };
  beforeAll(async () => {
    await addPerson(product, { _id: 't1', role: 'unit', unit: 'T1', fullName: 'Cô Đào' });
    await addPerson(product, { _id: 't2', role: 'unit', unit: 'T2' });
    await addPerson(product, { _id: 't1.nhap', role: 'entry', unit: 'T1' });
  });

  it('is searched by name, unit and whoever it is, without minding diacritics', async () => {
    expect(await names('tim=co+dao')).toEqual(['t1']);
    expect(await names('tim=binh+khiem')).toEqual(['t1', 't1.nhap']);
    expect(await names('tim=BỈNH+KHIÊM+nhap')).toEqual(['t1.nhap']);
    expect(await names('tim=%3Cscript%3E')).toEqual([]);
  });

  it('is filtered by role, state and subtree', async () => {
    expect(await names('vai-tro=unit')).toEqual(['t1', 't2']);
    expect(await names('don-vi=XA1')).toEqual(['t1', 't1.nhap']);
    expect(await names('don-vi=SO&vai-tro=unit')).toEqual(['t1', 't2']);
    expect(await names('don-vi=khong-co')).toEqual([]);
    expect(await names('trang-thai=invited')).toEqual(['chua-vao', 'hai-lan']);
    expect(await names('trang-thai=disabled')).toContain('bi-khoa');
    product.setToday('2026-12-01');
    expect(await names('trang-thai=expired')).toEqual(['chua-vao', 'hai-lan']);
    product.setToday('2026-10-15');
  });

  it('understands any page number', async () => {
    for (const page of ['0', '-1', '99', 'x', '1e9', 'Infinity', 'NaN'])
      expect((await names(`trang=${page}`)).length).toBeGreaterThan(5);
  });

  it('shows no hash of anything', async () => {
    for (const page of [LIST, `${LIST}/t1`, `${LIST}/chua-vao`])
      expect((await office.get(page)).text).not.toMatch(/argon2|passwordHash|recoveryHashes/);
  });
});

describe('an account that was invited', () => {
  it('has never logged in, and the page of its invitation is never shown again', async () => {
    const { text } = await create({ name: 'moi-moi', role: 'unit', unit: 'T2' }).expect(200);
    expect(text).toContain('Lời mời chỉ hiện một lần');
    expect((await office.get(`${LIST}/moi-moi`).expect(200)).text).not.toContain(codeOn(text));
    expect((await entriesOf('account-created', 1))[0]).toMatchObject({
      account: 'vanphong',
      subject: 'moi-moi',
      details: { role: 'unit', unit: 'T2' },
    });
  });
});
