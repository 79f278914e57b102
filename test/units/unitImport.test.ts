import { readFileSync } from 'node:fs';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { allUnits } from '../../models/units.js';
import { projectPath } from '../../server/paths.js';
import { dropDatabase } from '../database.js';
import { officeAgent, startTestApp } from '../http/testApp.js';

const IMPORT = '/van-phong/don-vi/nhap';
const REAL_LIST = projectPath('server', 'demo', 'units-quang-ngai.csv');
const HEADER = 'code,name,levels,parent';

let office: TestAgent;
let unitsBefore: unknown;

beforeAll(async () => {
  office = await officeAgent(await startTestApp());
});
afterAll(dropDatabase);

describe('an import that is refused stores nothing', () => {
  beforeEach(async () => {
    unitsBefore = await allUnits();
  });

  it.each<[string, Buffer | string, RegExp]>([
    [
      'a file in another encoding',
      Buffer.from(`${HEADER}\nQ1,Tr\xfd\xf6ng,,`, 'latin1'),
      /không ở dạng UTF-8/,
    ],
    ['a file of two-byte characters', Buffer.from(`\ufeff${HEADER}\nQ1,Trường,,`, 'utf16le'), /UTF-8/],
    ['letters lost in an earlier conversion', `${HEADER}\nQ1,Tr\ufffd\ufffdng A,,`, /UTF-8/],
    ['an empty file', '', /Danh sách trống/],
    ['a header alone', HEADER, /Danh sách trống/],
    ['a bad level', `${HEADER}\nQ1,A,lop-1,`, /Dòng 2, cột levels:<\/strong> Không có cấp học “lop-1”/],
    ['an open quote', `${HEADER}\nQ1,"A,thcs,`, /Dòng 2:<\/strong> Dấu nháy kép/],
  ])('%s', async (_name, file, sentence) => {
    for (const step of ['check', 'store']) {
      const answer = await office
        .post(IMPORT)
        .field('step', step)
        .attach('file', Buffer.from(file), 'danh-sach.csv')
        .expect(422);
      expect(answer.text).toMatch(sentence);
      expect(answer.text).toMatch(/<title>Lỗi: /);
      expect(answer.text).toContain('Chưa có gì được lưu');
    }
    expect(await allUnits()).toEqual(unitsBefore);
  });

  it('pasted text with a problem, which is kept to be mended', async () => {
    const answer = await office
      .post(IMPORT)
      .field('step', 'store')
      .field('list', `${HEADER}\nQ1,"A & <b>",thcs,SGD-1`)
      .expect(422);
    expect(answer.text).toContain('Dòng 2, cột parent:');
    expect(answer.text).toContain('Q1,&#34;A &amp; &lt;b&gt;&#34;,thcs,SGD-1');
    expect(await allUnits()).toEqual(unitsBefore);
  });

  it('a file or a text of more than 2 MB', async () => {
    const long = `${HEADER}\n${'Q1,A,thcs,\n'.repeat(200_000)}`;
    const file = await office.post(IMPORT).attach('file', Buffer.from(long), 'a.csv').expect(413);
    expect(file.text).toContain('2 MB');
    await office.post(IMPORT).field('step', 'store').field('list', long).expect(413);
    expect(await allUnits()).toEqual(unitsBefore);
  });

  it('a form of another content type', async () => {
    await office
      .post(IMPORT)
      .type('form')
      .send({ list: `${HEADER}\nQ1,A,thcs,`, step: 'store' })
      .expect(415);
    await office
      .post(IMPORT)
      .send({ list: `${HEADER}\nQ1,A,thcs,`, step: 'store' })
      .expect(415);
    await office.post(IMPORT).expect(415);
    expect(await allUnits()).toEqual(unitsBefore);
  });

  it.each([
    ['no boundary', 'multipart/form-data', 'x'],
    [
      'cut off',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="list"\r\n\r\ncode',
    ],
    ['no part', 'multipart/form-data; boundary=b', 'x'],
  ])('a broken upload: %s', async (_name, type, body) => {
    await office.post(IMPORT).set('Content-Type', type).send(body).expect(400);
    expect(await allUnits()).toEqual(unitsBefore);
  });

  it('two files, a file under another name, many fields, a list as an object', async () => {
    const list = `${HEADER}\nQ1,A,thcs,`;
    await office
      .post(IMPORT)
      .attach('file', Buffer.from(list), 'a.csv')
      .attach('file', Buffer.from(list), 'b.csv')
      .expect(400);
    await office.post(IMPORT).attach('tep', Buffer.from(list), 'a.csv').expect(400);
    const many = office.post(IMPORT);
    for (let field = 0; field < 10; field += 1) many.field(`f${field}`, 'x');
    await many.expect(400);
    await office.post(IMPORT).field('list[a]', list).field('step', 'store').expect(422);
    await office.post(IMPORT).field('__proto__[list]', list).field('step', 'store').expect(422);
    expect(await allUnits()).toEqual(unitsBefore);
  });
});

