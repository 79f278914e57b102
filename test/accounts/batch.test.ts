import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allAccounts, insertAccount } from '../../models/accounts.js';
import { entriesOf } from '../../models/auditEntries.js';
import { auditEntriesFound } from '../../models/auditSearch.js';
import type { Day } from '../../models/day.js';
import { storeUnits } from '../../models/units.js';
import { dropDatabase } from '../database.js';
import { officeAgent, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { addPerson, GOOD } from './people.js';

const BATCH = '/van-phong/tai-khoan-loat';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  await storeUnits([
    { ...unitRow('SO', [], 'Sở GDĐT'), kind: 'department' },
    { ...unitRow('XA1', [], 'Xã Một'), parent: 'SO' },
    { ...unitRow('XA2', [], 'Xã Hai'), parent: 'SO' },
    { ...unitRow('T1', ['thcs'], 'Trường <b>Một'), parent: 'XA1' },
    { ...unitRow('T2', ['tieu-hoc', 'thcs'], 'Trường Hai'), parent: 'XA1' },
    { ...unitRow('T3', ['tieu-hoc'], 'Trường Ba'), parent: 'XA2' },
    { ...unitRow('T1-2', ['tieu-hoc'], 'Điểm trường'), parent: 'T1', kind: 'site' },
    { ...unitRow('CU', ['thcs'], 'Trường cũ'), parent: 'XA2', until: '2026-06-30' as Day },
  ]);
  await addPerson(product, { _id: 'co-roi', role: 'unit', unit: 'T3' });
  // Somebody else has the name that a unit would get.
  await addPerson(product, { _id: 't2', role: 'leader' });
});
afterAll(dropDatabase);

const slipsOn = (page: string) =>
  [...page.matchAll(/<section class="account-slip">[\s\S]*?<\/section>/g)].map(([slip]) => ({
    name: /Tên đăng nhập: <b class="code">([^<]*)</.exec(slip)?.[1],
    code: /Mã mời: <b class="code">([^<]*)</.exec(slip)?.[1] ?? '',
    text: slip,
  }));
const make = (form: object) => office.post(BATCH).type('form').send(form);
const figures = async (query: string) => {
  const { text } = await office.get(`${BATCH}?xem=co&${query}`).expect(200);
  return [...text.matchAll(/<li><span>[^<]*<\/span><strong>([\d.]+)</g)].map(([, figure = '']) =>
    Number(figure.replaceAll('.', '')),
  );
};

describe('nothing is created', () => {
  it('for a subtree that does not exist, and what was chosen is kept', async () => {
    const before = await allAccounts();
    const { text } = await make({ role: 'entry', top: 'khong-co', levels: ['thcs'], days: '30' }).expect(422);
    expect(text).toContain('Không có đơn vị mang mã này');
    expect(text).toContain('value="khong-co"');
    expect(text).toMatch(/name="role" value="entry" checked/);
    expect(text).toMatch(/value="thcs" checked/);
    expect(await allAccounts()).toEqual(before);
  });

  it('by looking at what would be', async () => {
    const before = await allAccounts();
    expect(await figures('')).toEqual([4, 0, 0, 1]);
    expect(await figures('top=XA1')).toEqual([3, 0, 0, 0]);
    expect(await figures('levels=thcs')).toEqual([2, 0, 0, 0]);
    expect(await figures('levels=khac')).toEqual([2, 0, 0, 0]);
    expect(await figures('levels=khac&levels=tieu-hoc&top=XA1')).toEqual([2, 0, 0, 0]);
    expect(await figures('role=entry')).toEqual([5, 0, 0, 0]);
    expect(await allAccounts()).toEqual(before);
  });
});

