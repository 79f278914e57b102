import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { allUnits, type Unit, unitByCode } from '../../models/units.js';
import { createRound, openRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, startTestApp, type TestApp } from '../http/testApp.js';

const ORDER = '/van-phong/don-vi/sap-xep';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp('2026-10-15');
  office = await officeAgent(product);
  const list = [
    'code,name,levels,parent,enrolment,since',
    'SO,Sở,,,,',
    'XA1,Xã Một,,SO,,',
    'XA2,Xã Hai,,SO,,',
    'T1,Trường THCS Một,thcs,XA1,100,2001-09-01',
    'T2,Trường THPT Hai,thpt,XA1,250,',
    'T3,Trường Ba,thcs|thpt,XA2,,',
    'D1,Điểm trường của Một,thcs,T1,,',
    'CU,Trường đã giải thể,thcs,XA1,,',
  ].join('\n');
  await office.post('/van-phong/don-vi/nhap').field('step', 'store').field('list', list).expect(303);
});
afterAll(dropDatabase);

const post = (form: Record<string, string>) => office.post(ORDER).type('form').send(form);
const unit = async (code: string) => (await unitByCode(code)) as Unit;

/** Tries an order, then does it as the page of its effects would. @returns the page of what was done */
async function done(form: Record<string, string>): Promise<string> {
  const before = await allUnits();
  const tried = await post({ ...form, step: 'check' }).expect(200);
  expect(await allUnits()).toEqual(before);
  const [, revision = ''] = /name="revision" value="(\d+)"/.exec(tried.text) ?? [];
  return String((await post({ ...form, revision, step: 'store' }).expect(303)).headers.location);
}

async function undone(change: string): Promise<void> {
  await office.post(`${change}/hoan-tac`).expect(303);
}

describe('an order is refused, with what was typed', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['of nothing', {}, /Hãy chọn ngày/],
    ['on no day', { viec: 'gop', 'don-vi': 'T1', vao: 'T2', ngay: '2026-02-30' }, /Hãy chọn ngày/],
    ['of no unit', { viec: 'dong', ngay: '2026-10-31' }, /Hãy điền mã đơn vị/],
    [
      'of a unit that is not there',
      { viec: 'dong', 'don-vi': '<T9>', ngay: '2026-10-31' },
      /Không có đơn vị &lt;T9&gt;/,
    ],
    [
      'of a merger into nothing',
      { viec: 'gop', 'don-vi': 'T1', ngay: '2026-11-01' },
      /đúng một đơn vị để gộp/,
    ],
    [
      'of a merger into two',
      { viec: 'gop', 'don-vi': 'T1', vao: 'T2\nT3', ngay: '2026-11-01' },
      /đúng một đơn vị để gộp/,
    ],
    [
      'of a merger of one with itself',
      { viec: 'gop', 'don-vi': 'T1', vao: 'T1', ngay: '2026-11-01' },
      /ít nhất một đơn vị khác/,
    ],
    [
      'of a split of two',
      { viec: 'tach', 'don-vi': 'T1 T2', vao: 'T3', ngay: '2026-11-01' },
      /chỉ tách một đơn vị/,
    ],
    [
      'of a split into nothing',
      { viec: 'tach', 'don-vi': 'T1', ngay: '2026-11-01' },
      /nêu các đơn vị được tách ra/,
    ],
    [
      'of a split into itself',
      { viec: 'tach', 'don-vi': 'T1', vao: 'T1\nT2', ngay: '2026-11-01' },
      /không thể ở cả hai phía/,
    ],
    [
      'of a new unit with a taken code',
      { viec: 'tach', 'don-vi': 'T1', vao: 'T2; Trường Mới; thcs', ngay: '2026-11-01' },
      /Mã T2 đã thuộc về/,
    ],
    [
      'of a new unit with a code in other capitals',
      { viec: 'gop', 'don-vi': 'T1', vao: 't2; Trường Mới; thcs', ngay: '2026-11-01' },
      /chỉ khác mã T2 ở chữ hoa/,
    ],
    [
      'of a new unit with a level there is not',
      { viec: 'tach', 'don-vi': 'T1', vao: 'T8; Trường Mới; lop-1', ngay: '2026-11-01' },
      /Không có cấp học “lop-1”/,
    ],
    [
      'that leaves units without the one above',
      { viec: 'dong', 'don-vi': 'XA1', ngay: '2026-10-31' },
      /Còn đơn vị trực thuộc đang hoạt động: .*Trường THCS Một/,
    ],
    [
      'of a move below itself',
      { viec: 'chuyen', 'don-vi': 'XA1', vao: 'XA1', ngay: '2026-11-01' },
      /không thể ở cả hai phía/,
    ],
    [
      'of a move below a unit of its own',
      { viec: 'chuyen', 'don-vi': 'XA1', vao: 'T1', ngay: '2026-11-01' },
      /tạo thành vòng tròn/,
    ],
    [
      'of a move to where it is',
      { viec: 'chuyen', 'don-vi': 'T1', vao: 'XA1', ngay: '2026-11-01' },
      /Không có gì thay đổi/,
    ],
    [
      'of an end before the beginning',
      { viec: 'dong', 'don-vi': 'T1', vao: 'T2', ngay: '2001-08-31' },
      /Ngày kết thúc trước ngày bắt đầu/,
    ],
  ])('%s', async (_name, form, sentence) => {
    const before = await allUnits();
    for (const step of ['check', 'store']) {
      const answer = await post({ ...form, step }).expect(422);
      expect(answer.text).toMatch(sentence);
      expect(answer.text).toContain('<title>Lỗi: ');
      if (form.vao) expect(answer.text).toContain(`>\n${form.vao}</textarea>`);
    }
    expect(await allUnits()).toEqual(before);
  });

  it('where somebody else has changed the units since it was tried', async () => {
    const form = { viec: 'chuyen', 'don-vi': 'T2', vao: 'XA2', ngay: '2026-11-01' };
    const tried = await post({ ...form, step: 'check' }).expect(200);
    const [, revision = ''] = /name="revision" value="(\d+)"/.exec(tried.text) ?? [];
    await undone(await done({ viec: 'chuyen', 'don-vi': 'T1', vao: 'XA2', ngay: '2026-11-01' }));
    const refused = await post({ ...form, revision, step: 'store' }).expect(409);
    expect(refused.text).toContain('Dữ liệu đơn vị đã thay đổi từ lúc Quý vị kiểm tra');
    expect((await unit('T2')).parent).toBe('XA1');
  });
});

