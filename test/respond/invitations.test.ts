/** Answering by invitation: a code answers once, whatever fails, and nothing of it is with the answers. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import mongoose from 'mongoose';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invitationBatches } from '../../models/invitationBatches.js';
import {
  type InvitationCode,
  parseInvitationCode,
  printedInvitationCode,
} from '../../models/invitationCode.js';
import { claimOf, digestOf } from '../../models/invitationSecrets.js';
import {
  claimInvitation,
  invitationCounts,
  invitationOf,
  revokeInvitation,
} from '../../models/invitations.js';
import { setAccess } from '../../models/roundChanges.js';
import { allUnits, storeUnits } from '../../models/units.js';
import { codesOf, makeCodes, newBatchName } from '../../server/distribute/invitations.js';
import { closeRound, createRound, openRound } from '../../server/rounds/rounds.js';
import { dropDatabase } from '../database.js';
import { draft, filledForm, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

let product: TestApp;
let round: string;
let links: Map<string, string>;
let codes: InvitationCode[];
let form: Record<string, string>;

beforeAll(async () => {
  product = await startTestApp();
  await storeUnits([unitRow('Q1', ['thcs']), unitRow('Q2', ['thpt']), unitRow('Q3', ['thcs'])]);
  round = await createRound(product.context, draft(product.context, { units: ['Q1', 'Q2'] }));
  expect(await setAccess(round, 'invitation')).toBe(true);
  expect(await openRound(product.context, round, 'vanphong')).toEqual([]);
  await makeCodes(product.context, { round, unit: 'Q1' }, newBatchName(), 60);
  await makeCodes(product.context, { round, unit: 'Q2' }, newBatchName(), 5);
  const [batch] = await invitationBatches(round, 'Q1');
  if (!batch) throw new Error('no batch');
  codes = [...codesOf(product.context, batch)];
  links = new Map((await allUnits()).map((unit) => [unit._id, unit.linkCode]));
  form = filledForm(product.context, 'parents-thcs', '4');
});
afterAll(dropDatabase);

let taken = 0;
/** A code that no test has used. */
function freshCode(): InvitationCode {
  const code = codes[taken];
  taken += 1;
  if (!code) throw new Error('no code left');
  return code;
}

const newKey = () => randomBytes(16).toString('base64url');
const visit = (path: string) => supertest(product.app).get(path);
const send = (code: string, key: string | null, answers = form) =>
  supertest(product.app)
    .post(`/m/${code}/parents-thcs/thcs${key === null ? '' : `?phieu=${key}`}`)
    .type('form')
    .send(answers);
const digest = (code: InvitationCode) => digestOf(product.context.config.sessionSecret, code);
const stored = () => mongoose.connection.collection('responses').countDocuments({ round });

/** A code with a right check character that nobody was given. */
const NOBODYS = '2222-2222-222';

describe('without a code', () => {
  it.each(['', '/parents-thcs', '/parents-thcs/thcs'])(
    'the link%s asks for it and shows no question',
    async (path) => {
      const { text } = await visit(`/k/${links.get('Q1')}${path}`).expect(200);
      expect(text).toContain('Nhập mã mời');
      expect(text).not.toContain('<fieldset');
    },
  );

  it('no answer is taken', async () => {
    const before = await stored();
    const { text } = await supertest(product.app)
      .post(`/k/${links.get('Q1')}/parents-thcs/thcs?phieu=${newKey()}`)
      .type('form')
      .send(form)
      .expect(403);
    expect(text).toContain('Phiếu này cần mã mời');
    expect(await stored()).toBe(before);
  });
});

