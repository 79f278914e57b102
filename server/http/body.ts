/** Reads form posts: 64 KB at most, one form of encoding, valid UTF-8, strings and lists of strings only. */
import { isUtf8 } from 'node:buffer';
import express, { type RequestHandler } from 'express';
import { Problem } from './problem.js';

/**
 * Middleware for routes that take a form. Answers 413 `too-large`, 415 `wrong-form` (another content type), 400
 * `unreadable` (broken UTF-8, which a parser would silently turn into replacement characters).
 */
export const formBody = formBodyUpTo(64);

/** The same for forms that carry another one. @param kilobytes how much it may hold */
export function formBodyUpTo(kilobytes: number): RequestHandler {
  const parse = express.urlencoded({
    extended: false,
    limit: kilobytes * 1024,
    parameterLimit: 500,
    verify: (_request, _response, bytes) => refuseBrokenText(bytes),
  });
  return (request, response, next) => readForm(parse, request, response, next);
}

function readForm(parse: RequestHandler, ...[request, response, next]: Parameters<RequestHandler>): void {
  if (!request.is('application/x-www-form-urlencoded')) {
    // An empty form is sent without a type by some clients.
    if (request.get('content-type') === undefined && !Number(request.get('content-length'))) {
      request.body = {};
      next();
      return;
    }
    throw new Problem(415, 'wrong-form');
  }
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(request.get('content-type') ?? '')?.[1];
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') throw new Problem(415, 'wrong-form');
  parse(request, response, (error?: unknown) => {
    // The parser leaves nothing where nothing was sent.
    request.body ??= {};
    next(error);
  });
}

/** A form post as the parser leaves it: no nesting, prototypes or numbers. */
export type FormBody = Readonly<Record<string, string | string[]>>;

/** What was typed into a field; empty where it is missing or was sent more than once. */
export function textIn(form: FormBody, field: string): string {
  const value = form[field];
  return typeof value === 'string' ? value : '';
}

/** Text without what nobody sees: zero-width letters, marks that turn the writing direction, control characters. */
export function visible(text: string): string {
  return text.replace(/[\p{Cf}\p{Cc}]/gu, (letter) => (/[\t\r\n]/.test(letter) ? letter : ''));
}

function refuseBrokenText(bytes: Buffer): void {
  // The parser turns what is thrown here into an error of its own, which problemOf reads as 400 `unreadable`.
  if (!isUtf8(bytes)) throw new URIError('not UTF-8');
  decodeURIComponent(bytes.toString('utf8').replaceAll('+', ' '));
}
