import { hash } from '@node-rs/argon2';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { insertAccount, type NewAccount } from '../../models/accounts.js';
import type { TestApp } from '../http/testApp.js';

/** A password that the rule allows. */
export const GOOD = 'bốn mùa hoa nở quanh trường';

/** Adds an account with the password of the tests; hashed cheaply, as there are many. */
export async function addPerson(product: TestApp, person: Omit<NewAccount, 'passwordHash'>): Promise<void> {
  const passwordHash = await hash(product.password, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  await insertAccount({ passwordHash, ...person });
}

/** Logs in from a browser of its own, or from one that is given. */
export async function logInAs(
  { app, password }: TestApp,
  name: string,
  agent = supertest.agent(app),
): Promise<TestAgent> {
  await agent.post('/van-phong/dang-nhap').type('form').send({ name, password }).expect(303);
  return agent;
}

/** The code of the invitation that a page shows. */
export function codeOn(page: string): string {
  const [, code] = /\/van-phong\/moi\/([a-z0-9-]+)/.exec(page) ?? [];
  if (!code) throw new Error('no invitation on the page');
  return code;
}
