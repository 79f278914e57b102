import fc from 'fast-check';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { allRounds } from '../../models/rounds.js';
import { keepForm, keptBy } from '../../server/accounts/kept.js';
import { dropDatabase } from '../database.js';
import { startTestApp, type TestApp } from '../http/testApp.js';
import { addPerson, logInAs } from './people.js';

const MINUTE = 60_000;
const OWN = '/van-phong/cua-toi';

let product: TestApp;

beforeAll(async () => {
  product = await startTestApp();
  await addPerson(product, { _id: 'lanh-dao', role: 'leader' });
  await addPerson(product, { _id: 'nha-truong', role: 'unit', unit: 'Q1' });
  await addPerson(product, { _id: 'nhap-phieu', role: 'entry', unit: 'Q1' });
});
afterEach(() => vi.useRealTimers());
afterAll(dropDatabase);

/** Lets time pass without waiting. */
function clock() {
  let now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now });
  return (minutes: number) => {
    now += minutes * MINUTE;
    vi.setSystemTime(now);
  };
}

describe('a session that rests is over', () => {
  it.each([
    ['vanphong', 30],
    ['lanh-dao', 30],
    ['nha-truong', 60],
    ['nhap-phieu', 60],
  ])('for %s after %i minutes, and not before', async (name, minutes) => {
    const pass = clock();
    const agent = await logInAs(product, name);
    for (let look = 0; look < 3; look += 1) {
      pass(minutes - 1);
      await agent.get(OWN).expect(200);
    }
    pass(minutes);
    await agent.get(OWN).expect(303);
    pass(-minutes);
  });

  it('and so is one that goes on for eight hours, however busy', async () => {
    const pass = clock();
    const agent = await logInAs(product, 'vanphong');
    for (let minutes = 20; minutes < 480; minutes += 20) {
      pass(20);
      await agent.get(OWN).expect(200);
    }
    pass(20);
    await agent.get(OWN).expect(303);
  });
});

describe('what was typed when the session was over', () => {
  const typed = {
    label: 'Đợt 1 năm "2027"\nhai dòng',
    subject: 'education',
    surveys: ['parents-thcs', 'parents-thpt'],
  };
  let expired: TestAgent;

  async function sentTooLate(): Promise<string> {
    const pass = clock();
    expired = await logInAs(product, 'vanphong');
    pass(31);
    const { text } = await expired.post('/van-phong/dot-moi').type('form').send(typed).expect(401);
    return text;
  }

  const keptOn = (page: string) =>
    (/name="kept" value="([^"]*)"/.exec(page)?.[1] ?? '').replaceAll('&#34;', '"').replaceAll('&amp;', '&');

  it('is kept in the log-in page, nothing is done with it, and logging in shows it to be sent again', async () => {
    const before = await allRounds();
    const page = await sentTooLate();
    expect(page).toContain('Những gì Quý vị vừa nhập vẫn còn');
    expect(page).toContain('action="/van-phong/dang-nhap?tiep=%2Fvan-phong%2Fdot-moi"');
    const kept = keptOn(page);
    expect(JSON.parse(kept)).toEqual([
      ['label', 'Đợt 1 năm "2027"\nhai dòng'],
      ['subject', 'education'],
      ['surveys', 'parents-thcs'],
      ['surveys', 'parents-thpt'],
    ]);
    const wrong = await expired
      .post('/van-phong/dang-nhap?tiep=%2Fvan-phong%2Fdot-moi')
      .type('form')
      .send({ name: 'vanphong', password: 'sai', kept })
      .expect(422);
    expect(keptOn(wrong.text)).toBe(kept);
    const again = await expired
      .post('/van-phong/dang-nhap?tiep=%2Fvan-phong%2Fdot-moi')
      .type('form')
      .send({ name: 'vanphong', password: product.password, kept })
      .expect(200);
    expect(again.text).toContain('<form method="post" action="/van-phong/dot-moi"');
    expect(again.text).toContain('Đợt 1 năm &#34;2027&#34;\nhai dòng');
    expect(again.text.match(/<textarea name="surveys"/g)).toHaveLength(2);
    expect(await allRounds()).toEqual(before);
    // The session is there: what is sent again is treated as any form.
    await expired.post('/van-phong/dot-moi').type('form').send(typed).expect(422);
  });

  it('is sent nowhere but to the office’s own pages', async () => {
    const kept = JSON.stringify([['a', 'b']]);
    const { text } = await supertest(product.app)
      .post('/van-phong/dang-nhap?tiep=https%3A%2F%2Fevil.example%2Fvan-phong')
      .type('form')
      .send({ name: 'vanphong', password: product.password, kept })
      .expect(200);
    expect(text).toContain('<form method="post" action="/van-phong"');
    expect(text).not.toContain('evil.example');
  });

  it('is no password, no code and nothing of one’s own account', async () => {
    const form = { password: 'bí mật', 'old-password': 'cũ', code: '123456', label: 'còn' };
    const { text } = await supertest(product.app)
      .post('/van-phong/dot-moi')
      .type('form')
      .send(form)
      .expect(401);
    expect(keptOn(text)).toBe('[["label","còn"]]');
    for (const value of ['bí mật', 'cũ', '123456']) expect(text).not.toContain(value);
    const own = await supertest(product.app).post(`${OWN}/mat-khau`).type('form').send(form).expect(401);
    expect(own.text).not.toContain('name="kept"');
  });

  it('is said to be lost where it was a file, and a program is told in JSON', async () => {
    const file = await supertest(product.app)
      .post('/van-phong/don-vi/nhap')
      .attach('file', Buffer.from('code,name\n'), 'don-vi.csv')
      .expect(401);
    expect(file.text).toContain('chọn lại tệp');
    const json = await supertest(product.app)
      .post('/van-phong/dot-moi')
      .set('Accept', 'application/json')
      .type('form')
      .send(typed)
      .expect(401);
    expect(json.body).toMatchObject({ code: 'logged-out' });
  });

  it('may fill a whole form of 64 KB', async () => {
    const long = 'ế'.repeat(7000);
    const { text } = await supertest(product.app)
      .post('/van-phong/dot-moi')
      .type('form')
      .send({ list: long })
      .expect(401);
    const again = await supertest(product.app)
      .post('/van-phong/dang-nhap?tiep=%2Fvan-phong%2Fdot-moi')
      .type('form')
      .send({ name: 'vanphong', password: product.password, kept: keptOn(text) })
      .expect(200);
    expect(again.text).toContain(long);
  });

  it.each(['', '{', '[1]', '[["a"]]', '[["a",1]]', '[["a","b","c"]]', '{"a":"b"}', 'null', '[[["a"],"b"]]'])(
    'is nothing where it is made up: %s',
    async (kept) => {
      await supertest(product.app)
        .post('/van-phong/dang-nhap')
        .type('form')
        .send({ name: 'vanphong', password: product.password, kept })
        .expect(303);
    },
  );

  it('comes back as it went', () => {
    const field = fc.tuple(
      fc.string().filter((name) => !/password|code|kept/i.test(name) && !(name in {})),
      fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1 })),
    );
    fc.assert(
      fc.property(fc.uniqueArray(field, { selector: ([name]) => name }), (fields) => {
        const kept = keepForm(Object.fromEntries(fields));
        expect(keptBy({ body: { kept: JSON.stringify(kept) } } as never)).toEqual(kept);
        expect(kept.length).toBe(fields.flatMap(([, value]) => value).length);
      }),
    );
  });
});
