import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Day } from '../../models/day.js';
import { type Response, submitResponse } from '../../models/responses.js';
import { type Round, roundByCode } from '../../models/rounds.js';
import { keepSnapshot, unitsOfRound } from '../../models/roundUnits.js';
import { talliesOfRound } from '../../models/tallies.js';
import { tallyState } from '../../models/tallyStates.js';
import { measureOf } from '../../server/results/measure.js';
import { talliesOf, talliesOfUnit } from '../../server/results/tallies.js';
import type { Tally } from '../../server/statistics/tally.js';
import { dropDatabase } from '../database.js';
import { openedRound, startTestApp, unitRow } from '../http/testApp.js';
import { Turns } from './turns.js';

type Channel = Response['channel'];
type Counting = typeof import('../../server/results/counting.js');
type Work = (...given: unknown[]) => Promise<unknown>;

const turns = new Turns();
const step = () => turns.step();

/** Every request of a model with a turn before it and one after it: whoever is killed there never learns its answer. */
function inTurns(model: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(model).map(([name, value]) => [
      name,
      typeof value !== 'function' || name === 'tallyId'
        ? value
        : async (...given: unknown[]) => {
            await step();
            const answer = await (value as Work)(...given);
            await step();
            return answer;
          },
    ]),
  );
}

vi.mock('../../models/responses.js', async (original) => {
  const model = await original<typeof import('../../models/responses.js')>();
  return { ...model, ...inTurns({ submitResponse: model.submitResponse }) };
});
vi.mock('../../models/uncountedResponses.js', async (original) => {
  const model = await original<typeof import('../../models/uncountedResponses.js')>();
  return {
    ...inTurns(model),
    // One by one: a server may die between two of them.
    markCounted: async (ids: readonly string[], generation: number) => {
      for (const id of ids) {
        await step();
        await model.markCounted([id], generation);
      }
    },
  };
});
vi.mock('../../models/tallies.js', async (original) => {
  const model = await original<typeof import('../../models/tallies.js')>();
  return {
    ...inTurns(model),
    replaceTallies: async (changes: Parameters<typeof model.replaceTallies>[0]) => {
      for (const change of changes) {
        await step();
        await model.replaceTallies([change]);
      }
    },
  };
});
vi.mock('../../models/tallyStates.js', async (original) => inTurns(await original()));

/** Each with what it keeps in memory of its own, as servers have. */
const SERVERS = 3;
let servers: Counting[];
let round: Round;
let expectation: string;
let runs = 0;

beforeAll(async () => {
  const product = await startTestApp();
  const opened = await openedRound(product, [unitRow('M1', ['mam-non']), unitRow('M2', ['mam-non'])], {
    surveys: ['parents-mam-non'],
  });
  const stored = await roundByCode(opened.round);
  const survey = product.context.surveys.get('parents-mam-non');
  if (!stored || !survey) throw new Error('no round');
  round = stored;
  expectation = measureOf(survey).expectation;
  servers = await Promise.all(
    Array.from(
      { length: SERVERS },
      (_, number) => import(/* @vite-ignore */ `../../server/results/counting.js?server=${number}`),
    ),
  );
});
afterAll(dropDatabase);

/** A round like the first with nothing in it. */
async function freshRound(): Promise<Round> {
  runs += 1;
  const _id = `${round._id}-${runs}`;
  const units = await unitsOfRound(round._id);
  await keepSnapshot(
    _id,
    units.map((unit) => ({ ...unit, _id: `${_id}/${unit.unit}`, round: _id })),
  );
  return { ...round, _id };
}

/**
 * Responses that can be told apart in a tally: the n-th gives 2^n as its percentage, so the sum names the responses in
 * it, and one counted twice makes the number of people differ from the number of ones in it.
 */
class Answering {
  readonly begun = new Set<number>();
  readonly stored = new Set<number>();

  constructor(readonly round: string) {}

  async submit(): Promise<void> {
    const number = this.begun.size;
    this.begun.add(number);
    await submitResponse({
      _id: randomBytes(16).toString('base64url'),
      round: this.round,
      unit: number % 3 === 0 ? 'M1' : 'M2',
      survey: 'parents-mam-non',
      version: 1,
      service: 'mam-non',
      channel: channelOf(number),
      answers: { [expectation]: 2 ** number, ...(number % 2 === 0 ? { H01: 'mother' } : {}) },
      language: 'vi',
      day: '2026-10-15' as Day,
      flags: [],
    });
    this.stored.add(number);
  }
}

function channelOf(number: number): Channel {
  return number % 4 === 0 ? 'qr' : 'link';
}

/** The numbers of the responses that figures are made of. */
async function read(one: Round, unit?: string): Promise<Set<number>> {
  if (unit !== undefined) return numbersOf(await talliesOfUnit(one, unit));
  const { units, groups } = await talliesOf(one);
  const numbers = numbersOf(units);
  // Everybody has come by one channel and has chosen one option, or none.
  for (const kind of ['channel', 'H01', 'H02'])
    expect(numbersOf(groups.filter(({ group }) => group.startsWith(`${kind}=`)))).toEqual(numbers);
  for (const { group, tally } of groups.filter(({ group }) => group.startsWith('channel=')))
    for (const number of numbersOf([{ tally }])) expect(group).toBe(`channel=${channelOf(number)}`);
  return numbers;
}

function numbersOf(cells: readonly { readonly tally: Tally }[]): Set<number> {
  const sum = cells.reduce((part, { tally }) => part + tally.expectation.sum, 0);
  const people = cells.reduce((part, { tally }) => part + tally.responses, 0);
  const numbers = new Set(Array.from({ length: 31 }, (_, bit) => bit).filter((bit) => (sum >>> bit) & 1));
  expect(people, `a response counted twice, or not whole: ${sum.toString(2)}`).toBe(numbers.size);
  return numbers;
}

