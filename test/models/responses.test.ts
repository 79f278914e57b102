import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Day } from '../../models/day.js';
import {
  addResponses,
  countOfRound,
  type Flag,
  type Response,
  responseById,
  submitResponse,
} from '../../models/responses.js';
import { uncountedResponses } from '../../models/uncountedResponses.js';
import { dropDatabase } from '../database.js';
import { startTestApp } from '../http/testApp.js';

beforeAll(async () => {
  await startTestApp();
});
afterAll(dropDatabase);

describe('a submission under a used key is refused', () => {
  it.each<[string, Partial<Response>]>([
    ['another level', { answers: { A01: 4, K01: ['a', 'b'], M01: 'Cảm ơn' } }],
    ['an answer more', { answers: { A01: 5, A02: 5, K01: ['a', 'b'], M01: 'Cảm ơn' } }],
    ['an answer less', { answers: { A01: 5, K01: ['a', 'b'] } }],
    ['an option less', { answers: { A01: 5, K01: ['a'], M01: 'Cảm ơn' } }],
    ['another unit', { unit: 'QN002' }],
    ['another service', { service: 'thpt' }],
    ['another version', { version: 2 }],
  ])('with %s', async (_name, change) => {
    const first = response();
    expect(await submitResponse(first)).toBe('stored');
    expect(await submitResponse({ ...first, ...change })).toBe('conflict');
    expect(await responseById(first._id)).toEqual(first);
  });
});

describe('a submission', () => {
  it('is stored as it is, and nothing beside it', async () => {
    const first = response();
    expect(await submitResponse(first)).toBe('stored');
    expect(await responseById(first._id)).toEqual(first);
  });

  it('sent again is a repeat, and so is one sent again after midnight', async () => {
    const first = response();
    expect(await submitResponse(first)).toBe('stored');
    expect(await submitResponse(response({ _id: first._id }))).toBe('repeated');
    expect(await submitResponse({ ...first, day: '2026-10-16' as Day })).toBe('repeated');
    expect((await responseById(first._id))?.day).toBe('2026-10-15');
  });

  it('sent again is a repeat also where the retry would be flagged otherwise, and the first flags stay', async () => {
    const first = response({ flags: ['fast'] });
    expect(await submitResponse(first)).toBe('stored');
    for (const flags of [[], ['burst'], ['burst', 'fast', 'same']] satisfies Flag[][])
      expect(await submitResponse({ ...first, flags })).toBe('repeated');
    expect((await responseById(first._id))?.flags).toEqual(['fast']);
  });

  it('with a flag that does not exist is not stored', async () => {
    const wrong = response({ flags: ['slow' as Flag] });
    await expect(submitResponse(wrong)).rejects.toThrow(/flags/);
    expect(await responseById(wrong._id)).toBeNull();
  });

  it('stored before there were flags is still a repeat when it is sent again', async () => {
    const { flags: _flags, ...old } = response();
    await mongoose.connection.collection<{ _id: string }>('responses').insertOne(old);
    expect(await submitResponse({ ...old, flags: ['fast'] })).toBe('repeated');
  });

  it('is a repeat whatever the order of its answers', async () => {
    const first = response({ answers: { A01: 5, A02: 4 } });
    expect(await submitResponse(first)).toBe('stored');
    expect(await submitResponse({ ...first, answers: { A02: 4, A01: 5 } })).toBe('repeated');
  });

  it('sent 50 times at once is one response', async () => {
    const first = response({ round: 'dong-thoi' });
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => submitResponse({ ...first })));
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'repeated')).toHaveLength(49);
    expect(await countOfRound('dong-thoi')).toBe(1);
  });

  it('of which two differ at once under one key leaves one whole and refuses the other', async () => {
    const first = response({ round: 'hai-nguoi' });
    const second = { ...first, answers: { A01: 1 } };
    const outcomes = await Promise.all([submitResponse(first), submitResponse(second)]);
    expect([...outcomes].sort()).toEqual(['conflict', 'stored']);
    expect(await responseById(first._id)).toEqual(outcomes[0] === 'stored' ? first : second);
  });
});

describe('many responses', () => {
  it('added twice are there once, and the first content stays', async () => {
    const batch = Array.from({ length: 30 }, () => response({ round: 'nhap-loat' }));
    await addResponses(batch);
    await addResponses(batch.map((added) => ({ ...added, answers: { A01: 1 } })));
    expect(await countOfRound('nhap-loat')).toBe(30);
    for (const added of batch.slice(0, 3)) expect(await responseById(added._id)).toEqual(added);
  });

  it('are read with what figures are made of, those of their round only', async () => {
    await addResponses([
      response({ round: 'doc-1' }),
      response({ round: 'doc-1' }),
      response({ round: 'doc-2' }),
    ]);
    const read = (await uncountedResponses('doc-1', 1, 10)).map(({ _id, ...one }) => one);
    const { unit, survey, service, channel, day, answers, flags } = response();
    expect(read).toEqual([
      { unit, survey, service, channel, day, answers, flags },
      { unit, survey, service, channel, day, answers, flags },
    ]);
  });
});

function response(change: Partial<Response> = {}): Response {
  return {
    _id: randomBytes(16).toString('base64url'),
    round: 'dot-2-nam-2026',
    unit: 'QN001',
    survey: 'parents-thcs',
    version: 1,
    service: 'thcs',
    channel: 'link',
    answers: { A01: 5, K01: ['a', 'b'], M01: 'Cảm ơn' },
    language: 'vi',
    day: '2026-10-15' as Day,
    flags: ['burst', 'same'],
    ...change,
  };
}
