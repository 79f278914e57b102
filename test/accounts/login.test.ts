import mongoose from 'mongoose';
import supertest, { type Response } from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { OFFICE_ACCOUNT } from '../../server/accounts/passwords.js';
import { dropDatabase } from '../database.js';
import { startTestApp, type TestApp } from '../http/testApp.js';

const LOGIN = '/van-phong/dang-nhap';

let product: TestApp;

beforeAll(async () => {
  product = await startTestApp();
});
afterAll(dropDatabase);

describe('logging in is refused', () => {
  it('with a wrong password, keeping the name that was typed and nothing of the password', async () => {
    const answer = await login({ name: '"><b>vanphong', password: 'sai-mat-khau' }).expect(422);
    expect(answer.text).toContain('value="&#34;&gt;&lt;b&gt;vanphong"');
    expect(answer.text).toContain('Tên đăng nhập hoặc mật khẩu không đúng');
    expect(answer.text).toMatch(/<title>Lỗi: /);
    expect(answer.text).not.toContain('sai-mat-khau');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('in the same words whether the name or the password is wrong', async () => {
    const unknown = await login({ name: 'khong-co', password: product.password }).expect(422);
    const wrong = await login({ name: OFFICE_ACCOUNT, password: 'sai' }).expect(422);
    expect(unknown.text).toBe(wrong.text.replaceAll(OFFICE_ACCOUNT, 'khong-co'));
  });

  it.each([
    ['no name', 'password=x'],
    ['no password', 'name=vanphong'],
    ['two names', 'name=vanphong&name=vanphong&password=x'],
    ['two passwords', 'name=vanphong&password=x&password=y'],
    ['an object for a password', 'name=vanphong&password[$ne]=x'],
    ['an object for a name', 'name[$gt]=&password=x'],
    ['a password of 201 characters', `name=vanphong&password=${'x'.repeat(201)}`],
    ['a name of 201 characters', `name=${'x'.repeat(201)}&password=x`],
    ['broken UTF-8', 'name=vanphong&password=%ff%fe'],
  ])('with %s, as 400', async (_name, form) => {
    await supertest(product.app).post(LOGIN).type('form').send(form).expect(400);
  });

  it('in another content type, as 415', async () => {
    await supertest(product.app)
      .post(LOGIN)
      .send({ name: OFFICE_ACCOUNT, password: product.password })
      .expect(415);
  });

  it.each(['', 'null', `${OFFICE_ACCOUNT}\0`, OFFICE_ACCOUNT.toUpperCase()])(
    'with the name %j',
    async (name) => {
      await login({ name, password: product.password }).expect(422);
    },
  );
});

describe('after logging in', () => {
  it.each([
    ['', '/van-phong'],
    ['/van-phong/don-vi', '/van-phong/don-vi'],
    ['/van-phong?lang=en', '/van-phong?lang=en'],
    ['/van-phong/dot/dot-2-nam-2026?lang=en&x=%20', '/van-phong/dot/dot-2-nam-2026?lang=en&x=%20'],
  ])('a person who was going to "%s" arrives at %s', async (wanted, arrived) => {
    const answer = await login({}, `?tiep=${encodeURIComponent(wanted)}`).expect(303);
    expect(answer.headers.location).toBe(arrived);
  });

  it.each([
    '//evil.example',
    '///evil.example',
    'https://evil.example/van-phong',
    'https://evil.example/van-phong/don-vi',
    'http:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '\\\\evil.example',
    '/\\evil.example/van-phong',
    '/van-phong/../',
    '/van-phong/../k/CCC',
    '/van-phong/%2e%2e/k',
    '/van-phong/.%2E//evil.example',
    '/van-phong//evil.example',
    '/van-phong/\\evil.example',
    '/van-phong\\..\\..\\evil',
    '/van-phongx',
    '/van-phong@evil.example',
    'van-phong.evil.example',
    '/%2fevil.example',
    '%2f%2fevil.example',
    '/\t/evil.example',
    ' //evil.example',
    '/van-phong/dang-nhap',
    '/',
    'http://[',
  ])('nobody is led astray by "%s"', async (wanted) => {
    const answer = await login({}, `?tiep=${encodeURIComponent(wanted)}`).expect(303);
    expect(answer.headers.location).toBe('/van-phong');
    const page = await supertest(product.app)
      .get(`${LOGIN}?tiep=${encodeURIComponent(wanted)}`)
      .expect(200);
    expect(page.text).toContain('action="/van-phong/dang-nhap?tiep=%2Fvan-phong"');
  });

  it('nor by the same parameter given twice', async () => {
    const answer = await login({}, '?tiep=/van-phong/don-vi&tiep=//evil.example').expect(303);
    expect(answer.headers.location).toBe('/van-phong');
  });

  it('the session is in a cookie that no script and no other site can use', async () => {
    const answer = await login({}).expect(303);
    const cookies = answer.headers['set-cookie'] as unknown as string[];
    const values = cookies.map((cookie) => cookie.split('; ')[0]);
    // The session, and that this browser knows the name: the second tells nobody whose it is.
    expect(values).toEqual([
      expect.stringMatching(/^may-[\w-]{12}=[\w-]{22}\.[\w-]{43}$/),
      expect.stringMatching(/^phien=s%3A.{40,}$/),
    ]);
    for (const cookie of cookies)
      expect(
        cookie
          .split('; ')
          .slice(1)
          .filter((flag) => !/^(?:Expires|Max-Age)=/.test(flag)),
      ).toEqual(['Path=/van-phong', 'HttpOnly', 'SameSite=Lax']);
    expect(String(cookies)).not.toContain(OFFICE_ACCOUNT);
  });

  it('the log says who logged in', async () => {
    const earlier = await entriesOf('logged-in', 1000);
    await login({}).expect(303);
    const entries = await entriesOf('logged-in', 1000);
    expect(entries).toHaveLength(earlier.length + 1);
    expect(entries[0]).toMatchObject({ account: OFFICE_ACCOUNT, subject: OFFICE_ACCOUNT });
  });

  it('spaces around the name and letters written in two parts do no harm', async () => {
    await login({ name: `  ${OFFICE_ACCOUNT} `, password: product.password.normalize('NFD') }).expect(303);
  });
});

describe('a session', () => {
  it('gets a new id at every log-in, and the old one is worth nothing', async () => {
    const first = cookieOf(await login({}).expect(303));
    await seenWith(first).expect(200);
    const second = cookieOf(await login({}).set('Cookie', first).expect(303));
    expect(second).not.toBe(first);
    await seenWith(first).expect(303);
    await seenWith(second).expect(200);
  });

  it('is not taken over from a cookie that somebody else made up', async () => {
    const made = 'phien=s%3Aattackers-own-session-id.c2lnbmF0dXJl';
    const answer = await login({}).set('Cookie', made).expect(303);
    expect(String(answer.headers['set-cookie'])).not.toContain('attackers-own-session-id');
    await supertest(product.app).get('/van-phong').set('Cookie', made).expect(303);
  });

  it('is not even begun for people who are not logged in', async () => {
    const before = await sessions();
    const answer = await supertest(product.app).get(LOGIN).expect(200);
    await login({ name: 'ai-do' }).expect(422);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(await sessions()).toBe(before);
  });

  it('ends with logging out, in the browser and in the database', async () => {
    const cookie = cookieOf(await login({}).expect(303));
    const before = await sessions();
    const answer = await supertest(product.app)
      .post('/van-phong/dang-xuat')
      .set('Cookie', cookie)
      .expect(303);
    expect(answer.headers.location).toBe(LOGIN);
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^phien=; Path=\/van-phong; Expires=Thu, 01 Jan 1970/,
    );
    expect(await sessions()).toBe(before - 1);
    await seenWith(cookie).expect(303);
  });

  it('cannot be ended by another site', async () => {
    const cookie = cookieOf(await login({}).expect(303));
    await supertest(product.app)
      .post('/van-phong/dang-xuat')
      .set('Cookie', cookie)
      .set('Sec-Fetch-Site', 'cross-site')
      .expect(403);
    await seenWith(cookie).expect(200);
  });
});

describe('guessing passwords', () => {
  it('is stopped at the 21st wrong one of a name, and others at the same address still get in', async () => {
    for (let attempt = 1; attempt <= 20; attempt += 1)
      await login({
        name: attempt % 2 ? 'bi-doan' : `${' '.repeat(attempt)}bi-doan `,
        password: 'sai',
      }).expect(422);
    for (const name of ['bi-doan', ' bi-doan', 'bi-doan\u00a0'])
      expect((await login({ name, password: 'sai' }).expect(429)).text).toContain('chờ 10 phút');
    await login({}).expect(303);
    await login({ name: 'nguoi-khac', password: 'sai' }).expect(422);
  });

  it('is not what logging in rightly counts as', async () => {
    for (let attempt = 1; attempt <= 21; attempt += 1) await login({}).expect(303);
  });
});

function login(form: Partial<Record<'name' | 'password', string>>, query = '') {
  return supertest(product.app)
    .post(LOGIN + query)
    .type('form')
    .send({ name: OFFICE_ACCOUNT, password: product.password, ...form });
}

function seenWith(cookie: string) {
  return supertest(product.app).get('/van-phong').set('Cookie', cookie);
}

/** How many sessions the database has. */
function sessions(): Promise<number> {
  return mongoose.connection.collection('sessions').countDocuments();
}

/** What a browser sends back after an answer. */
function cookieOf(answer: Response): string {
  const cookies = [answer.headers['set-cookie'] ?? []].flat();
  return cookies.find((cookie) => cookie.startsWith('phien='))?.split(';', 1)[0] ?? '';
}
