/** What stands in the files of a round's results. Their cells are the figures that the pages show. */
import type { Round } from '../../models/rounds.js';
import { plainInLanguage, translator } from '../http/language.js';
import type { Comparison, ShownDifference } from '../results/comparison.js';
import { ownRow, WHOLE } from '../results/counts.js';
import { groupResults } from '../results/groupRows.js';
import { overallRates } from '../results/overallRates.js';
import type { RoundFigures } from '../results/roundFigures.js';
import type { Shown, ShownSummary } from '../results/shown.js';
import type { UnitRow } from '../results/unitRows.js';
import {
  columnCells,
  figureColumns,
  type InFile,
  type NamedColumn,
  number,
  summaryColumns,
  textsOf,
  type Written,
  written,
} from './fileColumns.js';

/** One row for each service of each unit. */
export function ratesCsv(rows: readonly UnitRow[], file: InFile): Written {
  return written(rows, file, [
    ['unit-code', ({ unit }) => unit.code],
    ['unit', ({ unit }) => unit.name],
    ['service-code', ({ service }) => service.code],
    ['service', ({ service }) => plainInLanguage(service.name, file.lang)],
    ...summaryColumns<UnitRow>(({ summary }) => summary, file.lang),
  ]);
}

/** One row for each factor and item of each survey on each service: over all units, then at every unit. */
export function partsCsv(figures: RoundFigures, file: InFile): Written {
  const t = translator(file.lang);
  const { counts } = figures;
  const places = [
    { code: '', name: t('results.csv.all-units'), row: WHOLE },
    ...[...counts.units.values()].map(({ unit, name }) => ({ code: unit, name, row: ownRow(unit) })),
  ];
  const rows = places.flatMap(({ row, ...place }) =>
    counts.columnsOf(row).flatMap((column) => {
      const summary = figures.summary(row, column);
      const texts = textsOf(column.survey, file.lang);
      const part = (kind: string) => (of: Shown & { code: string }) => ({
        place,
        column,
        kind,
        code: of.code,
        text: texts.get(of.code) ?? '',
        figure: of,
      });
      const whole = { ...summary.total, code: '' };
      return [
        { ...part('total')(whole), text: t('results.csv.kind.total') },
        { ...part('overall')({ ...summary.overall, code: '' }), text: t('results.overall') },
        ...figures.factors(row, column).map(part('factor')),
        ...figures.items(row, column).map(part('item')),
      ];
    }),
  );
  type Row = (typeof rows)[number];
  return written<Row>(rows, file, [
    ['unit-code', ({ place }) => place.code],
    ['unit', ({ place }) => place.name],
    ...columnCells<Row>(({ column }) => column, file.lang),
    ['kind', ({ kind }) => t(`results.csv.kind.${kind}`)],
    ['item-code', ({ code }) => code],
    ['item', ({ text }) => text],
    ...figureColumns<Row>(({ figure }) => figure),
    ...[1, 2, 3, 4, 5].map(
      (level): NamedColumn<Row> => [
        `level-${level}`,
        ({ figure }) => number(figure.levels?.[level - 1] ?? null, 1),
      ],
    ),
    ['no-opinion', ({ figure }) => number(figure.noOpinion, 1)],
    ['blank', ({ figure }) => number(figure.blank, 1)],
    ['note', ({ figure }) => (figure.hidden ? t('results.csv.suppressed') : '')],
  ]);
}

/** The ways to put the overall rate together, then every group; `kind` tells which. */
export function groupsCsv(figures: RoundFigures, names: ReadonlyMap<string, string>, file: InFile): Written {
  const t = translator(file.lang);
  const groups = groupResults(figures);
  const group =
    (kind: string, question: string, nameOf: (value: string) => string) =>
    (each: { value: string; summary: ShownSummary }) => ({
      kind: t(`results.group.${kind}`),
      question,
      name: nameOf(each.value),
      responses: each.summary.responses as number | null,
      people: each.summary.people,
      figure: each.summary.total as Pick<Shown, 'rate' | 'low' | 'high'> & Partial<Shown>,
    });
  const ways = overallRates(figures).map(({ kind, ...rate }) => ({
    kind: t('results.group.overall'),
    question: '',
    name: t(`results.way.${kind}`),
    responses: null,
    people: null,
    figure: rate as Pick<Shown, 'rate' | 'low' | 'high'> & Partial<Shown>,
  }));
  const attributes = groups.attributes.flatMap(({ survey, item, rows }) => {
    const options = new Map(item.options.map(({ code, text }) => [code, plainInLanguage(text, file.lang)]));
    const question = `${plainInLanguage(survey.audience, file.lang)}: ${plainInLanguage(item.text, file.lang)}`;
    return rows.map(group('attribute', question, (value) => options.get(value) ?? t('results.group.none')));
  });
  const rows = [
    ...ways,
    ...groups.areas.map(group('area', '', (value) => value || t('results.group.no-area'))),
    ...groups.units.map(group('unit', '', (value) => names.get(value) ?? value)),
    ...groups.channels.map(group('channel', '', (value) => t(`results.channel.${value}`))),
    ...attributes,
  ];
  type Row = (typeof rows)[number];
  return written<Row>(rows, file, [
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
    ['note', ({ figure }) => (figure.hidden ? t('results.csv.suppressed') : '')],
  ]);
}

/** The round beside an earlier one: as a whole, by survey on service with its factors and items, by unit. */
export function comparisonCsv(comparison: Comparison, before: Pick<Round, 'label'>, file: InFile): Written {
  const t = translator(file.lang);
  const row = (kind: string, code: string, name: string, difference: ShownDifference, note = '') => ({
    kind: t(`results.csv.kind.${kind}`),
    code,
    name,
    difference,
    note,
  });
  const columns = comparison.columns.flatMap(({ column, total, factors, items }) => {
    const texts = textsOf(column.survey, file.lang);
    const name = `${plainInLanguage(column.service.name, file.lang)} – ${plainInLanguage(column.survey.audience, file.lang)}`;
    return [
      row('total', column.key, name, total),
      ...factors.map(({ code, difference }) =>
        row('factor', code, `${name}: ${texts.get(code) ?? ''}`, difference),
      ),
      ...items.map(({ code, difference }) =>
        row('item', code, `${name}: ${texts.get(code) ?? ''}`, difference),
      ),
    ];
  });
  const units = comparison.units.map(({ unit, match, before: codes, difference }) =>
    row(
      'unit',
      unit.code,
      unit.name,
      difference,
      match === 'same' ? '' : t(`results.match.${match}`, { units: codes.join(', ') }),
    ),
  );
  const rows = [row('total', '', t('results.csv.all-units'), comparison.total), ...columns, ...units];
  type Row = (typeof rows)[number];
  return written<Row>(rows, file, [
    ['round-before', () => before.label],
    ['kind', ({ kind }) => kind],
    ['code', ({ code }) => code],
    ['name', ({ name }) => name],
    ['rate', ({ difference }) => number(difference.now, 1)],
    ['rate-before', ({ difference }) => number(difference.before, 1)],
    ['points', ({ difference }) => number(difference.points, 1)],
    ['points-low', ({ difference }) => number(difference.low, 1)],
    ['points-high', ({ difference }) => number(difference.high, 1)],
    ['change', ({ difference }) => (difference.change ? t(`results.change.${difference.change}`) : '')],
    ['note', ({ note }) => note],
  ]);
}
