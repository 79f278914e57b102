/** Extending, closing and reopening a round; deciding a draft anew. Through the pages, in Vietnam's days. */
import { randomBytes } from 'node:crypto';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { dayInVietnam } from '../../models/day.js';
import { countOfRound } from '../../models/responses.js';
import { type RoundEvent, roundByCode } from '../../models/rounds.js';
import { unitsOfRound } from '../../models/roundUnits.js';
import { allUnits, storeUnits } from '../../models/units.js';
import { createRound, type RoundDraft } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import {
  draft,
  filledForm,
  officeAgent,
  openedRound,
  startTestApp,
  type TestApp,
  unitRow,
} from '../http/testApp.js';
import { formAt } from '../plans/forms.js';

let product: TestApp;
let office: TestAgent;
/** A unit, an open round until 30 November and its link, of their own for every test. */
let unit: string;
let round: string;
let link: string;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
});
beforeEach(async () => {
  product.setToday('2026-10-15');
  unit = `U${randomBytes(4).toString('hex').toUpperCase()}`;
  const opened = await openedRound(product, [unitRow(unit, ['mam-non'])], {
    label: `Đợt ${unit}`,
    surveys: ['parents-mam-non'],
    units: [unit],
  });
  round = opened.round;
  link = opened.links.get(unit) ?? '';
});
afterAll(dropDatabase);

const REASON = 'Ba trường chưa phát được phiếu vì bão';

