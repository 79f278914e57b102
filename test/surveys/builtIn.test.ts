import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readServices } from '../../server/services/catalogue.js';
import { factorsOf, itemsOf, readSurveys } from '../../surveys/read.js';
import type { Item, Survey } from '../../surveys/schema.js';
import { criteria } from './criteria.js';

const surveys = [...readSurveys('surveys').values()];
const education = surveys.filter(({ subject }) => subject === 'education');
const each = surveys.map((survey) => [survey.id, survey] as const);

/** Every text a respondent reads, with the place it stands in. */
function textsOf(survey: Survey): { where: string; vi: string; en: string }[] {
  const inItem = (item: Item) => [
    { where: item.code, ...item.text },
    ...(item.hint ? [{ where: `${item.code} hint`, ...item.hint }] : []),
    ...('options' in item
      ? item.options.map(({ code, text }) => ({ where: `${item.code} ${code}`, ...text }))
      : []),
  ];
  return [
    { where: 'title', ...survey.title },
    { where: 'audience', ...survey.audience },
    { where: 'introduction', ...survey.introduction },
    ...survey.sections.flatMap(({ code, title, items }) => [
      { where: code, ...title },
      ...items.flatMap(inItem),
    ]),
  ];
}

/** Places whose text in a language a pattern finds. */
function placesWith(survey: Survey, language: 'vi' | 'en', pattern: RegExp): string[] {
  return textsOf(survey)
    .filter((text) => pattern.test(text[language]))
    .map((text) => `${survey.id} ${text.where}: ${text[language]}`);
}

describe('no built-in survey', () => {
  /** Words that ask who somebody is, or for what the law protects most. */
  const identifying = {
    vi: /họ (và )?tên|tên (của|con|em|trẻ|lớp|học sinh)|tên là|lớp (của|nào|mấy)|(học|lớp|khối) lớp \d|số điện thoại|email|thư điện tử|căn cước|cccd|cmnd|định danh|hộ chiếu|ngày sinh|năm sinh|bao nhiêu tuổi|địa chỉ|(thôn|bản|ấp|tổ dân phố) nào|mã (hồ sơ|học sinh|số)|số (hồ sơ|báo danh|tài khoản)|dân tộc|tôn giáo|thu nhập|khuyết tật|bệnh/i,
    en: /\bnames?\b|which class|phone number|e-?mail|identity|passport|birth|how old|\baddress|which village|(file|application|student|account) (number|code)|ethnic|religio|income|disab|illness/i,
  };
  /** The one place that names such things: to ask that they be left out. */
  const warning = {
    vi: /Xin không ghi họ tên, số điện thoại của [^.]+\./,
    en: /Please do not write names or phone numbers[^.]+\./,
  };
  const askedIn = (survey: Survey, language: 'vi' | 'en') =>
    textsOf(survey)
      .filter(({ where }) => where !== 'introduction')
      .filter((text) => identifying[language].test(text[language].replace(warning[language], '')))
      .map(({ where }) => where);

  it.each(each)('asks for anything that identifies a person: %s', (_id, survey) => {
    expect(askedIn(survey, 'vi')).toEqual([]);
    expect(askedIn(survey, 'en')).toEqual([]);
  });

  it.each([
    'Họ và tên của Quý vị',
    'Con Quý vị học lớp nào?',
    'Em học lớp 12A1 phải không?',
    'Số điện thoại liên hệ',
    'Năm sinh của Quý vị',
    'Mã hồ sơ',
    'Quý vị thuộc dân tộc nào?',
  ])('could ask such a thing unnoticed: %s', (question) => {
    expect(question).toMatch(identifying.vi);
  });

  it.each(each)('takes free text anywhere but in the comment, where it warns: %s', (_id, survey) => {
    const open = survey.sections.flatMap(({ role, items }) =>
      items.filter(({ kind }) => kind === 'text').map((item) => ({ role, item })),
    );
    expect(open).toHaveLength(1);
    expect(open[0]).toMatchObject({ role: 'comment', item: { required: false, maxLength: 2000 } });
    expect(open[0]?.item.hint?.vi).toMatch(warning.vi);
    expect(open[0]?.item.hint?.en).toMatch(warning.en);
  });

  it.each(each)(
    'sorts people into groups so small that they stand out, or makes them say: %s',
    (_id, survey) => {
      const attributes = survey.sections
        .filter(({ role }) => role === 'respondent')
        .flatMap(({ items }) => items);
      expect(attributes.length).toBeGreaterThanOrEqual(2);
      expect(attributes.length).toBeLessThanOrEqual(3);
      const options = attributes.map((item) =>
        item.kind === 'single' ? item.options.map(({ code }) => code) : [],
      );
      for (const codes of options) expect(codes.at(-1)).toBe('no-answer');
      expect(attributes.filter(({ required }) => required)).toEqual([]);
      expect(options.reduce((kinds, codes) => kinds * (codes.length - 1), 1)).toBeLessThanOrEqual(18);
    },
  );

  it.each(each)('claims to be an official form: %s', (_id, survey) => {
    expect(placesWith(survey, 'vi', /SIPAS|mẫu của Bộ|Bộ Giáo dục|Quyết định số/)).toEqual([]);
    expect(placesWith(survey, 'en', /SIPAS|ministry|official form/i)).toEqual([]);
  });
});

