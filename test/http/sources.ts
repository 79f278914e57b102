/** The product's own sources as text, for tests that read them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Beginnings of text keys that are put together while the product runs, with everything that can follow each. */
export type ComposedTexts = Readonly<Record<string, readonly string[]>>;

/** Every file under a folder of the project whose name ends so. */
export function filesUnder(folder: string, ending: string): { name: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(path.join(folder, name), 'utf8') }));
}

/** What a pattern finds in the server's sources, each once; `where` names the file, '' all of them. */
export function foundIn(where: string, pattern: RegExp): string[] {
  const found = filesUnder('server', '.ts')
    .filter(({ name }) => name.includes(where))
    .flatMap(({ text }) => [...text.matchAll(pattern)].map(([, first, second]) => first ?? second ?? ''));
  return [...new Set(found)].sort();
}
