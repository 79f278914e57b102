import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roundByCode } from '../../models/rounds.js';
import { unitsOfRound } from '../../models/roundUnits.js';
import { storeUnits } from '../../models/units.js';
import { overallRates } from '../../server/results/overallRates.js';
import { resultsOf } from '../../server/results/resultsOf.js';
import { createRound, openRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { SAMPLE_FORM } from '../sampling/sampleForm.js';
import { wayOf } from './page.js';
import { type Answering, storeResponses } from './responses.js';

const SURVEY = 'parents-thcs';
const FORM = { ...SAMPLE_FORM, by: ['area'], minimum: '0', seed: '123456789' };

let product: TestApp;
let office: TestAgent;
let times = 0;

beforeAll(async () => {
  product = await startTestApp('2026-09-20');
  office = await officeAgent(product);
  const school = (code: string, enrolment: number | null, area: string) => ({
    ...unitRow(code, ['thcs']),
    enrolment,
    area,
  });
  await storeUnits([
    ...[200, 300, 500].map((people, at) => school(`P${at + 1}`, people, 'Đồng bằng')),
    ...[100, 150, 250, 400].map((people, at) => school(`N${at + 1}`, people, 'Miền núi')),
    school('K1', null, 'Miền núi'),
  ]);
});
afterAll(dropDatabase);

describe('the rate weighted by enrolment', () => {
  it('of a round without a design has its units as strata, and says so', async () => {
    const round = await openedWith(null);
    await answer(round, { P1: [9, 10], N1: [5, 10] });
    const way = wayOf(await page(round), 'weighted');
    expect(way[1]).toBe(percent((200 * 0.9 + 100 * 0.5) / 300));
    expect(way[3]).toBe('Mỗi đơn vị là một tầng (2 tầng); các đơn vị đã có phiếu chiếm 300/1.900 học sinh');
  });

  it('of a round with a design weights its strata, and lets those that answered speak for the others', async () => {
    const round = await openedWith({});
    await answer(round, { P1: [9, 10], P2: [6, 10], N1: [5, 10], N2: [9, 10], N3: [10, 10], N4: [7, 10] });
    const plain = (200 * 0.9 + 300 * 0.6) / 500;
    const mountains = (100 * 0.5 + 150 * 0.9 + 250 * 1 + 400 * 0.7) / 900;
    const way = wayOf(await page(round), 'weighted');
    expect(way[1]).toBe(percent((1000 * plain + 900 * mountains) / 1900));
    expect(way[3]).toBe('2 tầng theo phương án chọn mẫu; các tầng đã có phiếu chiếm 1.900/1.900 học sinh');
  });

  it('of one stratum with many units is there as well', async () => {
    const round = await openedWith({ by: [] });
    await answer(round, { P1: [9, 10], N4: [5, 10] });
    expect(wayOf(await page(round), 'weighted')[1]).toBe(percent((200 * 0.9 + 400 * 0.5) / 600));
  });

  it('of schools that were drawn has an interval as wide as so few schools make it, and says so', async () => {
    const round = await openedWith({ drawn: '2' });
    // printf %s 123456789/P1 | sha256sum and so on; whoever was drawn answers.
    const asked = (await unitsOfRound(round)).filter(({ stratum }) => stratum !== null);
    expect(asked).toHaveLength(4);
    const [p1, p2, n1, n2] = asked
      .toSorted(
        (one, other) =>
          (one.area ?? '').localeCompare(other.area ?? '', 'vi') || one.unit.localeCompare(other.unit),
      )
      .map(({ unit, enrolment }) => ({ unit, enrolment: enrolment ?? 0 }));
    if (!p1 || !p2 || !n1 || !n2) throw new Error('four schools are drawn');
    expect([p1.unit[0], p2.unit[0], n1.unit[0], n2.unit[0]]).toEqual(['P', 'P', 'N', 'N']);
    await answer(round, { [p1.unit]: [10, 10], [p2.unit]: [5, 10], [n1.unit]: [9, 10], [n2.unit]: [8, 10] });
    const plain = (p1.enrolment * 1 + p2.enrolment * 0.5) / (p1.enrolment + p2.enrolment);
    const mountains = (n1.enrolment * 0.9 + n2.enrolment * 0.8) / (n1.enrolment + n2.enrolment);
    const html = await page(round);
    const way = wayOf(html, 'weighted');
    expect(way[1]).toBe(percent((1000 * plain + 900 * mountains) / 1900));
    expect(way[3]).toBe(
      'Trường được bốc thăm trong 2 tầng theo phương án chọn mẫu (ước lượng hai giai đoạn); các tầng đã có phiếu chiếm 1.900/1.900 học sinh',
    );
    const drawn = await weighted(round);
    expect((drawn?.high ?? 0) - (drawn?.low ?? 0)).toBeGreaterThan(40);
  });

  it('tells no more of units that are hidden than that they are together what the others leave', async () => {
    const round = await openedWith({});
    // P1 and N1 are hidden: of each alone, or of what they do to the weights of their strata, nothing is told.
    const all = { P2: [6, 10], P3: [9, 10], N2: [9, 10], N3: [10, 10] };
    await answer(round, { ...all, P1: [1, 3], N1: [3, 3] });
    const rate = (await weighted(round))?.rate;
    const other = await openedWith({});
    await answer(other, { ...all, P1: [3, 3], N1: [1, 3] });
    expect((await weighted(other))?.rate).toBe(rate);
    // Σ over shown strata without P1 and N1, and those two together.
    const plain = (300 * 0.6 + 500 * 0.9) / 800;
    const mountains = (150 * 0.9 + 250 * 1) / 400;
    expect(rate).toBeCloseTo((100 * (800 * plain + 800 * mountains + 300 * (4 / 6))) / 1900, 1);
  });
});

async function openedWith(
  change: Partial<Record<keyof typeof FORM, string | string[]>> | null,
): Promise<string> {
  times += 1;
  // Each in days of its own, so that many can be open.
  const days = { opens: `${2030 + times}-03-01` as never, closes: `${2030 + times}-04-30` as never };
  const round = await createRound(product.context, draft(product.context, { surveys: [SURVEY], ...days }));
  if (change)
    await office
      .post(`/van-phong/dot/${round}/mau`)
      .type('form')
      .send({ ...FORM, ...change })
      .expect(303);
  expect(await openRound(product.context, round)).toEqual([]);
  return round;
}

/** Stores answers: of each unit so many people of whom so many are satisfied with everything, the others with nothing. */
async function answer(round: string, units: Record<string, number[]>): Promise<void> {
  for (const [unit, [good = 0, people = 0]] of Object.entries(units)) {
    const answering: Answering = ({ kind }, person) => (kind === 'percentage' ? 80 : person < good ? 5 : 1);
    await storeResponses(
      product.context,
      { round, unit, survey: SURVEY, service: 'thcs' },
      people,
      answering,
    );
  }
}

async function page(round: string): Promise<string> {
  return (await office.get(`/van-phong/dot/${round}`).expect(200)).text;
}

async function weighted(round: string) {
  const stored = await roundByCode(round);
  const figures = stored && (await resultsOf(product.context, stored));
  return figures ? overallRates(figures).find(({ kind }) => kind === 'weighted') : undefined;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace('.', ',')} %`;
}
