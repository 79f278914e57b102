/** Languages: texts looked up by key, Vietnamese where another language has none. */
import { projectPath } from '../paths.js';
import { DEFAULT_LANGUAGE, ownNameKey, readLanguages, type Texts } from './languageFiles.js';
import { inDefaultLanguage, inPageLanguage } from './languageMarks.js';

export { DEFAULT_LANGUAGE };

/** Looks a text up and fills in `{name}` from the parameters. */
export type Translate = (key: string, parameters?: Readonly<Record<string, string | number>>) => string;

export interface Language {
  /** BCP 47 tag, as in `lang`. */
  readonly code: string;
  /** What it calls itself. */
  readonly name: string;
}

let read: ReadonlyMap<string, Texts> | undefined;

/** Read on first use, so that a mistake in a file ends the start with a sentence. */
function textsByLanguage(): ReadonlyMap<string, Texts> {
  read ??= readLanguages(projectPath('views', 'texts'));
  return read;
}

/**
 * The languages there are, Vietnamese first.
 * @throws {LanguageFileError} where a file has a mistake
 */
export function readLanguageList(): Language[] {
  const others = [...textsByLanguage().keys()].filter((code) => code !== DEFAULT_LANGUAGE).sort();
  return [DEFAULT_LANGUAGE, ...others].map((code) => ({
    code,
    name: textsByLanguage().get(code)?.get(ownNameKey(code)) ?? code,
  }));
}

/** Whether there is a text of this key. */
export function hasText(key: string): boolean {
  return textsByLanguage().get(DEFAULT_LANGUAGE)?.has(key) ?? false;
}

/** What follows a beginning in the keys that there are, such as every action of `audit.action.`. */
export function endsOfKeys(beginning: string): string[] {
  return [...(textsByLanguage().get(DEFAULT_LANGUAGE)?.keys() ?? [])]
    .filter((key) => key.startsWith(beginning))
    .map((key) => key.slice(beginning.length));
}

/** The look-up function of a language for all but pages. A key that no language has is a mistake in the code and throws. */
export function translator(language: string): Translate {
  return (key, parameters) => filled(key, ownText(language, key) ?? defaultText(key), parameters);
}

/** The look-up function of a page: what it lacks in its language is marked as Vietnamese. */
export function pageTranslator(language: string): Translate {
  return (key, parameters) => {
    const own = ownText(language, key);
    return own === undefined
      ? inDefaultLanguage(filled(key, defaultText(key), parameters))
      : asOwn(filled(key, own, parameters), language);
  };
}

/** A text of a survey file or the catalogue on a page in a language: Vietnamese, and marked so, where it has none. */
export function inLanguage(texts: Readonly<Record<string, string>>, language: string): string {
  const own = texts[language];
  return own === undefined ? inDefaultLanguage(texts[DEFAULT_LANGUAGE] ?? '') : asOwn(own, language);
}

/** The same for all but pages. */
export function plainInLanguage(texts: Readonly<Record<string, string>>, language: string): string {
  return texts[language] ?? texts[DEFAULT_LANGUAGE] ?? '';
}

/** Marked only where a text in the default language could take it in. */
function asOwn(text: string, language: string): string {
  const all = textsByLanguage();
  const partial = (all.get(language)?.size ?? 0) < (all.get(DEFAULT_LANGUAGE)?.size ?? 0);
  return partial ? inPageLanguage(text) : text;
}

function ownText(language: string, key: string): string | undefined {
  return textsByLanguage().get(language)?.get(key);
}

function defaultText(key: string): string {
  const text = ownText(DEFAULT_LANGUAGE, key);
  if (text === undefined) throw new Error(`no text ${key}`);
  return text;
}

function filled(key: string, text: string, parameters: Parameters<Translate>[1] = {}): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    if (value === undefined) throw new Error(`text ${key} needs ${name}`);
    return String(value);
  });
}
