import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dropDatabase } from '../database.js';
import { officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { batchForm, typedForm } from '../paper/paper.js';
import { allGiving, storeResponses } from '../results/responses.js';

const SURVEY = 'parents-mam-non';
let product: TestApp;
let office: TestAgent;
let round: string;

beforeAll(async () => {
  product = await startTestApp('2026-10-15');
  office = await officeAgent(product);
  const units = ['A', 'B', 'C'].map((code) => unitRow(code, ['mam-non'], `Trường ${code}`));
  ({ round } = await openedRound(product, units, { surveys: [SURVEY], units: ['A', 'B', 'C'] }));
});
afterAll(dropDatabase);

describe('before a round is closed', () => {
  it('nothing is warned of where there is nothing to wait for', async () => {
    const page = await closingPart();
    expect(page).not.toContain('chưa chốt');
    expect(page).not.toContain('chỉ tiêu');
  });

  it('the page warns of quotas that are not reached, furthest first, and of no others', async () => {
    const quotas = {
      'q:A': '12',
      's:A': '',
      'q:B': '20',
      's:B': '',
      'q:C': '5',
      's:C': '',
      reason: 'Chia lại',
    };
    await office.post(`/van-phong/dot/${round}/mau/chi-tieu`).type('form').send(quotas).expect(303);
    await answers('A', 9);
    await answers('C', 5);
    const page = await closingPart();
    expect(page).toContain('2 đơn vị chưa đủ chỉ tiêu, còn thiếu 23 phiếu.');
    expect(page).toMatch(/Xem 2 đơn vị Trường B: 0\/20 phiếu Trường A: 9\/12 phiếu/);
  });

  it('the page warns of paper forms that are not handed over, unit by unit, until they are', async () => {
    const pages = '/van-phong/co-so/B/phieu-giay';
    const form = batchForm(round, {
      tap: `${round}/${SURVEY}/mam-non`,
      'so-phieu': 'written',
      'so-luong': '2',
    });
    const opened = await office.post(`${pages}/moi`).type('form').send(form).expect(303);
    const batch = String(opened.headers.location).split('?')[0] ?? '';
    const typed = typedForm(product, SURVEY, '4');
    for (const so of ['1', '2'])
      await office
        .post(`${batch}/nhap`)
        .type('form')
        .send({ so, ...typed })
        .expect(303);
    const page = await closingPart();
    expect(page).toContain('Còn 1 tập phiếu giấy của 1 đơn vị chưa chốt, đã nhập 2 phiếu.');
    expect(page).toMatch(/Trường B: 1 tập, 2 phiếu đã nhập/);
    expect((await steeringPage()).includes(`href="${pages}"`)).toBe(true);
    await office.post(`${batch}/chot`).type('form').send({}).expect(303);
    expect(await closingPart()).not.toContain('chưa chốt');
  });

  it('it can be closed all the same, and a closed round warns of nothing', async () => {
    await office.post(`/van-phong/dot/${round}/dong`).type('form').send({ reason: '' }).expect(303);
    expect(await steeringPage()).not.toContain('chưa đủ chỉ tiêu');
  });
});

async function steeringPage(): Promise<string> {
  return (await office.get(`/van-phong/dot/${round}/quan-ly`).expect(200)).text;
}

/** What the page says where the round is closed. */
async function closingPart(): Promise<string> {
  const html = await steeringPage();
  const part = html.slice(html.indexOf('Đóng đợt khảo sát</summary>'), html.indexOf('/dong"'));
  return part
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll(' :', ':');
}

async function answers(unit: string, people: number): Promise<void> {
  const place = { round, unit, survey: SURVEY, service: 'mam-non' };
  await storeResponses(product.context, place, people, allGiving(5));
}
