import fc from 'fast-check';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../models/responses.js';
import { responseById } from '../../models/responses.js';
import { flagsOf, secondsFrom } from '../../server/respond/flags.js';
import { responseId } from '../../server/respond/submissionKey.js';
import { itemsOf, readSurveys } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';
import { dropDatabase } from '../database.js';
import { filledForm, openedRound, startTestApp, type TestApp, unitRow } from '../http/testApp.js';

const surveys = [...readSurveys('surveys').values()];
const survey = surveys.find(({ id }) => id === 'parents-thcs') as Survey;

/** Answers to the first Likert items of the survey. */
function levels(...given: number[]): Record<string, Answer> {
  const likert = itemsOf(survey).filter(({ kind }) => kind === 'likert');
  return Object.fromEntries(given.map((level, index) => [likert[index]?.code ?? '', level]));
}

const often = (level: number, times: number) => Array<number>(times).fill(level);

describe('a stopwatch that cannot be read is unknown, never a mistake:', () => {
  it.each([
    undefined,
    '',
    '-1',
    '1.5',
    '1e3',
    ' 12',
    '12s',
    '0x10',
    '86401',
    '99999',
    '100000',
    '000012',
    'NaN',
    '１２',
    ['3', '4'],
    [],
    {},
    12,
  ])('%j', (sent) => {
    expect(secondsFrom(sent)).toBeNull();
  });

  it.each([
    ['0', 0],
    ['007', 7],
    ['86400', 86_400],
  ])('%s is read', (sent, seconds) => {
    expect(secondsFrom(sent)).toBe(seconds);
  });
});

describe('“fast” is not said', () => {
  it('where the time is unknown', () => {
    expect(flagsOf(survey, levels(1, 2, 3, 4, 5), null, false)).toEqual([]);
  });

  it('of a second for each answered question', () => {
    expect(flagsOf(survey, levels(1, 2, 3, 4, 5), 5, false)).toEqual([]);
  });

  it('of somebody who answered nothing', () => {
    expect(flagsOf(survey, {}, 0, false)).toEqual([]);
  });
});

it('“fast” is said of less than a second for each answered question, whatever its kind', () => {
  expect(flagsOf(survey, levels(1, 2, 3, 4, 5), 4, false)).toEqual(['fast']);
  expect(flagsOf(survey, { ...levels(1, 2, 0), G02: 80, K01: 'Tốt', H01: ['a'] }, 5, false)).toEqual([
    'fast',
  ]);
});

describe('“same” is not said', () => {
  it.each([
    ['of nine levels', often(5, 9)],
    ['of ten levels, one of them another', [...often(5, 9), 4]],
    ['of nine levels beside “Không có ý kiến”', [...often(5, 9), ...often(0, 10)]],
    ['where nobody has an opinion', often(0, 20)],
  ])('%s', (_name, given) => {
    expect(flagsOf(survey, levels(...given), 600, false)).toEqual([]);
  });
});

describe('“same” is said', () => {
  it.each([1, 2, 3, 4, 5])('of ten times level %i', (level) => {
    expect(flagsOf(survey, levels(...often(level, 10)), 600, false)).toEqual(['same']);
  });

  it('whatever stands between: “Không có ý kiến”, a percentage, a text', () => {
    const answers = { ...levels(...often(3, 5), 0, 0, ...often(3, 5)), G02: 80, K01: 'Tốt' };
    expect(flagsOf(survey, answers, 600, false)).toEqual(['same']);
  });
});

describe('flags, whatever the answers and the time,', () => {
  const answered = fc.constantFrom(...surveys).chain((asked) =>
    fc.record({
      asked: fc.constant(asked),
      answers: fc.record(
        Object.fromEntries(
          itemsOf(asked).map(({ code, kind }) => [
            code,
            kind === 'likert' ? fc.constantFrom(0, 3, 4, 4, 4, 4, 4, 4) : fc.constant('x'),
          ]),
        ),
        { requiredKeys: [] },
      ) as fc.Arbitrary<Record<string, Answer>>,
      seconds: fc.option(fc.nat({ max: 60 })),
      burst: fc.boolean(),
    }),
  );

  it('are sorted, each at most once, and say what a plain count says', () => {
    fc.assert(
      fc.property(answered, ({ asked, answers, seconds, burst }) => {
        const flags = flagsOf(asked, answers, seconds, burst);
        expect(flags).toEqual([...new Set(flags)].sort());
        const likert = itemsOf(asked).filter(({ kind }) => kind === 'likert');
        const given = [1, 2, 3, 4, 5].map(
          (level) => likert.filter(({ code }) => answers[code] === level).length,
        );
        expect(flags.includes('same')).toBe(given.some((n) => n >= 10) && given.filter(Boolean).length === 1);
        expect(flags.includes('fast')).toBe(seconds !== null && Object.keys(answers).length > seconds);
        expect(flags.includes('burst')).toBe(burst);
      }),
    );
  });

  it('are never more for who took longer', () => {
    fc.assert(
      fc.property(answered, fc.nat({ max: 60 }), ({ asked, answers, burst }, seconds) => {
        const later = flagsOf(asked, answers, seconds + 1, burst);
        expect(flagsOf(asked, answers, seconds, burst)).toEqual(expect.arrayContaining(later));
      }),
    );
  });
});

describe('a form', () => {
  let product: TestApp;
  let address: string;
  beforeAll(async () => {
    product = await startTestApp();
    const { links } = await openedRound(product, [unitRow('S1', ['thcs'])]);
    address = `/k/${links.get('S1')}/parents-thcs/thcs`;
  });
  afterAll(dropDatabase);

  let sends = 0;
  /** Sends a form under a key of its own, or of an earlier send. @returns what is stored of it */
  async function send(change: Record<string, string | string[]>, khoa = `${++sends}`.padStart(22, 'k')) {
    const form = { ...filledForm(product.context, 'parents-thcs', '4'), A01: '5', khoa, ...change };
    await supertest(product.app).post(address).type('form').send(form).expect(303);
    return responseById(responseId(khoa, product.context.config.sessionSecret));
  }

  it('filled in faster than anybody reads is stored with a flag, and its seconds are not stored', async () => {
    const stored = await send({ giay: '7' });
    expect(stored?.flags).toEqual(['fast']);
    expect(JSON.stringify(stored)).not.toContain('giay');
    expect(Object.values(stored ?? {})).not.toContain(7);
    expect(stored?.answers).not.toHaveProperty('giay');
  });

  it.each<[string, Record<string, string | string[]>]>([
    ['filled in at leisure', { giay: '240' }],
    ['without a stopwatch', {}],
    ['with an empty stopwatch', { giay: '' }],
    ['with two stopwatches', { giay: ['1', '2'] }],
    ['with a stopwatch that says nonsense', { giay: '-3' }],
  ])('%s is stored without a flag', async (_name, change) => {
    expect((await send(change))?.flags).toEqual([]);
  });

  it('sent again more slowly is the same response, and keeps its flag', async () => {
    const key = 'lai'.padStart(22, 'k');
    expect((await send({ giay: '7' }, key))?.flags).toEqual(['fast']);
    expect((await send({ giay: '700' }, key))?.flags).toEqual(['fast']);
  });

  it('with the same level throughout is stored with a flag', async () => {
    expect((await send({ A01: '4', giay: '3' }))?.flags).toEqual(['fast', 'same']);
  });
});
