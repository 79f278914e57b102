/** What factors, items and columns are called where there is no template. */
import type { Round } from '../../models/rounds.js';
import { itemsOf } from '../../surveys/read.js';
import type { Survey } from '../../surveys/schema.js';
import { plainInLanguage } from '../http/language.js';
import type { Column } from './counts.js';
import type { Words } from './words.js';

/** The name of each factor, with the names of all surveys that ask it where they differ. */
export function factorTitles(surveys: readonly Survey[], words: Words): ReadonlyMap<string, string> {
  const titles = new Map<string, Set<string>>();
  for (const { role, code, title } of surveys.flatMap(({ sections }) => sections))
    if (role === 'factor') titles.set(code, (titles.get(code) ?? new Set()).add(words.name(title)));
  return new Map([...titles].map(([code, names]) => [code, `${code}. ${[...names].join(' / ')}`]));
}

/** What factors and items of a survey are called, by code. */
export function textsOf(survey: Survey, lang: string): ReadonlyMap<string, string> {
  return new Map([
    ...survey.sections.map(({ code, title }) => [code, plainInLanguage(title, lang)] as const),
    ...itemsOf(survey).map(({ code, text }) => [code, plainInLanguage(text, lang)] as const),
  ]);
}

/** The question of an item. */
export function itemTitle(survey: Survey, code: string, words: Words): string {
  const item = itemsOf(survey).find((each) => each.code === code);
  return item ? words.name(item.text) : code;
}

/** One survey on one service; who answers is named where the round asks several kinds of people. */
export function columnName({ service, survey }: Column, round: Pick<Round, 'surveys'>, words: Words): string {
  const name = words.name(service.name);
  return round.surveys.length > 1 ? `${name} – ${words.name(survey.audience)}` : name;
}

/** A code as it stands in the address of a file: small letters, digits and hyphens. */
export function addressName(code: string): string {
  return code
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
