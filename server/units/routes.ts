/**
 * The units: the list with each unit's link, and the import of a list with a dry run.
 *
 *   GET  /van-phong/don-vi         200
 *   GET  /van-phong/don-vi/nhap    200 where to give a list
 *   POST /van-phong/don-vi/nhap    200 the dry run · 303 stored · 422 problems by line and column
 */
import { isUtf8 } from 'node:buffer';
import { type Request, type RequestHandler, Router } from 'express';
import multer from 'multer';
import { recordAudit } from '../../models/auditEntries.js';
import { allUnits, storeUnits } from '../../models/units.js';
import type { Context } from '../context.js';
import { baseOf, withLanguage } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import { accountName } from '../http/session.js';
import { readUnitList, refused } from './unitList.js';

/** A list of every school of the largest city is about 300 KB. */
const MOST_BYTES = 2 * 1024 * 1024;

/** Routes of the units; for people who are logged in. */
export function unitRoutes(context: Context): Router {
  const routes = Router();

  routes.get('/van-phong/don-vi', async (request, response) => {
    const units = await allUnits();
    response.render('units/list', { units, services: context.services, base: baseOf(context, request) });
  });

  routes.get('/van-phong/don-vi/nhap', (_request, response) => {
    response.render('units/import', { text: '', list: null });
  });

  routes.post('/van-phong/don-vi/nhap', listBody(), async (request, response) => {
    const text = listText(request);
    if (text === null) {
      const list = refused({ line: 1, key: 'units.problem.encoding' });
      return response.status(422).render('units/import', { text: '', list });
    }
    const list = readUnitList(text, await allUnits(), educationLevels(context));
    if (list.problems.length > 0) return response.status(422).render('units/import', { text, list });
    if (request.body?.step !== 'store') return response.render('units/import', { text, list });
    await storeUnits(list.rows);
    await recordAudit({
      account: accountName(response),
      action: 'units-imported',
      subject: 'units',
      details: { added: list.added.length, changed: list.changed.length, unchanged: list.unchanged },
    });
    response.redirect(303, withLanguage('/van-phong/don-vi', response.locals.lang));
  });

  return routes;
}

/** Codes of the levels a unit can have: the catalogue's education services. */
export function educationLevels({ services }: Context): ReadonlySet<string> {
  return new Set([...services.values()].filter(({ kind }) => kind === 'education').map(({ code }) => code));
}

/** Takes one file and short fields in memory; anything larger is 413. */
function listBody(): RequestHandler {
  const take = multer({
    limits: { fileSize: MOST_BYTES, fieldSize: MOST_BYTES, files: 1, fields: 4, parts: 6 },
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

/**
 * The list as text, from the file or else from the field; null where letters were lost on the way: the file is not
 * UTF-8, or holds the replacement characters of an earlier conversion.
 */
function listText(request: Request): string | null {
  const { list } = (request.body ?? {}) as { list?: unknown };
  const pasted = typeof list === 'string' ? list : '';
  const bytes = request.file && request.file.size > 0 ? request.file.buffer : Buffer.from(pasted);
  // A page that shows the list again cannot carry a NUL.
  const text = bytes.toString('utf8').replaceAll('\0', '');
  return isUtf8(bytes) && !text.includes('\uFFFD') ? text : null;
}
