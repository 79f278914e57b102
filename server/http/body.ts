/** Reads form posts: 64 KB at most, one form of encoding, valid UTF-8, strings and lists of strings only. */
import { isUtf8 } from 'node:buffer';
import express, { type RequestHandler } from 'express';
import { Problem } from './problem.js';

const parse = express.urlencoded({
  extended: false,
  limit: '64kb',
  parameterLimit: 500,
  verify: (_request, _response, bytes) => refuseBrokenText(bytes),
});

/**
 * Middleware for routes that take a form. Answers 413 `too-large`, 415 `wrong-form` (another content type), 400
 * `unreadable` (broken UTF-8, which a parser would silently turn into replacement characters).
 */
export const formBody: RequestHandler = (request, response, next) => {
  if (!request.is('application/x-www-form-urlencoded')) {
    // An empty form is sent without a type by some clients.
    if (request.get('content-type') === undefined && !Number(request.get('content-length'))) {
      request.body = {};
      return next();
    }
    throw new Problem(415, 'wrong-form');
  }
  parse(request, response, next);
};

/** A form post as the parser leaves it: no nesting, prototypes or numbers. */
export type FormBody = Readonly<Record<string, string | string[]>>;

function refuseBrokenText(bytes: Buffer): void {
  // The parser turns what is thrown here into an error of its own, which problemOf reads as 400 `unreadable`.
  if (!isUtf8(bytes)) throw new URIError('not UTF-8');
  decodeURIComponent(bytes.toString('utf8').replaceAll('+', ' '));
}
