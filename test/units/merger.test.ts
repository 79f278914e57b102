/** The merger of Quảng Ngãi and Kon Tum on 1 July 2025, with the real lists of their units. */
import { readFileSync } from 'node:fs';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { printedLinkCode } from '../../models/linkCode.js';
import { responseById } from '../../models/responses.js';
import { unitsOfRound } from '../../models/roundUnits.js';
import { allUnits, unitByCode } from '../../models/units.js';
import { projectPath } from '../../server/paths.js';
import { responseId } from '../../server/respond/submissionKey.js';
import { closeRound, createRound, openRound, type RoundDraft } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { draft, filledForm, officeAgent, startTestApp, type TestApp } from '../http/testApp.js';

const listed = (name: string) => readFileSync(projectPath('test', 'units', 'lists', `${name}.csv`), 'utf8');
const QUANG_NGAI_BEFORE = listed('units-quang-ngai-before-merger');
const KON_TUM_BEFORE = listed('units-kon-tum-before-merger');
const AFTER = readFileSync(projectPath('server', 'demo', 'units-quang-ngai.csv'), 'utf8');

const SPRING = { label: 'Đợt 1 năm 2025', opens: '2025-03-01' as Day, closes: '2025-05-31' as Day };
const AUTUMN = { label: 'Đợt 2 năm 2025', opens: '2025-10-01' as Day, closes: '2025-11-30' as Day };

let product: TestApp;
let office: TestAgent;

beforeEach(async () => {
  product = await startTestApp('2025-03-10');
  office = await officeAgent(product);
});
afterEach(dropDatabase);

async function stored(list: string, more: Record<string, string> = {}): Promise<string> {
  const post = office.post('/van-phong/don-vi/nhap').field('step', 'store').field('list', list);
  for (const [name, value] of Object.entries(more)) post.field(name, value);
  return String((await post.expect(303)).headers.location);
}

async function rearrange(form: Record<string, string>): Promise<void> {
  const tried = await office
    .post('/van-phong/don-vi/sap-xep')
    .type('form')
    .send({ ...form, step: 'check' })
    .expect(200);
  const [, revision = ''] = /name="revision" value="(\d+)"/.exec(tried.text) ?? [];
  await office
    .post('/van-phong/don-vi/sap-xep')
    .type('form')
    .send({ ...form, revision, step: 'store' })
    .expect(303);
}

async function opened(change: Partial<RoundDraft>): Promise<string> {
  const round = await createRound(product.context, draft(product.context, change));
  expect(await openRound(product.context, round)).toEqual([]);
  return round;
}

const visit = (path: string) => supertest(product.app).get(path);

/** Follows a printed link to a form, fills it in and sends it. @returns the response as it is stored */
async function answered(link: string, survey: string, service: string) {
  const page = await visit(`/k/${link}`).expect(200);
  const [address = ''] = new RegExp(`/k/\\w{6}/${survey}(?:/${service})?(?=["#?])`).exec(page.text) ?? [];
  const form = await visit(
    `${address.endsWith(`/${service}`) ? address : `${address}/${service}`}?phieu=moi`,
  ).expect(303);
  const at = String(form.headers.location);
  await supertest(product.app)
    .post(at)
    .type('form')
    .send(filledForm(product.context, survey, '4'))
    .expect(303);
  const [, key = ''] = /phieu=([\w-]{22})/.exec(at) ?? [];
  return responseById(responseId(key, product.context.config.sessionSecret));
}

async function linkOf(code: string): Promise<string> {
  return (await unitByCode(code))?.linkCode ?? '';
}

