/** Long runs of sheets: sent one after another while they are drawn, so that thousands need no memory. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Response } from 'express';
import { allowHandOut, printLocals } from './handOut.js';

/** A template under views/distribute with what it shows. */
export interface Sheet {
  readonly view: string;
  readonly locals: object;
}

/** The template as HTML, with what every sheet is given. */
export function drawn(response: Response, { view, locals }: Sheet): Promise<string> {
  return new Promise((resolve, reject) => {
    response.render(`distribute/${view}`, { ...printLocals(response), ...locals }, (error, html) =>
      error ? reject(error) : resolve(html),
    );
  });
}

/**
 * Answers with the sheets between head and end of a printed page. A reader who leaves ends the drawing.
 * @param head of views/distribute/print-start.ejs
 */
export async function sendSheets(
  response: Response,
  head: { readonly title: string; readonly size: string; readonly back: string },
  sheets: AsyncIterable<Sheet> | Iterable<Sheet>,
): Promise<void> {
  // What can be refused is refused before the first byte.
  const start = await drawn(response, { view: 'print-start', locals: head });
  async function* pages() {
    yield start;
    for await (const sheet of sheets) {
      yield await drawn(response, sheet);
      // Others have their turn between two sheets.
      await setImmediate();
    }
    yield await drawn(response, { view: 'print-end', locals: {} });
  }
  allowHandOut(response).type('html');
  try {
    await pipeline(Readable.from(pages()), response);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
