import fc from 'fast-check';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import {
  addChangeSet,
  lastChangeSet,
  listChanges,
  removeStray,
  type UnitChange,
} from '../../models/unitChanges.js';
import { allUnits, type Unit, unitByCode, unitByLinkCode, writeChanges } from '../../models/units.js';
import { createRound, openRound } from '../../server/rounds/rounds.js';
import { finishChanges, makeChanges, seenUnits, tidyChanges, undoOf } from '../../server/units/changes.js';
import { changesBetween } from '../../server/units/difference.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, startTestApp, type TestApp } from '../http/testApp.js';

const IMPORT = '/van-phong/don-vi/nhap';
const HEADER = 'code,name,levels,parent';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  await imported(`${HEADER}\nSO,Sở,,\nQ1,Trường Một,thcs,SO\nQ2,Trường Hai,thcs,SO`);
});
afterAll(dropDatabase);

async function imported(list: string): Promise<number> {
  const answer = await office.post(IMPORT).field('step', 'store').field('list', list).expect(303);
  return Number(String(answer.headers.location).split('/').at(-1));
}

const counts = { added: 0, changed: 0, moved: 0, closed: 0 };

/** Renames and additions worked out on the units as they are. */
async function someChanges(
  names: Record<string, string>,
): Promise<{ revision: number; changes: UnitChange[] }> {
  const { revision, units } = await seenUnits();
  const template = units.find(({ _id }) => _id === 'Q1') as Unit;
  const after = units.map((unit) => ({ ...unit, name: names[unit._id] ?? unit.name }));
  for (const [code, name] of Object.entries(names))
    if (!units.some(({ _id }) => _id === code))
      after.push({ ...template, _id: code, name, linkCode: `T-${code}`.slice(0, 30) });
  return { revision, changes: changesBetween(units, after) };
}

describe('a server that dies in the middle of a change', () => {
  it('before the change took effect leaves the units as they were, and no trace after the next start', async () => {
    const before = await allUnits();
    const { changes } = await someChanges({ Q1: 'Tên không bao giờ có' });
    // Another number than the next: what is listed never takes effect.
    const batch = await listChanges(changes);
    const set = { _id: 1, account: 'x', deed: 'edit', day: null, counts, undoes: null, batch } as const;
    expect(await addChangeSet(set)).toBeNull();
    expect(await allUnits()).toEqual(before);
    await removeStray(new Date(Date.now() + 1000));
    expect(await allUnits()).toEqual(before);
  });

  it('after it took effect shows all of it at once, and the next start finishes it', async () => {
    const { revision, changes } = await someChanges({ Q1: 'Một mới', Q2: 'Hai mới', Q9: 'Chín' });
    const batch = await listChanges(changes);
    const set = { account: 'x', deed: 'edit', day: null, counts, undoes: null, batch } as const;
    await addChangeSet({ ...set, _id: revision + 1 });
    // It died after it had written one of three.
    await writeChanges(revision + 1, changes.slice(0, 1));
    const names = (await allUnits()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Một mới', 'Hai mới', 'Chín']));
    expect((await unitByCode('Q2'))?.name).toBe('Trường Hai');
    await tidyChanges();
    expect((await unitByCode('Q2'))?.name).toBe('Hai mới');
    expect((await lastChangeSet())?.state).toBe('done');
    expect((await allUnits()).map(({ name }) => name)).toEqual(names);
  });

  it('and writes on later than it was finished by another changes nothing any more', async () => {
    const { revision, changes } = await someChanges({ Q1: 'Đời thứ hai', Q8: 'Tám' });
    const first = await makeChanges(revision, { deed: 'edit', account: 'x', day: null }, changes);
    const undo = await undoOf(first);
    await makeChanges(undo.revision, { deed: 'undo', account: 'x', day: null, undoes: first }, undo.changes);
    const units = await allUnits();
    expect(units.find(({ _id }) => _id === 'Q8')).toBeUndefined();
    await writeChanges(first, changes);
    expect(await allUnits()).toEqual(units);
    expect(await unitByCode('Q8')).toBeNull();
    expect(await unitByLinkCode('T-Q8')).toBeNull();
  });
});

describe('changes made at the same time', () => {
  it('are made once: the others are told to look again', async () => {
    const made = await Promise.all(
      Array.from({ length: 6 }, async (_, one) => {
        const { revision, changes } = await someChanges({ Q1: `Người thứ ${one}` });
        return { revision, changes, one };
      }),
    );
    const results = await Promise.allSettled(
      made.map(({ revision, changes }) =>
        makeChanges(revision, { deed: 'edit', account: 'x', day: null }, changes),
      ),
    );
    const won = results.findIndex(({ status }) => status === 'fulfilled');
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ status: 409, code: 'units-changed' });
    expect((await unitByCode('Q1'))?.name).toBe(`Người thứ ${won}`);
  });

  it('are seen as a whole by whoever reads meanwhile', async () => {
    let reading = true;
    const seen = new Set<string>();
    const reader = (async () => {
      while (reading) {
        const names = new Map((await allUnits()).map(({ _id, name }) => [_id, name]));
        seen.add(`${names.get('Q1')} ${names.get('Q2')}`);
      }
    })();
    for (let time = 0; time < 10; time += 1) {
      const { revision, changes } = await someChanges({ Q1: `lần ${time}`, Q2: `lần ${time}` });
      await makeChanges(revision, { deed: 'edit', account: 'x', day: null }, changes);
    }
    reading = false;
    await reader;
    for (const names of seen) if (names.startsWith('lần')) expect(names).toMatch(/^(lần \d) \1$/);
    expect(seen.size).toBeGreaterThan(1);
  });
});

