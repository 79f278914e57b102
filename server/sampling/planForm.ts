/** The form of the sampling plan: what was entered, what it means, what is wrong with it. */
import {
  type SamplingDesign,
  type SamplingParameters,
  STRATUM_KEYS,
  type StratumKey,
} from '../../models/samplingDesign.js';
import { type FormBody, visible } from '../http/body.js';

/** The fields as entered. */
export interface EnteredPlan {
  readonly kind: string;
  readonly by: readonly string[];
  readonly precisionFor: string;
  readonly margin: string;
  readonly confidence: string;
  readonly expected: string;
  readonly responseRate: string;
  readonly designEffect: string;
  readonly spread: string;
  readonly minimum: string;
  readonly drawn: string;
  readonly seed: string;
}

/** Something wrong; `key` names the sentence. */
export interface PlanMistake {
  readonly field: keyof EnteredPlan;
  readonly key: string;
}

/** A form that was read: what it decides, or what is wrong. */
export type ReadPlan =
  | { readonly parameters: SamplingParameters; readonly seed: string; readonly mistakes: [] }
  | { readonly parameters: null; readonly mistakes: readonly PlanMistake[] };

/**
 * What is proposed where nothing was decided: every figure of a school can be shown, and half the people answer, as
 * parents do who are asked through their school.
 */
export const PROPOSED_PLAN: EnteredPlan = {
  kind: 'sample',
  by: ['level'],
  precisionFor: 'round',
  margin: '5',
  confidence: '95',
  expected: '50',
  responseRate: '50',
  designEffect: '',
  spread: 'proportional',
  minimum: '10',
  drawn: '',
  seed: '',
};

/** People answer alike within a school: the usual allowance where schools are drawn first and nothing is known. */
const DESIGN_EFFECT_OF_DRAW = 2;
const MOST_DRAWN = 500;
const LARGEST_MINIMUM = 10_000;

/** The form as it was sent, to be shown again. */
export function enteredPlan(form: FormBody): EnteredPlan {
  const one = (name: keyof EnteredPlan) => String([form[name] ?? ''].flat()[0] ?? '').slice(0, 100);
  return {
    kind: one('kind'),
    by: [form.by ?? []].flat(),
    precisionFor: one('precisionFor'),
    margin: one('margin'),
    confidence: one('confidence'),
    expected: one('expected'),
    responseRate: one('responseRate'),
    designEffect: one('designEffect'),
    spread: one('spread'),
    minimum: one('minimum'),
    drawn: one('drawn'),
    seed: one('seed'),
  };
}

/** A design as it would be entered. @param number how a number is written */
export function planAsEntered(
  { parameters, seed }: SamplingDesign,
  number: (value: number) => string,
): EnteredPlan {
  const percent = (share: number) => number(Number((share * 100).toPrecision(6)));
  return {
    kind: parameters.kind,
    by: parameters.by,
    precisionFor: parameters.precisionFor,
    margin: percent(parameters.margin),
    confidence: String(parameters.confidence),
    expected: percent(parameters.expected),
    responseRate: percent(parameters.responseRate),
    designEffect: number(parameters.designEffect),
    spread: parameters.spread,
    minimum: String(parameters.minimum),
    drawn: parameters.drawn === null ? '' : String(parameters.drawn),
    seed: seed ?? '',
  };
}

/** Reads a form. A census keeps what was entered for a sample where that can be read, for another day. */
export function readPlan(entered: EnteredPlan): ReadPlan {
  const mistakes: PlanMistake[] = [];
  const wrong = (field: keyof EnteredPlan) => mistakes.push({ field, key: `sampling.problem.${field}` });
  const asked = (
    field: keyof EnteredPlan,
    value: number | null,
    fits: (value: number) => boolean,
    other: number,
  ) => {
    if (value !== null && fits(value)) return value;
    if (entered.kind !== 'census' || field === 'responseRate') wrong(field);
    return other;
  };
  if (!['census', 'sample'].includes(entered.kind)) wrong('kind');
  if (!entered.by.every(isStratumKey)) wrong('by');
  if (!['round', 'stratum'].includes(entered.precisionFor)) wrong('precisionFor');
  if (!['90', '95', '99'].includes(entered.confidence)) wrong('confidence');
  if (!['proportional', 'equal'].includes(entered.spread)) wrong('spread');
  const margin = asked('margin', numberOf(entered.margin), (value) => value >= 0.1 && value <= 30, 5);
  const expected = asked('expected', numberOf(entered.expected), (value) => value >= 1 && value <= 99, 50);
  const rate = asked(
    'responseRate',
    numberOf(entered.responseRate),
    (value) => value >= 1 && value <= 100,
    100,
  );
  const minimum = asked('minimum', wholeOf(entered.minimum || '0'), (value) => value <= LARGEST_MINIMUM, 0);
  const draws = entered.drawn !== '' && entered.kind === 'sample';
  const drawn = draws
    ? asked('drawn', wholeOf(entered.drawn), (value) => value >= 1 && value <= MOST_DRAWN, 1)
    : null;
  const designEffect =
    entered.designEffect === ''
      ? draws
        ? DESIGN_EFFECT_OF_DRAW
        : 1
      : asked('designEffect', numberOf(entered.designEffect), (value) => value >= 1 && value <= 10, 1);
  const seed = visible(entered.seed).normalize('NFC').trim();
  if (seed.length > 60) wrong('seed');
  if (mistakes.length > 0) return { parameters: null, mistakes };
  return {
    parameters: {
      kind: entered.kind as SamplingParameters['kind'],
      by: STRATUM_KEYS.filter((key) => entered.by.includes(key)),
      precisionFor: entered.precisionFor as SamplingParameters['precisionFor'],
      margin: share(margin),
      confidence: Number(entered.confidence) as SamplingParameters['confidence'],
      expected: share(expected),
      responseRate: share(rate),
      designEffect,
      spread: entered.spread as SamplingParameters['spread'],
      minimum,
      drawn,
    },
    seed,
    mistakes: [],
  };
}

function isStratumKey(value: string): value is StratumKey {
  return (STRATUM_KEYS as readonly string[]).includes(value);
}

/** A number with a comma or a point and at most four decimals; null where it is none. */
function numberOf(text: string): number | null {
  return /^\d{1,4}(?:[.,]\d{1,4})?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : null;
}

/** A whole number; null where it is none. */
export function wholeOf(text: string): number | null {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text.trim()) : null;
}

function share(percent: number): number {
  return Number((percent / 100).toPrecision(8));
}
