/**
 * What was typed into a form whose session was over when it was sent. It is not stored: it travels along in the log-in
 * page, and whoever has logged in sends it again with a button – nothing is done that was not asked for twice. Other
 * sites cannot make a browser send it (sameOrigin.ts), and what it then does is what the new session may do.
 */
import type { Request } from 'express';
import type { FormBody } from '../http/body.js';

/** Fields in the order of the form; a name may come again. */
export type Kept = readonly (readonly [name: string, value: string])[];

/** What is never carried along: passwords and codes. */
const SECRETS = /password|code|kept/i;

/** The fields of a form that was sent; empty where there were none. */
export function keepForm(body: FormBody): Kept {
  return Object.entries(body).flatMap(([name, value]) =>
    SECRETS.test(name) ? [] : [value].flat().map((one) => [name, one] as const),
  );
}

/** What a log-in form carries along. */
export function keptBy(request: Request): Kept {
  const { kept } = (request.body ?? {}) as FormBody;
  if (typeof kept !== 'string' || kept === '') return [];
  try {
    const fields: unknown = JSON.parse(kept);
    return Array.isArray(fields) && fields.every(isField) ? fields : [];
  } catch {
    return [];
  }
}

function isField(field: unknown): field is readonly [string, string] {
  return Array.isArray(field) && field.length === 2 && field.every((part) => typeof part === 'string');
}
