/** Invitation codes as the office and the units see them: made, printed again, exported, withdrawn; never which is used. */
import type TestAgent from 'supertest/lib/agent.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../models/auditEntries.js';
import { invitationBatches } from '../../models/invitationBatches.js';
import { parseInvitationCode } from '../../models/invitationCode.js';
import { codeAt, digestOf } from '../../models/invitationSecrets.js';
import { addInvitations, invitationCounts, NONE, revokeUnused } from '../../models/invitations.js';
import { roundByCode } from '../../models/rounds.js';
import { storeUnits } from '../../models/units.js';
import { codesOf, makeCodes } from '../../server/distribute/invitations.js';
import { closeRound, createRound, openRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { agentOf } from '../http/testAccounts.js';
import { draft, officeAgent, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';
import { jobEnd } from '../jobs/jobEnd.js';

let product: TestApp;
let office: TestAgent;
let leader: TestAgent;
let school: TestAgent;
let round: string;
let page: string;
const own = () => `/van-phong/co-so/Q1/dot/${round}/ma-moi`;

beforeAll(async () => {
  product = await startTestApp();
  office = await officeAgent(product);
  leader = await agentOf(product, 'leader');
  school = await agentOf(product, 'unit', 'Q1');
  await storeUnits([
    unitRow('SO', []),
    { ...unitRow('XA1', [], 'Xã Một'), parent: 'SO' },
    { ...unitRow('XA2', [], 'Xã Hai'), parent: 'SO' },
    { ...unitRow('Q1', ['thcs']), parent: 'XA1' },
    { ...unitRow('Q2', ['thpt']), parent: 'XA2' },
  ]);
  round = await createRound(product.context, draft(product.context, { units: ['Q1', 'Q2'] }));
  page = `/van-phong/dot/${round}/ma-moi`;
});
afterAll(dropDatabase);

const post = (address: string, form: Record<string, string>, agent = office) =>
  agent.post(address).type('form').send(form);

const counts = async (unit: string) => (await invitationCounts(round, unit)).get(unit) ?? NONE;

/** Makes codes as the office does, and waits until they are there. */
async function make(form: Record<string, string>): Promise<string> {
  const { headers } = await post(`${page}/tao`, form).expect(303);
  const address = String(headers.location);
  expect((await jobEnd(address.split('/').at(-1) ?? '')).state).toBe('done');
  return (await office.get(address).expect(200)).text;
}

const printedIn = (text: string) =>
  [...text.matchAll(/class="invitation">([^<]+)</g)].map(([, code = '']) => parseInvitationCode(code));

describe('how a round is answered', () => {
  it('is refused where it is neither by link nor by invitation', async () => {
    const { text } = await post(`${page}/cach-tra-loi`, { access: 'post' }).expect(422);
    expect(text).toContain('href="#access"');
    expect((await roundByCode(round))?.access).toBe('link');
  });

  it('is chosen on the draft, and told in the audit log', async () => {
    await post(`${page}/cach-tra-loi`, { access: 'invitation' }).expect(303);
    expect((await roundByCode(round))?.access).toBe('invitation');
    expect((await entriesOf('round-access-set', 1))[0]).toMatchObject({ subject: round });
  });

  it('has no codes before the round is open', async () => {
    await post(`${page}/tao`, { basis: 'number', number: '5' }).expect(409);
    await office.get(`${page}/phieu`).expect(409);
    await office.get(`${page}/ma.csv`).expect(409);
  });

  it('is not changed once the round is open', async () => {
    expect(await openRound(product.context, round)).toEqual([]);
    await post(`${page}/cach-tra-loi`, { access: 'link' }).expect(409);
  });

  it('by link has no codes at all', async () => {
    const other = await openedRound(product, [unitRow('Q9', ['thcs'])], {
      label: 'Theo đường dẫn',
      units: ['Q9'],
    });
    await post(`/van-phong/dot/${other.round}/ma-moi/tao`, { basis: 'number', number: '5' }).expect(409);
    await office.get(`/van-phong/co-so/Q9/dot/${other.round}/ma-moi`).expect(409);
    expect((await office.get(`/van-phong/dot/${other.round}/ma-moi`).expect(200)).text).toContain(
      'không đổi được nữa',
    );
  });
});

describe('codes are not made', () => {
  it.each([
    [{ basis: 'number', number: '0' }, 'number'],
    [{ basis: 'number', number: '20001' }, 'number'],
    [{ basis: 'number', number: '1e3' }, 'number'],
    [{ basis: 'number' }, 'number'],
    [{ basis: 'toString' }, 'basis'],
    [{}, 'basis'],
  ])('for %j', async (form, field) => {
    const { text } = await post(`${page}/tao`, form as Record<string, string>).expect(422);
    expect(text).toMatch(/<title>Lỗi: /);
    expect(text).toContain(`href="#${field}"`);
    expect(text).toContain(`id="${field}"`);
  });

  it('by a unit, nor by leaders', async () => {
    await post(`${own()}/tao`, { number: '5' }, school).expect(404);
    await post(`${page}/tao`, { basis: 'number', number: '5' }, leader).expect(403);
    expect((await school.get(own()).expect(200)).text).toContain('Đơn vị chưa có mã mời');
  });
});

describe('codes', () => {
  it('are made for every unit, once, whatever is pressed again', async () => {
    expect(await make({ basis: 'number', number: '12' })).toContain('Đã tạo 24 mã cho 2 đơn vị');
    expect(await counts('Q1')).toEqual({ unused: 12, used: 0, revoked: 0 });
    expect(await make({ basis: 'number', number: '12' })).toContain('Đã tạo 0 mã cho 0 đơn vị');
    expect(await make({ basis: 'number', number: '15' })).toContain('Đã tạo 6 mã cho 2 đơn vị');
    expect(await counts('Q2')).toEqual({ unused: 15, used: 0, revoked: 0 });
    expect((await entriesOf('invitation-codes-made', 9)).length).toBe(3);
  });

  it('are told to be missing for units of which nothing says how many', async () => {
    expect(await make({ basis: 'quota' })).toContain('2 đơn vị chưa có số phiếu phát ra hay chỉ tiêu');
  });

  it('are printed as slips, the same ones again, each with its own address', async () => {
    const first = (await school.get(`${own()}/phieu`).expect(200)).text;
    const codes = printedIn(first);
    expect(codes).toHaveLength(15);
    expect(new Set(codes).size).toBe(15);
    expect(codes).not.toContain(null);
    expect(printedIn((await school.get(`${own()}/phieu`)).text)).toEqual(codes);
    for (const code of codes) expect(first).toMatch(new RegExp(`aria-label="[^"]*/m/${code}"`));
    expect(first.match(/class="sheet invites"/g)).toHaveLength(2);
  });

  it('are printed for one commune at a time', async () => {
    const all = printedIn((await office.get(`${page}/phieu`).expect(200)).text);
    const one = printedIn((await office.get(`${page}/phieu?duoi=XA2`).expect(200)).text);
    expect(all).toHaveLength(30);
    expect(one).toHaveLength(15);
    expect(all).toEqual(expect.arrayContaining(one));
    await office.get(`${page}/phieu?duoi=XA9`).expect(404);
    expect((await entriesOf('invitation-codes-printed', 1))[0]).toMatchObject({ account: 'vanphong' });
  });

  it('are exported with unit and address, and without what became of them', async () => {
    const { text } = await office
      .get(`${page}/ma.csv`)
      .expect(200)
      .expect('content-type', /text\/csv/);
    const lines = text.trim().split('\r\n');
    expect(lines).toHaveLength(31);
    expect(lines[0]).toBe('"Mã đơn vị","Tên đơn vị","Mã mời","Địa chỉ"');
    expect(lines[1]).toMatch(/^"Q\d","Trường Q\d","[^"]{13}","http:\/\/[^"]+\/m\/[^"]{11}"$/);
    expect((await entriesOf('invitation-codes-exported', 1))[0]).toMatchObject({ subject: round });
  });

  it('of another unit are not seen by a unit', async () => {
    await school.get(`/van-phong/co-so/Q2/dot/${round}/ma-moi/phieu`).expect(404);
    const [batch] = await invitationBatches(round, 'Q2');
    await school.get(`${own()}/phieu?lan=${batch?._id}`).expect(404);
    await post(`${own()}/thu-hoi`, { batch: batch?._id ?? '' }, school).expect(404);
  });

  it('made twice after a failure are the same, and none is missing or left over', async () => {
    const place = { round, unit: 'Q1' };
    const before = await counts('Q1');
    const secret = product.context.config.sessionSecret;
    const some = [0, 3, 4].map((index) =>
      digestOf(secret, codeAt(secret, { ...place, batch: 'halb.Q1', index })),
    );
    await addInvitations({ ...place, batch: 'halb.Q1' }, some);
    await makeCodes(product.context, place, 'halb', 10);
    await makeCodes(product.context, place, 'halb', 10);
    expect((await counts('Q1')).unused).toBe(before.unused + 10);
  });

  it('that another batch has by chance are passed over, in print as well', async () => {
    const place = { round, unit: 'Q1' };
    const secret = product.context.config.sessionSecret;
    const taken = codeAt(secret, { ...place, batch: 'doppelt.Q1', index: 2 });
    await addInvitations({ round, unit: 'Q2', batch: 'anderswo' }, [digestOf(secret, taken)]);
    await makeCodes(product.context, place, 'doppelt', 6);
    const batch = (await invitationBatches(round, 'Q1')).find(({ _id }) => _id === 'doppelt.Q1');
    if (!batch) throw new Error('no batch');
    expect(batch.skipped).toEqual([2]);
    const codes = [...codesOf(product.context, batch)];
    expect(codes).toHaveLength(6);
    expect(codes).not.toContain(taken);
  });
});

describe('withdrawing', () => {
  it('of a code that is wrong, of another unit or withdrawn already says so without telling which', async () => {
    const [foreign = ''] = printedIn((await office.get(`${page}/phieu?duoi=XA2`)).text);
    for (const code of ['', 'x', '2222-2222-222', foreign ?? '']) {
      const { text } = await post(`${own()}/thu-hoi`, { code }, school).expect(422);
      expect(text).toContain('Không thu hồi được: mã không đúng, đã được dùng hoặc đã thu hồi.');
    }
  });

  it('one takes it out of use, once', async () => {
    const [code = ''] = printedIn((await school.get(`${own()}/phieu`)).text);
    const before = await counts('Q1');
    const { headers } = await post(`${own()}/thu-hoi`, { code: String(code).toLowerCase() }, school).expect(
      303,
    );
    expect((await school.get(String(headers.location))).text).toContain('Đã thu hồi 1 mã.');
    expect(await counts('Q1')).toEqual({ ...before, unused: before.unused - 1, revoked: 1 });
    await post(`${own()}/thu-hoi`, { code: String(code) }, school).expect(422);
  });

  it('a batch takes its slips out of print as well', async () => {
    const batch = (await invitationBatches(round, 'Q1')).find(({ count }) => count === 10);
    const before = (await counts('Q1')).unused;
    await post(`${own()}/thu-hoi`, { batch: batch?._id ?? '' }, school).expect(303);
    expect((await counts('Q1')).unused).toBe(before - 10);
    await school.get(`${own()}/phieu?lan=${batch?._id}`).expect(404);
  });

  it('everything unused is for the office, and used codes stay used', async () => {
    await post(`${page}/thu-hoi`, { all: 'yes' }, leader).expect(403);
    const unused = (await counts('Q1')).unused + (await counts('Q2')).unused;
    expect((await counts('Q2')).unused).toBeGreaterThan(0);
    const { headers } = await post(`${page}/thu-hoi`, { all: 'yes' }).expect(303);
    expect((await jobEnd(String(headers.location).split('/').at(-1) ?? '')).state).toBe('done');
    expect((await office.get(String(headers.location))).text).toContain(`Đã thu hồi ${unused} mã chưa dùng`);
    expect((await counts('Q1')).unused).toBe(0);
    expect((await counts('Q2')).unused).toBe(0);
    expect(printedIn((await office.get(`${page}/phieu`)).text)).toEqual([]);
    expect(await revokeUnused({ round })).toBe(0);
    expect((await entriesOf('invitation-codes-revoked', 1))[0]).toMatchObject({ subject: round });
    // Whoever lost everything gets as many again.
    expect(await make({ basis: 'number', number: '3' })).toContain('Đã tạo 6 mã cho 2 đơn vị');
  });
});

it('no code is made once the round is over', async () => {
  await closeRound(round, product.context.today());
  const { headers } = await post(`${page}/tao`, { basis: 'number', number: '50' }).expect(303);
  expect(await jobEnd(String(headers.location).split('/').at(-1) ?? '')).toMatchObject({
    state: 'failed',
    problem: 'round-state',
  });
  expect((await office.get(String(headers.location))).text).toContain('Không làm được');
});
