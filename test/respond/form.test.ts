import mongoose from 'mongoose';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { responseById } from '../../models/responses.js';
import { allUnits } from '../../models/units.js';
import { responseId } from '../../server/respond/submissionKey.js';
import { closeRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { filledForm, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

let product: TestApp;
let school: string;
let desk: string;
let lonely: string;
const stored = () => mongoose.connection.collection('responses').countDocuments();

beforeAll(async () => {
  product = await startTestApp('2026-10-15');
  const education = await openedRound(product, [
    unitRow('S1', ['thcs', 'thpt'], 'Trường THCS và THPT Một'),
    unitRow('S2', ['mam-non']),
    unitRow('D1', []),
    unitRow('X1', []),
  ]);
  await openedRound(product, [], { label: 'Một cửa', subject: 'procedure', units: ['D1'] });
  school = education.links.get('S1') ?? '';
  lonely = education.links.get('S2') ?? '';
  desk = education.links.get('D1') ?? '';
});
afterAll(dropDatabase);

/** The form's address with a fresh submission key, as a browser without a script gets it. */
async function formAddress(link = school, survey = 'parents-thcs', service = 'thcs'): Promise<string> {
  const { text } = await supertest(product.app).get(`/k/${link}/${survey}/${service}`).expect(200);
  const [, refresh = ''] = /<noscript><meta http-equiv="refresh" content="0;url=([^"]+)">/.exec(text) ?? [];
  const answer = await supertest(product.app).get(refresh).expect(303);
  return String(answer.headers.location);
}

/** What a response with a submission key is stored under. */
function idOf(key: string): string {
  return responseId(key, product.context.config.sessionSecret);
}

/** The key that a form which came back goes under next. */
function nextKey(text: string): string {
  return /name="khoa" value="([\w-]{22})"/.exec(text)?.[1] ?? '';
}

function post(address: string, form: Record<string, string | string[]>) {
  return supertest(product.app).post(address).type('form').send(form);
}

describe('with a full disk', () => {
  const full = () =>
    vi
      .spyOn(mongoose.model('Response'), 'create')
      .mockRejectedValueOnce(
        new mongoose.mongo.MongoServerError({ message: 'The disk is full', code: 14031 }),
      );

  test('a form comes back with its answers, to be sent again later', async () => {
    const address = await formAddress();
    full();
    const { text, headers } = await post(address, filledForm(product.context, 'parents-thcs', '4')).expect(
      503,
    );
    expect(headers['retry-after']).toBe('30');
    expect(text).toContain('Chưa gửi được, câu trả lời vẫn còn đây');
    expect(text).toMatch(/<textarea name="A01" hidden>\n4</);
  });

  test('a phone with a script is told to keep them', async () => {
    full();
    const answer = await post(await formAddress(), filledForm(product.context, 'parents-thcs', '4'))
      .set('Accept', 'application/json')
      .expect(503);
    expect(answer.body.code).toBe('database-down');
  });
});

describe('where a code is typed', () => {
  test.each([
    'https://khaosat.example.vn/k/CODE',
    'khaosat.example.vn/k/CODE?kenh=qr',
    ' https://khaosat.example.vn/quay/CODE#x ',
    '\u200bCODE\0',
  ])('%j leads to the form as well', async (pasted) => {
    const ma = pasted.replace('CODE', school);
    const answer = await supertest(product.app).get('/k').query({ ma }).expect(303);
    expect(answer.headers.location).toBe(`/k/${school}`);
  });

  test('what is no code comes back without what a page cannot carry', async () => {
    const { text } = await supertest(product.app).get('/k').query({ ma: 'a\0b' }).expect(404);
    expect(text).toContain('value="ab"');
  });
});

