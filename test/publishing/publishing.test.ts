import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import mongoose from 'mongoose';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import { createApp } from '../../server/app.js';
import { existingRound } from '../../server/http/existingRound.js';
import { publish } from '../../server/publishing/publish.js';
import { resultsOf } from '../../server/results/resultsOf.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { officeAgent, startTestApp, type TestApp } from '../http/testApp.js';
import { jobEnd } from '../jobs/jobEnd.js';
import { atRandom, storeResponses } from '../results/responses.js';
import { addLate, closedRound, jobOf, publicationsOf, publishByPage } from './rounds.js';

let product: TestApp;
let office: TestAgent;
let round: string;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  round = await closedRound(product, {
    targets: [{ indicator: 'satisfaction-rate', atLeast: 60, unit: '%' }],
  });
});
afterAll(dropDatabase);

const everybody = () => supertest(product.app);

/** Every public page and file of the round, as text. */
async function everyPublicPage(query = ''): Promise<Map<string, string>> {
  const paths = [
    '',
    '/don-vi',
    '/don-vi/Q1',
    '/don-vi/XA1',
    '/don-vi/SO',
    '/bang/linh-vuc.csv',
    '/bang/dich-vu.csv',
    '/hinh/muc-do.svg',
    '/don-vi/bang/don-vi.csv',
    '/don-vi/Q1/bang/tieu-chi.csv',
    '/don-vi/Q1/hinh/muc-do.svg',
    '/don-vi/SO/bang/truc-thuoc.csv',
    '/du-lieu.csv',
    '/niem-phong.json',
  ];
  const pages = new Map<string, string>();
  for (const path of paths) {
    const { text, body } = await everybody().get(`/ket-qua/${round}${path}${query}`).buffer(true).expect(200);
    pages.set(path, text ?? String(body));
  }
  return pages;
}

describe('before it is published', () => {
  it('nothing of a round is public, nor shown to its units', async () => {
    for (const path of [
      '',
      '/don-vi',
      '/don-vi/Q1',
      '/so-sanh',
      '/du-lieu',
      '/du-lieu.csv',
      '/niem-phong.json',
      '/bang/linh-vuc.csv',
      '/hinh/muc-do.svg',
      '/don-vi/bang/don-vi.csv',
    ])
      await everybody().get(`/ket-qua/${round}${path}`).expect(404);
    const unit = await agentOf(product, 'unit', 'Q1');
    const { text } = await unit.get('/van-phong/co-so/Q1').expect(200);
    expect(text).not.toContain('/ket-qua/');
    await unit.get(`/van-phong/co-so/Q1/ket-qua/${round}`).expect(404);
    expect((await everybody().get('/').expect(200)).text).not.toContain('/ket-qua');
    expect((await everybody().get('/ket-qua').expect(200)).text).toContain(
      'Chưa có đợt khảo sát nào được công bố',
    );
  });

  it('the page does not publish what nobody has looked at, nor an open round, nor twice', async () => {
    const page = `/van-phong/dot/${round}/cong-bo`;
    const unseen = await office.post(page).type('form').send({}).expect(422);
    expect(unseen.text).toContain('href="#da-xem"');
    expect((await existingRound(round)).state).toBe('closed');
    await office.post(`${page}/dinh-chinh`).type('form').send({ reason: 'Phiếu giấy đến muộn' }).expect(409);
    await office.post(`${page}/giu-nguyen`).expect(409);
  });

  it('leaders look and cannot publish', async () => {
    const leader = await agentOf(product, 'leader');
    const { text } = await leader.get(`/van-phong/dot/${round}/cong-bo`).expect(200);
    expect(text).not.toContain('name="da-xem"');
    expect((await publishByPage(leader, round)).status).toBe(403);
  });

  it('the review tells what a reader could ask about', async () => {
    const { text } = await office.get(`/van-phong/dot/${round}/cong-bo`).expect(200);
    expect(text).toContain('2 trong 6 đơn vị có số liệu chung bị ẩn');
    expect(text).toContain('Đạt: 1');
    expect(text).toContain('Không còn tập phiếu giấy nào chưa chốt');
  });

  it('the preview is the page that will be public', async () => {
    const { text } = await office.get(`/van-phong/dot/${round}/cong-bo/xem-truoc`).expect(200);
    expect(text).toContain('Bản xem trước.');
    expect(headlineOf(text)).toMatch(/^\d\d,\d %$/);
    await everybody().get(`/ket-qua/${round}`).expect(404);
  });
});

