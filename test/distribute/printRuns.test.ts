/** Printing for many units at once: everybody's own code, in the order of the index, one commune at a time. */
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printedLinkCode } from '../../models/linkCode.js';
import { parsePaperSerial } from '../../models/paperSerial.js';
import { createRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

let product: TestApp;
let office: TestAgent;
let round: string;
let links: Map<string, string>;
let page: string;

beforeAll(async () => {
  product = await startTestApp();
  ({ round, links } = await openedRound(product, [
    unitRow('SO', []),
    { ...unitRow('XA1', [], 'Xã Một'), parent: 'SO' },
    { ...unitRow('XA2', [], 'Xã Hai'), parent: 'SO' },
    { ...unitRow('Q1', ['thcs'], 'Trường B'), parent: 'XA1' },
    { ...unitRow('Q2', ['tieu-hoc', 'thcs'], 'Trường A'), parent: 'XA1' },
    { ...unitRow('Q3', ['thcs'], 'Trường C'), parent: 'XA2' },
  ]));
  office = await officeAgent(product);
  page = `/van-phong/dot/${round}/in`;
});
afterAll(dropDatabase);

const codesIn = (text: string) =>
  [...text.matchAll(/<strong class="code">([^<]+)</g)].map(([, code = '']) => code);
const codesOf = (...units: string[]) => units.map((unit) => printedLinkCode(links.get(unit) ?? ''));

describe('a print run', () => {
  it.each(['lan-in?in=ma-vach', 'lan-in?duoi=XA9', 'phieu/khong-co'])(
    'at %s is not there',
    async (address) => {
      await office.get(`${page}/${address}`).expect(404);
    },
  );

  it('of a draft is not there, and its page says why', async () => {
    const code = await createRound(product.context, draft(product.context, { label: 'Nháp' }));
    await office.get(`/van-phong/dot/${code}/in/lan-in`).expect(404);
    expect((await office.get(`/van-phong/dot/${code}/in`).expect(200)).text).toContain('Đợt chưa mở');
  });

  it.each(['ap-phich', 'thu-ngo'])(
    'of %s has every unit once, by commune and name, with its place',
    async (paper) => {
      const { text } = await office.get(`${page}/lan-in?in=${paper}`).expect(200);
      expect(codesIn(text)).toEqual(codesOf('Q3', 'Q2', 'Q1'));
      expect([...text.matchAll(/class="place">([^<]+)</g)].map(([, place]) => place)).toEqual([
        '1/3',
        '2/3',
        '3/3',
      ]);
      expect(text).toMatch(
        /Xã Hai<\/h3>\s*<ol><li value="1">Trường C[\s\S]*Xã Một<\/h3>\s*<ol><li value="2">Trường A/,
      );
      expect(text.trim()).toMatch(/<\/html>$/);
    },
  );

  it('of one commune has its units alone', async () => {
    expect(codesIn((await office.get(`${page}/lan-in?duoi=XA1`).expect(200)).text)).toEqual(
      codesOf('Q2', 'Q1'),
    );
    expect(codesIn((await office.get(`${page}/lan-in?duoi=SO`).expect(200)).text)).toHaveLength(3);
  });
});

describe('paper forms of a commune', () => {
  it.each([
    [{ scope: '', copies: '2' }, 'scope'],
    [{ scope: 'XA1', copies: '0' }, 'copies'],
  ])('are not numbered for %j', async (form, field) => {
    const { text } = await office.post(`${page}/phieu`).type('form').send(form).expect(422);
    expect(text).toContain(`href="#${field}"`);
    expect(text).toContain(`id="${field}"`);
  });

  it('are numbered for every survey of every unit, and each serial is its unit’s', async () => {
    const { headers } = await office
      .post(`${page}/phieu`)
      .type('form')
      .send({ scope: 'XA1', copies: '2' })
      .expect(303);
    const { text } = await office.get(String(headers.location)).expect(200);
    const serials = [...text.matchAll(/<strong>(\d{4}-\d{4})<\/strong>/g)].map(([, serial = '']) => serial);
    expect(serials).toHaveLength(6);
    const of = (unit: string) => serials.filter((serial) => parsePaperSerial({ round, unit }, serial));
    expect(of('Q1').length).toBeGreaterThanOrEqual(2);
    expect(of('Q2').length).toBeGreaterThanOrEqual(4);
  });
});
