import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseLinkCode } from '../../models/linkCode.js';
import { allUnits, storeUnits, unitByLinkCode } from '../../models/units.js';
import { dropDatabase } from '../database.js';
import { startTestApp, unitRow } from '../http/testApp.js';

beforeAll(async () => {
  await startTestApp();
});
afterAll(dropDatabase);

describe('units', () => {
  it('each get a valid link code of their own, that leads to them and never changes', async () => {
    const rows = Array.from({ length: 400 }, (_, index) => unitRow(`U${index}`, ['thcs']));
    await storeUnits(rows);
    const first = await allUnits();
    expect(first).toHaveLength(400);
    expect(new Set(first.map(({ linkCode }) => linkCode)).size).toBe(400);
    for (const { linkCode } of first) expect(parseLinkCode(linkCode)).toBe(linkCode);

    await storeUnits([...rows.map((row) => ({ ...row, name: `${row.name} (mới)` })), unitRow('V1', [])]);
    const second = await allUnits();
    expect(second).toHaveLength(401);
    const before = new Map(first.map((unit) => [unit._id, unit.linkCode]));
    for (const unit of second.filter(({ _id }) => _id !== 'V1')) {
      expect(unit.linkCode).toBe(before.get(unit._id));
      expect(unit.name).toMatch(/ \(mới\)$/);
    }
    const [last] = second.slice(-1);
    expect(await unitByLinkCode(last?.linkCode ?? '')).toEqual(last);
  });

  it('stored by two people at once are there once, each with one code', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => unitRow(`W${index}`, ['thpt']));
    await Promise.all([storeUnits(rows), storeUnits(rows), storeUnits(rows)]);
    const stored = (await allUnits()).filter(({ _id }) => _id.startsWith('W'));
    expect(stored).toHaveLength(100);
    expect(new Set(stored.map(({ linkCode }) => linkCode)).size).toBe(100);
  });
});