describe('published', () => {
  let pages: Map<string, string>;

  beforeAll(async () => {
    const preview = await office.get(`/van-phong/dot/${round}/cong-bo/xem-truoc`).expect(200);
    expect((await publishByPage(office, round)).status).toBe(303);
    pages = await everyPublicPage();
    expect(headlineOf(pages.get('') ?? '')).toBe(headlineOf(preview.text));
  });

  it('the figures are those of the time, cell by cell', async () => {
    const figures = await resultsOf(product.context, await existingRound(round));
    const rows = csvOf(pages.get('/du-lieu.csv') ?? '');
    let compared = 0;
    for (const row of rows) {
      const unit = row.don_vi_ma === '' ? 'all:' : `unit:${row.don_vi_ma}`;
      const column = figures.columns.find(
        ({ service, survey }) => service.code === row.dich_vu_ma && survey.id === row.phieu,
      );
      const summary = figures.summary(unit, column);
      expect(Number(row.so_phieu)).toBe(summary.responses);
      if (row.loai === 'dap_ung_mong_doi') {
        expect(row.ty_le_hai_long).toBe(summary.expectation?.toFixed(1) ?? '');
        continue;
      }
      const shown =
        row.loai === 'tong'
          ? summary.total
          : row.loai === 'hai_long_chung'
            ? summary.overall
            : column &&
              [...figures.factors(unit, column), ...figures.items(unit, column)].find(
                ({ code }) => code === row.ma,
              );
      expect(shown).toBeDefined();
      expect([row.ty_le_hai_long, row.ci95_thap, row.ci95_cao, row.diem_trung_binh, row.an]).toEqual([
        shown?.rate?.toFixed(1) ?? '',
        shown?.low?.toFixed(1) ?? '',
        shown?.high?.toFixed(1) ?? '',
        shown?.mean?.toFixed(2) ?? '',
        shown?.hidden ? '1' : '0',
      ]);
      expect(row.so_luot_tra_loi).toBe(String(shown?.answered ?? ''));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(200);
    expect(pages.get('/don-vi/Q1')).toContain(
      `${figures.summary('unit:Q1').total.rate?.toFixed(1).replace('.', ',')}`,
    );
  });

  it('units are found by name without marks, by code, service and place, in order of their names', async () => {
    const found = async (query: Record<string, string>) => {
      const { text } = await everybody().get(`/ket-qua/${round}/don-vi`).query(query).expect(200);
      return [...text.matchAll(/data-unit="([^"]+)"/g)].map(([, code]) => code);
    };
    const all = ['Q1', 'Q2', 'Q3', 'Q5'];
    expect(await found({})).toEqual(all);
    expect(await found({ tim: '  TRUONG  q' })).toEqual(all);
    expect(await found({ tim: 'trường q3' })).toEqual(['Q3']);
    expect(await found({ tim: 'q4' })).toEqual([]);
    expect(await found({ tim: 'q', 'dich-vu': 'thpt' })).toEqual(['Q1']);
    expect(await found({ tim: 'q', thuoc: 'XA2' })).toEqual(['Q3', 'Q5']);
    expect(await found({ tim: 'q', trang: '9' })).toEqual(all);
  });

  it('a school with too few answers is not named, and its figures are nowhere', async () => {
    expect(pages.get('/don-vi')).not.toContain('Trường Q4');
    expect(pages.get('/don-vi')).toContain('đơn vị khác có dưới 5 người trả lời');
    const rows = csvOf(pages.get('/du-lieu.csv') ?? '').filter(({ don_vi_ma }) => don_vi_ma === 'Q4');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ ty_le_hai_long }) => ty_le_hai_long !== '')).toEqual([]);
  });

  it('anybody can check the seal with SHA-256 alone', async () => {
    const manifest = pages.get('/niem-phong.json') ?? '';
    const [publication] = await publicationsOf(round);
    expect(sha256(manifest)).toBe(publication?.seal);
    const { parts } = JSON.parse(manifest) as { parts: { name: string; public: boolean; digest: string }[] };
    for (const { name, digest } of parts.filter((part) => part.public)) {
      const { body } = await everybody()
        .get(`/ket-qua/${round}/niem-phong/${name.includes('.') ? name : `${name}.json`}`)
        .buffer(true)
        .parse((response, done) => {
          const chunks: Buffer[] = [];
          response
            .on('data', (chunk: Buffer) => chunks.push(chunk))
            .on('end', () => done(null, Buffer.concat(chunks)));
        })
        .expect(200);
      expect([
        name,
        createHash('sha256')
          .update(body as Buffer)
          .digest('hex'),
      ]).toEqual([name, digest]);
    }
    for (const { name } of parts.filter((part) => !part.public))
      await everybody().get(`/ket-qua/${round}/niem-phong/${name}.json`).expect(404);
  });

  it('the pages are kept by proxies and phones, and set no cookie', async () => {
    const { headers } = await everybody().get(`/ket-qua/${round}`).expect(200);
    expect(headers['cache-control']).toMatch(/^public, max-age=60/);
    expect(headers['set-cookie']).toBeUndefined();
    for (const path of ['', '/don-vi', '/don-vi/Q1', '/du-lieu.csv', '/niem-phong.json']) {
      const first = await everybody().get(`/ket-qua/${round}${path}`).expect(200);
      await everybody()
        .get(`/ket-qua/${round}${path}`)
        .set('If-None-Match', String(first.headers.etag))
        .expect(304);
    }
    const named = await everybody().get(`/ket-qua/${round}/du-lieu.csv?ban=1`).expect(200);
    expect(named.headers['cache-control']).toContain('immutable');
  });

  it('the round takes nothing any more, and is not reopened without a reason', async () => {
    await office
      .post(`/van-phong/dot/${round}/mo-lai`)
      .type('form')
      .send({ closes: '2026-12-20', reason: 'Thêm thời gian' })
      .expect(409);
    const { text } = await office.get(`/van-phong/dot/${round}/quan-ly`).expect(200);
    expect(text).toContain('trước hết hãy lập bản đính chính');
    const page = `/van-phong/dot/${round}/cong-bo`;
    await office.post(page).type('form').send({}).expect(409);
    for (const reason of ['', 'sai', 'một hai'])
      await office.post(`${page}/dinh-chinh`).type('form').send({ reason }).expect(422);
    expect((await existingRound(round)).state).toBe('published');
  });

  it('the figures stay through later answers, changed units, a changed minimum and another day', async () => {
    await storeResponses(
      product.context,
      { round, unit: 'Q1', survey: 'parents-thcs', service: 'thcs' },
      25,
      atRandom(77),
    );
    await mongoose.connection
      .collection('roundUnits')
      .updateOne({ round, unit: 'Q1' }, { $set: { name: 'Tên khác' } });
    await mongoose.connection
      .collection('units')
      .updateOne({ _id: 'Q1' as never }, { $set: { name: 'Tên khác' } });
    const config = { ...product.context.config, minimumRespondents: 40 };
    const context = { ...product.context, config };
    const before = product.app;
    const later: TestApp = { ...product, context, app: createApp(context) };
    product = later;
    try {
      const now = await everyPublicPage();
      for (const [path, page] of pages) expect([path, now.get(path) === page]).toEqual([path, true]);
    } finally {
      product = {
        ...later,
        context: { ...context, config: { ...config, minimumRespondents: 5 } },
        app: before,
      };
      await mongoose.connection
        .collection('roundUnits')
        .updateOne({ round, unit: 'Q1' }, { $set: { name: 'Trường Q1' } });
    }
  });

  it('what somebody changed in the database is not shown', async () => {
    const parts = mongoose.connection.collection('sealedParts');
    const [publication] = await publicationsOf(round);
    const id = { _id: `${publication?.attempt}/unit-000` as never };
    const stored = await parts.findOne(id);
    const other = await parts.findOne({ _id: `${publication?.attempt}/units` as never });
    await parts.updateOne(id, { $set: { content: other?.content } });
    const fresh = createApp(product.context);
    await supertest(fresh).get(`/ket-qua/${round}/niem-phong/unit-000.json`).expect(500);
    await parts.updateOne(id, { $set: { content: stored?.content } });
    await supertest(fresh).get(`/ket-qua/${round}/niem-phong/unit-000.json`).expect(200);
  });

  it('a unit sees its own results and what is below it, and who types paper forms sees none', async () => {
    const unit = await agentOf(product, 'unit', 'Q2');
    const { text } = await unit.get('/van-phong/co-so/Q2').expect(200);
    expect(text).toContain(`/van-phong/co-so/Q2/ket-qua/${round}`);
    const own = await unit.get(`/van-phong/co-so/Q2/ket-qua/${round}`).expect(200);
    expect(own.text).toContain('Theo tiêu chí');
    expect(own.text).not.toContain('/van-phong/dot/');
    const file = await unit.get(`/van-phong/co-so/Q2/ket-qua/${round}/csv`).expect(200);
    expect(csvOf(file.text)).toEqual(
      csvOf(pages.get('/du-lieu.csv') ?? '').filter(({ don_vi_ma }) => don_vi_ma === 'Q2'),
    );
    await unit.get(`/van-phong/co-so/Q3/ket-qua/${round}`).expect(404);
    const commune = await agentOf(product, 'unit', 'XA1');
    await commune.get(`/van-phong/co-so/XA1/ket-qua/${round}`).expect(200);
    await commune.get(`/van-phong/co-so/Q2/ket-qua/${round}`).expect(200);
    const entry = await agentOf(product, 'entry', 'Q2');
    await entry.get(`/van-phong/co-so/Q2/ket-qua/${round}`).expect(404);
    await entry.get(`/van-phong/co-so/Q2/ket-qua/${round}/csv`).expect(404);
  });

  it('both are in the audit log', async () => {
    const entries = await mongoose.connection
      .collection('auditEntries')
      .find({ action: { $in: ['results-published', 'unit-results-exported'] } })
      .toArray();
    expect(entries.map(({ action }) => action).sort()).toEqual([
      'results-published',
      'unit-results-exported',
    ]);
  });
});

