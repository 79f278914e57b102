/** The file of single responses to one survey: a row for each, a column for each item under its code, no text. */
import { eachAnswerPart } from '../../models/responses.js';
import type { Round } from '../../models/rounds.js';
import type { Survey } from '../../surveys/schema.js';
import { plainInLanguage, translator } from '../http/language.js';
import { type CsvCell, type CsvColumn, csvOf } from '../lists/csvFile.js';
import { WHOLE } from '../results/counts.js';
import { attributesOf } from '../results/groups.js';
import type { RoundFigures } from '../results/roundFigures.js';
import { type DisclosedResponse, Disclosure, disclosedItems } from './disclosure.js';
import type { InFile, Written } from './fileColumns.js';

/** Whether single responses may be told: not while more can come that would stand out beside an earlier file. */
export function hasSingleResponses({ state }: Pick<Round, 'state'>): boolean {
  return state !== 'draft' && state !== 'open';
}

/** Every response to a survey, as far as it may be told. @param minimum fewest people anything may stand for */
export function responsesCsv(figures: RoundFigures, survey: Survey, minimum: number, file: InFile): Written {
  return csvOf(
    disclosedRows(file.round, figures, survey, minimum),
    [...placeColumns(survey, file), ...answerColumns(survey, file.lang)],
    file.form,
    file.lang,
  );
}

/** How many responses there are to a survey; a few of them may be left out of the file. */
export function responsesCount(figures: RoundFigures, survey: Survey): number {
  const columns = figures.columns.filter((column) => column.survey.id === survey.id);
  return columns.reduce((sum, column) => sum + figures.summary(WHOLE, column).responses, 0);
}

async function* disclosedRows(
  { _id: round }: Pick<Round, '_id'>,
  figures: RoundFigures,
  survey: Survey,
  minimum: number,
): AsyncGenerator<DisclosedResponse[]> {
  const attributes = attributesOf(survey).map(({ code }) => code);
  const counted = eachAnswerPart(round, survey.id, attributes);
  const disclosure = await Disclosure.over(figures, survey, counted, minimum);
  const items = disclosedItems(survey).map(({ code }) => code);
  for await (const responses of eachAnswerPart(round, survey.id, items))
    yield responses.flatMap((response) => disclosure.of(response) ?? []);
}

type Columns = readonly CsvColumn<DisclosedResponse>[];

function placeColumns(survey: Survey, { round, lang }: InFile): Columns {
  const t = translator(lang);
  const hidden = t('exports.hidden');
  const columns: [string, CsvColumn<DisclosedResponse>['cell']][] = [
    ['round-code', () => round._id],
    ['survey-code', () => survey.id],
    ['survey-version', () => survey.version],
    ['unit-code', ({ place }) => place.unit?.code ?? hidden],
    ['unit', ({ place }) => place.unit?.name ?? hidden],
    ['service-code', ({ place }) => place.column.service.code],
    ['service', ({ place }) => plainInLanguage(place.column.service.name, lang)],
  ];
  return columns.map(([name, cell]) => ({ heading: t(`results.csv.${name}`), cell }));
}

function answerColumns(survey: Survey, lang: string): Columns {
  const hidden = translator(lang)('exports.hidden');
  const attributes = attributesOf(survey).map(({ code }) => code);
  return disclosedItems(survey).flatMap((item, at): Columns => {
    const { code, kind } = item;
    if (kind === 'multiple')
      return item.options.map((option) => ({
        heading: `${code}_${option.code}`,
        cell: ({ answers }) => {
          const chosen = answers[at];
          return Array.isArray(chosen) ? Number(chosen.includes(option.code)) : null;
        },
      }));
    const cell = (value: unknown): CsvCell =>
      typeof value === 'number' || typeof value === 'string' ? value : null;
    if (kind === 'single') {
      const nth = attributes.indexOf(code);
      return [{ heading: code, cell: ({ answers, depth }) => (depth > nth ? cell(answers[at]) : hidden) }];
    }
    return [
      {
        heading: code,
        cell: ({ place: { hiddenItems }, answers }) => (hiddenItems.has(code) ? hidden : cell(answers[at])),
      },
    ];
  });
}
