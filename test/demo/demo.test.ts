import { readFileSync } from 'node:fs';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allRounds, type Round } from '../../models/rounds.js';
import { allUnits, type Unit } from '../../models/units.js';
import { prepareDemo } from '../../server/demo/data.js';
import { dropDatabase } from '../database.js';
import { officeAgent, startTestApp } from '../http/testApp.js';
import { rowsOf, wayOf } from '../results/page.js';

let office: TestAgent;
let units: Unit[];
let open: Round;
let published: Round;

beforeAll(async () => {
  const product = await startTestApp('2026-10-15');
  await prepareDemo(product.context);
  office = await officeAgent(product);
  units = await allUnits();
  const education = (await allRounds()).filter(({ subject }) => subject === 'education');
  [open, published] = (['open', 'published'] as const).map((state) =>
    education.find((round) => round.state === state),
  ) as [Round, Round];
}, 120_000);
afterAll(dropDatabase);

describe('the demonstration’s units', () => {
  it('are those of the list, with nothing made up of their names, levels and codes', () => {
    const listed = readFileSync('server/demo/units-quang-ngai.csv', 'utf8').trim().split(/\r?\n/).slice(1);
    const byCode = new Map(units.map((unit) => [unit._id, unit]));
    for (const line of listed) {
      const [code = '', name, levels = ''] = line.split(',');
      expect(byCode.get(code)).toMatchObject({ name, levels: levels === '' ? [] : levels.split('|') });
    }
    expect(units.filter(({ kind }) => kind !== 'commune')).toHaveLength(listed.length);
  });

  it('are in the commune that their name says, else below the department', () => {
    const nameOf = new Map(units.map(({ _id, name }) => [_id, name]));
    const placeOf = (code: string) => nameOf.get(units.find(({ _id }) => _id === code)?.parent ?? '');
    expect(placeOf('QN001')).toBe('Xã Bình Sơn');
    expect(placeOf('QN040')).toBe('Xã Bình Sơn');
    expect(placeOf('QN026')).toBe('Đặc khu Lý Sơn');
    expect(placeOf('KT002')).toBe('Phường Kon Tum');
    expect(placeOf('KT026')).toBe('Sở GDĐT tỉnh Quảng Ngãi');
    expect(placeOf('QN018')).toBe('Sở GDĐT tỉnh Quảng Ngãi');
    const communes = units.filter(({ kind }) => kind === 'commune');
    expect(communes.every(({ _id }) => units.some(({ parent }) => parent === _id))).toBe(true);
  });

  it('have a plausible enrolment and area class where they teach, and none elsewhere', () => {
    for (const { levels, enrolment, area } of units) {
      if (levels.length === 0) expect([enrolment, area]).toEqual([null, null]);
      else {
        expect(enrolment).toBeGreaterThan(50);
        expect(enrolment).toBeLessThan(1400);
        expect(['Đồng bằng', 'Miền núi', 'Thành thị', 'Hải đảo']).toContain(area);
      }
    }
    const sizes = units.flatMap(({ enrolment }) => enrolment ?? []);
    expect(new Set(sizes).size).toBeGreaterThan(60);
  });
});

describe('the demonstration’s rounds', () => {
  it('show the rate weighted by enrolment and the share of those enrolled who answered', async () => {
    for (const round of [open, published]) {
      const html = (await office.get(`/van-phong/dot/${round._id}`).expect(200)).text;
      expect(wayOf(html, 'weighted')[1]).toMatch(/^\d\d,\d %$/);
      expect(html).toMatch(/học sinh/);
    }
  });

  it('show area classes and the communes that have several schools', async () => {
    const html = (await office.get(`/van-phong/dot/${published._id}/nhom`).expect(200)).text;
    const names = rowsOf(html).map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['Đồng bằng', 'Miền núi', 'Thành thị', 'Xã Bình Sơn']));
    await office.get(`/van-phong/dot/${published._id}/don-vi/XA-BINH-SON`).expect(200);
  });
});