describe('a correction', () => {
  it('brings late answers into a new revision with its reason; the old one stays, and says so', async () => {
    const before = headlineOf((await everybody().get(`/ket-qua/${round}`)).text);
    await addLate(product, office, round, [['Q2', 'parents-thcs', 'thcs', 30]]);
    // What is published stays up meanwhile.
    expect(headlineOf((await everybody().get(`/ket-qua/${round}`)).text)).toBe(before);
    expect((await publishByPage(office, round, '')).status).toBe(422);
    expect((await publishByPage(office, round, 'Bổ sung phiếu đến muộn của trường Q2')).status).toBe(303);
    const { text } = await everybody().get(`/ket-qua/${round}`).expect(200);
    expect(text).toContain('Lý do: Bổ sung phiếu đến muộn của trường Q2');
    const old = await everybody().get(`/ket-qua/${round}?ban=1`).expect(200);
    expect(old.text).toContain('đã được thay bằng bản 2');
    expect(headlineOf(old.text)).toBe(before);
    const [first, second] = await publicationsOf(round);
    const manifest = await everybody().get(`/ket-qua/${round}/niem-phong.json`).expect(200);
    expect(manifest.body).toMatchObject({ revision: 2, replaces: first?.seal });
    expect(second?.seal).not.toBe(first?.seal);
    await everybody().get(`/ket-qua/${round}?ban=3`).expect(404);
    await everybody().get(`/ket-qua/${round}?ban=x`).expect(404);
  });

  it('is refused where so few people came that the two revisions together would tell about them', async () => {
    await addLate(product, office, round, [['Q3', 'parents-thcs', 'thcs', 2]]);
    const { text } = await office.get(`/van-phong/dot/${round}/cong-bo`).expect(200);
    expect(text).toContain('của ít hơn 5 người');
    expect((await publishByPage(office, round, 'Bổ sung hai phiếu giấy')).status).toBe(422);
    expect(await publicationsOf(round)).toHaveLength(2);
    await office.post(`/van-phong/dot/${round}/cong-bo/giu-nguyen`).expect(409);
  });

  it('hides what the difference of two revisions would tell', async () => {
    // Two more at Q3 were added above; with 20 at Q2 the whole can be told, Q3 cannot.
    await storeResponses(
      product.context,
      { round, unit: 'Q2', survey: 'parents-thcs', service: 'thcs' },
      20,
      atRandom(5),
    );
    expect((await publishByPage(office, round, 'Bổ sung phiếu giấy của hai trường')).status).toBe(303);
    const { text } = await everybody().get(`/ket-qua/${round}/du-lieu.csv`).expect(200);
    const q3 = csvOf(text).find(({ don_vi_ma, dich_vu_ma }) => don_vi_ma === 'Q3' && dich_vu_ma === '');
    expect(q3).toMatchObject({ an: '1', ty_le_hai_long: '' });
    const old = await everybody().get(`/ket-qua/${round}/du-lieu.csv?ban=2`).expect(200);
    const before = csvOf(old.text).find(
      ({ don_vi_ma, dich_vu_ma }) => don_vi_ma === 'Q3' && dich_vu_ma === '',
    );
    expect(before?.an).toBe('0');
  });

  it('that brought nothing is dropped, and no revision is made', async () => {
    await addLate(product, office, round, []);
    expect((await existingRound(round)).state).toBe('closed');
    await office.post(`/van-phong/dot/${round}/cong-bo/giu-nguyen`).expect(303);
    const { state, publications, history } = await existingRound(round);
    expect([state, publications.length, history.at(-1)?.what]).toEqual(['published', 3, 'kept']);
  });
});