describe('every built-in survey', () => {
  it('is one of the seven, for its own respondents and services', () => {
    expect(surveys.map(({ id, respondent, services }) => [id, respondent, ...services].join(' '))).toEqual([
      'citizens-tthc citizen',
      'learners-gdtx learner gdtx',
      'parents-mam-non parent mam-non',
      'parents-thcs parent thcs',
      'parents-thpt parent thpt',
      'parents-tieu-hoc parent tieu-hoc',
      'students-thpt student thpt',
    ]);
  });

  it('rates services of the catalogue, of which only inclusive education has no survey of its own', () => {
    const catalogue = [...readServices('server/services/catalogue.json').values()];
    const levels = catalogue.filter(({ kind }) => kind === 'education').map(({ code }) => code);
    const rated = new Set(surveys.flatMap(({ services }) => services));
    expect([...rated].filter((code) => !levels.includes(code))).toEqual([]);
    expect(levels.filter((code) => !rated.has(code))).toEqual(['hoa-nhap']);
  });

  it.each(each)('has five factors and 22 to 30 ratings in them, each with a way out: %s', (_id, survey) => {
    const factors = factorsOf(survey);
    expect(factors.map(({ code }) => code)).toEqual(['A', 'B', 'C', 'D', 'E']);
    const ratings = factors.flatMap(({ items }) => items);
    expect(ratings.length).toBeGreaterThanOrEqual(22);
    expect(ratings.length).toBeLessThanOrEqual(30);
    expect(ratings.filter(({ required, noOpinion }) => !required || !noOpinion)).toEqual([]);
    for (const { items } of factors) expect(items.length).toBeGreaterThanOrEqual(3);
  });

  it.each(each)('asks for the overall satisfaction, then for the expectation met: %s', (_id, survey) => {
    const overall = survey.sections.find(({ role }) => role === 'overall');
    expect(overall?.items).toMatchObject([
      { code: 'G01', kind: 'likert', required: true },
      { code: 'G02', kind: 'percentage', step: 10 },
    ]);
  });

  it.each(each)('has its sections in order, without letters that look like digits: %s', (_id, survey) => {
    const letters = survey.sections.map(({ code }) => code).join('');
    expect(letters).toBe(survey.subject === 'procedure' ? 'ABCDEFGHK' : 'ABCDEGHK');
  });

  it.each(each)('uses each item code once: %s', (_id, survey) => {
    const codes = itemsOf(survey).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^[A-HK]\d\d$/);
  });

  it.each(each)('is written in composed Unicode, in Vietnamese and in English: %s', (id, survey) => {
    const written = readFileSync(`surveys/${id}.json`, 'utf8');
    expect(written).toBe(written.normalize('NFC'));
    const vietnamese = /[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]/i;
    expect(placesWith(survey, 'en', vietnamese)).toEqual([]);
    const plain = textsOf(survey).filter(({ vi, en }) => vi === en || !vietnamese.test(vi));
    expect(plain.map(({ where, vi }) => [where, vi])).toEqual(
      survey.respondent === 'parent' ? [['H01 father', 'Cha']] : [],
    );
  });

  it.each(each)('is punctuated as it should be: %s', (_id, survey) => {
    for (const { where, vi, en } of textsOf(survey))
      for (const text of [vi, en]) {
        const place = `${where}: ${text}`;
        expect(place).not.toMatch(/\s[,.;:?)]| {2}|\s$|[,;](?=\S)|['"]|\.\./);
        expect(text.charAt(0), place).toBe(text.charAt(0).toUpperCase());
        if (/hint|introduction/.test(where)) expect(place).toMatch(/\.$/);
        else expect(place).not.toMatch(/[.;:,]$/);
      }
  });

  it.each(each)('speaks to its readers in one voice: %s', (_id, survey) => {
    const others = {
      parent: /anh\/chị|\bem\b/i,
      student: /Quý vị|anh\/chị|\bcon\b/i,
      learner: /Quý vị|\bem\b|\bcon\b|học sinh/i,
      citizen: /anh\/chị|\bem\b|\bcon\b/i,
    }[survey.respondent];
    expect(placesWith(survey, 'vi', others)).toEqual([]);
    const own = { parent: /Quý vị/, student: /\bem\b/, learner: /anh\/chị/, citizen: /Quý vị/ }[
      survey.respondent
    ];
    expect(survey.introduction.vi).toMatch(own);
    expect(placesWith(survey, 'vi', /quý vị|Quý Vị|phụ huynh/)).toEqual([]);
  });

  it.each(each)(
    'says who asks, that answering is free and that nobody learns who answered: %s',
    (_id, survey) => {
      expect(survey.introduction.vi).toMatch(
        /Sở Giáo dục và Đào tạo.*tự nguyện.*không ai biết ai đã trả lời\.$/,
      );
      expect(survey.introduction.en).toMatch(
        /Department of Education and Training.*voluntary.*nobody learns who/,
      );
      expect(survey.introduction.vi.match(/\.( |$)/g)).toHaveLength(3);
    },
  );
});

