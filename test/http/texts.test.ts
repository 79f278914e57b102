/** Every sentence people read is in Vietnamese and English, used, and kept out of the templates. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ComposedTexts, filesUnder } from './sources.js';

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

/** Keys that are put together while the product runs, as each capability's tests tell them. */
const COMPOSED: Record<string, readonly string[]> = {};
for (const { name } of filesUnder('test', 'composedTexts.ts'))
  Object.assign(
    COMPOSED,
    ((await import(/* @vite-ignore */ `../../${name}`)) as { default: ComposedTexts }).default,
  );

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
