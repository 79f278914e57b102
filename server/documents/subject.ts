/** How documents speak of what a round rates. */
import type { Round } from '../../models/rounds.js';
import { SATISFACTION_RATE, type Target } from '../../models/rounds.js';
import { formatOf } from '../http/format.js';
import { DEFAULT_LANGUAGE, plainInLanguage, translator } from '../http/language.js';

/** Documents are Vietnamese, whatever language their page is read in. */
export const words = translator(DEFAULT_LANGUAGE);
export const format = formatOf(DEFAULT_LANGUAGE);

/** A text of a survey or a service. */
export function named(texts: Readonly<Record<string, string>>): string {
  return plainInLanguage(texts, DEFAULT_LANGUAGE);
}

/** Documents of the demonstration say so on every page. */
export const DEMO_STANDING = 'TÀI LIỆU MINH HỌA, số liệu không có thật';

interface SubjectTerms {
  /** What the survey is about, after “khảo sát”. */
  readonly about: string;
  readonly rated: string;
  readonly people: string;
  readonly place: string;
  readonly factor: string;
}

const TERMS: Readonly<Record<Round['subject'], SubjectTerms>> = {
  education: {
    about: 'sự hài lòng của người dân đối với dịch vụ giáo dục công',
    rated: 'dịch vụ giáo dục công',
    people: 'cha mẹ, người giám hộ và người học',
    place: 'cơ sở giáo dục',
    factor: 'lĩnh vực',
  },
  procedure: {
    about: 'sự hài lòng của người dân, tổ chức đối với việc giải quyết thủ tục hành chính',
    rated: 'việc tiếp nhận, giải quyết thủ tục hành chính',
    people: 'người dân, tổ chức đã giải quyết thủ tục hành chính',
    place: 'bộ phận tiếp nhận và trả kết quả',
    factor: 'yếu tố',
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
  if (atLeast !== undefined) return `từ ${with_(atLeast)} trở lên`;
  if (moreThan !== undefined) return `trên ${with_(moreThan)}`;
  return `không quá ${with_(atMost ?? 0)}`;
}

/** `tỷ lệ hài lòng từ 85 % trở lên` */
export function targetInWords(target: Target): string {
  const what = target.indicator === SATISFACTION_RATE ? 'tỷ lệ hài lòng' : target.indicator;
  return `${what} ${boundInWords(target)}`;
}

/** `Chỉ tiêu ≥ 85 %`, for pictures. */
export function targetInSigns({ atLeast, moreThan, atMost, unit }: Target): string {
  const sign = atLeast !== undefined ? '≥' : moreThan !== undefined ? '>' : '≤';
  return `Chỉ tiêu ${sign} ${format.number(atLeast ?? moreThan ?? atMost ?? 0)}\u00a0${unit}`;
}

/** `a, b và c` */
export function listInWords(all: readonly string[]): string {
  const [last = '', ...before] = [...all].reverse();
  return before.length === 0 ? last : `${before.reverse().join(', ')} và ${last}`;
}

/** The first letter as a capital. */
export function capital(text: string): string {
  const [first = '', ...rest] = text;
  return first.toLocaleUpperCase('vi') + rest.join('');
}
