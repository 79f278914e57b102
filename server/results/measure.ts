/** What of a survey is counted: its factors' Likert items, overall satisfaction, expectation met, flags. */
import { FLAGS } from '../../models/responses.js';
import { factorsOf } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';
import type { Measure } from '../statistics/tally.js';

const known = new WeakMap<Survey, Measure>();

/** The measure of a survey, the same object each time; the schema guarantees its one overall section. */
export function measureOf(survey: Survey): Measure {
  const measure = known.get(survey) ?? newMeasure(survey);
  known.set(survey, measure);
  return measure;
}

function newMeasure(survey: Survey): Measure {
  const overall = survey.sections.find((section) => section.role === 'overall')?.items ?? [];
  const codeOf = (kind: string) => overall.find((item) => item.kind === kind)?.code ?? '';
  return {
    factors: factorsOf(survey).map(({ code, items }) => ({ code, items: items.map((item) => item.code) })),
    overall: codeOf('likert'),
    expectation: codeOf('percentage'),
    flags: FLAGS,
  };
}
