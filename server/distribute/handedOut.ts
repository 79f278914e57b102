/** One unit's part in one round, as it is handed out: what is asked, of whom, until when, and where. */
import { type Round, roundByCode } from '../../models/rounds.js';
import { type RoundUnit, unitOfRound } from '../../models/roundUnits.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import type { Survey } from '../../surveys/schema.js';
import { DEFAULT_LANGUAGE, plainInLanguage } from '../http/language.js';
import { Problem } from '../http/problem.js';

export interface HandedOut {
  readonly round: Round;
  readonly unit: RoundUnit;
  /** The surveys that the unit offers, in the round's order. */
  readonly surveys: readonly Survey[];
  /** Address behind the QR code: tells that the person came by it. */
  readonly qrLink: string;
  /** Address to be sent in a message. */
  readonly link: string;
  /** Address to be typed, without what browsers add by themselves, such as `khaosat.example.vn`. */
  readonly typed: string;
}

/** @param base address that links to us begin with */
export async function handedOut(round: Round, unit: RoundUnit, base: string): Promise<HandedOut> {
  const asked = round.surveys.filter(({ id }) => unit.offers.some(({ survey }) => survey === id));
  const link = `${base}/k/${unit.linkCode}`;
  return {
    round,
    unit,
    surveys: await Promise.all(asked.map(pinnedSurvey)),
    link,
    qrLink: `${link}?kenh=qr`,
    typed: base.replace(/^https?:\/\//, ''),
  };
}

/** The part of the unit in the round of an address. @throws {Problem} 404 `not-found` where it has none */
export async function partOf(
  codes: { readonly round: string; readonly unit: string },
  base: string,
): Promise<HandedOut> {
  const [round, unit] = await Promise.all([roundByCode(codes.round), unitOfRound(codes.round, codes.unit)]);
  if (!round || !unit || round.state === 'draft') throw new Problem(404, 'not-found');
  return handedOut(round, unit, base);
}

/** Who is asked, in a language: `Cha mẹ, người giám hộ của học sinh THCS; Học sinh THPT`. */
export function audienceOf({ surveys }: HandedOut, language = DEFAULT_LANGUAGE): string {
  return surveys.map(({ audience }) => plainInLanguage(audience, language)).join('; ');
}

/** Minutes that the longest of the surveys takes. */
export function minutesOf({ surveys }: HandedOut): number {
  return Math.max(...surveys.map(({ minutes }) => minutes));
}
