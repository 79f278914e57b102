/** The form of what a document needs beside its round: read, and filled in again. */
import type { DocumentFacts, DocumentKind } from '../../models/documentFacts.js';
import type { FormBody } from '../http/body.js';
import { type FieldMistake, Fields } from '../plans/fields.js';
import { format } from './subject.js';

/** Fields by name, as they are typed. */
export type EnteredFacts = Readonly<Record<string, string>>;

/** The texts of the form, in the order of its fields; those of one document alone are not among them. */
const LINES = ['position', 'grounds', 'recipients'] as const;

/** Đồng and forms; more than any department has. */
const MOST_MONEY = 999_999_999_999;
const MOST_FORMS = 9_999_999;

/** A form that was read: what it says, or what is wrong with it. */
export type ReadFacts =
  | { readonly facts: DocumentFacts; readonly mistakes: readonly [] }
  | { readonly facts: null; readonly mistakes: readonly FieldMistake[] };

/** Reads the form of a document. */
export function readFacts(form: FormBody, kind: DocumentKind): ReadFacts {
  const fields = new Fields(form);
  const long = 'documents.problem.long';
  const number = fields.text('number', 0, 10, 'documents.problem.number');
  if (number !== '' && !/^\d{1,6}[a-z]?$/i.test(number) && [...number].length <= 10)
    fields.wrong('number', 'documents.problem.number');
  const symbol = fields.text('symbol', 0, 30, 'documents.problem.symbol');
  if (!/^[\p{L}\p{N}.&-]*$/u.test(symbol) && [...symbol].length <= 30)
    fields.wrong('symbol', 'documents.problem.symbol');
  const facts: DocumentFacts = {
    superior: fields.text('superior', 0, 150, long),
    number,
    symbol,
    place: fields.text('place', 0, 80, long),
    day: fields.day('day', 'documents.problem.day'),
    position: fields.lines('position', long),
    signer: fields.text('signer', 0, 80, long),
    grounds: fields.lines('grounds', long),
    recipients: fields.lines('recipients', long),
    budget: kind === 'plan' ? amount(fields, 'budget', MOST_MONEY) : null,
    budgetSource: kind === 'plan' ? fields.text('budgetSource', 0, 300, long) : '',
    handedOut: kind === 'report' ? amount(fields, 'handedOut', MOST_FORMS) : null,
  };
  if (fields.mistakes.length > 0) return { facts: null, mistakes: fields.mistakes };
  return { facts, mistakes: [] };
}

/** The revision that a form was made from; 0 where it names none. */
export function seenRevision(form: FormBody): number {
  const entered = new Fields(form).entered('revision');
  return /^\d{1,9}$/.test(entered) ? Number(entered) : 0;
}

/** A form as it was sent, to be shown again. */
export function enteredFacts(form: FormBody): EnteredFacts {
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => [name, String([value].flat()[0] ?? '')]),
  );
}

/** Facts as the form would have been filled in. */
export function factsAsEntered(facts: DocumentFacts, revision: number): EnteredFacts {
  const { superior, number, symbol, place, day, signer, budget, budgetSource, handedOut } = facts;
  const lines = Object.fromEntries(LINES.map((name) => [name, facts[name].join('\n')]));
  return {
    ...{ superior, number, symbol, place, signer, budgetSource },
    ...lines,
    day: day ?? '',
    budget: budget === null ? '' : format.count(budget),
    handedOut: handedOut === null ? '' : format.count(handedOut),
    revision: String(revision),
  };
}

/** A whole number, with or without points between thousands; null where the field is empty. */
function amount(fields: Fields, name: string, most: number): number | null {
  const entered = fields.entered(name);
  if (entered === '') return null;
  const digits = /^\d{1,3}(?:[. ]\d{3})+$/.test(entered) ? entered.replace(/\D/g, '') : entered;
  const value = /^\d{1,12}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(value <= most)) fields.wrong(name, 'documents.problem.amount');
  return value;
}