async function readAmid(answering: Answering, one: Round, unit?: string): Promise<void> {
  const ofUnit = (numbers: Iterable<number>) =>
    [...numbers].filter((number) => unit === undefined || (number % 3 === 0 ? 'M1' : 'M2') === unit);
  const before = ofUnit(answering.stored);
  const counted = await read(one, unit);
  for (const number of before) expect(counted, 'a response was missed').toContain(number);
  for (const number of counted) expect(ofUnit(answering.begun)).toContain(number);
}

const actor = fc.record({
  kind: fc.constantFrom(
    'submit',
    'submit',
    'count',
    'count',
    'count',
    'read',
    'read',
    'read unit',
    'rebuild',
  ),
  times: fc.integer({ min: 1, max: 3 }),
  batch: fc.integer({ min: 1, max: 4 }),
  diesAt: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 2, max: 40 })),
});

/** Short turns mix requests finely; in a long one, whole batches are counted while another waits with what it has read. */
const turn = fc.record({ who: fc.nat(6), steps: fc.constantFrom(1, 2, 4, 12, 40, 90) });

test('whatever the order in which answers arrive, servers count, figures are read and processes are killed, every figure is exact', {
  timeout: 240_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(actor, { minLength: 2, maxLength: 7 }),
      fc.integer({ min: 1, max: 6 }),
      fc.array(turn, { minLength: 10, maxLength: 60 }),
      async (actors, early, order) => {
        const one = await freshRound();
        const answering = new Answering(one._id);
        for (let number = 0; number < early; number += 1) await answering.submit();
        let used = 0;
        const work = ({ kind, batch }: (typeof actors)[number], server: Counting | undefined) => {
          if (kind === 'submit') return answering.submit();
          if (kind === 'read') return readAmid(answering, one);
          if (kind === 'read unit' || !server) return readAmid(answering, one, 'M2');
          return kind === 'count' ? server.countResponses(one, batch) : server.rebuildTallies(one);
        };
        await turns.run(
          actors.map((each) => {
            const server = ['count', 'rebuild'].includes(each.kind) ? servers[used++] : undefined;
            const repeated = async () => {
              for (let time = 0; time < each.times; time += 1) await work(each, server);
            };
            return { diesAt: each.diesAt, work: repeated };
          }),
          order,
        );
        // Killed or not, a submission that was begun may be stored.
        const now = await read(one);
        await readAmid(answering, one);
        for (const server of servers) await server.countResponses(one, 2);
        expect(await read(one)).toEqual(now);
        await expectSameBytes(one);
        expect(await read(one)).toEqual(now);
      },
    ),
    { numRuns: Number(process.env.INTERLEAVINGS ?? 100), endOnFailure: true },
  );
});

describe('whoever waits at any of its steps while another server counts everything', () => {
  const waiting: Record<string, (one: Round, answering: Answering) => Promise<void>> = {
    'still counts each response once': (one) => servers[0]?.countResponses(one, 2) ?? Promise.reject(),
    'still begins anew': (one) => servers[0]?.rebuildTallies(one) ?? Promise.reject(),
    'still reads an exact figure': (one, answering) => readAmid(answering, one),
    'still reads an exact figure of one unit': (one, answering) => readAmid(answering, one, 'M2'),
  };
  const meanwhile: [string, (one: Round) => Promise<void> | undefined][] = [
    ['', (one) => servers[1]?.countResponses(one, 2)],
    [', anew', (one) => servers[1]?.rebuildTallies(one)],
  ];
  /** More than a batch takes. */
  const STEPS = 45;
  const everything = Number.POSITIVE_INFINITY;
  const cases = Object.entries(waiting).flatMap(([name, wait]) =>
    meanwhile.map(([how, count]) => ({ name: name + how, wait, count })),
  );

  test.each(cases)(
    '$name',
    async ({ wait, count }) => {
      for (let waitsAt = 0; waitsAt < STEPS; waitsAt += 1) {
        const one = await freshRound();
        const answering = new Answering(one._id);
        for (let number = 0; number < 4; number += 1) await answering.submit();
        await servers[2]?.countResponses(one);
        for (let number = 0; number < 5; number += 1) await answering.submit();
        await turns.run(
          [
            { diesAt: everything, work: () => wait(one, answering) },
            {
              diesAt: everything,
              work: async () => {
                await count(one);
                await answering.submit();
                await count(one);
              },
            },
          ],
          [
            { who: 0, steps: waitsAt },
            { who: 1, steps: everything },
          ],
        );
        expect(await read(one)).toEqual(answering.stored);
        await servers[2]?.countResponses(one);
        expect(await read(one)).toEqual(answering.stored);
        await expectSameBytes(one);
      }
    },
    120_000,
  );
});

/** Everything counted, the kept tallies are byte for byte those of a full rebuild, and nothing else is kept. */
async function expectSameBytes(one: Round): Promise<void> {
  const kept = async () => {
    const state = await tallyState(one._id);
    expect(state).toMatchObject({ phase: 'idle', ids: [], before: [] });
    const tallies = await talliesOfRound(one._id, state?.generation ?? Number.NaN);
    return new Map(tallies.map(({ _id, people, counts }) => [_id, `${people} ${counts.toString('hex')}`]));
  };
  const before = await kept();
  await servers[0]?.rebuildTallies(one);
  expect(await kept()).toEqual(before);
}