describe('a link', () => {
  test.each(['ABCDEF', '234', '2345678', 'k%00', '%F0%9F%98%80', '..%2f..'])(
    'with the wrong code %s answers 404 and offers to type it again',
    async (code) => {
      const answer = await supertest(product.app).get(`/k/${code}`).expect(404);
      expect(answer.text).toContain('name="ma"');
    },
  );

  test('that is right in form but belongs to nobody answers 404', async () => {
    await supertest(product.app).get('/k/222222').expect(404);
  });

  test('with broken percent signs answers 400, not 500', async () => {
    await supertest(product.app).get('/k/%E0%A4').expect(400);
  });

  test('typed with a hyphen, spaces and small letters leads to the form', async () => {
    const typed = ` ${school.slice(0, 3)}-${school.slice(3)} `.toLowerCase();
    const answer = await supertest(product.app).get('/k').query({ ma: typed }).expect(303);
    expect(answer.headers.location).toBe(`/k/${school}`);
  });

  test('of a unit with several surveys asks who the person is', async () => {
    const answer = await supertest(product.app).get(`/k/${school}`).expect(200);
    for (const survey of ['parents-thcs', 'parents-thpt', 'students-thpt'])
      expect(answer.text).toContain(`href="/k/${school}/${survey}"`);
  });

  test('of a unit with one survey is the form itself, which posts to its own address', async () => {
    const answer = await supertest(product.app).get(`/k/${lonely}`).expect(200);
    expect(answer.text).toContain(
      `<form method="post" id="phieu" action="/k/${lonely}/parents-mam-non/mam-non#loi"`,
    );
  });

  test('of a desk first asks for the procedure, and a link that names it leads to the form', async () => {
    const answer = await supertest(product.app).get(`/k/${desk}/citizens-tthc`).expect(200);
    expect(answer.text).toContain(`href="/k/${desk}/citizens-tthc/2.002854"`);
    const form = await supertest(product.app).get(await formAddress(desk, 'citizens-tthc', '2.002854'));
    expect(form.text).toContain('(2.002854)');
  });

  test('names the survey and service or answers 404', async () => {
    for (const path of [
      'nothing',
      'parents-mam-non',
      'parents-thcs/thpt',
      'parents-thcs/thcs/more',
      '$ne',
      'A',
    ])
      await supertest(product.app).get(`/k/${school}/${path}`).expect(404);
    const { text } = await supertest(product.app).get(`/k/${school}/nothing?lang=en`).expect(404);
    expect(text).toContain(`href="/k/${school}?lang=en"`);
  });

  test('of a unit in no round says so', async () => {
    const unit = (await allUnits()).find(({ _id }) => _id === 'X1');
    const answer = await supertest(product.app).get(`/k/${unit?.linkCode}`).expect(409);
    expect(answer.text).toContain('Hiện chưa có đợt khảo sát nào');
  });
});

describe('a round', () => {
  test('before its first day says when it opens', async () => {
    product.setToday('2026-09-30');
    const answer = await supertest(product.app).get(`/k/${school}`).expect(409);
    expect(answer.text).toContain('01/10/2026');
    product.setToday('2026-10-15');
  });

  test('takes answers on its first and its last day', async () => {
    for (const day of ['2026-10-01', '2026-11-30']) {
      product.setToday(day);
      await supertest(product.app).get(`/k/${school}`).expect(200);
    }
    product.setToday('2026-10-15');
  });

  test('after its last day says when it ended, and stores nothing', async () => {
    const address = await formAddress();
    product.setToday('2026-12-01');
    const before = await stored();
    const answer = await post(address, filledForm(product.context, 'parents-thcs', '4')).expect(409);
    expect(answer.text).toContain('30/11/2026');
    expect(answer.text).toContain('phiếu vừa gửi không được tính');
    expect(await stored()).toBe(before);
    product.setToday('2026-10-15');
  });

  test('that the office closed early takes no answers, and names the day on which it was closed', async () => {
    const { round, links } = await openedRound(product, [unitRow('E1', ['gdtx'])], {
      label: 'Đóng sớm',
      surveys: ['learners-gdtx'],
      units: ['E1'],
    });
    const address = await formAddress(links.get('E1'), 'learners-gdtx', 'gdtx');
    await closeRound(round, product.context.today());
    const answer = await post(address, filledForm(product.context, 'learners-gdtx', '4')).expect(409);
    expect(answer.text).toContain('15/10/2026');
    expect(answer.text).not.toContain('30/11/2026');
  });
});

