/** The form that makes a round or decides a draft anew: what was entered, and what is wrong with it. */
import type { Request } from 'express';
import { body, validationResult } from 'express-validator';
import { type Day, parseDay } from '../../models/day.js';
import { type Numbering, type Round, SATISFACTION_RATE, type Target } from '../../models/rounds.js';
import type { Survey } from '../../surveys/schema.js';
import { type FormBody, visible } from '../http/body.js';
import { type FromPlan, writtenPlan } from './proposals.js';
import type { RoundDraft } from './rounds.js';

/** The fields of the form as entered; lists for what can be ticked more than once. */
export interface EnteredDraft {
  /** The plan it is filled in from, as `plan.measure.planned`; empty where there is none. */
  readonly plan?: string;
  readonly label?: string;
  readonly subject?: string;
  readonly numbering?: string;
  readonly opens?: string;
  readonly closes?: string;
  readonly continuous?: string;
  /** Whether the target itself is good enough: `at-least` or `more-than`. */
  readonly bound?: string;
  readonly target?: string;
  readonly lead?: string;
  /** One a line. */
  readonly coordinating?: string;
  readonly source?: string;
  /** Ids of the surveys that are ticked. */
  readonly surveys?: readonly string[];
  /** The version of each survey that has several, by id. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly desks?: readonly string[];
}

/** The versions there are of each survey. */
type Versions = ReadonlyMap<string, readonly Survey[]>;

/** A field of the form that chooses the version of a survey. */
const VERSION = 'version-';

/**
 * Checks a posted draft; what was entered stays as it is, to be shown again.
 * @param from the plan it is filled in from: a round of a measure stays on its subject
 * @returns what is wrong, by field; empty where nothing is
 */
export async function draftChecks(
  request: Request,
  versions: Versions,
  from: FromPlan | null = null,
): Promise<{ field: string; key: string }[]> {
  const wrong = (name: string) => `rounds.problem.${name}`;
  const isDay = (value: unknown) => typeof value === 'string' && parseDay(value) !== null;
  const oneOf = (field: string, ...choices: string[]) =>
    body(field)
      .custom((value: unknown) => typeof value === 'string' && choices.includes(value))
      .withMessage(wrong(field));
  const rates = (subject: unknown) => (id: unknown) => versions.get(String(id))?.[0]?.subject === subject;
  await Promise.all(
    [
      body('label', wrong('label'))
        .isString()
        .bail()
        .custom((label: string) => /^.{3,120}$/su.test(visible(label).trim())),
      oneOf('subject', 'education', 'procedure')
        .bail()
        .custom((subject: unknown) => from === null || subject === from.measure.subject)
        .withMessage(wrong('subject-of-plan')),
      oneOf('numbering', 'calendar-year', 'school-year'),
      body('opens').custom(isDay).withMessage(wrong('opens')),
      body('closes')
        .custom(isDay)
        .withMessage(wrong('closes'))
        .bail()
        .custom((value, { req }) => !isDay(req.body.opens) || req.body.opens <= value)
        .withMessage(wrong('order')),
      body('target')
        .optional({ values: 'falsy' })
        .custom((value: unknown) => typeof value === 'string' && isPercentage(value))
        .withMessage(wrong('target')),
      body(['lead', 'source'], wrong('text')).optional().isString().isLength({ max: 300 }),
      body('coordinating', wrong('coordinating')).optional().isString().isLength({ max: 2000 }),
      body('surveys')
        .exists()
        .withMessage(wrong('surveys'))
        .bail()
        .custom((value: unknown, { req }) => [value].flat().every(rates(req.body.subject)))
        .withMessage(wrong('surveys-subject'))
        .custom((_value, { req }) => hasKnownVersions(enteredFrom(req.body as FormBody), versions))
        .withMessage(wrong('version')),
      body('desks').if(body('subject').equals('procedure')).exists().withMessage(wrong('desks')),
    ].map((check) => check.run(request)),
  );
  return validationResult(request)
    .array({ onlyFirstError: true })
    .flatMap((error) => (error.type === 'field' ? [{ field: error.path, key: String(error.msg) }] : []));
}

function hasKnownVersions({ surveys = [], versions = {} }: EnteredDraft, known: Versions): boolean {
  return surveys.every((id) => {
    const wanted = versions[id];
    return wanted === undefined || known.get(id)?.some(({ version }) => String(version) === wanted);
  });
}

/** Whether a text is a number from 0 to 100, with a comma or a point. */
function isPercentage(text: string): boolean {
  return /^\d{1,3}(?:[.,]\d{1,4})?$/.test(text.trim()) && percentageOf(text) <= 100;
}

function percentageOf(text: string): number {
  return Number(text.trim().replace(',', '.'));
}

/**
 * A checked form as a draft.
 * @param kept targets that the form does not show: those a round does not measure itself
 */
export function draftOf(
  form: FormBody,
  kept: readonly Target[] = [],
  plan: Round['plan'] = null,
): RoundDraft {
  const entered = enteredFrom(form);
  const wanted = percentageOf(entered.target ?? '');
  const bound = entered.bound === 'more-than' ? { moreThan: wanted } : { atLeast: wanted };
  const targets: Target[] = entered.target ? [{ indicator: SATISFACTION_RATE, ...bound, unit: '%' }] : [];
  return {
    label: plainText(entered.label),
    subject: entered.subject === 'procedure' ? 'procedure' : 'education',
    numbering: entered.numbering as Numbering,
    opens: entered.opens as Day,
    closes: entered.closes as Day,
    continuous: entered.continuous === 'yes',
    targets: [...targets, ...kept],
    lead: plainText(entered.lead),
    coordinating: linesOf(entered.coordinating),
    source: plainText(entered.source),
    surveys: (entered.surveys ?? []).map((id) => {
      const version = entered.versions?.[id];
      return version === undefined ? id : `${id}@${version}`;
    }),
    units: entered.subject === 'procedure' ? (entered.desks ?? []) : null,
    plan,
  };
}

/** Text without what nobody sees, in composed letters. */
function plainText(text = ''): string {
  return visible(text).normalize('NFC').trim();
}

/** The lines of a field that hold anything. */
function linesOf(text = ''): string[] {
  return text.split(/\r?\n/).map(plainText).filter(Boolean);
}

/** A stored draft as the form would have been filled in. */
export function enteredOf(round: Round): EnteredDraft {
  const target = round.targets.find(({ indicator }) => indicator === SATISFACTION_RATE);
  const { label, subject, numbering, opens, closes, lead, source } = round;
  return {
    plan: writtenPlan(round),
    ...{ label, subject, numbering, opens, closes, lead, source },
    continuous: round.continuous ? 'yes' : '',
    bound: target?.moreThan === undefined ? 'at-least' : 'more-than',
    target: String(target?.atLeast ?? target?.moreThan ?? '').replace('.', ','),
    coordinating: round.coordinating.join('\n'),
    surveys: round.surveys.map(({ id }) => id),
    versions: Object.fromEntries(round.surveys.map(({ id, version }) => [id, String(version)])),
    desks: round.subject === 'procedure' ? round.units : [],
  };
}

/** The form as it was sent, to be shown again. */
export function enteredFrom(form: FormBody): EnteredDraft {
  const one = (name: string) => [form[name] ?? ''].flat()[0] ?? '';
  const many = (name: string) => [form[name] ?? []].flat();
  const versions = Object.keys(form).filter((name) => name.startsWith(VERSION));
  return {
    plan: one('plan'),
    label: one('label'),
    subject: one('subject'),
    numbering: one('numbering'),
    opens: one('opens'),
    closes: one('closes'),
    continuous: one('continuous'),
    bound: one('bound'),
    target: one('target'),
    lead: one('lead'),
    coordinating: one('coordinating'),
    source: one('source'),
    surveys: many('surveys'),
    versions: Object.fromEntries(versions.map((name) => [name.slice(VERSION.length), one(name)])),
    desks: many('desks'),
  };
}
