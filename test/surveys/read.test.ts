import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  canonicalJson,
  factorsOf,
  itemsOf,
  parseSurvey,
  readSurveys,
  SurveyFileError,
  surveyHash,
} from '../../surveys/read.js';
import { surveyJsonSchema } from '../../surveys/schema.js';

const FILE = 'citizens-tthc.json';
const text = readFileSync(`surveys/${FILE}`, 'utf8');

/** A survey file as JSON gives it, loose enough to be broken on purpose. */
type Broken = {
  [key: string]: unknown;
  sections: {
    [key: string]: unknown;
    items: { [key: string]: unknown; code: string; options?: { code: string }[] }[];
  }[];
};

/** The file with a mistake in it. */
function broken(change: (survey: Broken) => void): string {
  const survey = JSON.parse(text) as Broken;
  change(survey);
  return JSON.stringify(survey);
}

/** The file with a mistake in one item. */
function brokenItem(code: string, change: (item: Broken['sections'][0]['items'][0]) => void): string {
  return broken((survey) => {
    const item = survey.sections.flatMap(({ items }) => items).find((candidate) => candidate.code === code);
    if (!item) throw new Error(`no item ${code}`);
    change(item);
  });
}

const set = (values: object) => (target: object) => {
  Object.assign(target, values);
};

function section(survey: Broken, code: string): Broken['sections'][0] {
  const found = survey.sections.find((candidate) => candidate.code === code);
  if (!found) throw new Error(`no section ${code}`);
  return found;
}

describe('a survey file with a mistake is refused, naming file, item and reason', () => {
  const cases: [string, string, string][] = [
    ['it is not JSON', text.slice(0, -3), `${FILE}: not JSON: `],
    ['it is a list', '[]', `${FILE}: file: `],
    ['a key is unknown', broken(set({ colour: 'blue' })), `${FILE}: file: Unrecognized key: "colour"`],
    [
      'a key of an item is unknown',
      brokenItem('B02', set({ weight: 2 })),
      `${FILE}: item B02: Unrecognized key: "weight"`,
    ],
    [
      'the kind of an item is unknown',
      brokenItem('B02', set({ kind: 'stars' })),
      `${FILE}: item B02, kind: `,
    ],
    [
      'English is missing',
      brokenItem('C03', set({ text: { vi: 'Sự lịch sự' } })),
      `${FILE}: item C03, text.en: `,
    ],
    [
      'a text is blank',
      brokenItem('C03', set({ text: { vi: ' ', en: 'Courtesy' } })),
      `${FILE}: item C03, text.vi: `,
    ],
    [
      'English is missing in a hint',
      brokenItem('K01', set({ hint: { vi: 'Tùy ý.' } })),
      `${FILE}: item K01, hint.en: `,
    ],
    [
      'English is missing in an option',
      brokenItem('F02', (item) => set({ text: { vi: '1 lần' } })(item.options?.[1] ?? {})),
      `${FILE}: item F02, options.1.text.en: `,
    ],
    [
      'an item code is used twice',
      brokenItem('D02', set({ code: 'D01' })),
      `${FILE}: item D01, code: item code D01 is used twice`,
    ],
    [
      'an item code has another form',
      brokenItem('D02', set({ code: 'D-2' })),
      `${FILE}: item D-2, code: must be a capital letter and one or two digits`,
    ],
    [
      'an item has no code',
      brokenItem('D02', (item) => Reflect.deleteProperty(item, 'code')),
      `${FILE}: item 2 of section 4, code: `,
    ],
    [
      'an item stands in the section of another letter',
      brokenItem('D02', set({ code: 'E09' })),
      `${FILE}: item E09, code: must begin with the letter of its section, D`,
    ],
    [
      'a section code is used twice',
      broken((survey) => set({ code: 'A' })(section(survey, 'B'))),
      `${FILE}: sections.1.code: section code A is used twice`,
    ],
    [
      'a condition names a later item',
      brokenItem('F02', set({ showIf: { item: 'F05', in: ['late'] } })),
      `${FILE}: item F02, showIf.item: no earlier item F05`,
    ],
    [
      'a condition names the item itself',
      brokenItem('F05', set({ showIf: { item: 'F05', in: ['late'] } })),
      `${FILE}: item F05, showIf.item: no earlier item F05`,
    ],
    [
      'a condition names an unknown option',
      brokenItem('F06', set({ showIf: { item: 'F05', in: ['late', 'very-late'] } })),
      `${FILE}: item F06, showIf.in: item F05 has no answer very-late`,
    ],
    [
      'a condition names a level that the scale does not have',
      brokenItem('F06', set({ showIf: { item: 'D01', in: ['0'] } })),
      `${FILE}: item F06, showIf.in: item D01 has no answer 0`,
    ],
    [
      'an option code is used twice',
      brokenItem('F02', (item) => set({ code: 'none' })(item.options?.[1] ?? {})),
      `${FILE}: item F02, options: an option code is used twice`,
    ],
    [
      'a choice has a single option',
      brokenItem('F02', (item) => item.options?.splice(1)),
      `${FILE}: item F02, options: `,
    ],
    [
      'the percentages do not reach 100',
      brokenItem('G02', set({ step: 30 })),
      `${FILE}: item G02, step: must divide 100 without remainder`,
    ],
    [
      'a factor asks for text',
      broken((survey) => section(survey, 'B').items.push({ ...section(survey, 'K').items[0], code: 'B09' })),
      `${FILE}: sections.1.items: a factor holds Likert items only`,
    ],
    [
      'a rating stands outside factor and overall',
      broken((survey) => section(survey, 'F').items.push({ ...section(survey, 'A').items[0], code: 'F09' })),
      `${FILE}: sections.5.items: Likert items belong to a factor or to the overall section`,
    ],
    [
      'the expectation is missing',
      broken((survey) => section(survey, 'G').items.pop()),
      `${FILE}: sections.6.items: must be one Likert item (overall satisfaction) and one percentage`,
    ],
    [
      'there is no overall section',
      broken((survey) => survey.sections.splice(6, 1)),
      `${FILE}: sections: exactly one section must have the role overall`,
    ],
    [
      'there is no factor',
      broken((survey) => survey.sections.splice(0, 5)),
      `${FILE}: sections: at least one section must be a factor`,
    ],
    [
      'a procedure survey names a level',
      broken(set({ services: ['thcs'] })),
      `${FILE}: services: name the levels of an education survey, none for a procedure survey`,
    ],
  ];
  it.each(cases)('%s', (_what, content, message) => {
    expect(() => parseSurvey(content, FILE)).toThrow(SurveyFileError);
    expect(() => parseSurvey(content, FILE)).toThrow(message);
  });
});

