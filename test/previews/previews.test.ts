import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRounds } from '../../models/rounds.js';
import { createRound } from '../../server/rounds/rounds.js';
import { itemsOf } from '../../surveys/read.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

let product: TestApp;
let office: TestAgent;
let round: string;
let link: string;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  const opened = await openedRound(product, [unitRow('Q1', ['thcs', 'mam-non'], 'Trường Một')], {
    surveys: ['parents-thcs', 'parents-mam-non'],
  });
  round = opened.round;
  link = `/k/${opened.links.get('Q1')}`;
});
afterAll(dropDatabase);

describe('a preview is refused', () => {
  it.each(['/khong-co/1', '/parents-thcs/7', '/parents-thcs/x', '/parents-thcs/1e0', '/khong-co/so-sanh'])(
    'at %s: 404',
    async (address) => {
      await office.get(`/van-phong/phieu${address}`).expect(404);
    },
  );

  it('to who is not logged in', async () => {
    await supertest(product.app).get('/van-phong/phieu/parents-thcs/1/bieu-mau').expect(303);
  });
});

describe('the preview of a form', () => {
  const form = (query = '') => office.get(`/van-phong/phieu/parents-thcs/1/bieu-mau${query}`);

  it('has every question that the parent is asked, in the same words and order, with the unit and last day', async () => {
    const shown = await form(`?dot=${round}`).expect(200);
    const real = await supertest(product.app).get(`${link}/parents-thcs/thcs`).expect(200);
    expect(questionsOf(shown.text)).toEqual(questionsOf(real.text));
    expect(questionsOf(shown.text).length).toBeGreaterThan(20);
    for (const fact of ['<p class="eyebrow">Trường Một</p>', '30/11/2026'])
      expect(shown.text).toContain(fact);
  });

  it('says what it is, and can neither send nor run anything', async () => {
    const shown = await form().expect(200);
    expect(shown.text).toContain('XEM TRƯỚC.');
    expect(shown.text).toContain('<button id="gui" disabled>');
    const policy = String(shown.headers['content-security-policy']);
    expect(policy).toContain("form-action 'none'");
    expect(policy).toContain("script-src 'none';");
    expect(shown.text).not.toContain(`action="${link}`);
    expect(shown.text.replace(/<script><\/script>/g, '')).not.toContain('<script');
    await office.post('/van-phong/phieu/parents-thcs/1/bieu-mau').type('form').send({ A01: '5' }).expect(404);
  });

  it('is in either language, and stays at its round and service', async () => {
    const english = await form(`?dot=${round}&dich-vu=thcs&lang=en`).expect(200);
    const survey = product.context.surveys.get('parents-thcs');
    expect(english.text).toContain(`<h1>${survey?.title.en}</h1>`);
    expect(english.text).toContain('PREVIEW.');
    expect(english.text).toContain(`href="?dot=${round}&amp;dich-vu=thcs&amp;lang=vi"`);
  });

  it('shows a draft at the first unit that would be asked', async () => {
    const code = await createRound(
      product.context,
      draft(product.context, {
        label: 'Bản nháp',
        closes: '2027-01-31' as never,
        surveys: ['parents-mam-non'],
      }),
    );
    const shown = await office.get(`/van-phong/phieu/parents-mam-non/1/bieu-mau?dot=${code}`).expect(200);
    expect(shown.text).toContain('Trường Một');
    expect(shown.text).toContain('31/01/2027');
  });

  it('names no unit for a round that does not ask it, nor for one that does not exist', async () => {
    for (const query of ['?dot=khong-co', `?dot=${round}&dot=x`, '?dot[$ne]=1', '?dich-vu=khong-co'])
      expect((await form(query).expect(200)).text).toContain('<p class="eyebrow">Tên đơn vị</p>');
  });
});

