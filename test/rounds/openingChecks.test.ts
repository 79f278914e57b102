/** The list of what was looked at before a round opens. */
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { roundByCode } from '../../models/rounds.js';
import { storeUnits, type UnitRow } from '../../models/units.js';
import { formatOf } from '../../server/http/format.js';
import type { Check } from '../../server/rounds/checkList.js';
import { openingChecks } from '../../server/rounds/openingChecks.js';
import { createRound, type RoundDraft } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  await storeUnits([
    { ...unitRow('Q1', ['thcs'], 'Trường Một'), enrolment: 300 },
    { ...unitRow('Q2', ['thcs'], 'Trường Hai'), enrolment: 200 },
  ]);
});
beforeEach(() => product.setToday('2026-09-20'));
afterAll(dropDatabase);

/** A draft that nothing is wrong with but what a test changes. */
const FINE: Partial<RoundDraft> = {
  units: ['Q1', 'Q2'],
  surveys: ['parents-thcs'],
  targets: [{ indicator: 'satisfaction-rate', atLeast: 85, unit: '%' }],
};

/** What is not fine about a draft, by key. */
async function said(
  change: Partial<RoundDraft> = {},
  context = product.context,
): Promise<Map<string, Check>> {
  const code = await createRound(context, draft(context, { ...FINE, ...change }));
  const round = await roundByCode(code);
  if (!round) throw new Error('no round');
  const { checks } = await openingChecks(context, round, formatOf('vi'));
  return new Map(checks.filter(({ level }) => level !== 'fine').map((one) => [one.key, one]));
}

describe('a draft is warned of', () => {
  it.each<[string, Partial<RoundDraft>, string]>([
    ['a first day that is over', { opens: '2026-09-01' as Day }, 'rounds.check.days.begun'],
    ['closing at Tết', { opens: '2027-01-04' as Day, closes: '2027-02-08' as Day }, 'rounds.check.days.tet'],
    [
      'opening in the week before Tết',
      { opens: '2027-01-30' as Day, closes: '2027-03-30' as Day },
      'rounds.check.days.tet',
    ],
    [
      'closing in the summer',
      { opens: '2027-05-03' as Day, closes: '2027-06-01' as Day },
      'rounds.check.days.summer',
    ],
    ['six days', { opens: '2026-10-05' as Day, closes: '2026-10-10' as Day }, 'rounds.check.days.few'],
    ['121 days', { opens: '2026-10-01' as Day, closes: '2027-01-29' as Day }, 'rounds.check.days.many'],
    ['no target', { targets: [] }, 'rounds.check.targets.none'],
    [
      'a survey that no unit uses',
      { surveys: ['parents-thcs', 'parents-thpt'] },
      'rounds.check.surveys.unused',
    ],
  ])('%s', async (_name, change, key) => {
    expect((await said(change)).get(key)).toMatchObject({ level: 'warning', mend: expect.anything() });
    expect((await said()).has(key)).toBe(false);
  });

  it('schools with levels that are not asked, by name', async () => {
    await storeUnits([{ ...unitRow('MN', ['mam-non', 'thcs'], 'Trường Ba cấp'), enrolment: 1 }]);
    const found = (await said()).get('rounds.check.levels.unasked');
    expect(found).toMatchObject({ names: ['Trường Ba cấp'], parameters: { count: 1 } });
  });

  it('units that end before it closes or begin after it opens', async () => {
    const days: UnitRow[] = [
      { ...unitRow('CU', ['thcs'], 'Trường sắp sáp nhập'), enrolment: 1, until: '2026-10-31' as Day },
      { ...unitRow('MOI', ['thcs'], 'Trường mới'), enrolment: 1, since: '2026-11-01' as Day },
    ];
    await storeUnits(days);
    const found = await said({ units: ['Q1', 'CU', 'MOI'] });
    expect(found.get('rounds.check.units.ending')?.names).toEqual(['Trường sắp sáp nhập']);
    expect(found.get('rounds.check.units.coming')?.names).toEqual(['Trường mới']);
  });

  it('units of one name, and units without enrolment', async () => {
    await storeUnits([unitRow('T1', ['thcs'], 'Trường Trùng'), unitRow('T2', ['thcs'], 'TRƯỜNG TRÙNG')]);
    const found = await said({ units: ['Q1', 'T1', 'T2'] });
    expect(found.get('rounds.check.units.alike')?.names).toEqual(['Trường Trùng', 'TRƯỜNG TRÙNG']);
    expect(found.get('rounds.check.units.unsized')?.names).toHaveLength(2);
  });

  it('another round at the same units in the same days, and refused where it asks the same', async () => {
    await openedRound(product, [unitRow('B1', ['thcs', 'thpt'])], {
      label: 'Đợt bên cạnh',
      surveys: ['parents-thpt'],
      units: ['B1'],
    });
    const beside = await said({ units: ['B1'] });
    expect(beside.get('rounds.check.overlap.beside')).toMatchObject({
      parameters: { label: 'Đợt bên cạnh' },
    });
    const same = await said({ units: ['B1'], surveys: ['parents-thpt'] });
    expect(same.get('rounds.problem.clash')).toMatchObject({ level: 'error' });
    expect(same.has('rounds.check.overlap.beside')).toBe(false);
  });

  it.each([
    [null, 'rounds.check.address.none'],
    ['http://khaosat.example.vn', 'rounds.check.address.plain'],
  ])('an address of %s', async (publicUrl, key) => {
    const context = { ...product.context, config: { ...product.context.config, publicUrl } };
    expect((await said({}, context)).get(key)).toMatchObject({ level: 'warning' });
    const secure = { ...context, config: { ...context.config, publicUrl: 'https://khaosat.example.vn' } };
    expect((await said({}, secure)).has(key)).toBe(false);
  });

  it('texts that a language lacks', async () => {
    const languages = [...product.context.languages, { code: 'km', name: 'ភាសាខ្មែរ' }];
    const found = (await said({}, { ...product.context, languages })).get('rounds.check.languages.lacking');
    expect(found).toMatchObject({ level: 'warning', parameters: { language: 'ភាសាខ្មែរ' } });
    expect((await said()).has('rounds.check.languages.lacking')).toBe(false);
  });
});

