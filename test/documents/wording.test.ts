/** Every word of the Word documents is in their language file, in order, used, and filled in where it has places. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { FLAGS } from '../../models/responses.js';
import { gap } from '../../server/documents/form/content.js';
import { STYLE } from '../../server/documents/form/styles.js';
import { phrase, type WordingKey, wording } from '../../server/documents/wording.js';
import { type ComposedTexts, filesUnder } from '../http/sources.js';
import { type Asked, asksOf, literalsOf } from './wordingSources.js';

const texts = JSON.parse(readFileSync('views/documents/wording.vi.json', 'utf8')) as Record<string, string>;
const sources = filesUnder('server/documents', '.ts');
const asked = sources.flatMap(({ name, text }) => asksOf(name, text));

/** Keys that are put together while a document is written. */
const COMPOSED: ComposedTexts = {
  'report.carried-out.flag.': FLAGS,
  'report.compared.change.': ['up', 'down', 'uncertain'],
  'style.': Object.keys(STYLE).filter((style) => style !== 'caption'),
};

/** Literals of the code that look like words, though nobody reads them in a document. */
const NO_WORDS: Readonly<Record<string, string>> = {
  'kế hoạch': 'found at the beginning of what a plan calls its products',
  'phương án': 'found at the beginning of what a plan calls its products',
  'báo cáo': 'found at the beginning of what a plan calls its products',
  'no wording ': 'an error, for who writes the code',
  'Times New Roman': 'the name of the font',
};

const VIETNAMESE_LETTER = /[\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u01B0\u1EA0-\u1EF9]|[\u0300-\u036F]/;
const TWO_WORDS = /\p{L}[,.:;]? \p{L}/u;
const WORD_XML = /<w:|w:\w+="/;

describe('a text of the documents', () => {
  it('stands in order, under a key of small words', () => {
    const keys = Object.keys(texts);
    expect(keys.length).toBeGreaterThan(300);
    expect(keys).toEqual([...keys].sort());
    expect(keys.filter((key) => !/^[a-z]+(\.[A-Za-z]+(-[a-z]+)*)+$/.test(key))).toEqual([]);
  });

  it('is composed as Unicode wants it, without spaces too many', () => {
    const bad = (text: string) => text !== text.normalize('NFC') || /^\s|\s$|\s\s/.test(text) || text === '';
    expect(Object.keys(texts).filter((key) => bad(texts[key] ?? ''))).toEqual([]);
  });

  it('says Quý vị with a capital', () => {
    expect(Object.values(texts).filter((text) => /quý vị|Quý Vị/.test(text))).toEqual([]);
  });

  it('has no braces but those of its places', () => {
    const left = (text: string) => text.replace(/\{[a-z]\w*\}/gi, '');
    expect(Object.keys(texts).filter((key) => /[{}]/.test(left(texts[key] ?? '')))).toEqual([]);
  });
});

describe('every text that the documents ask for', () => {
  it('is there, wherever its key is written out', () => {
    const keys = asked.flatMap(({ keys }) => keys);
    expect(keys.length).toBeGreaterThan(350);
    expect(keys.filter((key) => !(key in texts))).toEqual([]);
  });

  it.each(Object.entries(COMPOSED))('is there, beginning with %s', (beginning, ends) => {
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.map((end) => beginning + end).filter((key) => !(key in texts))).toEqual([]);
    expect(asked.map((one) => one.beginning)).toContain(beginning);
  });

  it('is asked for by a key, or by a beginning that is known here', () => {
    expect(asked.filter(({ keys, beginning }) => keys.length === 0 && !(beginning in COMPOSED))).toEqual([]);
  });

  it('is given what its places need, and nothing else', () => {
    const wrong = asked.flatMap((ask) =>
      keysOf(ask).flatMap((key) => {
        const [wanted, given] = [placesIn(texts[key] ?? ''), [...ask.places].sort()];
        return wanted.join() === given.join() ? [] : [{ in: ask.source, key, wanted, given }];
      }),
    );
    expect(wrong).toEqual([]);
    expect(asked.filter(({ places }) => places.length > 0).length).toBeGreaterThan(80);
  });
});

test('every text is used', () => {
  const used = new Set(asked.flatMap(keysOf));
  expect(Object.keys(texts).filter((key) => !used.has(key))).toEqual([]);
});

describe('the code of the documents', () => {
  it.each(sources.map(({ name, text }) => [name, text] as const))('has no words in %s', (_, text) => {
    const looksRead = (literal: string) =>
      VIETNAMESE_LETTER.test(literal) || (TWO_WORDS.test(literal) && !WORD_XML.test(literal));
    expect(
      literalsOf(text).filter((literal) => looksRead(literal) && !Object.hasOwn(NO_WORDS, literal)),
    ).toEqual([]);
  });

  it('still has what is excepted', () => {
    const literals = new Set(sources.flatMap(({ text }) => literalsOf(text)));
    expect(Object.keys(NO_WORDS).filter((literal) => !literals.has(literal))).toEqual([]);
  });
});

describe('wording', () => {
  it('fails without what a place needs, and for a key that is not there', () => {
    expect(() => phrase('plan.introduction', { about: 'a' })).toThrow(
      'wording plan.introduction needs round',
    );
    expect(() => wording('plan.closing')).toThrow('wording plan.closing needs lead');
    expect(() => phrase('plan.no-such-text' as WordingKey)).toThrow('no wording plan.no-such-text');
    expect(() => phrase('toString' as WordingKey)).toThrow('no wording toString');
  });

  it('keeps what is put into a place a run of its own, and reads no places in it', () => {
    expect(wording('frame.number', { number: [gap('số')], symbol: '{number}' })).toEqual([
      'Số: ',
      { gap: 'số' },
      '/',
      '{number}',
    ]);
    expect(phrase('list.last', { before: '{last} $& $1', last: 7 })).toBe('{last} $& $1 và 7');
  });
});

function keysOf({ keys, beginning }: Asked): string[] {
  return keys.length > 0 ? [...keys] : (COMPOSED[beginning] ?? []).map((end) => beginning + end);
}

function placesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))].sort();
}
