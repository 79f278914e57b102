import { hash } from '@node-rs/argon2';
import supertest from 'supertest';
import type TestAgent from 'supertest/lib/agent.js';
import { insertAccount, type Role } from '../../models/accounts.js';
import type { TestApp } from './testApp.js';

/** Adds an account and logs it in. */
export async function agentOf(
  { app, password }: TestApp,
  role: Role,
  unit: string | null = null,
): Promise<TestAgent> {
  const name = `${role}-${(unit ?? 'so').toLowerCase()}`;
  const passwordHash = await hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  await insertAccount({ _id: name, role, unit, passwordHash });
  const agent = supertest.agent(app);
  await agent.post('/van-phong/dang-nhap').type('form').send({ name, password }).expect(303);
  return agent;
}