describe('a change is not taken back', () => {
  it('where there is none', async () => {
    for (const number of ['0', '999999', 'x', '1e3', '-1'])
      await office.post(`/van-phong/don-vi/thay-doi/${number}/hoan-tac`).expect(404);
  });

  it('where its units have changed since', async () => {
    const first = await imported(`${HEADER}\nQ1,Tên A,thcs,SO`);
    await imported(`${HEADER}\nQ1,Tên B,thcs,SO`);
    const before = await allUnits();
    const refused = await office.post(`/van-phong/don-vi/thay-doi/${first}/hoan-tac`).expect(409);
    expect(refused.text).toContain('các đơn vị sau đã thay đổi tiếp');
    expect(refused.text).toContain('Tên B');
    expect(await allUnits()).toEqual(before);
  });

  it('where a unit it added takes part in a round', async () => {
    const first = await imported(`${HEADER}\nQ30,Trường Ba Mươi,mam-non,SO`);
    const round = await createRound(
      product.context,
      draft(product.context, { surveys: ['parents-mam-non'] }),
    );
    expect(await openRound(product.context, round)).toEqual([]);
    const refused = await office.post(`/van-phong/don-vi/thay-doi/${first}/hoan-tac`).expect(409);
    expect(refused.text).toContain('đã tham gia đợt khảo sát');
    expect(await unitByCode('Q30')).not.toBeNull();
  });

  it('where units it did not touch are below one it added', async () => {
    const first = await imported(`${HEADER}\nXA7,Xã Bảy,,SO`);
    await imported(`${HEADER}\nQ31,Trường,thcs,XA7`);
    const refused = await office.post(`/van-phong/don-vi/thay-doi/${first}/hoan-tac`).expect(409);
    expect(refused.text).toContain('đang trực thuộc đơn vị được thêm');
  });

  it('twice, and an undoing is not taken back itself', async () => {
    const first = await imported(`${HEADER}\nQ32,Trường,thcs,SO`);
    const undone = await office.post(`/van-phong/don-vi/thay-doi/${first}/hoan-tac`).expect(303);
    expect((await office.post(`/van-phong/don-vi/thay-doi/${first}/hoan-tac`).expect(409)).text).toContain(
      'đã được hoàn tác',
    );
    await office.post(`${undone.headers.location}/hoan-tac`).expect(409);
  });
});

describe('a change that is taken back', () => {
  it('leaves the units exactly as they were, whatever the list was', async () => {
    const code = fc.constantFrom('Q1', 'Q2', 'U1', 'U2', 'U3');
    const row = fc.record({
      code,
      name: fc.constantFrom('A', 'B', 'C'),
      levels: fc.constantFrom('', 'thcs', 'thpt'),
    });
    const lists = fc.uniqueArray(row, { selector: (one) => one.code, minLength: 1 });
    await fc.assert(
      fc.asyncProperty(lists, async (rows) => {
        const before = await allUnits();
        const list = [HEADER, ...rows.map((one) => `${one.code},${one.name},${one.levels},SO`)].join('\n');
        const answer = await office.post(IMPORT).field('step', 'store').field('list', list).expect(303);
        if (!String(answer.headers.location).includes('thay-doi')) return;
        expect(await allUnits()).not.toEqual(before);
        await office.post(`${answer.headers.location}/hoan-tac`).expect(303);
        expect(await allUnits()).toEqual(before);
      }),
      { numRuns: 25 },
    );
    const [entry] = await entriesOf('units-undone', 1);
    expect(entry).toMatchObject({ account: 'vanphong', subject: 'units' });
  });

  it('frees the link codes of units it added', async () => {
    const list = `${HEADER},link\nL1,Trường,thcs,SO,69D-4R4`;
    const first = await imported(list);
    await office.post(`/van-phong/don-vi/thay-doi/${first}/hoan-tac`).expect(303);
    expect(await unitByLinkCode('69D4R4')).toBeNull();
    await imported(list.replace('L1', 'L2'));
    expect((await unitByLinkCode('69D4R4'))?._id).toBe('L2');
    await finishChanges();
  });

  it('is marked in the list of changes and in the history of its units', async () => {
    const page = await office.get('/van-phong/don-vi/thay-doi').expect(200);
    expect(page.text).toContain('Đã hoàn tác');
    const history = await office.get('/van-phong/don-vi/ma/Q1').expect(200);
    expect(history.text).toMatch(/<del>Tên A<\/del>.*?<ins>Tên B<\/ins>/s);
  });
});
