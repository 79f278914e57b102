/** The department's emblem, where it has given one: printed on posters and letters. The product has none of its own. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Router } from 'express';

export interface Emblem {
  /** Its address; changes with the picture. */
  readonly address: string;
  readonly type: string;
  readonly bytes: Buffer;
}

const TYPES: Readonly<Record<string, string>> = { '.svg': 'image/svg+xml', '.png': 'image/png' };

/**
 * Reads the emblem's file.
 * @throws {Error} with a sentence where there is no such file, or it is neither SVG nor PNG
 */
export function readEmblem(file: string | null): Emblem | null {
  if (file === null) return null;
  const ending = path.extname(file).toLowerCase();
  const type = TYPES[ending];
  if (!type) throw new Error(`EMBLEM ${file}: must be an .svg or .png file`);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new Error(`EMBLEM ${file}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const version = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  return { address: `/assets/emblem-${version}${ending}`, type, bytes };
}

/** The route of the emblem; none where there is no emblem. */
export function emblemRoutes(emblem: Emblem | null): Router {
  const routes = Router();
  if (emblem)
    routes.get(emblem.address, (_request, response) => {
      response
        .type(emblem.type)
        .set('Cache-Control', 'public, max-age=31536000, immutable')
        .send(emblem.bytes);
    });
  return routes;
}
