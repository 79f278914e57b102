/** Reads the questionnaires: every JSON file of this folder but the schema, checked before the server starts. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { type Item, type LikertItem, type Section, type Survey, surveySchema } from './schema.js';

export type SurveyCatalogue = ReadonlyMap<string, Survey>;

/** Mistakes in survey files; the message has a line for each: file, item, reason. */
export class SurveyFileError extends Error {
  override name = 'SurveyFileError';
}

/**
 * Every survey of a folder by its id.
 * @throws {SurveyFileError} naming file, item and reason of every mistake found.
 */
export function readSurveys(folder: string): SurveyCatalogue {
  const surveys = new Map<string, Survey>();
  const mistakes: string[] = [];
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'survey.schema.json');
  for (const file of files.sort()) {
    try {
      const survey = parseSurvey(readFileSync(path.join(folder, file), 'utf8'), file);
      if (`${survey.id}.json` !== file) throw new SurveyFileError(`${file}: id: must be the file's name`);
      surveys.set(survey.id, survey);
    } catch (error) {
      if (!(error instanceof SurveyFileError)) throw error;
      mistakes.push(error.message);
    }
  }
  if (files.length === 0) mistakes.push(`${folder}: no survey files`);
  if (mistakes.length > 0) throw new SurveyFileError(mistakes.join('\n'));
  return surveys;
}

/**
 * One survey from the text of its file.
 * @throws {SurveyFileError} naming file, item and reason of every mistake found.
 */
export function parseSurvey(text: string, file: string): Survey {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new SurveyFileError(`${file}: not JSON: ${(error as Error).message}`);
  }
  const result = surveySchema.safeParse(raw);
  if (result.success) return result.data;
  throw new SurveyFileError(result.error.issues.map((issue) => mistakeOf(issue, raw, file)).join('\n'));
}

/** One line for a mistake: `file: item B07, text.en: reason`. */
function mistakeOf(issue: z.core.$ZodIssue, raw: unknown, file: string): string {
  const [sections, s, items, i, ...rest] = issue.path;
  if (sections !== 'sections' || items !== 'items' || typeof i !== 'number')
    return `${file}: ${issue.path.join('.') || 'file'}: ${issue.message}`;
  const code = (raw as { sections: { items: { code?: unknown }[] }[] }).sections[Number(s)]?.items[i]?.code;
  const item = typeof code === 'string' ? code : `${i + 1} of section ${Number(s) + 1}`;
  return `${file}: item ${item}${rest.length > 0 ? `, ${rest.join('.')}` : ''}: ${issue.message}`;
}

/** SHA-256 (hex) of a survey's content, the same for any order of keys in its file. */
export function surveyHash(survey: Survey): string {
  return createHash('sha256').update(canonicalJson(survey)).digest('hex');
}

/** JSON with keys in order, so that equal content has equal bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Ids of the surveys on a subject. */
export function surveysOn(surveys: SurveyCatalogue, subject: Survey['subject']): string[] {
  return [...surveys.values()].filter((survey) => survey.subject === subject).map(({ id }) => id);
}

const items = new WeakMap<Survey, readonly Item[]>();

/** Every item in the order it is asked. */
export function itemsOf(survey: Survey): readonly Item[] {
  const known = items.get(survey) ?? survey.sections.flatMap((section) => section.items);
  items.set(survey, known);
  return known;
}

/** The sections whose Likert items are reported together, in order. */
export function factorsOf(survey: Survey): (Section & { items: LikertItem[] })[] {
  return survey.sections.filter((section) => section.role === 'factor') as (Section & {
    items: LikertItem[];
  })[];
}