describe('a wrong code', () => {
  it.each(['khong-phai-ma', NOBODYS, 'K7M'])('%s says so kindly and lets it be typed again', async (code) => {
    const { text } = await visit(`/m/${code}`).expect(404);
    expect(text).toContain('Không tìm thấy mã mời này');
    expect(text).toContain('name="ma"');
  });

  it('stores nothing', async () => {
    const before = await stored();
    await send(NOBODYS, newKey()).expect(404);
    expect(await stored()).toBe(before);
  });

  it('typed where every code is typed is told from a wrong code of a unit by its length', async () => {
    const wrong = NOBODYS.replace('2', '3');
    expect((await visit(`/k?ma=${wrong}`).expect(404)).text).toContain('mã 11 ký tự');
    expect((await visit(`/k?ma=${wrong.slice(0, 11)}`).expect(404)).text).toContain('mã 11 ký tự');
    expect((await visit('/k?ma=222-223').expect(404)).text).toContain('mã 6 ký tự');
  });

  it('of one character is found without looking it up, and the right one still opens the form', async () => {
    const code = freshCode();
    for (let at = 0; at < code.length; at += 1) {
      const wrong = [...code];
      wrong[at] = wrong[at] === '7' ? '9' : '7';
      expect(parseInvitationCode(wrong.join(''))).toBeNull();
      await visit(`/m/${wrong.join('')}`).expect(404);
    }
    await visit(`/m/${code}`).expect(303);
  });

  it('of another unit’s survey leads to no form', async () => {
    await visit(`/m/${freshCode()}/students-thpt/thpt`).expect(404);
  });
});

describe('a code', () => {
  it('leads to the form, typed in any way, and the form has no code in it', async () => {
    const code = freshCode();
    const typed = encodeURIComponent(` ${printedInvitationCode(code).toLowerCase()} `);
    const first = await visit(`/k?ma=${typed}`).expect(303);
    expect(first.headers.location).toBe(`/m/${code}`);
    const second = await visit(`/m/${code}`).expect(303);
    const third = await visit(String(second.headers.location)).expect(303);
    const page = await visit(String(third.headers.location)).expect(200);
    expect(page.text).toContain('<fieldset');
    expect(page.text).not.toContain(code);
    expect(page.headers['cache-control']).toBe('private, no-cache');
    // The same bytes for whoever has a code.
    expect((await visit(`/m/${freshCode()}/parents-thcs/thcs`)).text).toBe(page.text);
  });

  it('keeps to its own address on the way through the form without a script', async () => {
    const code = freshCode();
    const { text } = await visit(`/m/${code}/parents-thcs/thcs`);
    expect(text).toContain('url=thcs?phieu=moi');
    expect(text).toContain('formaction="thcs?lang=en"');
    const asked = await visit(`/m/${code}/parents-thcs/thcs?phieu=moi`).expect(303);
    expect(asked.headers.location).toMatch(new RegExp(`^/m/${code}/parents-thcs/thcs\\?phieu=[\\w-]{22}$`));
  });

  it('asks who answers where the unit has several surveys', async () => {
    const [batch] = await invitationBatches(round, 'Q2');
    const [code = ''] = batch ? codesOf(product.context, batch) : [];
    const { text } = await visit(`/m/${code}`).expect(200);
    expect(text).toContain(`href="/m/${code}/students-thpt"`);
  });

  it('takes one answer, thanks without the code in the address, and is used', async () => {
    const code = freshCode();
    const { headers } = await send(code, newKey()).expect(303);
    expect(headers.location).toMatch(new RegExp(`^/k/${links.get('Q1')}/da-nhan/`));
    await visit(String(headers.location)).expect(200);
    expect((await invitationOf(digest(code)))?.state).toBe('used');
    const { text } = await visit(`/m/${code}/parents-thcs/thcs`).expect(409);
    expect(text).toContain('Mã mời này đã được dùng');
    const before = await stored();
    expect((await send(code, newKey()).expect(409)).text).toContain('Mã mời này đã được dùng');
    expect(await stored()).toBe(before);
  });

  it('tells the form’s own script the same in its words', async () => {
    const code = freshCode();
    const json = (key: string) => send(code, key).set('Accept', 'application/json');
    expect((await json(newKey()).expect(200)).body.received).toMatch(/da-nhan/);
    expect((await json(newKey()).expect(409)).body).toMatchObject({ code: 'invitation-used' });
  });

  it('is not used by answers with something missing', async () => {
    const code = freshCode();
    const { A01: _left, ...gaps } = form;
    await send(code, newKey(), gaps).expect(422);
    expect((await invitationOf(digest(code)))?.state).toBe('unused');
    await send(code, newKey()).expect(303);
  });

  it('takes the same submission again and again, also after its claim is forgotten', async () => {
    const code = freshCode();
    const key = newKey();
    const before = await stored();
    await Promise.all(Array.from({ length: 8 }, () => send(code, key).expect(303)));
    await send(code, key).expect(303);
    expect(await stored()).toBe(before + 1);
    await send(code, key, filledForm(product.context, 'parents-thcs', '1')).expect(409);
    expect(await stored()).toBe(before + 1);
  });

  it('answers once where many send at the same time', async () => {
    const code = freshCode();
    const before = await stored();
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(code, newKey())));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(11).fill(409)]);
    expect(await stored()).toBe(before + 1);
  });

  it('goes through where the server died between using it and storing the answer', async () => {
    const code = freshCode();
    const key = newKey();
    const claim = claimOf(product.context.config.sessionSecret, key);
    expect(await claimInvitation(digest(code), { round, unit: 'Q1' }, claim)).toBe(true);
    const before = await stored();
    await send(code, newKey()).expect(409);
    await visit(`/m/${code}/parents-thcs/thcs?phieu=${key}`).expect(200);
    await send(code, key).expect(303);
    expect(await stored()).toBe(before + 1);
  });

  it('that was withdrawn says so, and takes no answer', async () => {
    const code = freshCode();
    expect(await revokeInvitation(digest(code), { round })).toBe(true);
    expect((await visit(`/m/${code}`).expect(409)).text).toContain('đã được thu hồi');
    expect((await send(code, newKey()).expect(409)).text).toContain('đã được thu hồi');
  });
});