describe('an import', () => {
  it('of the real list is tried first, then stored, then changes nothing more', async () => {
    const tried = await office.post(IMPORT).field('step', 'check').attach('file', REAL_LIST).expect(200);
    expect(tried.text).toContain('thêm 85, sửa 0, giữ nguyên 0 đơn vị');
    expect(await allUnits()).toEqual([]);
    expect(await entriesOf('units-imported', 10)).toEqual([]);

    const text = readFileSync(REAL_LIST, 'utf8');
    const stored = await office.post(IMPORT).field('step', 'store').field('list', text).expect(303);
    expect(stored.headers.location).toBe('/van-phong/don-vi');
    const units = await allUnits();
    expect(units).toHaveLength(85);
    const [entry] = await entriesOf('units-imported', 10);
    expect(entry).toMatchObject({ account: 'vanphong', details: { added: 85, changed: 0, unchanged: 0 } });

    const again = await office.post(IMPORT).field('step', 'check').attach('file', REAL_LIST).expect(200);
    expect(again.text).toContain('thêm 0, sửa 0, giữ nguyên 85 đơn vị');
    expect(again.text).not.toContain('value="store"');
    await office.post(IMPORT).field('step', 'store').attach('file', REAL_LIST).expect(303);
    expect(await allUnits()).toEqual(units);
  });

  it('shows what changes before and after, and keeps the link code', async () => {
    const list = `${HEADER},enrolment\nA1,Trường Một,thcs,,300\nA2,Trường Hai,thpt,,`;
    await office.post(IMPORT).field('step', 'store').field('list', list).expect(303);
    const before = await unit('A1');
    const changed = list.replace('Trường Một,thcs,,300', 'Trường Một & Ba,thcs|thpt,A2,450');
    const tried = await office.post(IMPORT).field('step', 'check').field('list', changed).expect(200);
    expect(tried.text).toContain('thêm 0, sửa 1, giữ nguyên 1 đơn vị');
    const [, row = ''] = /<td class="code">A1<\/td>(.*?)<\/tr>/s.exec(tried.text) ?? [];
    expect(row).toBe(
      '<td>Trường Một<small>thcs · 300</small></td><td>Trường Một &amp; Ba<small>thcs|thpt · A2 · 450</small></td>',
    );
    expect(await unit('A1')).toEqual(before);

    await office.post(IMPORT).field('step', 'store').field('list', changed).expect(303);
    expect(await unit('A1')).toEqual({
      ...before,
      name: 'Trường Một & Ba',
      levels: ['thcs', 'thpt'],
      parent: 'A2',
      enrolment: 450,
    });
    const [entry] = await entriesOf('units-imported', 1);
    expect(entry?.details).toEqual({ added: 0, changed: 1, unchanged: 1 });
  });

  it('of the list that the dry run hands back stores exactly what was tried', async () => {
    const list = `${HEADER}\r\nB1,"Trường ""Ba"", <i>\ncơ sở 2",thcs,\r\n`;
    const tried = await office.post(IMPORT).field('step', 'check').field('list', list).expect(200);
    const [, handed = ''] = /<textarea name="list" hidden>(.*?)<\/textarea>/s.exec(tried.text) ?? [];
    await office.post(IMPORT).field('step', 'store').field('list', unescaped(handed)).expect(303);
    expect((await unit('B1'))?.name).toBe('Trường "Ba", <i>\ncơ sở 2');
  });

  it('leaves units that the list does not name as they are', async () => {
    const before = await unit('A2');
    await office
      .post(IMPORT)
      .field('step', 'store')
      .field('list', `${HEADER}\nC1,Trường C,thcs,`)
      .expect(303);
    expect(await unit('A2')).toEqual(before);
  });
});

describe('the page of the units', () => {
  it('shows every unit with its link, names as text', async () => {
    await office.post(IMPORT).field('step', 'store').field('list', `${HEADER}\nX1,<script>x</script>,thcs,`);
    const page = await office.get('/van-phong/don-vi').expect(200);
    expect(page.text).toContain('&lt;script&gt;x&lt;/script&gt;');
    expect(page.text).not.toContain('<script>x');
    const code = (await unit('X1'))?.linkCode ?? '';
    expect(page.text).toContain(`/k/${code}">${code.slice(0, 3)}-${code.slice(3)}</a>`);
    expect(page.text).toContain('Giáo dục trung học cơ sở');
  });
});

async function unit(code: string) {
  return (await allUnits()).find(({ _id }) => _id === code);
}

function unescaped(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
