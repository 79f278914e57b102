/** What a page about figures is made of: what its template shows, and what of it can be taken along. */
import type { Request } from 'express';
import type { Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import type { FigureTable } from './figureTable.js';
import type { Picture } from './pictures.js';
import type { Words } from './words.js';

/** Somebody looks at a page of a round. */
export interface Visit {
  readonly context: Context;
  readonly request: Request;
  readonly round: Round;
  readonly words: Words;
}

export interface FigurePage {
  /** What the template is given besides the round. */
  readonly locals: object;
  readonly pictures: readonly Picture[];
  readonly tables: readonly FigureTable[];
}

/** A picture for phones and one for desks; a page shows the one that it has the room for. */
interface DrawnPicture {
  readonly name: string;
  readonly title: string;
  readonly narrow: string;
  readonly wide: string;
}

/** Widths of the pictures on a phone, on a desk, and of files; in pixels. */
const NARROW = 300;
export const WIDE = 760;

/** Pictures in which there is something to see as they stand on a page, once for either width, by their names. */
export async function picturesByName(
  pictures: readonly Picture[],
): Promise<ReadonlyMap<string, DrawnPicture>> {
  return new Map(
    await Promise.all(
      pictures
        .filter(({ isEmpty }) => !isEmpty)
        .map(async ({ name, title, draw }) => {
          const [narrow, wide] = await Promise.all([draw(NARROW), draw(WIDE)]);
          return [name, { name, title, narrow, wide }] as const;
        }),
    ),
  );
}
