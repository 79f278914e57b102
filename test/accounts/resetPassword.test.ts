import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import mongoose from 'mongoose';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountByName } from '../../models/accounts.js';
import { entriesOf } from '../../models/auditEntries.js';
import { verifyAudit } from '../../server/audit/verify.js';
import { dropDatabase } from '../database.js';
import { startTestApp, type TestApp } from '../http/testApp.js';
import { startProduct } from '../product.js';
import { addPerson, logInAs } from './people.js';

const SECRET = randomBytes(32).toString('hex');

let product: TestApp;

beforeAll(async () => {
  product = await startTestApp();
});
afterAll(dropDatabase);

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

function reset(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const command = path.resolve('dist/server/accounts/resetPassword.js');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [command, ...words],
      { env: { PATH: process.env.PATH, ...env } },
      (error, out, err) => {
        resolve({ code: error ? Number(error.code) : 0, out, error: err });
      },
    );
  });
}

/** The database of this test, as a command finds it. */
function here(): Record<string, string> {
  const [base = '', query] = (process.env.MONGODB_URI ?? '').split('?');
  const uri = `${base.replace(/(mongodb:\/\/[^/]+)\/?.*$/, '$1')}/${mongoose.connection.name}${query ? `?${query}` : ''}`;
  return { MONGODB_URI: uri, SESSION_SECRET: product.context.config.sessionSecret };
}

describe('npm run reset-password', () => {
  it('refuses without a name, with a name that there is not, and without the secret', async () => {
    expect(await reset([], here())).toMatchObject({ code: 2, out: '' });
    expect(await reset(['vanphong', '--all'], here())).toMatchObject({ code: 2, out: '' });
    const unknown = await reset(['khong-co'], here());
    expect(unknown).toMatchObject({ code: 1, out: '' });
    expect(unknown.error).toContain('Không có tài khoản khong-co');
    const { MONGODB_URI = '' } = here();
    expect((await reset(['vanphong'], { MONGODB_URI })).error).toContain('SESSION_SECRET is missing');
    expect(await entriesOf('password-reset', 1)).toEqual([]);
  });

  it('prints a new password once, ends every session, and the log says so', async () => {
    await addPerson(product, { _id: 'quen-roi', role: 'leader' });
    const agent = await logInAs(product, 'quen-roi');
    const { code, out } = await reset(['quen-roi'], here());
    expect(code).toBe(0);
    const [, password = ''] = /Mật khẩu mới của quen-roi: (\S+)/.exec(out) ?? [];
    await agent.get('/van-phong').expect(303);
    const logIn = (given: string) =>
      supertest(product.app)
        .post('/van-phong/dang-nhap')
        .type('form')
        .send({ name: 'quen-roi', password: given });
    await logIn(product.password).expect(422);
    await logIn(password).expect(303);
    expect((await entriesOf('password-reset', 1))[0]).toMatchObject({
      account: 'system',
      subject: 'quen-roi',
    });
    expect(await verifyAudit(null)).toMatchObject({ breaks: 0, otherKey: 0 });
  });

  it('leaves the second factor, and turns it off with --totp', async () => {
    await addPerson(product, { _id: 'mat-may', role: 'leader', totp: { secret: 'x', lastStep: 1 } });
    expect((await reset(['mat-may'], here())).out).toContain('vẫn dùng xác thực hai bước');
    expect((await accountByName('mat-may'))?.totp).not.toBeNull();
    expect((await reset(['mat-may', '--totp'], here())).code).toBe(0);
    expect((await accountByName('mat-may'))?.totp).toBeNull();
  });

  it('works on the embedded database, while it serves and while it does not', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'reset-'));
    const env = { DATA_DIR: folder, SESSION_SECRET: SECRET };
    const running = await startProduct('main', env);
    const logIn = async (answer: Ended) =>
      (
        await supertest(running.url)
          .post('/van-phong/dang-nhap')
          .type('form')
          .send({ name: 'vanphong', password: /vanphong: (\S+)/.exec(answer.out)?.[1] ?? '' })
      ).status;
    expect(await logIn(await reset(['vanphong'], env))).toBe(303);
    await running.end('SIGTERM');
    const stopped = await reset(['vanphong'], env);
    expect(stopped).toMatchObject({ code: 0, error: '' });
    await rm(folder, { recursive: true, force: true });
  });
});
