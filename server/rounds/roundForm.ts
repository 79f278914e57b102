/** The form that makes a round: what plans propose, what was entered, what is wrong with it. */
import type { Request } from 'express';
import { body, validationResult } from 'express-validator';
import { type Day, parseDay } from '../../models/day.js';
import { type Numbering, SATISFACTION_RATE, type Target } from '../../models/rounds.js';
import { type SurveyCatalogue, surveysOn } from '../../surveys/read.js';
import type { Context } from '../context.js';
import { type FormBody, visible } from '../http/body.js';
import { proposedRounds } from '../plans/planFiles.js';
import { roundLabel } from './roundLabel.js';
import type { RoundDraft } from './rounds.js';

/** The fields of the form as entered; lists for what can be ticked more than once. */
export interface EnteredDraft {
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
  readonly source?: string;
  readonly surveys?: readonly string[];
  readonly desks?: readonly string[];
}

/** A round that a plan describes, as the form would be filled in. */
export interface Proposal {
  readonly id: string;
  readonly department: string;
  readonly label: string;
  readonly entered: EnteredDraft;
}

/** What every plan proposes for this year. */
export function proposals({ plans, surveys, today }: Context): Proposal[] {
  const year = Number(today().slice(0, 4));
  return [...plans.values()].flatMap((plan) =>
    proposedRounds(plan, year).map((round, index): Proposal => {
      const numbering = round.numbering ?? 'calendar-year';
      const newYear = `${year}-01-01` as Day;
      const opens = round.opens ?? (round.continuous ? newYear : '');
      const label = roundLabel(numbering, round.continuous ? null : (round.ordinal ?? 1), opens || newYear);
      const target = round.targets.find(({ indicator }) => indicator === SATISFACTION_RATE);
      const wanted = target?.atLeast ?? target?.moreThan;
      return {
        id: `${plan.id}.${index + 1}`,
        department: plan.department,
        label,
        entered: {
          label,
          subject: round.subject,
          numbering,
          opens,
          closes: round.closes ?? (round.continuous ? `${year}-12-31` : ''),
          continuous: round.continuous ? 'yes' : '',
          bound: target?.moreThan === undefined ? 'at-least' : 'more-than',
          target: wanted === undefined ? '' : String(wanted),
          lead: round.lead,
          source: round.source,
          surveys: surveysOn(surveys, round.subject),
          desks: [],
        },
      };
    }),
  );
}

/**
 * Checks a posted draft; what was entered stays as it is, to be shown again.
 * @returns what is wrong, by field; empty where nothing is
 */
export async function draftChecks(
  request: Request,
  surveys: SurveyCatalogue,
): Promise<{ field: string; key: string }[]> {
  const wrong = (name: string) => `rounds.problem.${name}`;
  const isDay = (value: unknown) => typeof value === 'string' && parseDay(value) !== null;
  const oneOf = (field: string, ...choices: string[]) =>
    body(field)
      .custom((value: unknown) => typeof value === 'string' && choices.includes(value))
      .withMessage(wrong(field));
  const rates = (subject: unknown) => (id: unknown) => surveys.get(String(id))?.subject === subject;
  await Promise.all(
    [
      body('label', wrong('label'))
        .isString()
        .bail()
        .custom((label: string) => /^.{3,120}$/su.test(visible(label).trim())),
      oneOf('subject', 'education', 'procedure'),
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
      body('surveys')
        .exists()
        .withMessage(wrong('surveys'))
        .bail()
        .custom((value: unknown, { req }) => [value].flat().every(rates(req.body.subject)))
        .withMessage(wrong('surveys-subject')),
      body('desks').if(body('subject').equals('procedure')).exists().withMessage(wrong('desks')),
    ].map((check) => check.run(request)),
  );
  return validationResult(request)
    .array({ onlyFirstError: true })
    .flatMap((error) => (error.type === 'field' ? [{ field: error.path, key: String(error.msg) }] : []));
}

/** Whether a text is a number from 0 to 100, with a comma or a point. */
function isPercentage(text: string): boolean {
  return /^\d{1,3}(?:[.,]\d{1,4})?$/.test(text.trim()) && percentageOf(text) <= 100;
}

function percentageOf(text: string): number {
  return Number(text.trim().replace(',', '.'));
}

/** A checked form as a draft. */
export function draftOf(form: FormBody): RoundDraft {
  const entered = enteredFrom(form);
  const wanted = percentageOf(entered.target ?? '');
  const bound = entered.bound === 'more-than' ? { moreThan: wanted } : { atLeast: wanted };
  const targets: Target[] = entered.target ? [{ indicator: SATISFACTION_RATE, ...bound, unit: '%' }] : [];
  return {
    label: visible(entered.label ?? '')
      .normalize('NFC')
      .trim(),
    subject: entered.subject === 'procedure' ? 'procedure' : 'education',
    numbering: entered.numbering as Numbering,
    opens: entered.opens as Day,
    closes: entered.closes as Day,
    continuous: entered.continuous === 'yes',
    targets,
    lead: entered.lead?.trim() ?? '',
    source: entered.source?.trim() ?? '',
    surveys: entered.surveys ?? [],
    units: entered.subject === 'procedure' ? (entered.desks ?? []) : null,
  };
}

/** The form as it was sent, to be shown again. */
export function enteredFrom(form: FormBody): EnteredDraft {
  const one = (name: string) => [form[name] ?? ''].flat()[0] ?? '';
  const many = (name: string) => [form[name] ?? []].flat();
  return {
    label: one('label'),
    subject: one('subject'),
    numbering: one('numbering'),
    opens: one('opens'),
    closes: one('closes'),
    continuous: one('continuous'),
    bound: one('bound'),
    target: one('target'),
    lead: one('lead'),
    source: one('source'),
    surveys: many('surveys'),
    desks: many('desks'),
  };
}