it('of two people who publish at once one does', async () => {
  const other = await closedRound(product, { label: 'Đợt sau', opens: '2026-10-10' as Day });
  const page = `/van-phong/dot/${other}/cong-bo`;
  const { text } = await office.get(page).expect(200);
  const seen = /name="da-xem" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const answers = await Promise.all(
    [1, 2, 3].map(() => office.post(page).type('form').send({ 'da-xem': seen })),
  );
  // Who is second watches the job of the first, or comes too late.
  for (const { status } of answers) expect([303, 409]).toContain(status);
  const [job] = answers.flatMap((answer) => jobOf(answer) ?? []);
  if (job) await jobEnd(job);
  expect(await publicationsOf(other)).toHaveLength(1);
  const entries = mongoose.connection.collection('auditEntries');
  expect(await entries.countDocuments({ action: 'results-published', subject: other })).toBe(1);
  const attempts = await mongoose.connection.collection('sealedParts').distinct('attempt', { round: other });
  expect(attempts).toHaveLength(1);
});

it('a round is compared with the published ones before it, as they were published', async () => {
  const [other = ''] = (
    await mongoose.connection.collection('rounds').find({ label: 'Đợt sau' }).toArray()
  ).map(({ _id }) => String(_id));
  const { text } = await everybody().get(`/ket-qua/${other}/so-sanh`).expect(200);
  expect(text).toContain(`/ket-qua/${round}?ban=3`);
  expect(text).toMatch(/data-compared="total"/);
  await everybody().get(`/ket-qua/${other}/so-sanh?voi=${round}`).expect(200);
  await everybody().get(`/ket-qua/${other}/so-sanh?voi=khong-co`).expect(404);
  const list = await everybody().get('/ket-qua').expect(200);
  expect([...list.text.matchAll(/<h3><a href="([^"]+)"/g)].map(([, address]) => address)).toEqual([
    `/ket-qua/${other}`,
    `/ket-qua/${round}`,
  ]);
  expect((await everybody().get('/').expect(200)).text).toContain('href="/ket-qua"');
});

it('of two servers that publish at once one does', async () => {
  const code = await closedRound(product, { label: 'Đợt sớm', opens: '2026-09-20' as Day });
  const closed = await existingRound(code);
  const by = { account: 'vanphong', reason: '' };
  const tries = await Promise.allSettled([1, 2, 3].map(() => publish(product.context, closed, by)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await publicationsOf(code)).toHaveLength(1);
  const attempts = await mongoose.connection.collection('sealedParts').distinct('attempt', { round: code });
  expect(attempts).toHaveLength(1);
});

function headlineOf(html: string): string {
  return (/<p class="big">([^<]+)<\/p>/.exec(html)?.[1] ?? '').replace(/[\s\u00a0]+/g, ' ').trim();
}

function csvOf(text: string): Record<string, string>[] {
  return parse(text, { bom: true, columns: true }) as Record<string, string>[];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