describe('a form that cannot be taken is refused with a sentence, and nothing is stored:', () => {
  const form = () => filledForm(product.context, 'parents-thcs', '4');
  const encoded = (change: string) => `${new URLSearchParams(form())}&${change}`;
  const urlencoded = 'application/x-www-form-urlencoded';
  test.each<[string, number, string, () => string | Buffer]>([
    ['a missing answer', 422, urlencoded, () => encoded('').replace('A01=4&', '')],
    ['level 6', 422, urlencoded, () => encoded('').replace('A01=4', 'A01=6')],
    ['a list instead of a level', 422, urlencoded, () => encoded('A01=4')],
    ['an object instead of a level', 422, urlencoded, () => encoded('').replace('A01=4', 'A01[$gt]=0')],
    ['an unknown field', 422, urlencoded, () => encoded('name=An')],
    ['a text of 3 000 letters', 422, urlencoded, () => encoded(`K01=${'x'.repeat(3000)}`)],
    ['a text of 100 000 letters', 413, urlencoded, () => encoded(`K01=${'x'.repeat(100_000)}`)],
    ['a body of 65 KB', 413, urlencoded, () => 'x'.repeat(65 * 1024 + 1)],
    ['a thousand fields', 400, urlencoded, () => Array.from({ length: 1000 }, (_, i) => `f${i}=1`).join('&')],
    ['broken UTF-8, percent-encoded', 400, urlencoded, () => encoded('K01=%FF%FE')],
    ['broken UTF-8, as bytes', 400, urlencoded, () => Buffer.from([0x4b, 0x30, 0x31, 0x3d, 0xff])],
    ['half a percent sign', 400, urlencoded, () => encoded('K01=100%')],
    ['a body that is missing', 422, urlencoded, () => ''],
    ['letters of another character set', 415, `${urlencoded}; charset=iso-8859-1`, () => encoded('')],
    ['another character set', 415, `${urlencoded}; charset=utf-16`, () => encoded('')],
    ['JSON', 415, 'application/json', () => JSON.stringify(form())],
    ['broken JSON', 415, 'application/json', () => '{'],
    ['plain text', 415, 'text/plain', () => encoded('')],
    ['a multipart form', 415, 'multipart/form-data; boundary=x', () => '--x--'],
    ['XML', 415, 'text/xml', () => '<a/>'],
  ])('%s', async (_name, status, type, body) => {
    const before = await stored();
    const request = supertest(product.app)
      .post(await formAddress())
      .set('Content-Type', type);
    // Written as it stands: the client would encode it again.
    request.write(body());
    const answer = await request;
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(/<h1>[^<]+<\/h1>/);
    expect(answer.text).not.toMatch(/Error:|at .*\.[jt]s:\d/);
    expect(await stored()).toBe(before);
  });

  test('a form sent by another site', async () => {
    const address = await formAddress();
    await post(address, form()).set('Sec-Fetch-Site', 'cross-site').expect(403);
    await post(address, form()).set('Origin', 'https://example.org').expect(403);
    await post(address, form()).set('Origin', 'null').expect(403);
  });

  test('a form to an unknown survey or code', async () => {
    await post(`/k/${school}/nothing/thcs?phieu=${'a'.repeat(22)}`, form()).expect(404);
    await post(`/k/AAAAAA/parents-thcs/thcs?phieu=${'a'.repeat(22)}`, form()).expect(404);
  });

  test('a form without a key comes back, complete, to be sent once more', async () => {
    const before = await stored();
    const answer = await post(`/k/${school}/parents-thcs/thcs`, form()).expect(422);
    expect(await stored()).toBe(before);
    const address = `/k/${school}/parents-thcs/thcs`;
    await post(address, { ...form(), khoa: nextKey(answer.text) }).expect(303);
    expect(await stored()).toBe(before + 1);
  });
});

describe('a form with mistakes comes back', () => {
  test('with everything that was entered, and a summary that leads to each question', async () => {
    const form: Record<string, string> = {
      ...filledForm(product.context, 'parents-thcs', '5'),
      K01: 'Góp ý <b>dài</b>',
    };
    delete form.A01;
    const { text } = await post(await formAddress(), form).expect(422);
    expect(text).toMatch(/<title>Lỗi:/);
    expect(text).toContain('<a href="#A01">Câu 1: Việc tuyển sinh, nhập học</a>');
    expect(text).toContain('Hãy chọn một mức, hoặc “Không có ý kiến”.');
    expect(text).toContain('id="A01" name="A01" value="1"');
    expect(text).toContain('name="A03" value="5" checked');
    expect(text).toContain('Góp ý &lt;b&gt;dài&lt;/b&gt;</textarea>');
    expect([...text.matchAll(/ checked>/g)].length).toBe(Object.keys(form).length - 1);
  });
});

