/**
 * How numbers and cells are set apart in a file, as the address asks for it: `?cach=phay` or `cham-phay` for the
 * separator, `?thap-phan=cham` or `phay` for the decimal sign, each on its own; `?dang=viet` is short for semicolons and
 * decimal commas, which Excel in Vietnamese expects.
 */
import type { Request } from 'express';
import { queryText } from '../http/pages.js';

declare module 'express-session' {
  interface SessionData {
    /** How the person last wanted CSV files written. */
    csvForm?: CsvForm;
  }
}

export interface CsvForm {
  /** Between the cells of a row. */
  readonly separator: ',' | ';';
  readonly decimal: '.' | ',';
}

const INTERNATIONAL: CsvForm = { separator: ',', decimal: '.' };
const VIETNAMESE: CsvForm = { separator: ';', decimal: ',' };

const SEPARATORS: ReadonlyMap<string, CsvForm['separator']> = new Map([
  ['phay', ','],
  ['cham-phay', ';'],
]);
const DECIMALS: ReadonlyMap<string, CsvForm['decimal']> = new Map([
  ['cham', '.'],
  ['phay', ','],
]);

/** The form that an address asks for; what it does not say, or says wrongly, is as programs expect it. */
export function csvFormOf(request: Request): CsvForm {
  const base = queryText(request, 'dang') === 'viet' ? VIETNAMESE : INTERNATIONAL;
  return {
    separator: SEPARATORS.get(queryText(request, 'cach') ?? '') ?? base.separator,
    decimal: DECIMALS.get(queryText(request, 'thap-phan') ?? '') ?? base.decimal,
  };
}

/** What follows the question mark of an address that asks for a form; empty for the usual one. */
export function queryOf({ separator, decimal }: CsvForm): string {
  return [separator === ';' ? 'cach=cham-phay' : '', decimal === ',' ? 'thap-phan=phay' : '']
    .filter((part) => part !== '')
    .join('&');
}
