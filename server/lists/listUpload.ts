/** Takes a list from a form: one file, or text pasted into the field `list`. */
import type { Request, RequestHandler } from 'express';
import multer from 'multer';
import { Problem } from '../http/problem.js';
import { csvText } from './csvLines.js';
import { fileProblem, type ReadList, unreadable } from './list.js';
import { readList } from './readList.js';

/** A list of every school of the largest city is about 300 KB. */
const MOST_BYTES = 2 * 1024 * 1024;

/** Middleware: one file (`file`) and short fields in memory; anything larger is 413, another kind of form 415. */
export function listUpload(): RequestHandler {
  const take = multer({
    limits: { fileSize: MOST_BYTES, fieldSize: MOST_BYTES, files: 1, fields: 8, parts: 10 },
    defParamCharset: 'utf8',
  }).single('file');
  return (request, response, next) => {
    if (!request.is('multipart/form-data')) throw new Problem(415, 'wrong-form');
    take(request, response, (error: unknown) => {
      if (error instanceof multer.MulterError)
        return next(
          error.code.startsWith('LIMIT_FILE_SIZE') || error.code === 'LIMIT_FIELD_VALUE'
            ? new Problem(413, 'list-too-large')
            : new Problem(400, 'unreadable', {}, { cause: error }),
        );
      next(error ? new Problem(400, 'unreadable', {}, { cause: error }) : undefined);
    });
  };
}

/** The list of a form that `listUpload` took: of the file where one was chosen, else of the field. */
export async function uploadedList(request: Request): Promise<ReadList> {
  const file = request.file && request.file.size > 0 ? request.file.buffer : undefined;
  const list = await readList(file ?? Buffer.from(pastedList(request)));
  // The page of the dry run carries the list along as text, and a sheet may hold more than may be sent back.
  return Buffer.byteLength(csvText(list.lines)) > MOST_BYTES
    ? unreadable(fileProblem('list-too-long'))
    : list;
}

/** What was pasted into the field, to be shown again; a page cannot carry a NUL. */
export function pastedList(request: Request): string {
  const { list } = (request.body ?? {}) as { list?: unknown };
  return typeof list === 'string' ? list.replaceAll('\0', '') : '';
}
