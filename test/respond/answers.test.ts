import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { projectPath } from '../../server/paths.js';
import { readAnswers } from '../../server/respond/answers.js';
import { itemsOf, parseSurvey, readSurveys } from '../../surveys/read.js';

const survey = parseSurvey(
  JSON.stringify({
    id: 'trial',
    version: 1,
    subject: 'procedure',
    respondent: 'citizen',
    services: [],
    title: { vi: 'Thử', en: 'Trial' },
    audience: { vi: 'Ai', en: 'Who' },
    introduction: { vi: 'Giới thiệu', en: 'Introduction' },
    minutes: 1,
    sections: [
      {
        code: 'A',
        role: 'factor',
        title: { vi: 'A', en: 'A' },
        items: [
          { code: 'A01', kind: 'likert', text: { vi: 'a', en: 'a' }, required: true },
          { code: 'A02', kind: 'likert', text: { vi: 'b', en: 'b' }, required: false, noOpinion: false },
        ],
      },
      {
        code: 'F',
        role: 'facts',
        title: { vi: 'F', en: 'F' },
        items: [
          {
            code: 'F01',
            kind: 'single',
            text: { vi: 'c', en: 'c' },
            required: true,
            options: [
              { code: 'on-time', text: { vi: 'đúng', en: 'on time' } },
              { code: 'late', text: { vi: 'trễ', en: 'late' } },
            ],
          },
          {
            code: 'F02',
            kind: 'single',
            text: { vi: 'd', en: 'd' },
            required: true,
            showIf: { item: 'F01', in: ['late'] },
            options: [
              { code: 'yes', text: { vi: 'có', en: 'yes' } },
              { code: 'no', text: { vi: 'không', en: 'no' } },
            ],
          },
          {
            code: 'F03',
            kind: 'multiple',
            text: { vi: 'e', en: 'e' },
            required: false,
            options: [
              { code: 'web', text: { vi: 'web', en: 'web' } },
              { code: 'desk', text: { vi: 'quầy', en: 'desk' } },
            ],
          },
        ],
      },
      {
        code: 'G',
        role: 'overall',
        title: { vi: 'G', en: 'G' },
        items: [
          { code: 'G01', kind: 'likert', text: { vi: 'f', en: 'f' }, required: false },
          { code: 'G02', kind: 'percentage', text: { vi: 'g', en: 'g' }, required: false },
        ],
      },
      {
        code: 'K',
        role: 'comment',
        title: { vi: 'K', en: 'K' },
        items: [{ code: 'K01', kind: 'text', text: { vi: 'h', en: 'h' }, required: false, maxLength: 10 }],
      },
    ],
  }),
  'trial.json',
);

const complete = { A01: '4', F01: 'on-time' };

/** The items with problems and the kinds of the problems. */
function problems(change: Record<string, string | string[]>): string[] {
  return readAnswers(survey, { ...complete, ...change }).problems.map(
    ({ item, key }) => `${item ?? 'form'} ${key.replace('respond.problem.', '')}`,
  );
}

describe('a filled-in form is refused', () => {
  test.each<[string, Record<string, string | string[]>, string[]]>([
    ['a missing required level', { A01: '' }, ['A01 required-likert']],
    ['a level above the scale', { A01: '6' }, ['A01 not-offered']],
    ['a level below the scale', { A01: '0' }, ['A01 not-offered']],
    ['a level with a fraction', { A01: '4.0' }, ['A01 not-offered']],
    ['a level with spaces round it', { A01: ' 4' }, ['A01 not-offered']],
    ['two levels for one item', { A01: ['4', '5'] }, ['A01 given-twice']],
    ['no opinion where it is not offered', { A02: 'none' }, ['A02 not-offered']],
    ['an option that does not exist', { F01: 'never' }, ['F01 not-offered']],
    ['an option named like a property of every object', { F01: 'constructor' }, ['F01 not-offered']],
    ['a missing answer to a question whose condition holds', { F01: 'late' }, ['F02 required-single']],
    ['an unknown choice among several', { F03: ['web', 'tv'] }, ['F03 not-offered']],
    ['a percentage between the steps', { G02: '85' }, ['G02 not-offered']],
    ['a percentage above a hundred', { G02: '110' }, ['G02 not-offered']],
    ['a percentage that is not a number', { G02: 'NaN' }, ['G02 not-offered']],
    ['a text that is too long', { K01: 'x'.repeat(11) }, ['K01 too-long']],
    ['a field the survey does not have', { Z99: '1' }, ['form unknown-field']],
    ['a nested field', { 'A01[$gt]': '1' }, ['form unknown-field']],
    ['a field named like the prototype', { __proto__x: '1' }, ['form unknown-field']],
  ])('for %s', (_name, change, expected) => {
    expect(problems(change)).toEqual(expected);
  });

  test('with every problem told at once', () => {
    expect(readAnswers(survey, { A02: '9', X: '1' }).problems).toHaveLength(4);
  });
});

describe('a filled-in form is read', () => {
  test('with levels as numbers and no opinion as 0', () => {
    expect(readAnswers(survey, { ...complete, A01: 'none', A02: '5', G02: '100' }).answers).toEqual({
      A01: 0,
      A02: 5,
      F01: 'on-time',
      G02: 100,
    });
  });

  test('without an entry for what was left blank', () => {
    expect(readAnswers(survey, { ...complete, A02: '', F03: '', K01: '  \r\n ' }).answers).toEqual({
      A01: 4,
      F01: 'on-time',
    });
  });

  test('without the answer to a question that was not asked', () => {
    expect(readAnswers(survey, { ...complete, F02: 'yes' }).answers).not.toHaveProperty('F02');
  });

  test('with several choices in the order of the survey, each once', () => {
    expect(readAnswers(survey, { ...complete, F03: ['desk', 'web', 'desk'] }).answers.F03).toEqual([
      'web',
      'desk',
    ]);
    expect(readAnswers(survey, { ...complete, F03: 'desk' }).answers.F03).toEqual(['desk']);
  });

  test('with composed letters, plain line ends and no control characters in text', () => {
    const decomposed = 'Tố\r\nt\u0000\u001b'.normalize('NFD');
    expect(readAnswers(survey, { ...complete, K01: decomposed }).answers.K01).toBe('Tố\nt');
  });
});

test('whatever is sent, every answer kept is one that the survey offers', () => {
  const surveys = [...readSurveys(projectPath('surveys')).values()];
  const value = fc.oneof(
    fc.constantFrom('1', '3', '5', '6', 'none', '', '50', 'late', 'no-answer'),
    fc.string(),
    fc.array(fc.string(), { maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...surveys), fc.infiniteStream(value), (asked, values) => {
      const items = itemsOf(asked);
      const body = Object.fromEntries(items.map((item) => [item.code, values.next().value as string]));
      const { answers } = readAnswers(asked, body);
      for (const [code, answer] of Object.entries(answers)) {
        const item = items.find((one) => one.code === code);
        if (item?.kind === 'likert') expect([0, 1, 2, 3, 4, 5]).toContain(answer);
        else if (item?.kind === 'percentage') expect(Number(answer) % item.step).toBe(0);
        else if (item?.kind === 'text') expect(String(answer).length).toBeLessThanOrEqual(item.maxLength);
        else if (item && 'options' in item)
          for (const choice of [answer].flat())
            expect(item.options.map((option) => option.code)).toContain(choice);
        else expect.unreachable(`answer to unknown item ${code}`);
      }
    }),
    { numRuns: 300 },
  );
});
