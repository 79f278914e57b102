import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { allRounds, type Round, roundByCode } from '../../models/rounds.js';
import { storeUnits } from '../../models/units.js';
import { dropDatabase } from '../database.js';
import { officeAgent, startTestApp, unitRow } from '../http/testApp.js';

const FORM = '/van-phong/dot-moi';

let office: TestAgent;

beforeAll(async () => {
  office = await officeAgent(await startTestApp('2026-10-15'));
  await storeUnits([
    unitRow('SGD', [], 'Sở'),
    unitRow('MC', [], 'Bộ phận Một cửa'),
    unitRow('Q1', ['thcs', 'thpt']),
    unitRow('Q2', ['mam-non']),
  ]);
});
afterAll(dropDatabase);

const GOOD = {
  label: 'Đợt 2 năm 2026',
  subject: 'education',
  numbering: 'calendar-year',
  opens: '2026-10-01',
  closes: '2026-11-30',
  target: '85,5',
  bound: 'at-least',
  lead: 'Văn phòng Sở',
  source: 'KH 65/KH-SGDĐT',
  surveys: ['parents-thcs', 'parents-thpt'],
};

describe('a round is not stored, and the form comes back with what was typed,', () => {
  let roundsBefore: Round[];
  beforeEach(async () => {
    roundsBefore = await allRounds();
  });

  it.each<[string, object, string]>([
    ['without a name', { label: '' }, 'label'],
    ['with a name of two characters', { label: ' Đợ ' }, 'label'],
    ['with a name of 121 characters', { label: 'Đ'.repeat(121) }, 'label'],
    ['with two names', { label: ['Đợt 1', 'Đợt 2'] }, 'label'],
    ['without a subject', { subject: '' }, 'subject'],
    ['with two subjects', { subject: ['procedure', 'education'] }, 'subject'],
    ['with an unknown subject', { subject: 'health' }, 'subject'],
    ['with an unknown numbering', { numbering: 'lunar-year' }, 'numbering'],
    ['with two numberings', { numbering: ['calendar-year', 'school-year'] }, 'numbering'],
    ['without days', { opens: '', closes: '' }, 'opens'],
    ['opening on 30 February', { opens: '2026-02-30' }, 'opens'],
    ['opening on a day written as people write it', { opens: '01/10/2026' }, 'opens'],
    ['opening on two days', { opens: ['2026-10-01', '2026-10-02'] }, 'opens'],
    ['closing on 31 November', { closes: '2026-11-31' }, 'closes'],
    ['closing on a day that is none', { closes: 'mai' }, 'closes'],
    ['closing on two days', { closes: ['2026-11-30', '2026-12-30'] }, 'closes'],
    ['closing before it opens', { closes: '2026-09-30' }, 'closes'],
    ['with a target of 101', { target: '101' }, 'target'],
    ['with a target below zero', { target: '-1' }, 'target'],
    ['with a target in words', { target: 'tám mươi' }, 'target'],
    ['with a target of 1e1', { target: '1e1' }, 'target'],
    ['with two targets', { target: ['80', '90'] }, 'target'],
    ['with a source of 301 characters', { source: 'x'.repeat(301) }, 'source'],
    ['with two leads', { lead: ['a', 'b'] }, 'lead'],
    ['without a survey', { surveys: [] }, 'surveys'],
    ['with an unknown survey', { surveys: ['parents-thcs', 'khong-co'] }, 'surveys'],
    ['with an empty survey', { surveys: [''] }, 'surveys'],
    ['with a survey of the other subject', { surveys: ['citizens-tthc'] }, 'surveys'],
    ['of procedures without a desk', { subject: 'procedure', surveys: ['citizens-tthc'] }, 'desks'],
  ])('%s', async (_name, change, field) => {
    const answer = await post({ ...GOOD, ...change }).expect(422);
    expect(answer.text).toMatch(/<title>Lỗi: /);
    expect(answer.text).toContain(`<a href="#${field}">`);
    expect(answer.text).toContain(`id="${field}"`);
    expect(await allRounds()).toEqual(roundsBefore);
  });

  it('word for word', async () => {
    const answer = await post({
      ...GOOD,
      label: 'Đợt "2" <năm> 2026',
      subject: 'procedure',
      numbering: 'school-year',
      opens: '2026-10-31',
      closes: '2026-10-30',
      continuous: 'yes',
      bound: 'more-than',
      target: '85,5',
      surveys: ['citizens-tthc'],
      desks: ['MC'],
    }).expect(422);
    const shown = (html: string) => expect(answer.text).toContain(html);
    shown('value="Đợt &#34;2&#34; &lt;năm&gt; 2026"');
    shown('name="subject" value="procedure" checked');
    shown('name="numbering" value="school-year" checked');
    shown('name="opens" value="2026-10-31"');
    shown('name="closes" value="2026-10-30" aria-describedby="closes-loi" aria-invalid="true"');
    shown('name="continuous" value="yes" checked');
    shown('<option value="more-than" selected>');
    shown('value="85,5"');
    shown('name="surveys" value="citizens-tthc" checked');
    shown('name="desks" value="MC" checked');
    shown('value="Văn phòng Sở"');
    shown('value="KH 65/KH-SGDĐT"');
    expect(answer.text.match(/ checked/g)).toHaveLength(5);
  });

  it('as JSON or as anything but a form', async () => {
    await office.post(FORM).send(GOOD).expect(415);
    await office
      .post(FORM)
      .type('form')
      .send(`label=${'x'.repeat(70_000)}`)
      .expect(413);
    expect(await allRounds()).toEqual(roundsBefore);
  });

  it('with nothing at all', async () => {
    const answer = await office.post(FORM).type('form').send('').expect(422);
    for (const field of ['label', 'subject', 'numbering', 'opens', 'closes', 'surveys'])
      expect(answer.text).toContain(`<a href="#${field}">`);
    await office.post(FORM).expect(422);
  });
});