describe('an order', () => {
  it('merges schools into one there is: levels and learners are joined, sites go along, all of it can be taken back', async () => {
    const before = await allUnits();
    const change = await done({ viec: 'gop', 'don-vi': 'T1, T2', vao: 'T2', ngay: '01/11/2026' });
    expect(await unit('T1')).toMatchObject({ until: '2026-10-31', successors: ['T2'] });
    expect(await unit('T2')).toMatchObject({
      levels: ['thpt', 'thcs'],
      enrolment: 350,
      predecessors: ['T1'],
      until: null,
    });
    expect((await unit('D1')).parent).toBe('T2');
    const page = await office.get(change).expect(200);
    expect(page.text).toContain('có hiệu lực 01/11/2026');
    expect((await entriesOf('units-merged', 1))[0]).toMatchObject({
      subject: 'T1, T2',
      details: { closed: 1, moved: 1, changed: 1, added: 0 },
    });
    await undone(change);
    expect(await allUnits()).toEqual(before);
  });

  it('merges into a new school, which takes the place of the old ones', async () => {
    const change = await done({
      viec: 'gop',
      'don-vi': 'T1\nT2',
      vao: 'T10; Trường THCS và THPT Mười',
      ngay: '2026-11-01',
    });
    expect(await unit('T10')).toMatchObject({
      name: 'Trường THCS và THPT Mười',
      levels: ['thcs', 'thpt'],
      parent: 'XA1',
      kind: 'school',
      since: '2026-11-01',
      enrolment: 350,
      predecessors: ['T1', 'T2'],
    });
    await undone(change);
    expect(await unitByCode('T10')).toBeNull();
  });

  it('splits a school that goes on: its link stays its own', async () => {
    const change = await done({
      viec: 'tach',
      'don-vi': 'T3',
      vao: 'T31; Trường THCS Ba; thcs',
      ngay: '2026-11-01',
      'van-con': '1',
    });
    expect(await unit('T3')).toMatchObject({ until: null, successors: ['T31'] });
    expect(await unit('T31')).toMatchObject({ predecessors: ['T3'], levels: ['thcs'], parent: 'XA2' });
    await undone(change);
  });

  it('merges communes: their schools go along', async () => {
    const change = await done({ viec: 'gop', 'don-vi': 'XA1', vao: 'XA2', ngay: '2025-07-01' });
    for (const code of ['T1', 'T2', 'CU']) expect((await unit(code)).parent).toBe('XA2');
    expect((await unit('D1')).parent).toBe('T1');
    expect(await unit('XA1')).toMatchObject({ until: '2025-06-30', successors: ['XA2'], kind: 'commune' });
    await undone(change);
  });

  it('closes a school, and a round that opens later asks it no more', async () => {
    await done({ viec: 'dong', 'don-vi': 'CU', ngay: '2026-08-31' });
    expect(await unit('CU')).toMatchObject({ until: '2026-08-31', successors: [] });
    const round = await createRound(product.context, draft(product.context, { surveys: ['parents-thcs'] }));
    expect(await openRound(product.context, round)).toEqual([]);
    const page = await office.get(`/van-phong/dot/${round}/ty-le.csv`).expect(200);
    expect(page.text).not.toContain('Trường đã giải thể');
    expect(page.text).toContain('Trường THCS Một');
    const effects = await post({
      viec: 'dong',
      'don-vi': 'T1',
      vao: 'T3',
      ngay: '2026-10-31',
      step: 'check',
    }).expect(200);
    expect(effects.text).toContain(
      'Đợt đang mở vẫn nhận phiếu theo đơn vị cũ cho đến khi đóng: Đợt 2 năm 2026',
    );
  });

  it('moves a school below another commune, and a page that is asked in English keeps its language', async () => {
    const tried = await office
      .post(`${ORDER}?lang=en`)
      .type('form')
      .send({ viec: 'chuyen', 'don-vi': 'T1', vao: 'XA2', ngay: '2026-11-01' })
      .expect(200);
    expect(tried.text).toContain('What would change');
    await undone(await done({ viec: 'chuyen', 'don-vi': 'T1', vao: 'XA2', ngay: '2026-11-01' }));
  });
});