describe('two departments in one installation', () => {
  it('become one, with every printed link, and the rounds held before as they were', async () => {
    await stored(QUANG_NGAI_BEFORE);
    await stored(KON_TUM_BEFORE);
    const before = await allUnits();
    expect(before).toHaveLength(49 + 38);
    const links = new Map(before.map(({ _id, linkCode }) => [_id, linkCode]));
    const schoolsOf = (beginning: string) =>
      before
        .filter(
          ({ _id, levels }) => _id.startsWith(beginning) && levels.length > 0 && levels[0] !== 'hoa-nhap',
        )
        .map(({ _id }) => _id);
    const springQn = await opened({ ...SPRING, label: 'Đợt 1 năm 2025 Quảng Ngãi', units: schoolsOf('QN') });
    const springKt = await opened({ ...SPRING, label: 'Đợt 1 năm 2025 Kon Tum', units: schoolsOf('KT') });
    expect(await answered(links.get('KT007') ?? '', 'parents-thcs', 'thcs')).toMatchObject({
      unit: 'KT007',
      round: springKt,
    });
    expect(await answered(links.get('QN002') ?? '', 'parents-thpt', 'thpt')).toMatchObject({
      unit: 'QN002',
      round: springQn,
    });
    await closeRound(springQn, '2025-05-31' as Day);
    await closeRound(springKt, '2025-05-31' as Day);
    const held = await unitsOfRound(springKt);
    expect(held.find(({ unit }) => unit === 'KT007')?.path).toEqual(['SGD-KT']);

    product.setToday('2025-07-01');
    const tried = await office
      .post('/van-phong/don-vi/nhap')
      .field('step', 'check')
      .field('list', AFTER)
      .field('missing', 'close')
      .field('until', '2025-06-30')
      .expect(200);
    expect(
      [...tried.text.matchAll(/<strong>(\d+)<\/strong>/g)].slice(0, 6).map(([, n]) => Number(n)),
    ).toEqual([38, 0, 0, 36, 2, 49]);
    await stored(AFTER, { missing: 'close', until: '2025-06-30' });
    await rearrange({ viec: 'gop', 'don-vi': 'SGD-KT', vao: 'SGD-QN', ngay: '2025-07-01' });
    await rearrange({ viec: 'gop', 'don-vi': 'MC-KT', vao: 'MC-QN', ngay: '2025-07-01' });
    // A school of Kon Tum is merged into another, and one is split.
    await rearrange({ viec: 'gop', 'don-vi': 'KT004', vao: 'KT002', ngay: '2025-08-01' });
    await rearrange({
      viec: 'tach',
      'don-vi': 'KT007',
      vao: 'KT107; Trường THCS Ngô Mây; thcs\nKT207; Trường THPT Ngô Mây; thpt',
      ngay: '2025-08-01',
    });
    expect(await unitByCode('SGD-KT')).toMatchObject({ until: '2025-06-30', successors: ['SGD-QN'] });
    expect(
      (await allUnits()).filter(({ _id, until }) => until === null && _id !== 'KT107' && _id !== 'KT207'),
    ).toHaveLength(83);

    product.setToday('2025-10-10');
    const autumn = await opened(AUTUMN);
    const desks = await opened({
      ...AUTUMN,
      label: 'Một cửa 2025',
      subject: 'procedure',
      surveys: ['citizens-tthc'],
      units: ['MC-QN'],
    });
    const link = (code: string) => links.get(code) ?? '';

    for (const code of schoolsOf('').filter((one) => one !== 'KT004' && one !== 'KT007')) {
      expect(await linkOf(code)).toBe(link(code));
      await visit(`/k/${link(code)}`).expect(200);
    }
    expect(await answered(link('KT001'), 'students-thpt', 'thpt')).toMatchObject({
      unit: 'KT001',
      round: autumn,
    });
    expect(await answered(link('KT004'), 'parents-thpt', 'thpt')).toMatchObject({
      unit: 'KT002',
      round: autumn,
    });
    expect((await visit(`/k/${link('KT004')}`).expect(200)).text).toContain(
      'Trường THPT Phan Bội Châu nay là Trường THPT Kon Tum',
    );
    expect(await answered(link('MC-KT'), 'citizens-tthc', '2.002854')).toMatchObject({
      unit: 'MC-QN',
      round: desks,
    });
    expect((await visit(`/quay/${link('MC-KT')}`).expect(200)).text).toContain(`/k/${link('MC-QN')}`);

    const choice = await visit(`/k/${link('KT007')}?kenh=qr`).expect(200);
    expect(choice.text).toContain('Trường THCS và THPT Ngô Mây đã được tách');
    for (const [code, name] of [
      ['KT107', 'Trường THCS Ngô Mây'],
      ['KT207', 'Trường THPT Ngô Mây'],
    ] as const)
      expect(choice.text).toContain(`href="/k/${await linkOf(code)}?kenh=qr"><strong>${name}`);
    await visit(`/k/${link('KT007')}/parents-thcs`).expect(404);
    expect(await answered(await linkOf('KT107'), 'parents-thcs', 'thcs')).toMatchObject({
      unit: 'KT107',
      round: autumn,
    });

    const now = new Map((await unitsOfRound(autumn)).map((unit) => [unit.unit, unit]));
    expect(now.get('KT001')?.path).toEqual(['SGD-QN']);
    expect(now.get('KT002')?.predecessors).toEqual(['KT004']);
    expect(now.get('KT107')?.predecessors).toEqual(['KT007']);
    expect(now.has('KT004')).toBe(false);
    // What was held before keeps its names, its tree and its figures.
    expect(await unitsOfRound(springKt)).toEqual(held);
    const page = await office.get(`/van-phong/dot/${springKt}/ty-le.csv`).expect(200);
    expect(page.text).toContain('Trường THCS và THPT Ngô Mây');
    expect(page.text).not.toContain('Trường THCS Ngô Mây');
    // The link of a unit that is between rounds tells about its successor.
    product.setToday('2025-12-10');
    expect((await visit(`/k/${link('KT004')}`).expect(409)).text).toContain('Trường THPT Kon Tum');
  });
});

describe('two installations, of which one takes over the schools of the other', () => {
  it('keep every printed link by the list with its links', async () => {
    await stored(KON_TUM_BEFORE);
    const spring = await opened({ ...SPRING, units: null });
    const printed = await linkOf('KT015');
    expect(await answered(printed, 'parents-thpt', 'thpt')).toMatchObject({ unit: 'KT015', round: spring });
    const { text: exported } = await office.get('/van-phong/don-vi/danh-sach.csv').expect(200);
    const links = new Map((await allUnits()).map(({ _id, linkCode }) => [_id, linkCode]));
    await dropDatabase();

    product = await startTestApp('2025-03-10');
    office = await officeAgent(product);
    await stored(QUANG_NGAI_BEFORE);
    product.setToday('2025-07-01');
    const withLinks = [...AFTER.trim().split('\n')]
      .map((line, index) => {
        const [code = ''] = line.split(',');
        const link = links.get(code);
        return `${line},${index === 0 ? 'link' : link ? printedLinkCode(link) : ''}`;
      })
      .join('\n');
    for (const [code, link] of links)
      if (code.startsWith('KT')) expect(exported).toContain(printedLinkCode(link));
    await stored(withLinks);
    const again = await office
      .post('/van-phong/don-vi/nhap')
      .field('step', 'check')
      .field('list', withLinks)
      .expect(200);
    expect(again.text).toContain('Danh sách giống hệt dữ liệu hiện có');

    product.setToday('2025-10-10');
    const autumn = await opened(AUTUMN);
    for (const [code, link] of links) if (code.startsWith('KT')) expect(await linkOf(code)).toBe(link);
    expect(await answered(printed, 'parents-thpt', 'thpt')).toMatchObject({ unit: 'KT015', round: autumn });
  });
});