describe('a round that is made', () => {
  it('is a draft with what was entered, its units and surveys pinned', async () => {
    const answer = await post({ ...GOOD, label: '  Đợt 2 năm 2026 ' }).expect(303);
    expect(answer.headers.location).toBe('/van-phong/dot/dot-2-nam-2026');
    const round = await roundByCode('dot-2-nam-2026');
    expect(round).toMatchObject({
      label: 'Đợt 2 năm 2026',
      state: 'draft',
      subject: 'education',
      opens: '2026-10-01',
      closes: '2026-11-30',
      continuous: false,
      units: ['Q1'],
      targets: [{ indicator: 'satisfaction-rate', atLeast: 85.5, unit: '%' }],
      lead: 'Văn phòng Sở',
    });
    expect(round?.surveys.map(({ id, version }) => [id, version])).toEqual([
      ['parents-thcs', 1],
      ['parents-thpt', 1],
    ]);
    expect(round?.services.map(({ code }) => code)).toEqual(['thcs', 'thpt']);
    const [entry] = await entriesOf('round-created', 1);
    expect(entry).toMatchObject({ account: 'vanphong', subject: 'dot-2-nam-2026' });
    const page = await office.get('/van-phong/dot/dot-2-nam-2026').expect(200);
    expect(page.text).toContain('Bản nháp');
  });

  it('takes nothing that the form does not have', async () => {
    const answer = await post({
      ...GOOD,
      label: 'Đợt lạ',
      _id: 'dot-cua-toi',
      state: 'open',
      services: 'thpt',
      units: 'Q2',
      targets: '[]',
      __proto__: 'x',
    }).expect(303);
    expect(answer.headers.location).toBe('/van-phong/dot/dot-la');
    expect(await roundByCode('dot-la')).toMatchObject({ state: 'draft', units: ['Q1'] });
    expect(await roundByCode('dot-cua-toi')).toBeNull();
  });

  it('without a target, or with one that must be exceeded', async () => {
    await post({ ...GOOD, label: 'Đợt không chỉ tiêu', target: '' }).expect(303);
    expect((await roundByCode('dot-khong-chi-tieu'))?.targets).toEqual([]);
    await post({ ...GOOD, label: 'Đợt trên', target: ' 80.25 ', bound: 'more-than' }).expect(303);
    expect((await roundByCode('dot-tren'))?.targets).toEqual([
      { indicator: 'satisfaction-rate', moreThan: 80.25, unit: '%' },
    ]);
  });

  it('of procedures has the chosen desks, each once, and every procedure', async () => {
    const twice = { surveys: ['citizens-tthc', 'citizens-tthc'], desks: ['MC', 'MC'] };
    await post({ ...GOOD, ...twice, label: 'Thủ tục', subject: 'procedure' }).expect(303);
    const round = await roundByCode('thu-tuc');
    expect(round?.units).toEqual(['MC']);
    expect(round?.surveys).toHaveLength(1);
    expect(round?.services.every(({ kind }) => kind === 'procedure')).toBe(true);
    expect(round?.services.map(({ code }) => code)).toContain('2.002854');
  });

  it('keeps the language of the person who made it', async () => {
    const answer = await office
      .post(`${FORM}?lang=en`)
      .type('form')
      .send({ ...GOOD, label: 'Round in English' })
      .expect(303);
    expect(answer.headers.location).toBe('/van-phong/dot/round-in-english?lang=en');
  });
});

