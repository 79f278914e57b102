/** What is inside every public page must run on the oldest phones. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'acorn';
import { describe, expect, test } from 'vitest';
import { formScript, kioskScript, publicCss, publicScript } from '../../server/http/assets.js';

describe('a script for phones', () => {
  const files = readdirSync('views/assets').filter((file) => file.endsWith('.js'));

  test.each(files)('%s knows no word of the language after 2009 (ES5)', (file) => {
    const source = readFileSync(`views/assets/${file}`, 'utf8');
    expect(() => parse(source, { ecmaVersion: 5, sourceType: 'script' })).not.toThrow();
    expect(() => parse(`${source};let a;`, { ecmaVersion: 5, sourceType: 'script' })).toThrow();
  });

  test.each(Object.entries({ formScript, kioskScript, publicScript }))(
    '%s is still a script without its comments and line ends',
    (_name, source) => {
      expect(() => parse(source, { ecmaVersion: 5, sourceType: 'script' })).not.toThrow();
      expect(source).not.toMatch(/\/\*|\n/);
    },
  );
});

describe('the style of public pages', () => {
  test('has a plain value before every one that old browsers do not understand', () => {
    expect(publicCss).toContain('background: #0b5d6b;background: var(--accent)');
    expect(publicCss).toContain('border: 1px solid #d9d4ca;border: 1px solid var(--line)');
    const declarations = publicCss.split(/[{};]/);
    const property = (declaration = '') => declaration.split(':')[0];
    const bare = declarations.filter(
      (declaration, index) =>
        /var\(--(?!level|face|sound)/.test(declaration) &&
        (property(declarations[index - 1]) !== property(declaration) ||
          declarations[index - 1]?.includes('var(')),
    );
    expect(bare).toEqual([]);
  });

  test('names no file and no other site', () => {
    expect(publicCss.match(/url\((?!"data:)|@import|@font-face/g) ?? []).toEqual([]);
  });
});
