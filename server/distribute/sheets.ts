/**
 * Long runs of sheets: drawn one after another, so that thousands need no memory, and sent while they are drawn or from
 * where a job has kept them. What is drawn is the same, whether somebody waits for it or not.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Response } from 'express';
import { viewEngine } from '../http/viewEngine.js';
import { projectPath } from '../paths.js';
import { allowHandOut, printLocals } from './handOut.js';

/** A template under views/distribute with what it shows. */
export interface Sheet {
  readonly view: string;
  readonly locals: object;
}

/** What every template is given: of an answer, or `localsIn` where there is none. */
export type DrawingLocals = Pick<Express.Locals, 't' | 'lang'>;

/** Around the sheets: of views/distribute/print-start.ejs. */
interface Head {
  readonly title: string;
  readonly size: string;
  readonly back: string;
  /** Said beside how to print, in the reader's language. */
  readonly note?: string;
}

/** The template as HTML, with what every sheet is given. */
export function drawn(page: DrawingLocals, { view, locals }: Sheet): Promise<string> {
  const data = { cache: true, ...page, ...printLocals(page), ...locals };
  return new Promise((resolve, reject) => {
    viewEngine(projectPath('views', 'distribute', `${view}.ejs`), data, (error, html = '') =>
      error ? reject(error) : resolve(html),
    );
  });
}

/** The sheets as HTML, one by one; others have their turn between two of them. */
export async function* drawnSheets(
  page: DrawingLocals,
  sheets: AsyncIterable<Sheet> | Iterable<Sheet>,
): AsyncGenerator<string> {
  for await (const sheet of sheets) {
    yield await drawn(page, sheet);
    await setImmediate();
  }
}

/** Answers with sheets between head and end of a printed page. A reader who leaves ends the drawing. */
export async function sendSheets(
  response: Response,
  head: Head,
  sheets: AsyncIterable<Sheet> | Iterable<Sheet>,
): Promise<void> {
  await sendDrawn(response, head, drawnSheets(response.locals, sheets));
}

/** The same with sheets that are HTML already. */
export async function sendDrawn(
  response: Response,
  head: Head,
  sheets: AsyncIterable<string | Buffer>,
): Promise<void> {
  // What can be refused is refused before the first byte.
  const start = await drawn(response.locals, { view: 'print-start', locals: head });
  async function* pages() {
    yield start;
    yield* sheets;
    yield await drawn(response.locals, { view: 'print-end', locals: {} });
  }
  allowHandOut(response).type('html');
  try {
    await pipeline(Readable.from(pages()), response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