describe('the page around it', () => {
  it('names version, rounds and the questions that must be answered', async () => {
    const page = await office.get(`/van-phong/phieu/parents-thcs/1?dot=${round}`).expect(200);
    const required = itemsOf(product.context.surveys.get('parents-thcs') as never).filter(
      ({ required: must, showIf }) => must && !showIf,
    );
    expect(page.text).toContain(`${required.length} câu bắt buộc`);
    expect(page.text).toContain(`<a href="/van-phong/dot/${round}/quan-ly">`);
    expect(page.text).toContain('sandbox="allow-same-origin"');
  });

  it('is linked from the form of a round and from the page that steers it', async () => {
    const form = await office.get('/van-phong/dot-moi').expect(200);
    expect(form.text).toContain('href="/van-phong/phieu/parents-thcs/1"');
    const steering = await office.get(`/van-phong/dot/${round}/quan-ly`).expect(200);
    expect(steering.text).toContain(`href="/van-phong/phieu/parents-thcs/1?dot=${round}"`);
  });
});

/** Last, as it puts a second version into this process's files. */
describe('a survey that is edited while a round asks it', () => {
  beforeAll(() => {
    const survey = product.context.surveys.get('parents-thcs');
    const item = survey?.sections[0]?.items[0];
    if (!survey || !item) throw new Error('no such survey');
    const edited = structuredClone(survey);
    edited.version = 2;
    Object.assign(edited.sections[0]?.items[0]?.text ?? {}, { vi: 'Câu đã sửa' });
    (product.context.surveys as Map<string, typeof edited>).set('parents-thcs', edited);
  });

  it('is a new version, and the running round asks the old one', async () => {
    const list = await office.get('/van-phong/phieu').expect(200);
    expect(list.text).toContain('phiên bản 2 (mới nhất)');
    expect(list.text).toContain('phiên bản 1');
    const real = await supertest(product.app).get(`${link}/parents-thcs/thcs`).expect(200);
    expect(real.text).not.toContain('Câu đã sửa');
    for (const [version, found] of [
      [1, false],
      [2, true],
    ] as const) {
      const shown = await office.get(`/van-phong/phieu/parents-thcs/${version}/bieu-mau`).expect(200);
      expect(shown.text.includes('Câu đã sửa')).toBe(found);
    }
  });

  it('is told apart item by item', async () => {
    const page = await office.get('/van-phong/phieu/parents-thcs/so-sanh?tu=1&den=2').expect(200);
    expect(page.text).toContain('<ins lang="vi">Câu đã sửa</ins>');
    expect(page.text).toContain('1 câu khác nhau');
    await office.get('/van-phong/phieu/parents-thcs/so-sanh').expect(200);
    await office.get('/van-phong/phieu/parents-thcs/so-sanh?tu=9&den=x').expect(200);
  });

  it('is asked by the next round in whichever version the office chooses', async () => {
    const make = async (version: string, label: string) => {
      const answer = await office.post('/van-phong/dot-moi').type('form').send({
        label,
        subject: 'education',
        numbering: 'calendar-year',
        opens: '2027-03-01',
        closes: '2027-04-30',
        surveys: 'parents-thcs',
        'version-parents-thcs': version,
      });
      return answer.status;
    };
    expect(await make('2', 'Đợt bản mới')).toBe(303);
    expect(await make('1', 'Đợt bản cũ')).toBe(303);
    expect(await make('3', 'Đợt bản không có')).toBe(422);
    expect(await make('__proto__', 'Đợt bản lạ')).toBe(422);
    const versions = Object.fromEntries(
      (await allRounds()).map(({ label, surveys }) => [label, surveys.map(({ version }) => version)]),
    );
    expect(versions).toMatchObject({ 'Đợt bản mới': [2], 'Đợt bản cũ': [1] });
  });

  it('is a warning for a draft that asks the old one', async () => {
    const page = await office.get('/van-phong/dot/dot-ban-cu/quan-ly').expect(200);
    expect(page.text).toContain('đã có phiên bản 2; đợt này hỏi phiên bản 1');
    expect(page.text).toContain('href="/van-phong/phieu/parents-thcs/so-sanh?tu=1&amp;den=2"');
    const newest = await office.get('/van-phong/dot/dot-ban-moi/quan-ly').expect(200);
    expect(newest.text).not.toContain('đợt này hỏi phiên bản');
  });
});

/** Names and words of every question of a form, in order. */
function questionsOf(html: string): string[] {
  return [...html.matchAll(/<(?:legend|label class="legend"[^>]*)>(.*?)<\/(?:legend|label)>/gs)].map(
    ([, words = '']) => words.replace(/<[^>]*>/g, '').trim(),
  );
}
