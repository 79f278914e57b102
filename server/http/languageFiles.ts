/** Reads the languages: every JSON file of views/texts, named after its language, checked before the server starts. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Has every text; what another language lacks is shown in it. */
export const DEFAULT_LANGUAGE = 'vi';

/** The texts of a language by key. */
export type Texts = ReadonlyMap<string, string>;

/** Mistakes in language files; the message has a line for each: file, key, reason. */
export class LanguageFileError extends Error {
  override name = 'LanguageFileError';
}

/** The key of a language's own name. Every file names its own language, so that no file need know of another. */
export function ownNameKey(code: string): string {
  return `page.language.${code}`;
}

/**
 * The texts of every language of a folder, by its code. A language may have fewer texts than Vietnamese, never
 * others.
 * @throws {LanguageFileError} naming file, key and reason of every mistake found
 */
export function readLanguages(folder: string): ReadonlyMap<string, Texts> {
  const mistakes: string[] = [];
  const raw = new Map<string, Readonly<Record<string, unknown>>>();
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.json')) continue;
    const code = path.basename(file, '.json');
    const read = mistakeInName(code) ?? parsed(readFileSync(path.join(folder, file), 'utf8'));
    if (typeof read === 'string') mistakes.push(`${file}: ${read}`);
    else raw.set(code, read);
  }
  const vietnamese = raw.get(DEFAULT_LANGUAGE);
  if (vietnamese)
    for (const [code, texts] of raw)
      mistakes.push(...mistakesIn(texts, code, vietnamese).map((mistake) => `${code}.json: ${mistake}`));
  else if (mistakes.length === 0) mistakes.push(`${DEFAULT_LANGUAGE}.json: is missing in ${folder}`);
  if (mistakes.length > 0) throw new LanguageFileError(mistakes.join('\n'));
  return new Map(
    [...raw].map(([code, texts]) => [code, new Map(Object.entries(texts as Record<string, string>))]),
  );
}

/**
 * What is wrong with a code; null where it can stand in `lang`.
 * Source: BCP 47 (RFC 5646, 2.1): two or three letters, then subtags; longer first subtags are not in use.
 */
function mistakeInName(code: string): string | null {
  try {
    const [canonical] = Intl.getCanonicalLocales(code);
    if (canonical === code && /^[a-z]{2,3}(-|$)/.test(code)) return null;
    if (canonical !== code) return `file name: must be ${canonical}.json`;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return 'file name: must be a language tag (BCP 47), such as km.json for Khmer or rad.json for Ê Đê';
}

/** The content of a file, or what is wrong with it. */
function parsed(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === 'object' && content !== null && !Array.isArray(content))
      return content as Record<string, unknown>;
    return 'file: must be an object of texts by key';
  } catch (error) {
    return `not JSON: ${(error as Error).message}`;
  }
}

function mistakesIn(
  texts: Readonly<Record<string, unknown>>,
  code: string,
  vietnamese: Readonly<Record<string, unknown>>,
): string[] {
  const ownName = ownNameKey(code);
  const mistakes = Object.entries(texts).flatMap(([key, text]) => {
    const reason = mistakeIn(text, vietnamese[key], key, ownName);
    return reason === null ? [] : [`${key}: ${reason}`];
  });
  if (!Object.hasOwn(texts, ownName))
    mistakes.unshift(`${ownName}: is missing: the language's own name, shown in the link to it`);
  return mistakes;
}

/** What is wrong with one text; null where nothing is. */
function mistakeIn(text: unknown, vietnamese: unknown, key: string, ownName: string): string | null {
  if (typeof text !== 'string') return 'must be a text in quotes';
  if (text.trim() === '') return 'is empty; leave it out to show the Vietnamese text';
  if (key === ownName) return null;
  if (key.startsWith(ownNameKey(''))) return `belongs in the file of that language; this one has ${ownName}`;
  if (typeof vietnamese !== 'string') return `is not known: ${DEFAULT_LANGUAGE}.json has no such text`;
  const wanted = placesIn(vietnamese);
  if (placesIn(text) === wanted) return null;
  return wanted === ''
    ? `must fill in nothing, as in ${DEFAULT_LANGUAGE}.json, but has ${placesIn(text)}`
    : `must fill in ${wanted}, as in ${DEFAULT_LANGUAGE}.json`;
}

/** The places of a text that are filled in, in one order: `{count} {minutes}`. */
function placesIn(text: string): string {
  return [...new Set(text.match(/\{\w+\}/g))].sort().join(' ');
}