describe('a complete form', () => {
  test('is stored once, with nothing that tells who sent it, and thanked for with a receipt', async () => {
    const address = await formAddress();
    const key = new URL(address, 'http://x').searchParams.get('phieu') ?? '';
    const answer = await post(address, { ...filledForm(product.context, 'parents-thcs', '4'), K01: 'Tốt' })
      .set('User-Agent', 'A Phone')
      .expect(303);
    const thanks = await supertest(product.app).get(String(answer.headers.location)).expect(200);
    expect(thanks.text).toMatch(/<strong>[2-9CDHKMNPRTWX]{4}-[2-9CDHKMNPRTWX]{4}<\/strong>/);
    const document = await mongoose.connection
      .collection<{ _id: string }>('responses')
      .findOne({ _id: idOf(key) });
    expect(Object.keys(document ?? {}).sort()).toEqual(
      [
        '_id',
        'answers',
        'channel',
        'day',
        'flags',
        'language',
        'round',
        'service',
        'survey',
        'unit',
        'version',
      ].sort(),
    );
    expect(document).toMatchObject({
      unit: 'S1',
      survey: 'parents-thcs',
      service: 'thcs',
      version: 1,
      day: '2026-10-15',
      flags: ['same'],
      answers: { A01: 4, K01: 'Tốt' },
    });
  });

  test('sent fifty times at once is one response and fifty identical answers', async () => {
    const address = await formAddress();
    const form = filledForm(product.context, 'parents-thcs', '3');
    const before = await stored();
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(address, form)));
    expect(new Set(answers.map(({ status, headers }) => `${status} ${headers.location}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(303);
    expect(await stored()).toBe(before + 1);
  });

  test('with other answers under a used key is refused, kept, and sent as a new one on the next press', async () => {
    const address = await formAddress();
    await post(address, filledForm(product.context, 'parents-thcs', '3')).expect(303);
    const before = await stored();
    const other = filledForm(product.context, 'parents-thcs', '5');
    const refused = await post(address, other).expect(409);
    expect(await stored()).toBe(before);
    expect(refused.text).toContain('name="A01" value="5" checked');
    await post(address, { ...other, khoa: nextKey(refused.text) }).expect(303);
    expect(await stored()).toBe(before + 1);
  });

  test('from an address that was handed on is stored for each person whose phone made a key of its own', async () => {
    const address = await formAddress();
    const form = filledForm(product.context, 'parents-thcs', '5');
    const before = await stored();
    const keys = ['A', 'B', 'C'].map((letter) => letter.repeat(22));
    const answers = await Promise.all(keys.map((khoa) => post(address, { ...form, khoa }).expect(303)));
    expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(3);
    expect(await stored()).toBe(before + 3);
    await post(address, { ...form, khoa: keys[0] ?? '' }).expect(303);
    expect(await stored()).toBe(before + 3);
  });

  test('is stored under an id that the address does not tell', async () => {
    const address = await formAddress();
    const key = new URL(address, 'http://x').searchParams.get('phieu') ?? '';
    await post(address, filledForm(product.context, 'parents-thcs', '4')).expect(303);
    expect(await responseById(key)).toBeNull();
    expect(await responseById(idOf(key))).not.toBeNull();
  });

  test('sent again after its round has ended, or from the page in English, gets the same thanks', async () => {
    const address = await formAddress();
    const form = filledForm(product.context, 'parents-thcs', '4');
    const first = await post(address, form).expect(303);
    const before = await stored();
    const english = await post(`${address}&lang=en`, form).expect(303);
    expect(english.headers.location).toBe(`${first.headers.location}?lang=en`);
    product.setToday('2026-12-24');
    expect((await post(address, form).expect(303)).headers.location).toBe(first.headers.location);
    await post(address, { ...form, A01: '1' }).expect(409);
    product.setToday('2026-10-15');
    expect(await stored()).toBe(before);
  });

  test('gives the same page to everybody', async () => {
    const [one, two] = [await formAddress(), await formAddress()];
    expect(one).not.toBe(two);
    const pages = await Promise.all(
      [one, two].map((address) => supertest(product.app).get(address).expect(200)),
    );
    expect(pages[0]?.text).toBe(pages[1]?.text);
  });

  test('is served compressed where the phone takes it, and not again where it has it', async () => {
    const address = await formAddress();
    const get = (encoding: string) =>
      supertest(product.app).get(address).set('Accept-Encoding', encoding).expect(200);
    const [plain, brotli, zipped] = await Promise.all(['identity', 'gzip, br', 'gzip'].map(get));
    expect(plain?.headers['content-encoding']).toBeUndefined();
    expect(brotli?.headers['content-encoding']).toBe('br');
    expect(zipped?.headers['content-encoding']).toBe('gzip');
    expect(zipped?.text).toBe(plain?.text);
    expect(brotli?.headers.vary).toContain('Accept-Encoding');
    const tags = [plain, brotli, zipped].map((answer) => String(answer?.headers.etag));
    expect(new Set(tags).size).toBe(3);
    const again = supertest(product.app).get(address).set('Accept-Encoding', 'gzip');
    await again.set('If-None-Match', tags[2] ?? '').expect(304);
  });

  test('in English says so with the answers', async () => {
    const address = `${await formAddress()}&lang=en`;
    expect((await supertest(product.app).get(address)).text).toContain('<html lang="en">');
    const answer = await post(address, filledForm(product.context, 'parents-thcs', '4')).expect(303);
    expect(answer.headers.location).toMatch(/lang=en$/);
    const key = new URL(address, 'http://x').searchParams.get('phieu') ?? '';
    expect((await responseById(idOf(key)))?.language).toBe('en');
  });
});

test('a thank-you page is shown only for a response that is stored', async () => {
  await supertest(product.app)
    .get(`/k/${school}/da-nhan/${'a'.repeat(22)}`)
    .expect(404);
  await supertest(product.app).get(`/k/${school}/da-nhan/short`).expect(404);
});
