/** The form of one thing a plan measures: who leads it, its rounds, what is to be written, what it is to reach. */
import { EVERY, type PlanMeasure, type PlannedRound, type PlanTarget } from '../../models/plans.js';
import { SATISFACTION_RATE } from '../../models/rounds.js';
import type { FormBody } from '../http/body.js';
import { Fields, newId } from './fields.js';
import { deliverables, type Read } from './planForm.js';
import { roundLabel } from './roundLabel.js';

/** How a measure is carried out: in rounds of their own days, without a month, or all year round. */
const RHYTHMS = ['rounds', 'no-month', 'continuous'] as const;

const BOUNDS = ['atLeast', 'moreThan', 'atMost'] as const;

/** Reads the form of a measure. @param before the measure as it is; null for a new one */
export function readMeasure(form: FormBody, before: PlanMeasure | null): Read<PlanMeasure> {
  const fields = new Fields(form);
  const id = before?.id ?? newId('m');
  const rhythm = fields.choice('rhythm', RHYTHMS, 'plans.problem.rhythm');
  const measure: PlanMeasure = {
    id,
    subject: fields.choice('subject', ['education', 'procedure'], 'rounds.problem.subject'),
    what: fields.text('what', 5, 500, 'plans.problem.what'),
    lead: fields.text('lead', 2, 300, 'plans.problem.lead'),
    coordinating: fields.lines('coordinating', 'plans.problem.long'),
    rounds: roundRows(fields, 'rounds', before?.rounds ?? []),
    alternativeRounds: roundRows(fields, 'other', before?.alternativeRounds ?? []),
    roundsNote: fields.text('roundsNote', 0, 500, 'plans.problem.long'),
    continuous: rhythm === 'continuous' ? fields.text('continuous', 0, 200, 'plans.problem.long') : null,
    paper: fields.entered('paper') === 'yes',
    products: deliverables(fields, 'products', before?.products ?? [], `${id}p`),
    targets: targetRows(fields, before?.targets ?? []),
  };
  if (rhythm === 'rounds' && measure.rounds.length === 0)
    fields.wrong('rounds-0-ordinal', 'plans.problem.no-rounds');
  if (rhythm !== 'rounds' && measure.rounds.length > 0) fields.wrong('rhythm', 'plans.problem.rounds-too');
  return fields.mistakes.length > 0 ? { mistakes: fields.mistakes } : { value: measure };
}

function roundRows(fields: Fields, table: string, before: readonly PlannedRound[]): PlannedRound[] {
  const known = new Set(before.map(({ id }) => id));
  const taken = new Set<string>();
  return fields.rows(table, ['ordinal', 'opens', 'closes', 'name']).map(({ at }) => {
    const ordinal = fields.number(`${at}ordinal`, 1, 20, 'plans.problem.ordinal');
    if (ordinal === null || !Number.isInteger(ordinal)) {
      if (ordinal !== null || fields.entered(`${at}ordinal`) === '')
        fields.wrong(`${at}ordinal`, 'plans.problem.ordinal');
    }
    const numbering = fields.choice(
      `${at}numbering`,
      ['calendar-year', 'school-year'],
      'rounds.problem.numbering',
    );
    const opens = fields.day(`${at}opens`, 'rounds.problem.opens');
    const closes = fields.day(`${at}closes`, 'rounds.problem.closes');
    if (opens && closes && closes < opens) fields.wrong(`${at}closes`, 'rounds.problem.order');
    if ((opens === null) !== (closes === null) && !fields.mistakes.some(({ field }) => field.startsWith(at)))
      fields.wrong(`${at}${opens ? 'closes' : 'opens'}`, 'plans.problem.one-day');
    const name = fields.text(`${at}name`, 0, 120, 'plans.problem.long');
    return {
      id: fields.id(at, known, 'r', taken),
      name: name || (opens && ordinal ? roundLabel(numbering, ordinal, opens) : ''),
      ordinal: ordinal ?? 1,
      numbering,
      opens,
      closes,
    };
  });
}

function targetRows(fields: Fields, before: readonly PlanTarget[]): PlanTarget[] {
  const known = new Set(before.map(({ id }) => id));
  const taken = new Set<string>();
  return fields.rows('targets', ['rate', 'indicator', 'value', 'by']).map(({ at, row }) => {
    const isRate = row.rate === 'yes';
    const bound = fields.choice(`${at}bound`, BOUNDS, 'plans.problem.bound');
    const value = fields.number(`${at}value`, 0, isRate ? 100 : 999_999, 'plans.problem.value');
    if (value === null && fields.entered(`${at}value`) === '')
      fields.wrong(`${at}value`, 'plans.problem.value');
    const by = fields.number(`${at}by`, 2000, 2100, 'plans.problem.by');
    return {
      id: fields.id(at, known, 't', taken),
      indicator: isRate
        ? SATISFACTION_RATE
        : fields.text(`${at}indicator`, 2, 200, 'plans.problem.indicator'),
      [bound]: value ?? 0,
      unit: isRate ? '%' : fields.text(`${at}unit`, 1, 30, 'plans.problem.unit'),
      by: by === null ? null : Math.round(by),
    };
  });
}

/** How often something may recur, as the forms offer it. */
export const FREQUENCIES = ['once', ...EVERY] as const;
