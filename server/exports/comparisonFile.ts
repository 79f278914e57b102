/** The file of a comparison. */
import type { Round } from '../../models/rounds.js';
import { plainInLanguage, translator } from '../http/language.js';
import type { Comparison, ShownDifference } from '../results/comparison.js';
import { textsOf } from '../results/titles.js';
import { type InFile, number, type Written, written } from './fileColumns.js';

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
