/**
 * Reads the forms of plans: plain fields, lists with one entry a line, and tables of rows whose fields are named
 * `products-0-name`. What is wrong is told by the field it is in; rows in which nothing was entered count for nothing.
 */
import { randomInt } from 'node:crypto';
import { type Day, parseDay } from '../../models/day.js';
import { type FormBody, visible } from '../http/body.js';

/** Something wrong with a field; `key` names the sentence. */
export interface FieldMistake {
  readonly field: string;
  readonly key: string;
}

/** A row of a table as entered, by the names of its fields. */
type Row = Readonly<Record<string, string>>;

/** No plan has so many of anything; a form of the web holds no more either. */
const MOST_ROWS = 40;

/** A posted form, read field by field; mistakes gather in `mistakes`. */
export class Fields {
  readonly mistakes: FieldMistake[] = [];
  readonly #form: FormBody;

  constructor(form: FormBody) {
    this.#form = form;
  }

  wrong(field: string, key: string): void {
    this.mistakes.push({ field, key });
  }

  /** As entered, without what nobody sees; the first where a field was sent twice. */
  entered(field: string): string {
    const value = [this.#form[field] ?? ''].flat()[0] ?? '';
    return visible(value).normalize('NFC').trim();
  }

  /** A text of so many characters. @param key of the sentence where it is too short or too long */
  text(field: string, least: number, most: number, key: string): string {
    const value = this.entered(field);
    if ([...value].length < least || [...value].length > most) this.wrong(field, key);
    return value;
  }

  /** One of several words; the first of them where it is none. */
  choice<T extends string>(field: string, choices: readonly T[], key: string): T {
    const value = choices.find((choice) => choice === this.entered(field));
    if (value === undefined) this.wrong(field, key);
    return value ?? (choices[0] as T);
  }

  /** A day; null where the field is empty. */
  day(field: string, key: string): Day | null {
    const value = this.entered(field);
    const day = parseDay(value);
    if (value !== '' && (day === null || !isOfThisAge(day))) this.wrong(field, key);
    return day;
  }

  /** A number with comma or point; null where the field is empty. */
  number(field: string, least: number, most: number, key: string): number | null {
    const value = this.entered(field);
    if (value === '') return null;
    const number = Number(value.replace(',', '.'));
    if (!/^-?\d{1,6}(?:[.,]\d{1,4})?$/.test(value) || number < least || number > most) this.wrong(field, key);
    return Number.isFinite(number) ? number : null;
  }

  /** The lines that hold anything. */
  lines(field: string, key: string): string[] {
    const value = this.entered(field);
    const lines = value
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter(Boolean);
    if (value.length > 4000 || lines.length > MOST_ROWS || lines.some((line) => line.length > 300))
      this.wrong(field, key);
    return lines;
  }

  /** The rows of a table in which anything was entered, each with the beginning of its fields' names. */
  rows(table: string, names: readonly string[]): { readonly at: string; readonly row: Row }[] {
    const numbers = new Set(
      Object.keys(this.#form).flatMap((name) => {
        const [, number] = new RegExp(`^${table}-(\\d{1,2})-`).exec(name) ?? [];
        return number === undefined || Number(number) >= MOST_ROWS ? [] : [Number(number)];
      }),
    );
    return [...numbers]
      .sort((a, b) => a - b)
      .map((number) => {
        const at = `${table}-${number}-`;
        return { at, row: Object.fromEntries(names.map((name) => [name, this.entered(at + name)])) };
      })
      .filter(({ row }) => names.some((name) => !QUIET.has(name) && row[name] !== ''));
  }

  /** The id that a row had, or a new one. @param taken ids of the rows before; this one is added */
  id(at: string, known: ReadonlySet<string>, beginning: string, taken: Set<string>): string {
    const had = this.entered(`${at}id`);
    if (known.has(had) && !taken.has(had)) {
      taken.add(had);
      return had;
    }
    const id = newId(beginning);
    taken.add(id);
    return id;
  }
}

/** An id that nothing of the plan ever had: a mark of what is gone must not fall to what is new. */
export function newId(beginning: string): string {
  return `${beginning}${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
}

/** Fields of a row that are never empty, and so tell nothing. */
const QUIET: ReadonlySet<string> = new Set(['id', 'bound', 'unit', 'every', 'numbering', 'rate']);

function isOfThisAge(day: Day): boolean {
  return '2000-01-01' <= day && day <= '2100-12-31';
}