describe('a round is not extended', () => {
  it.each<[string, object, RegExp]>([
    ['without a day', { closes: '', reason: REASON }, /href="#extend-closes">Hãy nhập ngày cuối/],
    ['to a day that no calendar has', { closes: '2026-11-31', reason: REASON }, /#extend-closes/],
    ['to the day it closes already', { closes: '2026-11-30', reason: REASON }, /phải sau ngày đóng hiện nay/],
    ['to an earlier day', { closes: '2026-11-01', reason: REASON }, /phải sau ngày đóng hiện nay/],
    ['to a day that is over', { closes: '2026-10-14', reason: REASON }, /Ngày này đã qua/],
    ['by a century', { closes: '2126-12-31', reason: REASON }, /Hãy xem lại năm/],
    ['without a reason', { closes: '2026-12-15', reason: '   ' }, /href="#extend-reason">Hãy ghi lý do/],
    ['for a reason nobody sees', { closes: '2026-12-15', reason: '\u200b\u200b\u200b\u200b\u200b' }, /lý do/],
    ['for a reason too long', { closes: '2026-12-15', reason: 'x'.repeat(301) }, /lý do/],
    ['for two reasons', { closes: '2026-12-15', reason: [REASON, REASON] }, /lý do/],
  ])('%s', async (_name, form, sentence) => {
    const answer = await post('gia-han', form).expect(422);
    expect(answer.text).toMatch(/<title>Lỗi: /);
    expect(answer.text).toMatch(sentence);
    expect(await roundByCode(round)).toMatchObject({ closes: '2026-11-30', state: 'open' });
    expect((await historyOf()).length).toBe(1);
  });

  it('as a draft, nor once it is closed, nor where there is none', async () => {
    const form = { closes: '2026-12-15', reason: REASON };
    await office.post('/van-phong/dot/khong-co/gia-han').type('form').send(form).expect(404);
    const drafted = await newDraft();
    await office.post(`/van-phong/dot/${drafted}/gia-han`).type('form').send(form).expect(409);
    await post('dong', {}).expect(303);
    await post('gia-han', form).expect(409);
  });

  it('into the days of another round that asks the same', async () => {
    await openedRound(product, [unitRow(unit, ['mam-non'])], {
      label: 'Đợt sau',
      opens: '2026-12-10' as never,
      closes: '2026-12-31' as never,
      surveys: ['parents-mam-non'],
      units: [unit],
    });
    const answer = await post('gia-han', { closes: '2026-12-10', reason: REASON }).expect(409);
    expect(answer.text).toContain('Đợt “Đợt sau” đang mở');
    expect(answer.text).toContain(`value="${REASON}"`);
    expect(await roundByCode(round)).toMatchObject({ closes: '2026-11-30' });
    await post('gia-han', { closes: '2026-12-09', reason: REASON }).expect(303);
  });

  it('by a leader', async () => {
    const leader = await agentOf(product, 'leader', unit).catch(() => agentOf(product, 'leader'));
    for (const what of ['gia-han', 'dong', 'mo-lai', 'sua'])
      await leader.post(`/van-phong/dot/${round}/${what}`).type('form').send({}).expect(403);
    const page = await leader.get(`/van-phong/dot/${round}/quan-ly`).expect(200);
    expect(page.text).not.toContain('gia-han');
  });
});

describe('a round that is extended', () => {
  it('takes answers until the new day, with its history and the log telling why', async () => {
    await post('gia-han', { closes: '2026-12-15', reason: `  ${REASON}  ` }).expect(303);
    expect((await historyOf()).at(-1)).toEqual({
      day: '2026-10-15',
      what: 'extended',
      closes: '2026-12-15',
      reason: REASON,
      account: 'vanphong',
    });
    const [entry] = await entriesOf('round-extended', 1);
    expect(entry).toMatchObject({
      subject: round,
      details: { from: '2026-11-30', to: '2026-12-15', reason: REASON },
    });
    const page = await office.get(`/van-phong/dot/${round}/quan-ly`).expect(200);
    expect(page.text).toContain('Gia hạn đến hết ngày 15/12/2026');
    expect(page.text).toContain(`Lý do: ${REASON}`);
    product.setToday('2026-12-15');
    await send(303);
    product.setToday('2026-12-16');
    await send(409);
  });

  it('may have been past its last day', async () => {
    product.setToday('2026-12-05');
    await send(409);
    await post('gia-han', { closes: '2026-12-05', reason: REASON }).expect(303);
    await send(303);
  });

  it('by two people at once is never given less time than either was told', async () => {
    const days = ['2026-12-10', '2026-12-20', '2026-12-15'];
    const answers = await Promise.all(days.map((closes) => post('gia-han', { closes, reason: REASON })));
    const given = days.filter((_, index) => answers[index]?.status === 303);
    expect(given.length).toBeGreaterThan(0);
    expect((await roundByCode(round))?.closes).toBe(given.toSorted().at(-1));
    const history = await historyOf();
    expect(history.slice(1).map(({ closes }) => closes)).toEqual(given.toSorted());
  });
});

describe('a closed round', () => {
  beforeEach(async () => {
    await send(303);
    product.setToday('2026-11-10');
    await post('dong', { reason: 'Đủ phiếu' }).expect(303);
  });

  it('keeps who closed it and why', async () => {
    expect((await historyOf()).at(-1)).toMatchObject({
      day: '2026-11-10',
      what: 'closed',
      closes: '2026-11-10',
      reason: 'Đủ phiếu',
      account: 'vanphong',
    });
    expect((await entriesOf('round-closed', 1))[0]).toMatchObject({ details: { reason: 'Đủ phiếu' } });
  });

  it('is not reopened without a day and a reason, nor while another asks the same', async () => {
    await post('mo-lai', { closes: '', reason: '' }).expect(422);
    await post('mo-lai', { closes: '2026-11-09', reason: REASON }).expect(422);
    await openedRound(product, [unitRow(unit, ['mam-non'])], {
      label: 'Đợt thay',
      opens: '2026-11-10' as never,
      closes: '2026-12-31' as never,
      surveys: ['parents-mam-non'],
      units: [unit],
    });
    const answer = await post('mo-lai', { closes: '2026-11-20', reason: REASON }).expect(409);
    expect(answer.text).toContain('Đợt “Đợt thay” đang mở');
    expect(await roundByCode(round)).toMatchObject({
      state: 'closed',
      closes: '2026-11-30',
      closedOn: '2026-11-10',
    });
    expect((await historyOf()).at(-1)?.what).toBe('closed');
  });

  it('takes answers again at the same link until the new day, and counts on', async () => {
    await send(409);
    const before = await unitsOfRound(round);
    await post('mo-lai', { closes: '2026-11-20', reason: REASON }).expect(303);
    expect(await unitsOfRound(round)).toEqual(before);
    await send(303);
    expect(await countOfRound(round)).toBe(2);
    const page = await office.get(`/van-phong/dot/${round}`).expect(200);
    expect(page.text).toContain('Đang mở');
    product.setToday('2026-11-21');
    await send(409);
    expect((await historyOf()).map(({ what }) => what)).toEqual(['opened', 'closed', 'reopened']);
    expect((await entriesOf('round-reopened', 1))[0]).toMatchObject({ subject: round });
  });

  it('is reopened by one of two people at once', async () => {
    const form = { closes: '2026-11-20', reason: REASON };
    const answers = await Promise.all([post('mo-lai', form), post('mo-lai', form)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect((await historyOf()).filter(({ what }) => what === 'reopened')).toHaveLength(1);
  });

  it('may be closed and reopened again, with all of it kept', async () => {
    for (const closes of ['2026-11-20', '2026-11-25']) {
      await post('mo-lai', { closes, reason: REASON }).expect(303);
      await post('dong', {}).expect(303);
    }
    expect((await historyOf()).map(({ what }) => what).join(' ')).toBe(
      'opened closed reopened closed reopened closed',
    );
  });
});

describe('days are Vietnam’s', () => {
  it('a round that closes on the 30th takes answers until midnight in Hà Nội, not in London', () => {
    expect(dayInVietnam(new Date('2026-11-30T16:59:59Z'))).toBe('2026-11-30');
    expect(dayInVietnam(new Date('2026-11-30T17:00:00Z'))).toBe('2026-12-01');
  });
});

describe('a draft', () => {
  it('is decided anew in everything, from the form as it stands', async () => {
    const code = await newDraft({ label: 'Bản nháp cũ' });
    const address = `/van-phong/dot/${code}/sua`;
    const page = await office.get(address).expect(200);
    const form = formAt(page.text, address);
    expect(form).toMatchObject({
      label: 'Bản nháp cũ',
      subject: 'education',
      opens: '2026-10-01',
      closes: '2026-11-30',
    });
    // Sent as it stands it changes nothing.
    const before = await roundByCode(code);
    await office.post(address).type('form').send(form).expect(303);
    expect(await roundByCode(code)).toEqual(before);
    const desk = `MC${unit}`;
    await storeUnits([unitRow(desk, [], 'Bộ phận Một cửa')]);
    const change = {
      ...form,
      label: 'Thủ tục cả năm',
      subject: 'procedure',
      numbering: 'school-year',
      opens: '2027-01-01',
      closes: '2027-12-31',
      continuous: 'yes',
      bound: 'more-than',
      target: '90',
      lead: 'Phòng TCCB',
      coordinating: 'Phòng A\r\n\r\n Phòng B ',
      source: 'KH 1',
      surveys: ['citizens-tthc'],
      desks: [desk],
    };
    await office.post(address).type('form').send(change).expect(303);
    expect(await roundByCode(code)).toMatchObject({
      label: 'Thủ tục cả năm',
      subject: 'procedure',
      numbering: 'school-year',
      opens: '2027-01-01',
      closes: '2027-12-31',
      continuous: true,
      targets: [{ indicator: 'satisfaction-rate', moreThan: 90, unit: '%' }],
      lead: 'Phòng TCCB',
      coordinating: ['Phòng A', 'Phòng B'],
      units: [desk],
      everyUnit: false,
      state: 'draft',
    });
    expect((await entriesOf('round-draft-changed', 1))[0]).toMatchObject({ subject: code });
  });

  it('stays as it is where the form has a mistake, which is shown with what was typed', async () => {
    const code = await newDraft();
    const before = await roundByCode(code);
    const form = {
      ...formAt((await office.get(`/van-phong/dot/${code}/sua`)).text, `/van-phong/dot/${code}/sua`),
    };
    const answer = await office
      .post(`/van-phong/dot/${code}/sua`)
      .type('form')
      .send({ ...form, closes: '2026-09-01', label: 'Tên "mới"' })
      .expect(422);
    expect(answer.text).toContain('href="#closes"');
    expect(answer.text).toContain('value="Tên &#34;mới&#34;"');
    expect(await roundByCode(code)).toEqual(before);
  });

  it('is not decided anew once it is open', async () => {
    const address = `/van-phong/dot/${round}/sua`;
    const away = await office.get(address).expect(303);
    expect(away.headers.location).toBe(`/van-phong/dot/${round}/quan-ly`);
    const before = await roundByCode(round);
    await office.post(address).type('form').send({ label: 'Đổi tên' }).expect(409);
    expect(await roundByCode(round)).toEqual(before);
  });
});

function post(what: string, form: object) {
  return office.post(`/van-phong/dot/${round}/${what}`).type('form').send(form);
}

async function historyOf(): Promise<RoundEvent[]> {
  return (await roundByCode(round))?.history ?? [];
}

function newDraft(change: Partial<RoundDraft> = {}): Promise<string> {
  return createRound(product.context, draft(product.context, { units: null, ...change }));
}

/** One parent's form. */
async function send(status: number): Promise<void> {
  expect((await allUnits()).some(({ linkCode }) => linkCode === link)).toBe(true);
  await supertest(product.app)
    .post(`/k/${link}/parents-mam-non/mam-non?phieu=${randomBytes(16).toString('base64url')}`)
    .type('form')
    .send(filledForm(product.context, 'parents-mam-non', '4'))
    .expect(status);
}
