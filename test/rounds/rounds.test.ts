import { randomBytes } from 'node:crypto';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import type { Day } from '../../models/day.js';
import { countOfRound } from '../../models/responses.js';
import { roundByCode } from '../../models/rounds.js';
import { keepSnapshot, type RoundUnit, unitsOfRound } from '../../models/roundUnits.js';
import { allUnits, storeUnits } from '../../models/units.js';
import { createRound, type RoundDraft } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { draft, filledForm, officeAgent, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { rowsOf } from '../results/page.js';

let product: TestApp;
let office: TestAgent;
/** Two units of their own for every test. */
let units: [string, string];

beforeAll(async () => {
  product = await startTestApp('2026-10-15');
  office = await officeAgent(product);
});
beforeEach(async () => {
  product.setToday('2026-10-15');
  const name = randomBytes(4).toString('hex').toUpperCase();
  units = [`${name}-1`, `${name}-2`];
  await storeUnits([
    unitRow(units[0], ['thcs', 'thpt'], 'Trường Liên cấp'),
    { ...unitRow(units[1], ['mam-non'], 'Trường Mầm non'), parent: units[0], enrolment: 120 },
  ]);
});
afterAll(dropDatabase);

describe('a round that is not open', () => {
  it('takes no answers as a draft', async () => {
    const round = await newDraft();
    const link = await linkOf(units[1]);
    await supertest(product.app).get(`/k/${link}`).expect(409);
    await send(link).expect(409);
    expect(await countOfRound(round)).toBe(0);
    expect(await unitsOfRound(round)).toEqual([]);
  });

  it('can be thrown away as a draft, but not once it is open', async () => {
    const unwanted = await newDraft();
    const away = await office.post(`/van-phong/dot/${unwanted}/xoa`).expect(303);
    expect(away.headers.location).toBe('/van-phong');
    expect(await roundByCode(unwanted)).toBeNull();
    await office.post(`/van-phong/dot/${unwanted}/xoa`).expect(404);
    const [entry] = await entriesOf('round-draft-deleted', 1);
    expect(entry?.subject).toBe(unwanted);
    const round = await newDraft();
    await opens(round, 303);
    await office.post(`/van-phong/dot/${round}/xoa`).expect(409);
    expect(await roundByCode(round)).not.toBeNull();
    expect(await unitsOfRound(round)).not.toEqual([]);
  });

  it('takes no answers before its first and after its last day', async () => {
    const round = await newDraft();
    await opens(round, 303);
    const link = await linkOf(units[1]);
    for (const day of ['2026-09-30', '2026-12-01']) {
      product.setToday(day);
      await send(link).expect(409);
    }
    for (const [day, stored] of [
      ['2026-10-01', 1],
      ['2026-11-30', 2],
    ] as const) {
      product.setToday(day);
      await send(link).expect(303);
      expect(await countOfRound(round)).toBe(stored);
    }
  });

  it('takes no answers once it is closed', async () => {
    const round = await newDraft();
    await opens(round, 303);
    const link = await linkOf(units[1]);
    await send(link).expect(303);
    await close(round).expect(303);
    await send(link).expect(409);
    expect(await countOfRound(round)).toBe(1);
  });
});

describe('a round cannot be opened', () => {
  it('where there is none: 404', async () => {
    for (const address of ['/mo', '/dong', '', '/ty-le.csv']) {
      const path = `/van-phong/dot/khong-co${address}`;
      const answer = await (address === '/mo' || address === '/dong' ? office.post(path) : office.get(path));
      expect(answer.status).toBe(404);
      expect(answer.text).toContain('Không có đợt khảo sát này');
    }
    for (const odd of ['%00', '..%2f..%2fetc', '$ne', '[object Object]', 'x'.repeat(2000)])
      await office.post(`/van-phong/dot/${encodeURI(odd)}/mo`).expect(404);
    await office.post('/van-phong/dot/%ff/mo').expect(400);
  });

  it.each<[string, Partial<RoundDraft>, RegExp]>([
    [
      'whose last day is over',
      { opens: '2026-03-01' as Day, closes: '2026-10-14' as Day },
      /Ngày đóng đã qua/,
    ],
    ['without units', { units: [] }, /Không có đơn vị nào/],
    ['with a unit that is gone', { units: ['MAT-TICH'] }, /không còn trong danh sách: MAT-TICH/],
  ])('%s', async (_name, change, sentence) => {
    const round = await newDraft(change);
    const answer = await opens(round, 409);
    expect(answer.text).toMatch(sentence);
    expect((await roundByCode(round))?.state).toBe('draft');
    expect(await unitsOfRound(round)).toEqual([]);
  });

  it('with a unit that none of its surveys asks about', async () => {
    const round = await newDraft({ surveys: ['parents-thcs'] });
    const answer = await opens(round, 409);
    expect(answer.text).toContain('không có phiếu cho cấp học của mình: Trường Mầm non');
    expect((await roundByCode(round))?.state).toBe('draft');
  });

  it('while another open round asks the same of the same unit in the same days', async () => {
    await opens(await newDraft({ label: 'Đợt trước' }), 303);
    const clashing = await newDraft({ opens: '2026-11-30' as Day, closes: '2026-12-31' as Day });
    const answer = await opens(clashing, 409);
    expect(answer.text).toContain('Đợt “Đợt trước” đang mở');
    expect((await roundByCode(clashing))?.state).toBe('draft');
    expect(await unitsOfRound(clashing)).toEqual([]);

    product.setToday('2026-09-15');
    const before = await newDraft({ opens: '2026-09-15' as Day, closes: '2026-10-01' as Day });
    await opens(before, 409);
    const free = await newDraft({ opens: '2026-09-15' as Day, closes: '2026-09-30' as Day });
    await opens(free, 303);
  });

  it('twice, nor once it is closed', async () => {
    const round = await newDraft();
    await opens(round, 303);
    await opens(round, 409);
    await close(round).expect(303);
    await opens(round, 409);
    expect((await roundByCode(round))?.state).toBe('closed');
  });

  it('by two people at once but by one of them, with every unit in it', async () => {
    for (let time = 0; time < 5; time += 1) {
      const round = await newDraft({ surveys: ['parents-mam-non', 'parents-thcs'] });
      const seen = await seenAt(round);
      const answers = await Promise.all([open(round, seen), open(round, seen), open(round, seen)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 409, 409]);
      expect((await unitsOfRound(round)).map(({ unit }) => unit)).toEqual(units);
      expect((await entriesOf('round-opened', 1000)).filter(({ subject }) => subject === round)).toHaveLength(
        1,
      );
      await close(round).expect(303);
    }
  });

  it('together with another that clashes: at most one of the two is open afterwards', async () => {
    for (let time = 0; time < 5; time += 1) {
      const rounds = await Promise.all([newDraft(), newDraft()]);
      const seen = await Promise.all(rounds.map(seenAt));
      const answers = await Promise.all(rounds.map((round, index) => open(round, seen[index])));
      const states = await Promise.all(rounds.map(async (round) => (await roundByCode(round))?.state));
      expect(states.filter((state) => state === 'open').length).toBeLessThanOrEqual(1);
      expect(answers.map(({ status }) => status)).toEqual(
        states.map((state) => (state === 'open' ? 303 : 409)),
      );
      for (const [index, round] of rounds.entries())
        if (states[index] === 'open') await close(round).expect(303);
    }
  });
});

describe('a round cannot be closed', () => {
  it('as a draft, nor twice', async () => {
    const round = await newDraft();
    await close(round).expect(409);
    await opens(round, 303);
    const answers = await Promise.all([close(round), close(round)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
    expect((await roundByCode(round))?.state).toBe('closed');
    expect((await entriesOf('round-closed', 1000)).filter(({ subject }) => subject === round)).toHaveLength(
      1,
    );
  });
});

describe('a round that is opened', () => {
  it('keeps its units as they are: names, tree, levels, link codes and what they are asked', async () => {
    const round = await newDraft({
      surveys: ['parents-thcs', 'parents-thpt', 'students-thpt', 'parents-mam-non'],
    });
    await opens(round, 303);
    const before = await unitsOfRound(round);
    expect(before).toEqual([
      {
        _id: `${round}/${units[0]}`,
        round,
        unit: units[0],
        name: 'Trường Liên cấp',
        path: [],
        levels: ['thcs', 'thpt'],
        enrolment: null,
        kind: 'school',
        predecessors: [],
        area: null,
        linkCode: await linkOf(units[0]),
        offers: [
          { survey: 'parents-thcs', service: 'thcs' },
          { survey: 'parents-thpt', service: 'thpt' },
          { survey: 'students-thpt', service: 'thpt' },
        ],
        quota: null,
        forms: null,
        stratum: null,
        pathNames: [],
      },
      {
        _id: `${round}/${units[1]}`,
        round,
        unit: units[1],
        name: 'Trường Mầm non',
        path: [units[0]],
        levels: ['mam-non'],
        enrolment: 120,
        kind: 'school',
        predecessors: [],
        area: null,
        linkCode: await linkOf(units[1]),
        offers: [{ survey: 'parents-mam-non', service: 'mam-non' }],
        quota: null,
        forms: null,
        stratum: null,
        pathNames: ['Trường Liên cấp'],
      },
    ]);

    await storeUnits([
      { ...unitRow(units[0], ['thcs'], 'Trường THCS mới'), area: 'Đô thị' },
      unitRow(units[1], ['mam-non', 'tieu-hoc'], 'Trường đổi tên'),
    ]);
    expect(await unitsOfRound(round)).toEqual(before);
    const page = await office.get(`/van-phong/dot/${round}/don-vi`).expect(200);
    expect(page.text).toContain('Trường Liên cấp');
    expect(page.text).not.toContain('Trường THCS mới');
  });

  it('takes every unit there is by then, where it is for every unit', async () => {
    const surveys = ['learners-gdtx'];
    const round = await newDraft({ surveys, units: null });
    expect((await roundByCode(round))?.units).toEqual([]);
    const answer = await opens(round, 409);
    expect(answer.text).toContain('Hãy nhập danh sách đơn vị trước');
    await storeUnits([unitRow('TT1', ['gdtx']), unitRow('TT2', ['gdtx', 'thpt'])]);
    await opens(round, 303);
    expect((await unitsOfRound(round)).map(({ unit }) => unit)).toEqual(['TT1', 'TT2']);
    expect((await roundByCode(round))?.units).toEqual(['TT1', 'TT2']);
    await close(round).expect(303);
  });

  it('keeps no unit of an earlier attempt to open it', async () => {
    const round = await newDraft({ surveys: ['parents-tieu-hoc'], units: null });
    await keepSnapshot(round, [{ ...(await anySnapshot()), _id: `${round}/CU`, round, unit: 'CU' }]);
    await storeUnits([unitRow('TH1', ['tieu-hoc'])]);
    await opens(round, 303);
    const kept = (await unitsOfRound(round)).map(({ unit }) => unit);
    expect(kept).toContain('TH1');
    expect(kept).not.toContain('CU');
    await close(round).expect(303);
  });

  it('takes names that changed between the draft and the opening', async () => {
    const round = await newDraft();
    await storeUnits([unitRow(units[1], ['mam-non'], 'Tên mới trước khi mở')]);
    await opens(round, 303);
    expect((await unitsOfRound(round)).at(1)?.name).toBe('Tên mới trước khi mở');
  });

  it('is in the log, as its closing is', async () => {
    const round = await newDraft();
    await opens(round, 303);
    await close(round).expect(303);
    for (const action of ['round-opened', 'round-closed'])
      expect((await entriesOf(action, 1))[0]).toMatchObject({ account: 'vanphong', subject: round });
  });

  it('may be in its last day', async () => {
    await opens(await newDraft({ closes: '2026-10-15' as Day }), 303);
  });

  it('may stand beside one on other days, and beside one that asks something else', async () => {
    await opens(await newDraft(), 303);
    await opens(await newDraft({ opens: '2026-12-01' as Day, closes: '2026-12-31' as Day }), 303);
    const desk = await newDraft({ subject: 'procedure', surveys: ['citizens-tthc'], units: [units[1]] });
    await opens(desk, 303);
  });

  it('with the label of an earlier one has a code and units of its own', async () => {
    const first = await newDraft({ label: 'Đợt cùng tên' });
    const second = await newDraft({ label: 'Đợt cùng tên' });
    expect(second).toBe(`${first}-2`);
    await opens(second, 303);
    expect((await roundByCode(first))?.state).toBe('draft');
    expect(await unitsOfRound(first)).toEqual([]);
    expect(await unitsOfRound(second)).toHaveLength(2);
  });
});

describe('the page of all rounds', () => {
  it('names each with its state on this day, its responses and what is to be done next', async () => {
    const label = `Đợt ${units[0]}`;
    const round = await newDraft({ label });
    /** State, units and responses. */
    const row = async () => {
      const rows = rowsOf((await office.get('/van-phong').expect(200)).text);
      return rows.find(([name = '']) => name.startsWith(label))?.slice(3);
    };
    expect(await row()).toEqual(['Bản nháp', '2', '0', 'Kiểm tra rồi mở đợt']);
    await opens(round, 303);
    await send(await linkOf(units[1])).expect(303);
    expect(await row()).toEqual(['Đang mở', '2', '1', 'Theo dõi tiến độ; còn 46 ngày']);
    product.setToday('2026-11-25');
    expect((await row())?.at(-1)).toBe('Còn 5 ngày: nhắc đơn vị chậm');
    product.setToday('2026-11-30');
    expect((await row())?.at(-1)).toBe('Hôm nay là ngày cuối: xem tiến độ');
    product.setToday('2026-09-01');
    expect(await row()).toEqual(['Chờ đến ngày mở', '2', '1', 'Phát đường dẫn; mở sau 30 ngày']);
    product.setToday('2026-12-01');
    expect(await row()).toEqual(['Hết hạn nhận phiếu', '2', '1', 'Hết hạn: gia hạn hoặc đóng đợt']);
    await close(round).expect(303);
    expect(await row()).toEqual(['Đã đóng', '2', '1', 'Rà soát rồi công bố']);
  });
});

/** The snapshot of some unit in some round. */
async function anySnapshot(): Promise<RoundUnit> {
  const round = await newDraft();
  await opens(round, 303);
  const [snapshot] = await unitsOfRound(round);
  if (!snapshot) throw new Error('a round without units');
  return snapshot;
}

function newDraft(change: Partial<RoundDraft> = {}): Promise<string> {
  return createRound(product.context, draft(product.context, { units, ...change }));
}

/** Opens a round as the office does: looks at what there is to know about it, says so, and presses the button. */
async function open(round: string, seen?: string) {
  const warnings = seen ?? (await seenAt(round));
  return office.post(`/van-phong/dot/${round}/mo`).type('form').send({ 'da-xem': warnings });
}

async function opens(round: string, status: number) {
  const answer = await open(round);
  expect(answer.status).toBe(status);
  return answer;
}

/** What the page of a draft gives to say that its warnings were seen; empty where there are none. */
async function seenAt(round: string): Promise<string> {
  const page = await office.get(`/van-phong/dot/${round}/quan-ly`);
  return /name="da-xem" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
}

function close(round: string) {
  return office.post(`/van-phong/dot/${round}/dong`);
}

async function linkOf(code: string): Promise<string> {
  return (await allUnits()).find(({ _id }) => _id === code)?.linkCode ?? '';
}

/** One parent's form of the kindergarten. */
function send(link: string) {
  return supertest(product.app)
    .post(`/k/${link}/parents-mam-non/mam-non?phieu=${randomBytes(16).toString('base64url')}`)
    .type('form')
    .send(filledForm(product.context, 'parents-mam-non', '4'));
}
