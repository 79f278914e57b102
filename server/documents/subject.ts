/** How documents speak of what a round rates. */
import type { Round } from '../../models/rounds.js';
import { SATISFACTION_RATE, type Target } from '../../models/rounds.js';
import { formatOf } from '../http/format.js';
import { DEFAULT_LANGUAGE, plainInLanguage, translator } from '../http/language.js';
import { phrase } from './wording.js';

/** Documents are Vietnamese, whatever language their page is read in. */
export const words = translator(DEFAULT_LANGUAGE);
export const format = formatOf(DEFAULT_LANGUAGE);

/** A text of a survey or a service. */
export function named(texts: Readonly<Record<string, string>>): string {
  return plainInLanguage(texts, DEFAULT_LANGUAGE);
}

/** Documents of the demonstration say so on every page. */
export const DEMO_STANDING = phrase('demo.standing');

interface SubjectTerms {
  /** What the survey is about, after “khảo sát”. */
  readonly about: string;
  readonly rated: string;
  readonly people: string;
  readonly place: string;
  readonly factor: string;
  /** What answers are grouped by, beside the people who gave them. */
  readonly services: string;
}

const TERMS: Readonly<Record<Round['subject'], SubjectTerms>> = {
  education: {
    about: phrase('subject.education.about'),
    rated: phrase('subject.education.rated'),
    people: phrase('subject.education.people'),
    place: phrase('subject.education.place'),
    factor: phrase('subject.education.factor'),
    services: phrase('subject.education.services'),
  },
  procedure: {
    about: phrase('subject.procedure.about'),
    rated: phrase('subject.procedure.rated'),
    people: phrase('subject.procedure.people'),
    place: phrase('subject.procedure.place'),
    factor: phrase('subject.procedure.factor'),
    services: phrase('subject.procedure.services'),
  },
};

export function termsOf({ subject }: Pick<Round, 'subject'>): SubjectTerms {
  return TERMS[subject];
}

/** `Khảo sát … (Đợt 2 năm 2026)`; a short label is not broken over two lines. */
export function aboutRound(beginning: string, { subject, label }: Pick<Round, 'subject' | 'label'>): string {
  const unbroken = label.length <= 30 ? label.replaceAll(' ', '\u00a0') : label;
  return `${beginning} ${TERMS[subject].about} (${unbroken})`;
}

/** `từ 85 % trở lên`, `trên 90 %`, `không quá 1 lần`. */
export function boundInWords({ atLeast, moreThan, atMost, unit }: Target): string {
  const with_ = (value: number) => `${format.number(value)}\u00a0${unit}`;
  if (atLeast !== undefined) return phrase('target.at-least', { value: with_(atLeast) });
  if (moreThan !== undefined) return phrase('target.more-than', { value: with_(moreThan) });
  return phrase('target.at-most', { value: with_(atMost ?? 0) });
}

/** `tỷ lệ hài lòng từ 85 % trở lên` */
export function targetInWords(target: Target): string {
  const what = target.indicator === SATISFACTION_RATE ? phrase('target.rate') : target.indicator;
  return `${what} ${boundInWords(target)}`;
}

/** `Chỉ tiêu ≥ 85 %`, for pictures. */
export function targetInSigns({ atLeast, moreThan, atMost, unit }: Target): string {
  const sign = atLeast !== undefined ? '≥' : moreThan !== undefined ? '>' : '≤';
  return phrase('target.in-signs', { sign, number: format.number(atLeast ?? moreThan ?? atMost ?? 0), unit });
}

/** `a, b và c` */
export function listInWords(all: readonly string[]): string {
  const [last = '', ...before] = [...all].reverse();
  return before.length === 0 ? last : phrase('list.last', { before: before.reverse().join(', '), last });
}

/** The first letter as a capital. */
export function capital(text: string): string {
  const [first = '', ...rest] = text;
  return first.toLocaleUpperCase('vi') + rest.join('');
}
