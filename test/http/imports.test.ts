/** Imports point downwards: read from the sources, so that it stays so. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesUnder } from './sources.js';

/** An import of one file by another, by their paths in the project. */
interface Import {
  readonly by: string;
  readonly of: string;
}

const IMPORT = /\b(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

const imports = ['server', 'models', 'surveys'].flatMap((folder) =>
  filesUnder(folder, '.ts').flatMap(({ name, text }): Import[] =>
    [...text.matchAll(IMPORT)].map(([, of = '']) => ({
      by: name,
      of: path.posix.join(path.posix.dirname(name), of),
    })),
  ),
);

/** What a bench takes from the product as it is built. */
const BUILT = /import \{([^}]+)\} from '\.\.\/\.\.\/dist\/([^']+)\.js'/g;

/** Names that a source gives away. */
function exportsOf(file: string): ReadonlySet<string> {
  const text = readFileSync(`${file}.ts`, 'utf8');
  const names = text.matchAll(/^export (?:(?:async )?(?:function\*?|class|const|let) (\w+)|\{([^}]+)\})/gm);
  return new Set(
    [...names].flatMap(([, one, list]) => (one ?? list ?? '').split(',').map((name) => name.trim())),
  );
}

/** `rounds` of `server/rounds/routes.ts`; null of what puts all together, such as `server/app.ts`. */
function capabilityOf(file: string): string | null {
  const [root, folder, ...rest] = file.split('/');
  return root === 'server' && folder && rest.length > 0 ? folder : null;
}

const between = imports.filter(({ by, of }) => {
  const [from, to] = [capabilityOf(by), capabilityOf(of)];
  return from !== null && to !== null && from !== to;
});

describe('imports', () => {
  it('go from one folder of the server to another in one direction only, also by way of others', () => {
    expect(between.length).toBeGreaterThan(500);
    expect(inCircles(between)).toEqual([]);
  });

  it('never lead from what is stored or asked to the server', () => {
    const upwards = imports.filter(({ by, of }) => !by.startsWith('server/') && of.startsWith('server/'));
    expect(upwards).toEqual([]);
  });

  it('never lead out of the statistics', () => {
    const out = imports.filter(
      ({ by, of }) => by.startsWith('server/statistics/') && !of.startsWith('server/statistics/'),
    );
    expect(out).toEqual([]);
  });

  it('of benches, which nothing else runs, are of what is there', () => {
    const names = filesUnder('test/bench', '.mjs').flatMap(({ text }) =>
      [...text.matchAll(BUILT)].flatMap(([, list = '', file = '']) =>
        list.split(',').flatMap((name) => (name.trim() ? [{ name: name.trim(), file }] : [])),
      ),
    );
    expect(names.length).toBeGreaterThan(50);
    const missing = names.filter(({ name, file }) => !exportsOf(file).has(name));
    expect(missing).toEqual([]);
  });
});

/** What is left when folders that import none of the others, or are imported by none, are taken away again and again. */
function inCircles(all: readonly Import[]): readonly Import[] {
  const importing = new Set(all.map(({ by }) => capabilityOf(by)));
  const imported = new Set(all.map(({ of }) => capabilityOf(of)));
  const left = all.filter(({ by, of }) => importing.has(capabilityOf(of)) && imported.has(capabilityOf(by)));
  return left.length === all.length ? left : inCircles(left);
}