describe('slips', () => {
  it('are made for every unit that exists and has no account, by place, each with a way in of its own', async () => {
    const { text } = await make({ dang: 'phieu', days: '7' }).expect(200);
    const slips = slipsOn(text);
    expect(slips.map(({ name }) => name)).toEqual(['xa2', 'xa1', 't1', 't2-2']);
    expect(new Set(slips.map(({ code }) => code)).size).toBe(4);
    expect(text).toContain('Trường &lt;b&gt;Một');
    expect(text).toContain('đến hết ngày 22/10/2026');
    for (const { code } of slips) {
      expect(code).toMatch(/^[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}$/);
      await supertest(product.app).get(`/van-phong/moi/${code}`).expect(200);
    }
    const accounts = await allAccounts();
    expect(accounts.find(({ _id }) => _id === 't2-2')).toMatchObject({
      role: 'unit',
      unit: 'T2',
      active: false,
    });
    expect((await auditEntriesFound({ action: 'account-created', subject: 't1' }, 5))[0]).toMatchObject({
      account: 'vanphong',
      details: { role: 'unit', unit: 'T1', until: '2026-10-22' },
    });
    expect((await entriesOf('invitations-handed-out', 1))[0]?.details).toEqual({ added: 4, again: 0 });
  });

  it('are not made a second time, unless that is asked for; then the first ones are worth nothing', async () => {
    expect(await figures('')).toEqual([0, 0, 4, 1]);
    const { text: nothing } = await make({ dang: 'phieu' }).expect(422);
    expect(nothing).toContain('Không có đơn vị nào cần tài khoản');
    expect(await figures('again=yes')).toEqual([0, 4, 0, 1]);
    const first = slipsOn((await make({ dang: 'phieu', again: 'yes' }).expect(200)).text);
    const second = slipsOn((await make({ dang: 'phieu', again: 'yes' }).expect(200)).text);
    await supertest(product.app).get(`/van-phong/moi/${first[0]?.code}`).expect(404);
    await supertest(product.app)
      .post(`/van-phong/moi/${second[0]?.code}`)
      .type('form')
      .send({ password: GOOD, 'repeat-password': GOOD })
      .expect(303);
    expect(await figures('again=yes')).toEqual([0, 3, 0, 2]);
    expect((await entriesOf('account-invited', 1))[0]).toMatchObject({ account: 'vanphong' });
  });

  it('leave alone who has set a password meanwhile, and a unit whose account was disabled', async () => {
    await insertAccount({ _id: 'xa9', role: 'unit', unit: 'XA9', passwordHash: null, disabled: true });
    await storeUnits([{ ...unitRow('XA9', []), parent: 'SO' }]);
    expect(await figures('again=yes')).toEqual([0, 3, 0, 3]);
  });

  it('also come as a file, for a letter to each', async () => {
    const answer = await make({ dang: 'csv', role: 'entry', levels: 'thcs' }).buffer(true).expect(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = answer.text.trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(
      /^"T2","Trường Hai","Xã Một","t2\.nhap","http:[^"]*\/van-phong\/moi\/[a-z0-9-]{14}"/,
    );
  });

  it('of three thousand units are made, each with a code of its own', async () => {
    await storeUnits(
      Array.from({ length: 3000 }, (_, index) => ({ ...unitRow(`N${index}`, ['thcs']), parent: 'XA2' })),
    );
    const { text } = await make({ dang: 'csv', top: 'XA2', levels: 'thcs' }).buffer(true).expect(200);
    expect(new Set(text.match(/"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}"/g)).size).toBe(3000);
    expect(await figures('top=XA2&levels=thcs')).toEqual([0, 0, 3000, 0]);
  });

  it('come whole where they are drawn a few at a time', async () => {
    await storeUnits(
      Array.from({ length: 23 }, (_, index) => ({ ...unitRow(`M${index}`, ['thpt']), parent: 'XA2' })),
    );
    const { text } = await make({ dang: 'phieu', levels: 'thpt' }).expect(200);
    expect(new Set(slipsOn(text).map(({ code }) => code)).size).toBe(23);
    expect(text.trim()).toMatch(/<\/html>$/);
  });
});