describe('what is stored', () => {
  it('of a response is only that it came by invitation, and of a code only that it was used', async () => {
    const code = freshCode();
    const key = newKey();
    await send(code, key).expect(303);
    const invitation = await invitationOf(digest(code));
    expect(invitation).toEqual({
      _id: digest(code),
      round,
      unit: 'Q1',
      batch: invitation?.batch,
      state: 'used',
    });
    const responses = await mongoose.connection.collection('responses').find({ round }).toArray();
    const all = JSON.stringify(responses);
    for (const secret of [
      code,
      digest(code),
      claimOf(product.context.config.sessionSecret, key),
      invitation?.batch ?? '-',
    ])
      expect(all).not.toContain(secret);
    expect(new Set(responses.map(({ channel }) => channel))).toEqual(new Set(['invitation']));
  });

  it('holds no code anywhere', async () => {
    const collections = await mongoose.connection.db?.collections();
    const everything = await Promise.all((collections ?? []).map((one) => one.find().toArray()));
    const text = JSON.stringify(everything);
    for (const code of codes) expect(text).not.toContain(code);
  });

  it('counts as many used codes as there are responses, whatever order sends and repeats come in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: 2 }), fc.nat({ max: 3 })), { minLength: 1, maxLength: 12 }),
        async (sends) => {
          const some = [freshCode(), freshCode(), freshCode()];
          const keys = Array.from({ length: 4 }, newKey);
          const before = {
            used: (await invitationCounts(round)).get('Q1')?.used ?? 0,
            stored: await stored(),
          };
          await Promise.all(sends.map(([code, key]) => send(some[code] ?? '', keys[key] ?? '')));
          const used = ((await invitationCounts(round)).get('Q1')?.used ?? 0) - before.used;
          expect(used).toBeGreaterThan(0);
          // One key may be tried with several codes: it is one response, and of the codes one or more are spent on it.
          expect((await stored()) - before.stored).toBeLessThanOrEqual(used);
          expect((await stored()) - before.stored).toBeGreaterThan(0);
        },
      ),
      { numRuns: 6 },
    );
  });
});

describe('a round by link beside it', () => {
  it('is answered without a code', async () => {
    await openedRound(product, [unitRow('Q3', ['thcs'])], { label: 'Đợt thường', units: ['Q3'] });
    const link = (await allUnits()).find(({ _id }) => _id === 'Q3')?.linkCode;
    await supertest(product.app)
      .post(`/k/${link}/parents-thcs/thcs?phieu=${newKey()}`)
      .type('form')
      .send(form)
      .expect(303);
  });
});

describe('after the round', () => {
  it('a code says that it is over, and a retry of what arrived is thanked for', async () => {
    const code = freshCode();
    const key = newKey();
    await send(code, key).expect(303);
    await closeRound(round, product.context.today());
    await send(code, key).expect(303);
    const { text } = await visit(`/m/${freshCode()}`).expect(409);
    expect(text).toContain('Đợt khảo sát đã kết thúc');
  });
});
