/** A unit's own page and what it prints: never an answer of anybody, always the right way to the form. */
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { printedLinkCode } from '../../models/linkCode.js';
import { storeUnits } from '../../models/units.js';
import { closeRound, createRound } from '../../server/rounds/rounds.js';
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

let product: TestApp;
let office: TestAgent;
let school: TestAgent;
let round: string;
let link: string;
let links: Map<string, string>;

beforeAll(async () => {
  product = await startTestApp();
  const opened = await openedRound(product, [
    unitRow('SO', [], 'Sở GDĐT'),
    { ...unitRow('XA1', [], 'Xã Một'), parent: 'SO' },
    { ...unitRow('Q1', ['thcs'], 'Trường THCS <Một>'), parent: 'XA1' },
    { ...unitRow('Q2', ['thpt']), parent: 'XA1' },
    unitRow('Q4', ['thcs']),
    unitRow('Q5', ['thcs']),
  ]);
  round = opened.round;
  links = opened.links;
  link = opened.links.get('Q1') ?? '';
  office = await officeAgent(product);
  school = await agentOf(product, 'unit', 'Q1');
});
afterAll(dropDatabase);

/** A page without what changes with the port that a test's request goes to. */
const settled = (text: string) => text.replace(/127\.0\.0\.1:\d+/g, '').replace(/<svg[\s\S]*?<\/svg>/g, '');

const page = (path: string, agent = school) => agent.get(`/van-phong/co-so/${path}`);

describe('a unit', () => {
  it.each(['ap-phich', 'thu-ngo'])(
    'has no %s in a round that it takes no part in, is a draft or does not exist',
    async (paper) => {
      const code = await createRound(product.context, draft(product.context, { label: 'Đợt nháp' }));
      await page(`Q1/dot/${code}/${paper}`).expect(404);
      await page(`Q1/dot/khong-co/${paper}`).expect(404);
      await page(`SO/dot/${round}/${paper}`, office).expect(404);
    },
  );

  it('that does not exist has neither page nor code', async () => {
    for (const path of ['Q9', 'Q9/ma-qr.svg', 'Q9/ma-qr.png']) await page(path, office).expect(404);
  });

  it('finds its link, the message, the code and what to print', async () => {
    const { text } = await page('Q1').expect(200);
    expect(text).toMatch(new RegExp(`value="http://127.0.0.1:\\d+/k/${link}"`));
    expect(text).toContain(printedLinkCode(link));
    const message = /<textarea[^>]*>([^<]*)/.exec(text)?.[1] ?? '';
    for (const part of [`/k/${link}`, '01/10/2026', '30/11/2026', 'Trường THCS &lt;Một&gt;', 'không hỏi tên'])
      expect(message.toLowerCase()).toContain(part.toLowerCase());
    for (const paper of ['ap-phich', 'thu-ngo', 'thu-ngo?kho=a4'])
      expect(text).toContain(`href="/van-phong/co-so/Q1/dot/${round}/${paper}"`);
  });

  it('finds the message in Vietnamese and the page in English where it reads English', async () => {
    const { text } = await page('Q1?lang=en').expect(200);
    expect(text).toContain('Hand it out fairly');
    expect(text).toContain('Kính gửi: ');
  });

  it('sees how many answers have come, and nothing of them: the page is the same whatever they say', async () => {
    const pageAfter = async (unit: string, level: string) => {
      const form = filledForm(product.context, 'parents-thcs', level);
      for (let sent = 0; sent < 7; sent += 1)
        await supertest(product.app)
          .post(`/k/${links.get(unit)}/parents-thcs/thcs?phieu=${unit}${String(sent).padStart(20, 'a')}`)
          .type('form')
          .send(form)
          .expect(303);
      const { text } = await page(unit, office);
      expect(text).toContain('<strong>7</strong>');
      return settled(text)
        .replaceAll(unit, '')
        .replaceAll(printedLinkCode(links.get(unit) ?? ''), '')
        .replaceAll(links.get(unit) ?? '', '');
    };
    expect(await pageAfter('Q4', '5')).toBe(await pageAfter('Q5', '1'));
  });

  it('finds a tablet’s address only where there is a desk', async () => {
    expect((await page('Q1')).text).not.toContain('/quay/');
  });

  it('above schools sees how far each of them has come', async () => {
    const commune = await agentOf(product, 'unit', 'XA1');
    const { text } = await page('XA1', commune);
    expect(text).toMatch(
      /href="\/van-phong\/co-so\/Q1">Trường THCS &lt;Một&gt;<\/a><\/th><td class="n">0<\/td><td>Chưa có phiếu nào/,
    );
    expect(text).not.toContain('co-so/Q4');
    // The department sees what is directly below it, summed up.
    expect((await page('SO', office)).text).toMatch(
      /co-so\/XA1">Xã Một<\/a><\/th><td class="n">0<\/td><td>2 trên 2 đơn vị/,
    );
  });

  it('is told so where it has no round', async () => {
    await storeUnits([unitRow('SO2', [])]);
    expect((await page('SO2', office)).text).toContain('Hiện không có đợt khảo sát nào');
  });

  it('sees a round to come as such, and one that is over among the earlier ones, without results', async () => {
    const next = await openedRound(product, [unitRow('Q3', ['thcs'])], {
      label: 'Đợt sau',
      opens: '2027-01-01' as Day,
      closes: '2027-02-01' as Day,
      units: ['Q3'],
    });
    expect((await page('Q3', office)).text).toMatch(/Đợt sau <span class="state">Chờ đến ngày mở/);
    await closeRound(next.round, product.context.today());
    const { text } = await page('Q3', office);
    expect(text).toContain('Hiện không có đợt khảo sát nào');
    expect(text).toMatch(/Các đợt đã qua[\s\S]*Đợt sau/);
  });
});

describe('what is printed', () => {
  it.each(['ap-phich', 'thu-ngo'])(
    'as %s is in Vietnamese with an English line, whoever reads the page',
    async (paper) => {
      const { text } = await page(`Q1/dot/${round}/${paper}?lang=en`).expect(200);
      expect(text).toContain('<html lang="vi">');
      expect(text).toContain('Satisfaction survey of public services.');
      expect(text).toContain('30/11/2026');
      expect(text).toContain(printedLinkCode(link));
      expect(text).toContain('Trường THCS &lt;Một&gt;');
      expect(text).toContain('Back to the unit');
    },
  );

  it('as a letter can be had twice on a sheet', async () => {
    const { text } = await page(`Q1/dot/${round}/thu-ngo?kho=a4`).expect(200);
    expect(text.match(/class="sheet a5 letter"/g)).toHaveLength(2);
  });

  it('as a code is an SVG file and a PNG picture', async () => {
    const svg = await page('Q1/ma-qr.svg').expect(200);
    expect(String(svg.body)).toMatch(/^<svg xmlns=/);
    const png = await page('Q1/ma-qr.png').expect(200).expect('content-type', 'image/png');
    expect(png.body.subarray(1, 4).toString()).toBe('PNG');
  });
});