describe('a continuous round', () => {
  it('may be open at Tết, in the summer and for a year', async () => {
    const found = await said({ continuous: true, opens: '2027-02-06' as Day, closes: '2027-07-31' as Day });
    expect([...found.keys()].filter((key) => key.startsWith('rounds.check.days'))).toEqual([]);
  });
});

describe('opening', () => {
  const seenOn = (html: string) => /name="da-xem" value="([^"]+)"/.exec(html)?.[1] ?? '';

  it('needs the warnings seen, word for word, and says who opened knowing them', async () => {
    const code = await createRound(product.context, draft(product.context, { ...FINE, targets: [] }));
    const address = `/van-phong/dot/${code}`;
    const page = await office.get(`${address}/quan-ly`).expect(200);
    expect(page.text).toContain('Chưa đặt chỉ tiêu tỷ lệ hài lòng');
    for (const unseen of ['', 'yes', seenOn(page.text).slice(1)]) {
      const refused = await office.post(`${address}/mo`).type('form').send({ 'da-xem': unseen }).expect(409);
      expect(refused.text).toContain('Đợt chưa được mở.');
    }
    // Something else is wrong by now: what was seen does not cover it.
    product.setToday('2026-10-02');
    await office
      .post(`${address}/mo`)
      .type('form')
      .send({ 'da-xem': seenOn(page.text) })
      .expect(409);
    const again = await office.get(`${address}/quan-ly`).expect(200);
    await office
      .post(`${address}/mo`)
      .type('form')
      .send({ 'da-xem': seenOn(again.text) })
      .expect(303);
    expect((await roundByCode(code))?.history).toMatchObject([{ what: 'opened', account: 'vanphong' }]);
  });

  it('is impossible with an error, whatever was seen', async () => {
    const code = await createRound(product.context, draft(product.context, { ...FINE, units: [] }));
    const page = await office.get(`/van-phong/dot/${code}/quan-ly`).expect(200);
    expect(seenOn(page.text)).toBe('');
    expect(page.text).toContain('Hãy sửa các lỗi trên rồi mở đợt.');
    await office.post(`/van-phong/dot/${code}/mo`).type('form').send({ 'da-xem': 'x' }).expect(409);
    expect((await roundByCode(code))?.state).toBe('draft');
  });
});
