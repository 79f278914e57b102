/** Typed numbers as answers, and two entries side by side. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../models/responses.js';
import { compareEntries, disagreementRate } from '../../server/paper/comparing.js';
import { acceptedTexts, readTyped, typedOf } from '../../server/paper/typed.js';
import { projectPath } from '../../server/paths.js';
import { readAnswers } from '../../server/respond/answers.js';
import { itemsOf, readSurveys } from '../../surveys/read.js';
import type { Item, Survey } from '../../surveys/schema.js';

const surveys = [...readSurveys(projectPath('surveys')).values()];
const anySurvey = fc.constantFrom(...surveys);

/** Anything an item can be answered with; undefined is a blank. */
function anyAnswer(item: Item): fc.Arbitrary<Answer | undefined> {
  const blank = fc.constant(undefined);
  switch (item.kind) {
    case 'likert':
      return fc.oneof(fc.integer({ min: item.noOpinion ? 0 : 1, max: 5 }), blank);
    case 'percentage':
      return fc.oneof(
        fc.nat(100 / item.step).map((steps) => steps * item.step),
        blank,
      );
    case 'single':
      return fc.oneof(fc.constantFrom(...item.options.map(({ code }) => code)), blank);
    case 'multiple':
      return fc.oneof(
        fc.subarray(
          item.options.map(({ code }) => code),
          { minLength: 1 },
        ),
        blank,
      );
    case 'text':
      return fc.oneof(fc.constantFrom('Tốt', 'Cần thêm nước uống', '5'), blank);
  }
}

/** Answers of somebody who answered the questions that were theirs, and left out what they liked. */
function anySheet(survey: Survey): fc.Arbitrary<Record<string, Answer>> {
  return fc.tuple(...itemsOf(survey).map(anyAnswer)).map((values) => {
    const answers: Record<string, Answer> = {};
    itemsOf(survey).forEach(({ code, showIf }, index) => {
      const value = values[index];
      const earlier = showIf && answers[showIf.item];
      const asked =
        !showIf || (earlier !== undefined && [earlier].flat().some((one) => showIf.in.includes(String(one))));
      if (asked && value !== undefined) answers[code] = value;
    });
    return answers;
  });
}

const surveyAndSheet = anySurvey.chain((survey) => anySheet(survey).map((answers) => ({ survey, answers })));

describe('what is typed', () => {
  it('is refused where nothing on the form has that number, whatever it is', () => {
    const typing = fc.string({ unit: fc.constantFrom(...'0123456789-,. %+abcĐ'), maxLength: 5 });
    fc.assert(
      fc.property(anySurvey, fc.nat(), typing, (survey, which, text) => {
        const items = itemsOf(survey).filter(
          ({ kind, showIf }) => kind !== 'text' && kind !== 'multiple' && !showIf,
        );
        const item = items[which % items.length] as Item;
        const { answers, problems } = readTyped(survey, { [item.code]: text }, 'any');
        const said = text.trim();
        const number = item.kind === 'percentage' ? said.replace(/\s*%$/, '') : said;
        if (acceptedTexts(item)?.includes(number)) expect(answers).toHaveProperty(item.code);
        else {
          expect(answers).not.toHaveProperty(item.code);
          const blank = said === '' || said === '-' || said === '.';
          expect(problems.map(({ key }) => key)).toEqual([
            blank ? 'paper.problem.nothing-answered' : 'paper.problem.not-accepted',
          ]);
        }
      }),
    );
  });

  it('is asked for where a question is skipped without a hyphen', () => {
    fc.assert(
      fc.property(surveyAndSheet, fc.nat(), ({ survey, answers }, which) => {
        const required = itemsOf(survey).filter((item) => item.required && !item.showIf);
        const skipped = required[which % required.length] as Item;
        const typed = { ...typedOf(survey, answers), [skipped.code]: '' };
        const { problems } = readTyped(survey, typed);
        expect(problems).toContainEqual({
          item: skipped.code,
          key: 'paper.problem.not-typed',
          parameters: {},
        });
      }),
    );
  });

  it('gives the answers it was typed from, and those the online form would have given', () => {
    fc.assert(
      fc.property(surveyAndSheet, ({ survey, answers }) => {
        fc.pre(Object.keys(answers).length > 0);
        expect(readTyped(survey, typedOf(survey, answers))).toEqual({ answers, problems: [] });
        const online = Object.fromEntries(
          Object.entries(answers).map(([code, answer]) => {
            const none =
              answer === 0 && itemsOf(survey).find((item) => item.code === code)?.kind === 'likert';
            return [code, Array.isArray(answer) ? answer : none ? 'none' : String(answer)];
          }),
        );
        expect(readAnswers(survey, online).answers).toEqual(answers);
      }),
    );
  });

  it('may be several numbers where several answers are, with or without anything between them', () => {
    const desk = surveys.find(({ id }) => id === 'citizens-tthc') as Survey;
    for (const typed of ['134', '1,3,4', '4 3 1', '1;3;4', '1 , 3, 4'])
      expect(readTyped(desk, { F01: typed }, 'any').answers.F01).toHaveLength(3);
    expect(readTyped(desk, { F01: '19' }, 'any').problems[0]?.key).toBe('paper.problem.not-accepted');
  });

  it('has only blanks that somebody meant: an answer to a question that was not theirs is left out', () => {
    const desk = surveys.find(({ id }) => id === 'citizens-tthc') as Survey;
    const inTime = { ...typedOf(desk, { A01: 4 }), F05: '1', F06: '1' };
    expect(readTyped(desk, inTime).answers).not.toHaveProperty('F06');
  });
});

describe('two entries of a sheet', () => {
  it('differ nowhere where they are the same, and by as many questions either way round', () => {
    const pair = anySurvey.chain((survey) =>
      fc.tuple(fc.constant(survey), anySheet(survey), anySheet(survey)),
    );
    fc.assert(
      fc.property(pair, ([survey, one, other]) => {
        const first = { service: 'thcs', answers: one };
        const second = { service: 'thcs', answers: other };
        expect(compareEntries(survey, first, first, true).differences).toEqual([]);
        const there = compareEntries(survey, first, second, false);
        const back = compareEntries(survey, second, first, false);
        expect(there.compared).toBe(back.compared);
        expect(there.differences.map(({ item }) => item)).toEqual(back.differences.map(({ item }) => item));
        expect(there.differences.length).toBeLessThanOrEqual(there.compared);
        const coded = itemsOf(survey)
          .filter(({ kind }) => kind !== 'text')
          .map(({ code }) => code);
        expect(there.compared).toBe(coded.filter((code) => code in one || code in other).length);
      }),
    );
  });

  it('are not compared in free text, which is typed once', () => {
    const survey = surveys.find(({ id }) => id === 'parents-thcs') as Survey;
    const entry = (text: string) => ({ service: 'thcs', answers: { A01: 4, K01: text } });
    expect(compareEntries(survey, entry('Tốt'), entry('tốt lắm'), false)).toEqual({
      compared: 1,
      differences: [],
    });
  });

  it('have a rate with its interval once anything was compared', () => {
    expect(disagreementRate({ compared: 0, disagreed: 0 })).toBeNull();
    const rate = disagreementRate({ compared: 330, disagreed: 3 });
    expect(rate?.rate).toBeCloseTo(3 / 330, 12);
    // Wilson's interval of 3 in 330.
    expect(rate?.interval.low).toBeCloseTo(0.0030964519, 9);
    expect(rate?.interval.high).toBeCloseTo(0.0263829868, 9);
  });
});
