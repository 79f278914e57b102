/**
 * The words of the official documents: views/documents/wording.vi.json. They are no file of views/texts, each of which
 * is a language of the pages: documents are issued in Vietnamese alone.
 */
import { readFileSync } from 'node:fs';
import type wordingFile from '../../views/documents/wording.vi.json';
import { projectPath } from '../paths.js';
import { type Inline, inlinesOf, type Text } from './form/content.js';

/** The key of a sentence, a heading or a name in the file: any other is a mistake that the compiler finds. */
export type WordingKey = keyof typeof wordingFile;

/** What stands in the places of a text, by their names. */
type Places<Place> = Readonly<Record<string, Place>>;

const texts = new Map<string, string>(
  Object.entries(
    JSON.parse(readFileSync(projectPath('views', 'documents', 'wording.vi.json'), 'utf8')) as Record<
      string,
      string
    >,
  ),
);

/**
 * A text whose places can be marked: each place stays a run of its own, as gaps and proposals need it.
 * @param places what is put into `{place}`, by its name
 * @throws where a place of the text is not given
 */
export function wording(key: WordingKey, places: Places<Text | Inline | number> = {}): Inline[] {
  // Every second piece is the name of a place.
  return textOf(key)
    .split(/\{(\w+)\}/)
    .flatMap((piece, at) => {
      if (at % 2 === 1) return inlinesOf(given(key, piece, places));
      return piece === '' ? [] : [piece];
    });
}

/**
 * The same as one string, for headings, captions, table heads and whatever has nothing to mark.
 * @throws where a place of the text is not given
 */
export function phrase(key: WordingKey, places: Places<string | number> = {}): string {
  return textOf(key).replace(/\{(\w+)\}/g, (_, name: string) => String(given(key, name, places)));
}

function textOf(key: WordingKey): string {
  const text = texts.get(key);
  if (text === undefined) throw new Error(`no wording ${key}`);
  return text;
}

function given<Place>(key: WordingKey, name: string, places: Places<Place>): Place {
  const place = places[name];
  if (place === undefined) throw new Error(`wording ${key} needs ${name}`);
  return place;
}