describe('in the education surveys a code means one criterion', () => {
  const items = education.flatMap((survey) => itemsOf(survey).map((item) => ({ survey: survey.id, item })));
  const matches = (item: Item, { vi, en }: { vi: RegExp; en: RegExp }) => ({
    vi: vi.test(item.text.vi.toLowerCase()),
    en: en.test(item.text.en.toLowerCase()),
  });

  it.each(items.map(({ survey, item }) => [survey, item.code, item.text.vi, item] as const))(
    '%s %s: %s',
    (_survey, code, _text, item) => {
      const meaning = criteria[code];
      if (!meaning) throw new Error(`${code} is new: say in criteria.ts what it stands for`);
      expect(matches(item, meaning)).toEqual({ vi: true, en: true });
      const mistakenFor = Object.entries(criteria).filter(([other, words]) => {
        const found = matches(item, words);
        return other !== code && (found.vi || found.en);
      });
      expect(mistakenFor.map(([other]) => other)).toEqual([]);
    },
  );

  it('and it is asked in one way, with the same options', () => {
    const shapes = new Map<string, Set<string>>();
    for (const { item } of items) {
      const options = 'options' in item ? item.options.map(({ code }) => code) : [];
      const shape = [item.kind, item.required, ...options].join(' ');
      shapes.set(item.code, (shapes.get(item.code) ?? new Set()).add(shape));
    }
    expect([...shapes].filter(([, ways]) => ways.size > 1)).toEqual([]);
  });

  it('and no code is kept for a criterion that nobody asks', () => {
    expect(Object.keys(criteria).filter((code) => !items.some(({ item }) => item.code === code))).toEqual([]);
  });
});

describe('the survey on administrative procedures', () => {
  const survey = surveys.find(({ id }) => id === 'citizens-tthc');

  it('has 22 criteria in five factors: 4, 5, 6, 3 and 4', () => {
    expect(survey && factorsOf(survey).map(({ items }) => items.length)).toEqual([4, 5, 6, 3, 4]);
  });

  it('asks whether a delay was announced and excused only where there was one', () => {
    const facts = survey?.sections.find(({ role }) => role === 'facts')?.items ?? [];
    const conditional = facts.filter(({ showIf }) => showIf);
    expect(conditional.map(({ code }) => code)).toEqual(['F06', 'F07']);
    for (const { showIf } of conditional) expect(showIf).toEqual({ item: 'F05', in: ['late', 'overdue'] });
  });

  it('lets people keep to themselves whether they were troubled or asked for money', () => {
    const facts = survey?.sections.find(({ role }) => role === 'facts')?.items ?? [];
    for (const code of ['F03', 'F04']) {
      const item = facts.find((candidate) => candidate.code === code);
      expect(item).toMatchObject({ required: false, options: [{}, {}, { code: 'no-answer' }] });
    }
  });
});
