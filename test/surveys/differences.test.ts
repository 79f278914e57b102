import { describe, expect, it } from 'vitest';
import { type Change, differencesOf } from '../../surveys/differences.js';
import { readSurveys } from '../../surveys/read.js';
import { type Survey, surveySchema } from '../../surveys/schema.js';

const surveys = readSurveys('surveys');

/** A survey with something changed; still a survey that the product would take. */
function changed(id: string, change: (survey: Survey) => void): { before: Survey; after: Survey } {
  const before = surveys.get(id);
  if (!before) throw new Error(`no survey ${id}`);
  const after = structuredClone(before);
  after.version += 1;
  change(after);
  return { before, after: surveySchema.parse(after) };
}

function first<T>(list: readonly T[] | undefined): T {
  const [one] = list ?? [];
  if (one === undefined) throw new Error('empty');
  return one;
}

describe('two versions of a survey', () => {
  it('that are the same word for word differ in nothing', () => {
    for (const survey of surveys.values())
      expect(differencesOf(survey, structuredClone(survey))).toMatchObject({
        survey: [],
        sections: [],
        items: [],
        same: survey.sections.flatMap(({ items }) => items).length,
      });
  });

  it('differ in an item whose words changed, in each language by itself; it stays comparable', () => {
    const { before, after } = changed('parents-thcs', (survey) => {
      first(survey.sections[0]?.items).text.vi = 'Câu hỏi mới';
    });
    const item = first(before.sections[0]?.items);
    expect(differencesOf(before, after).items).toEqual([
      {
        code: item.code,
        kind: 'changed',
        item: expect.objectContaining({ code: item.code }),
        comparable: true,
        changes: [{ what: 'text', lang: 'vi', before: item.text.vi, after: 'Câu hỏi mới' }],
      },
    ]);
  });

  it('differ in an item that is new, and in one that is gone; neither is comparable', () => {
    const { before, after } = changed('parents-thcs', (survey) => {
      const items = survey.sections[0]?.items ?? [];
      items.push({ ...structuredClone(first(items)), code: 'A99' });
    });
    const added = differencesOf(before, after);
    expect(added.items).toMatchObject([{ code: 'A99', kind: 'added', changes: [], comparable: false }]);
    const removed = differencesOf(after, before);
    expect(removed.items).toMatchObject([{ code: 'A99', kind: 'removed', comparable: false }]);
    expect(removed.same).toBe(added.same);
  });

  it('tell which items changed their order, and not those that only moved along', () => {
    const { before, after } = changed('parents-thcs', (survey) => {
      const items = survey.sections[0]?.items ?? [];
      const [one, two, ...rest] = items;
      if (one && two) items.splice(0, items.length, two, one, ...rest);
    });
    const codes = (before.sections[0]?.items ?? []).slice(0, 2).map(({ code }) => code);
    const { items } = differencesOf(before, after);
    expect(items.map(({ code }) => code).sort()).toEqual(codes);
    for (const { changes } of items) expect(changes.map(({ what }) => what)).toEqual(['place']);
    const { before: short, after: long } = changed('parents-thcs', (survey) => {
      const list = survey.sections[0]?.items ?? [];
      list.unshift({ ...structuredClone(first(list)), code: 'A98' });
    });
    expect(differencesOf(short, long).items.map(({ code }) => code)).toEqual(['A98']);
  });

  it.each<[string, (survey: Survey) => void, Partial<Change>]>([
    ['its title', (survey) => Object.assign(survey.title, { en: 'New' }), { what: 'title', lang: 'en' }],
    ['its minutes', (survey) => Object.assign(survey, { minutes: 9 }), { what: 'minutes', after: '9' }],
  ])('differ in %s', (_name, change, expected) => {
    const { before, after } = changed('parents-thcs', change);
    expect(differencesOf(before, after).survey).toMatchObject([expected]);
  });

  it('differ in options, required answers, “no opinion” and a section’s name', () => {
    const { before, after } = changed('citizens-tthc', (survey) => {
      for (const section of survey.sections)
        for (const item of section.items) {
          if (item.kind === 'single' && item.options.length > 2) item.options.pop();
          if (item.kind === 'likert') Object.assign(item, { noOpinion: !item.noOpinion });
          item.required = !item.required;
        }
      Object.assign(first(survey.sections).title, { vi: 'Tên mới' });
    });
    const differences = differencesOf(before, after);
    const kinds = new Set(differences.items.flatMap(({ changes }) => changes.map(({ what }) => what)));
    expect([...kinds].sort()).toEqual(['noOpinion', 'options', 'required']);
    const gone = differences.items.flatMap(({ changes }) => changes.filter(({ what }) => what === 'options'));
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.every(({ after: now }) => now === '')).toBe(true);
    expect(differences.sections).toMatchObject([
      { kind: 'changed', changes: [{ what: 'title', after: 'Tên mới' }] },
    ]);
    expect(differences.same).toBe(0);
  });
});
