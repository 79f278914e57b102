/** Where the project's files are, for compiled code under dist/ and for sources alike. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = findRoot(path.dirname(fileURLToPath(import.meta.url)));

/** Absolute path of something the project ships, such as `projectPath('views')`. */
export function projectPath(...parts: string[]): string {
  return path.join(root, ...parts);
}

function findRoot(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error('package.json not found above the running code');
  return findRoot(parent);
}
