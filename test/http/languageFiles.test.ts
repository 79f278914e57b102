import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LanguageFileError, readLanguages } from '../../server/http/languageFiles.js';

const VIETNAMESE = {
  'page.language.vi': 'Tiếng Việt',
  count: 'Còn {count} chỗ, {day}',
  send: 'Gửi phiếu',
};
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'languages-'));
  write('vi.json', VIETNAMESE);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, content: unknown): void {
  writeFileSync(path.join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
}

describe('the languages are refused, with file, key and reason,', () => {
  const km = { 'page.language.km': 'ភាសាខ្មែរ' };
  test.each<[string, string, unknown, string]>([
    ['a text that Vietnamese has not', 'km.json', { ...km, sned: 'ផ្ញើ' }, 'km.json: sned: is not known'],
    ['a text that is no text', 'km.json', { ...km, send: 7 }, 'km.json: send: must be a text in quotes'],
    ['a list for a text', 'km.json', { ...km, send: ['ផ្ញើ'] }, 'km.json: send: must be a text in quotes'],
    ['an empty text', 'km.json', { ...km, send: ' ' }, 'km.json: send: is empty; leave it out'],
    [
      'a place with another name',
      'km.json',
      { ...km, count: '{count} {date}' },
      'km.json: count: must fill in {count} {day}',
    ],
    [
      'a place left out',
      'km.json',
      { ...km, count: '{count}' },
      'km.json: count: must fill in {count} {day}',
    ],
    [
      'a place too many',
      'km.json',
      { ...km, send: 'ផ្ញើ {count}' },
      'km.json: send: must fill in nothing, as in vi.json, but has {count}',
    ],
    ['no name of its own', 'km.json', { send: 'ផ្ញើ' }, 'km.json: page.language.km: is missing'],
    [
      'the name of another language',
      'km.json',
      { ...km, 'page.language.vi': 'វៀតណាម' },
      'km.json: page.language.vi: belongs in the file of that language',
    ],
    ['a key of every object', 'km.json', { ...km, constructor: 'x' }, 'km.json: constructor: is not known'],
    ['what is not JSON', 'km.json', '{', 'km.json: not JSON: '],
    ['a list', 'km.json', [], 'km.json: file: must be an object of texts by key'],
    [
      'a name in words',
      'tieng-khmer.json',
      {},
      'tieng-khmer.json: file name: must be a language tag (BCP 47)',
    ],
    ['an underscore', 'km_KH.json', {}, 'km_KH.json: file name: must be a language tag (BCP 47)'],
    ['a name of more than three letters', 'khmer.json', {}, 'khmer.json: file name: must be a language tag'],
    ['a private name', 'x-khmer.json', {}, 'x-khmer.json: file name: must be a language tag'],
    ['capitals', 'KM.json', {}, 'KM.json: file name: must be km.json'],
    ['the longer of two tags', 'khm.json', {}, 'khm.json: file name: must be km.json'],
  ])('for %s', (_name, file, content, sentence) => {
    write(file, content);
    expect(() => readLanguages(folder)).toThrow(LanguageFileError);
    expect(() => readLanguages(folder)).toThrow(sentence);
  });

  test('where Vietnamese is missing', () => {
    rmSync(path.join(folder, 'vi.json'));
    expect(() => readLanguages(folder)).toThrow('vi.json: is missing');
  });

  test('with every mistake at once', () => {
    write('km.json', { sned: 'ផ្ញើ' });
    write('rad.json', { 'page.language.rad': 'Êđê', send: null });
    expect(() => readLanguages(folder)).toThrow(
      /^km.json: page.language.km: .*\nkm.json: sned: .*\nrad.json: send: .*$/,
    );
  });
});

test.each(['km', 'rad', 'hmv', 'blt', 'zh-Hant', 'hnj-Latn'])(
  '%s is a language, with what it has',
  (code) => {
    write(`${code}.json`, { [`page.language.${code}`]: 'x', count: '{day}: {count}' });
    write('notes.txt', 'not a language');
    const languages = readLanguages(folder);
    expect([...languages.keys()].sort()).toEqual([code, 'vi'].sort());
    expect([...(languages.get(code)?.keys() ?? [])]).toEqual([`page.language.${code}`, 'count']);
  },
);
