/** Languages: the texts of views/texts/*.json, looked up by key, Vietnamese where another language has none. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectPath } from '../paths.js';

export const DEFAULT_LANGUAGE = 'vi';

/** Looks a text up and fills in `{name}` from the parameters. */
export type Translate = (key: string, parameters?: Readonly<Record<string, string | number>>) => string;

const textsByLanguage: ReadonlyMap<string, ReadonlyMap<string, string>> = readTexts();

/** Codes of the languages there are, Vietnamese first. */
export const languages: readonly string[] = [
  DEFAULT_LANGUAGE,
  ...[...textsByLanguage.keys()].filter((code) => code !== DEFAULT_LANGUAGE).sort(),
];

/** The look-up function of a language. A key that no language has is a mistake in the code and throws. */
export function translator(language: string): Translate {
  return (key, parameters = {}) => {
    const text = textsByLanguage.get(language)?.get(key) ?? textsByLanguage.get(DEFAULT_LANGUAGE)?.get(key);
    if (text === undefined) throw new Error(`no text ${key}`);
    return text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = parameters[name];
      if (value === undefined) throw new Error(`text ${key} needs ${name}`);
      return String(value);
    });
  };
}

/** A text of a survey file or the catalogue in a language, Vietnamese where it has none. */
export function inLanguage(texts: Readonly<Record<string, string>>, language: string): string {
  return texts[language] ?? texts[DEFAULT_LANGUAGE] ?? '';
}

function readTexts(): Map<string, Map<string, string>> {
  const folder = projectPath('views', 'texts');
  const byLanguage = new Map<string, Map<string, string>>();
  for (const file of readdirSync(folder)) {
    const texts = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Record<string, string>;
    byLanguage.set(path.basename(file, '.json'), new Map(Object.entries(texts)));
  }
  return byLanguage;
}