describe('a round on procedures at a desk', () => {
  it('that has ended before is not opened, and the form of a round does not offer the desk', async () => {
    await office
      .post('/van-phong/don-vi/nhap')
      .field('step', 'store')
      .field('list', 'code,name,levels,parent,until\nMC9,Bộ phận Một cửa cũ,,SO,2025-06-30')
      .expect(303);
    const round = await createRound(
      product.context,
      draft(product.context, { label: 'Một cửa', subject: 'procedure', units: ['MC9'] }),
    );
    expect(await openRound(product.context, round)).toEqual([
      { key: 'rounds.problem.units-ended', parameters: { units: 'Bộ phận Một cửa cũ' } },
    ]);
    expect((await office.get('/van-phong/dot-moi').expect(200)).text).not.toContain('value="MC9"');
  });
});

describe('the form of one unit', () => {
  const form = {
    name: 'Trường THCS Một',
    levels: 'thcs',
    parent: 'XA1',
    kind: 'school',
    enrolment: '100',
    since: '2001-09-01',
  };
  const edit = (more: Record<string, string | string[]>) =>
    office
      .post('/van-phong/don-vi/ma/T1/sua')
      .type('form')
      .send({ ...form, ...more });

  it.each<[string, Record<string, string>, RegExp]>([
    ['no name', { name: '  ' }, /href="#name"/],
    ['a parent that is not there', { parent: 'XA9' }, /href="#parent"/],
    ['a circle', { parent: 'D1' }, /href="#parent"/],
    ['learners in words', { enrolment: 'nhiều' }, /href="#enrolment"/],
    ['an end before the beginning', { until: '2000-01-01' }, /href="#until"/],
    ['a level there is not', { levels: '$gt' }, /href="#levels"/],
    ['a procedure there is not', { services: '9.9' }, /href="#services"/],
  ])('refuses %s and keeps what was typed', async (_name, mistake, sentence) => {
    const before = await unit('T1');
    const answer = await edit({ ...mistake, area: 'Vùng <khó>' }).expect(422);
    expect(answer.text).toMatch(sentence);
    expect(answer.text).toContain('value="Vùng &lt;khó&gt;"');
    expect(await unit('T1')).toEqual(before);
  });

  it('stores what is changed, tells who did it, and is not overwritten by a form that is older', async () => {
    const page = await office.get('/van-phong/don-vi/ma/T1/sua').expect(200);
    const [, seen = ''] = /name="seen" value="([\w-]+)"/.exec(page.text) ?? [];
    await edit({ seen, levels: ['thcs', 'tieu-hoc'], name: 'Trường TH và THCS Một' }).expect(303);
    expect(await unit('T1')).toMatchObject({
      levels: ['thcs', 'tieu-hoc'],
      name: 'Trường TH và THCS Một',
      enrolment: 100,
    });
    const late = await edit({ seen, area: 'Đô thị' }).expect(409);
    expect(late.text).toContain('vừa được người khác sửa');
    expect(late.text).toContain('value="Đô thị"');
    const history = await office.get('/van-phong/don-vi/ma/T1').expect(200);
    expect(history.text).toContain('<del>Trường THCS Một</del>');
    expect((await entriesOf('unit-edited', 1))[0]).toMatchObject({ account: 'vanphong', subject: 'T1' });
  });

  it('adds a unit with a link printed elsewhere, once', async () => {
    const add = (more: Record<string, string>) =>
      office
        .post('/van-phong/don-vi/them')
        .type('form')
        .send({ code: 'T77', name: 'Trường 77', levels: 'thcs', parent: 'XA1', ...more });
    await add({ link: '69D-4RX' }).expect(422);
    await add({ link: '69d-4r4' }).expect(303);
    expect(await unit('T77')).toMatchObject({ linkCode: '69D4R4', kind: 'school' });
    expect((await add({}).expect(422)).text).toContain('Mã T77 đã có');
    expect((await add({ code: 'T78', link: '69D-4R4' }).expect(422)).text).toContain(
      'đã thuộc về đơn vị T77',
    );
  });
});
