import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { roundByCode } from '../../models/rounds.js';
import { unitsOfRound } from '../../models/roundUnits.js';
import { storeUnits } from '../../models/units.js';
import { createRound, openRound } from '../../server/rounds/rounds.js';
import { readContext } from '../../server/serve.js';
import { beginServices, changeServices, refreshServices } from '../../server/services/keptServices.js';
import { dropDatabase } from '../database.js';
import { draft, officeAgent, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

const SERVICES = '/van-phong/dich-vu';

let product: TestApp;
let office: TestAgent;

beforeAll(async () => {
  product = await startTestApp('2026-10-15');
  office = await officeAgent(product);
  await storeUnits([
    { ...unitRow('MC1', [], 'Bộ phận Một cửa'), services: ['2.002854', '1.005142'] },
    unitRow('MC2', [], 'Bộ phận Một cửa thứ hai'),
    unitRow('VP', [], 'Văn phòng Sở'),
    unitRow('Q1', ['thcs', 'thpt']),
  ]);
});
afterAll(dropDatabase);

const codes = () => [...product.context.services.keys()];

async function stored(list: string): Promise<void> {
  await office.post(`${SERVICES}/nhap`).field('step', 'store').field('list', list).expect(303);
}

describe('the catalogue is left as it is', () => {
  it('by a list with problems, a broken file and a form with mistakes, which come back as they were typed', async () => {
    const before = structuredClone([...product.context.services.values()]);
    const list = await office
      .post(`${SERVICES}/nhap`)
      .field('step', 'store')
      .field('list', 'code,name\n2.00285,A')
      .expect(422);
    expect(list.text).toContain('Excel đã bỏ số 0 ở cuối của 2.002850');
    await office.post(`${SERVICES}/nhap`).attach('file', Buffer.from('PK\x03\x04'), 'a.xlsx').expect(422);
    const form = await office
      .post(`${SERVICES}/them`)
      .type('form')
      .send({ code: 'X', name: '<b>', since: 'hôm qua' })
      .expect(422);
    expect(form.text).toContain('value="&lt;b&gt;"');
    expect(form.text).toContain('href="#since"');
    expect(form.text).toContain('<title>Lỗi: ');
    await office.post(`${SERVICES}/them`).type('form').send({ code: 'thcs', name: 'A' }).expect(422);
    await office.post(`${SERVICES}/ma/9.999999/sua`).type('form').send({ name: 'A' }).expect(404);
    await office.post(`${SERVICES}/phien-ban/77/khoi-phuc`).expect(404);
    await office.get(SERVICES).expect(200);
    expect([...product.context.services.values()]).toEqual(before);
  });

  it('where somebody else has changed it since it was seen', async () => {
    const version = await refreshServices(product.context);
    await stored('code,name\n1.000009,Thủ tục chín');
    const services = [...product.context.services.values()];
    await expect(
      changeServices(product.context, version, { account: 'x', deed: 'edit' }, services),
    ).rejects.toMatchObject({ status: 409, code: 'services-changed' });
    const late = await office
      .post(`${SERVICES}/nhap`)
      .field('step', 'store')
      .field('version', '1')
      .field('list', 'code,name\n1.000010,Thủ tục mười')
      .expect(409);
    expect(late.text).toContain('Danh mục đã thay đổi');
    expect(codes()).not.toContain('1.000010');
  });
});

describe('a change of the catalogue', () => {
  it('is tried, stored, seen at once by everybody who reads it, and recorded', async () => {
    const list = 'code,name,field\n1.000001,Thủ tục mới,Thi';
    const tried = await office
      .post(`${SERVICES}/nhap`)
      .field('step', 'check')
      .field('list', list)
      .expect(200);
    expect(tried.text).toContain('Thủ tục mới');
    expect(codes()).not.toContain('1.000001');
    await stored(list);
    expect(product.context.services.get('1.000001')?.name.vi).toBe('Thủ tục mới');
    const [entry] = await entriesOf('services-imported', 1);
    expect(entry).toMatchObject({ account: 'vanphong', details: { added: 1, changed: 0 } });
  });

  it('made by another process is seen when this one looks again', async () => {
    const other = readContext(product.context.config);
    await beginServices(other);
    expect([...other.services.keys()]).toEqual(codes());
    await stored('code,name\n1.000002,Thủ tục hai');
    expect(other.services.has('1.000002')).toBe(false);
    await refreshServices(other);
    expect(other.services.has('1.000002')).toBe(true);
  });

  it('is taken back by bringing an earlier version back; what was added since ends and is not lost', async () => {
    const version = await refreshServices(product.context);
    await stored('code,name\n1.000003,Thủ tục ba\nthcs,Trung học cơ sở (tên sai)');
    await office.post(`${SERVICES}/phien-ban/${version}/khoi-phuc`).expect(303);
    expect(product.context.services.get('thcs')?.name.vi).toBe('Giáo dục trung học cơ sở');
    expect(product.context.services.get('1.000003')?.until).toBe('2026-10-15');
    const page = await office.get(`${SERVICES}/phien-ban`).expect(200);
    expect(page.text).toContain('Khôi phục phiên bản trước');
  });
});

describe('the page of the services', () => {
  it('shows which units offer what', async () => {
    const transfer = await office.get(`${SERVICES}/ma/2.002854`).expect(200);
    expect(transfer.text).toMatch(/MC1.*MC2/s);
    expect(transfer.text).not.toContain('Văn phòng Sở');
    const review = await office.get(`${SERVICES}/ma/1.005095`).expect(200);
    expect(review.text).not.toContain('>MC1<');
    expect(review.text).toContain('>MC2<');
    expect((await office.get(`${SERVICES}/ma/thcs`).expect(200)).text).toContain('>Q1<');
    await office.get(`${SERVICES}/ma/khong-co`).expect(404);
  });

  it('finds services in whatever spelling, and those out of force when asked', async () => {
    expect((await office.get(`${SERVICES}?tim=VAN+BANG`).expect(200)).text).toContain('2.001914');
    expect((await office.get(`${SERVICES}?tim=khong+co+gi`).expect(200)).text).toContain(
      'Không có dịch vụ nào khớp',
    );
    await stored('code,name,until\n1.000004,Thủ tục đã bỏ,2025-06-30');
    expect((await office.get(SERVICES)).text).not.toContain('Thủ tục đã bỏ');
    expect((await office.get(`${SERVICES}?het-hieu-luc=1`)).text).toContain('Thủ tục đã bỏ');
  });

  it.each(['csv', 'xlsx'])('comes as a file of the form %s that can be imported again', async (form) => {
    const file = await office.get(`${SERVICES}/danh-sach.${form}`).responseType('blob').expect(200);
    const tried = await office
      .post(`${SERVICES}/nhap`)
      .field('step', 'check')
      .attach('file', file.body, `a.${form}`)
      .expect(200);
    expect(tried.text).toContain('Danh sách giống hệt dữ liệu hiện có');
    expect((await entriesOf('services-exported', 1))[0]?.details).toEqual({ form });
  });
});

describe('a round on procedures', () => {
  it('asks about those in force while it is held, and each desk about those it offers, by the names of then', async () => {
    await stored(
      'code,name,since,until\n1.000005,Chỉ trước đợt,,2026-09-30\n1.000006,Đến giữa đợt,,2026-10-31\n' +
        '1.000007,Từ giữa đợt,2026-11-15,\n1.000008,Sau đợt,2026-12-01,',
    );
    const round = await createRound(
      product.context,
      draft(product.context, { subject: 'procedure', units: ['MC1', 'MC2'] }),
    );
    const asked = (await roundByCode(round))?.services.map(({ code }) => code) ?? [];
    expect(asked).toEqual(expect.arrayContaining(['2.002854', '1.000006', '1.000007']));
    for (const code of ['1.000005', '1.000008', 'thcs']) expect(asked).not.toContain(code);
    expect(await openRound(product.context, round)).toEqual([]);
    const [one, two] = await unitsOfRound(round);
    expect(one?.offers.map(({ service }) => service).sort()).toEqual(['1.005142', '2.002854']);
    expect(two?.offers.map(({ service }) => service).sort()).toEqual([...asked].sort());

    await stored('code,name\n2.002854,Tên mới');
    const page = await supertest(product.app).get(`/k/${one?.linkCode}/citizens-tthc`).expect(200);
    expect(page.text).toContain('Chuyển trường và tiếp nhận học sinh');
    expect(page.text).not.toContain('Tên mới');
  });
});
