/** Every sentence people read is in Vietnamese and English, used, and kept out of the templates. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { FLAGS } from '../../models/responses.js';

type Texts = Readonly<Record<string, string>>;

const languages = new Map<string, Texts>(
  readdirSync('views/texts').map((file) => [
    path.basename(file, '.json'),
    JSON.parse(readFileSync(`views/texts/${file}`, 'utf8')) as Texts,
  ]),
);
const vietnamese = languages.get('vi') ?? {};
const templates = filesUnder('views', '.ejs');
const sources = [...templates, ...filesUnder('server', '.ts'), ...filesUnder('models', '.ts')];

/** Keys that are put together while the product runs: their beginning, and everything that can follow it. */
const COMPOSED: Readonly<Record<string, readonly string[]>> = {
  'likert.': ['1', '2', '3', '4', '5'],
  'office.import.column.': ['code', 'name', 'levels', 'parent', 'enrolment', 'area'],
  'office.round.problem.': [
    'numbering',
    'subject',
    ...foundIn('office/roundForm', /\bwrong\('([a-z-]+)'\)/g),
    ...foundIn('office/', /\bproblem\('([a-z-]+)'/g),
  ],
  'office.state.': ['draft', 'open', 'closed', 'waiting', 'over'],
  'office.subject.': ['education', 'procedure'],
  'office.units.problem.': foundIn(
    'office/unitList',
    /\b(?:problemKey\(|at\(column, |wrong\((?:null|'[a-z]+'), )'([a-z-]+)'/g,
  ),
  'problem.': foundIn('', /\bnew Problem\(\s*\d+, '([a-z-]+)'|\? new Problem\(\d+, '([a-z-]+)'/g)
    .concat(['not-found', 'unreadable'])
    .flatMap((code) => [`${code}.title`, `${code}.text`]),
  'respond.facts.': ['time', 'anonymous', 'use', 'until'].flatMap((fact) => [
    `${fact}.title`,
    `${fact}.text`,
  ]),
  'respond.problem.': [
    ...['likert', 'multiple', 'percentage', 'single', 'text'].map((kind) => `required-${kind}`),
    ...foundIn('respond/answers', /\bproblem\((?:null|item\.code), '([a-z-]+)'/g),
    ...foundIn('respond/submit', /\b(?:again|formProblem)\(.*?'([a-z-]+)'\)/g),
  ],
  'respond.problem.required-': ['likert', 'multiple', 'percentage', 'single', 'text'],
  'results.flag.': FLAGS.flatMap((flag) => [flag, `${flag}.text`]),
  'results.csv.': foundIn('results/csv', /\['([a-z-]+)', \(/g),
  'results.verdict.': ['met', 'missed', 'uncertain', 'unmeasured'],
};

describe('every language', () => {
  test.each([...languages.keys()])('%s is sorted', (code) => {
    const keys = Object.keys(languages.get(code) ?? {});
    expect(keys).toEqual([...keys].sort());
  });

  test.each([...languages.keys()])('%s names itself, and no other language', (code) => {
    const keys = Object.keys(languages.get(code) ?? {});
    expect(keys.filter(isName)).toEqual([`page.language.${code}`]);
  });

  test.each([...languages.keys()])('%s has no text that Vietnamese has not, and none is empty', (code) => {
    const texts = languages.get(code) ?? {};
    expect(sentencesOf(texts).filter((key) => !(key in vietnamese))).toEqual([]);
    expect(Object.keys(texts).filter((key) => texts[key]?.trim() === '')).toEqual([]);
  });

  test.each([...languages.keys()])('%s fills in the same places', (code) => {
    const texts = languages.get(code) ?? {};
    const places = (text = '') => [...new Set(text.match(/\{\w+\}/g))].sort();
    for (const key of sentencesOf(texts))
      expect([key, places(texts[key])]).toEqual([key, places(vietnamese[key])]);
  });
});

test('English has every text', () => {
  expect(sentencesOf(languages.get('en') ?? {})).toEqual(sentencesOf(vietnamese));
});

test('Quý vị is written with a capital', () => {
  expect(Object.entries(vietnamese).filter(([, text]) => /quý vị/.test(text) || /Quý Vị/.test(text))).toEqual(
    [],
  );
});

describe('every text that is asked for is there', () => {
  test('by its whole key', () => {
    const asked = sources.flatMap(({ text }) =>
      [...text.matchAll(/\bt\(\s*'([^']+)'\s*[,)]/g)].map(([, key]) => key),
    );
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((key = '') => !(key in vietnamese))).toEqual([]);
  });

  test.each(Object.entries(COMPOSED))('beginning with %s', (beginning, ends) => {
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.map((end) => beginning + end).filter((key) => !(key in vietnamese))).toEqual([]);
  });

  test('where a key is put together, its beginning is known here', () => {
    const beginnings = sources.flatMap(({ text }) => [
      ...[...text.matchAll(/\bt\(\s*'([a-z.-]+[.-])'\s*\+/g)].map(([, beginning]) => beginning),
      ...[...text.matchAll(/\bt\(\s*`([a-z.-]+)\$\{/g)].map(([, beginning]) => beginning),
    ]);
    expect([...new Set(beginnings)].filter((beginning = '') => !(beginning in COMPOSED))).toEqual([]);
  });
});

test('every text is used', () => {
  const everything = sources.map(({ text }) => text).join('\n');
  const composed = new Set(
    Object.entries(COMPOSED).flatMap(([beginning, ends]) => ends.map((end) => beginning + end)),
  );
  const unused = Object.keys(vietnamese).filter(
    (key) => !everything.includes(`'${key}'`) && !composed.has(key) && !isName(key),
  );
  expect(unused).toEqual([]);
});

test.each(templates)('$name has no Vietnamese words of its own', ({ text }) => {
  const withoutComments = text.replace(/<%#.*?%>/gs, '');
  expect(withoutComments.match(/[\u00C0-\u1EF9]+/g) ?? []).toEqual([]);
});

/** The keys of a language but for its own name. */
function sentencesOf(texts: Texts): string[] {
  return Object.keys(texts).filter((key) => !isName(key));
}

function isName(key: string): boolean {
  return key.startsWith('page.language.');
}

function filesUnder(folder: string, ending: string): { name: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(path.join(folder, name), 'utf8') }));
}

/** What a pattern finds in the server's sources, each once; `where` names the file, '' all of them. */
function foundIn(where: string, pattern: RegExp): string[] {
  const found = filesUnder('server', '.ts')
    .filter(({ name }) => name.includes(where))
    .flatMap(({ text }) => [...text.matchAll(pattern)].map(([, first, second]) => first ?? second ?? ''));
  return [...new Set(found)].sort();
}