describe('the code of a round', () => {
  it.each([
    ['Đợt 1 năm học 2026-2027', 'dot-1-nam-hoc-2026-2027'],
    ['ĐỢT ĐẶC BIỆT – Nguyễn Thị Thập', 'dot-dac-biet-nguyen-thi-thap'],
    ['***', 'dot'],
    [`${'a'.repeat(59)} bcd`, 'a'.repeat(59)],
    ['Đợt 3/2026?x=1#y', 'dot-3-2026-x-1-y'],
  ])('made from "%s" is %s', async (label, code) => {
    const answer = await post({ ...GOOD, label }).expect(303);
    expect(answer.headers.location).toBe(`/van-phong/dot/${code}`);
    await office.get(`/van-phong/dot/${code}`).expect(200);
  });

  it('is another one where the label is used already, also when five people are at it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post({ ...GOOD, label: 'Đợt trùng tên' })),
    );
    expect(answers.map(({ headers }) => headers.location).sort()).toEqual(
      ['', '-2', '-3', '-4', '-5'].map((more) => `/van-phong/dot/dot-trung-ten${more}`),
    );
  });
});

describe('the form for a round', () => {
  it('is filled in from a plan, and such a form is taken as it is', async () => {
    const blank = await office.get(FORM).expect(200);
    const plans = [...blank.text.matchAll(/<option value="([a-z0-9.-]+\.\d+)">/g)].map(([, id = '']) => id);
    expect(plans.length).toBeGreaterThanOrEqual(5);
    for (const plan of plans) await office.get(FORM).query({ 'ke-hoach': plan }).expect(200);
    const filled = await office.get(FORM).query({ 'ke-hoach': 'dak-lak-2021.2' }).expect(200);
    expect(filled.text).toContain('name="label" value="Đợt 2 năm 2026"');
    expect(filled.text).toContain('name="opens" value="2026-10-01"');
    expect(filled.text).toContain('name="closes" value="2026-11-30"');
  });

  it('is empty for a plan that does not exist', async () => {
    const page = await office.get(FORM).query({ 'ke-hoach': 'khong-co' }).expect(200);
    expect(page.text).toContain('name="label" value=""');
    await office.get(`${FORM}?ke-hoach[a]=1&ke-hoach=2`).expect(200);
  });
});

function post(form: object) {
  return office.post(FORM).type('form').send(form);
}