describe('a folder of survey files is refused', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'surveys-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('when it is empty', () => {
    expect(() => readSurveys(folder)).toThrow('no survey files');
  });

  it('when the id is not the name of the file', () => {
    writeFileSync(path.join(folder, 'tthc.json'), text);
    expect(() => readSurveys(folder)).toThrow("tthc.json: id: must be the file's name");
  });

  it('with every mistake of every file at once', () => {
    writeFileSync(path.join(folder, 'a.json'), '{');
    writeFileSync(
      path.join(folder, FILE),
      broken((survey) => {
        set({ version: 0 })(survey);
        set({ title: { vi: 'Kết quả' } })(section(survey, 'D'));
      }),
    );
    expect(() => readSurveys(folder)).toThrow(
      /^a\.json: not JSON: .*\ncitizens-tthc\.json: version: .*\ncitizens-tthc\.json: sections\.3\.title\.en: /,
    );
  });
});

describe('a survey file that is right', () => {
  const survey = parseSurvey(text, FILE);

  it('gives its items in the order they are asked, and the factors apart', () => {
    expect(itemsOf(survey).map(({ code }) => code)).toEqual(
      [...text.matchAll(/"code": "([A-Z]\d\d)"/g)].map(([, code]) => code),
    );
    expect(factorsOf(survey).map(({ code }) => code)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  it('has the same hash whatever the order of its keys, and another when a word changes', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, part]) => [key, reversed(part)]),
      );
    };
    const hash = surveyHash(survey);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const upsideDown = JSON.stringify(reversed(JSON.parse(text)));
    expect(upsideDown).not.toBe(JSON.stringify(JSON.parse(text)));
    expect(surveyHash(parseSurvey(upsideDown, FILE))).toBe(hash);
    expect(canonicalJson(JSON.parse(upsideDown))).toBe(canonicalJson(JSON.parse(text)));
    expect(surveyHash(parseSurvey(text.replace('Sự lịch sự', 'Sự nhã nhặn'), FILE))).not.toBe(hash);
  });

  it('has another hash when its items change places', () => {
    const swapped = broken((raw) => section(raw, 'A').items.reverse());
    expect(surveyHash(parseSurvey(swapped, FILE))).not.toBe(surveyHash(survey));
  });
});

it('the JSON Schema for editors is the one the check uses', () => {
  const committed = readFileSync('surveys/survey.schema.json', 'utf8');
  expect(committed).toBe(`${JSON.stringify(surveyJsonSchema(), null, 2)}\n`);
});
