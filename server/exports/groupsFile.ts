/**
 * The file of groups: area classes, the uppermost units, quarters of a continuous round, channels, and what people said
 * about themselves.
 */
import { plainInLanguage, translator } from '../http/language.js';
import { groupResults } from '../results/groupRows.js';
import { overallRates } from '../results/overallRates.js';
import type { RoundFigures, ShownGroup } from '../results/roundFigures.js';
import type { Shown, ShownSummary } from '../results/shown.js';
import { type InFile, type NamedColumn, number, type Written, written } from './fileColumns.js';

/** A group as it stands in the file; `kind` tells what makes it one. */
type GroupFileRow = ReturnType<typeof groupFileRows>[number];

/** The ways to put the overall rate together, then every group. @param names of units by code */
export function groupFileRows(figures: RoundFigures, names: ReadonlyMap<string, string>, lang: string) {
  const t = translator(lang);
  const groups = groupResults(figures);
  const group =
    (kind: string, question: string, nameOf: (value: string) => string) => (each: ShownGroup) => ({
      kind: t(`results.group.${kind}`),
      question,
      name: nameOf(each.value),
      responses: each.summary.responses as number | null,
      people: each.summary.people,
      figure: each.summary.total as Pick<Shown, 'rate' | 'low' | 'high'> & Partial<Shown>,
      summary: each.summary as ShownSummary | null,
      factors: each.factors,
    });
  const ways = overallRates(figures).map(({ kind, basis, ...rate }) => ({
    kind: t('results.group.overall'),
    question: '',
    name: t(`results.way.${basis ?? kind}`),
    responses: null,
    people: null,
    figure: rate as Pick<Shown, 'rate' | 'low' | 'high'> & Partial<Shown>,
    summary: null,
    factors: [] as ShownGroup['factors'],
  }));
  const attributes = groups.attributes.flatMap(({ survey, item, rows }) => {
    const options = new Map(item.options.map(({ code, text }) => [code, plainInLanguage(text, lang)]));
    const question = `${plainInLanguage(survey.audience, lang)}: ${plainInLanguage(item.text, lang)}`;
    return rows.map(group('attribute', question, (value) => options.get(value) ?? t('results.group.none')));
  });
  return [
    ...ways,
    ...groups.areas.map(group('area', '', (value) => value || t('results.group.no-area'))),
    ...groups.units.map(group('unit', '', (value) => names.get(value) ?? value)),
    ...groups.quarters.map(
      group('quarter', '', (value) => t(`results.quarter.${value.slice(-1)}`, { year: value.slice(0, 4) })),
    ),
    ...groups.channels.map(group('channel', '', (value) => t(`results.channel.${value}`))),
    ...attributes,
  ];
}

/** One row for each way and group. */
export function groupsCsv(figures: RoundFigures, names: ReadonlyMap<string, string>, file: InFile): Written {
  const t = translator(file.lang);
  const rows = groupFileRows(figures, names, file.lang);
  const codes = [...new Set(rows.flatMap(({ factors }) => factors.map(({ code }) => code)))];
  return written<GroupFileRow>(rows, file, [
    ['group-kind', ({ kind }) => kind],
    ['question', ({ question }) => question],
    ['group', ({ name }) => name],
    ['responses', ({ responses }) => number(responses)],
    ['people', ({ people }) => number(people)],
    ['answered', ({ figure }) => number(figure.answered ?? null)],
    ['rate', ({ figure }) => number(figure.rate, 1)],
    ['low', ({ figure }) => number(figure.low, 1)],
    ['high', ({ figure }) => number(figure.high, 1)],
    ['mean', ({ figure }) => number(figure.mean ?? null, 2)],
    ...[1, 2, 3, 4, 5].map(
      (level): NamedColumn<GroupFileRow> => [
        `level-${level}`,
        ({ figure }) => number(figure.levels?.[level - 1] ?? null, 1),
      ],
    ),
    ['no-opinion', ({ figure }) => number(figure.noOpinion ?? null, 1)],
    ['blank', ({ figure }) => number(figure.blank ?? null, 1)],
    ['expectation', ({ summary }) => number(summary?.expectation ?? null, 1)],
    ['overall', ({ summary }) => number(summary?.overall.rate ?? null, 1)],
    ['all-favourable', ({ summary }) => number(summary?.allFavourable.rate ?? null, 1)],
    ['mean-at-least-four', ({ summary }) => number(summary?.meanAtLeastFour.rate ?? null, 1)],
    ...codes.map(
      (code): NamedColumn<GroupFileRow> => [
        'factor-rate',
        ({ factors }) => number(factors.find((factor) => factor.code === code)?.rate ?? null, 1),
        { code },
      ],
    ),
    ['note', ({ figure }) => (figure.hidden ? t('results.csv.suppressed') : '')],
  ]);
}
