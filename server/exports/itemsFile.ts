/** The file of items: factors and items of each survey on each service, over all units, then at every unit. */
import { translator } from '../http/language.js';
import { measureOf } from '../results/measure.js';
import type { RoundFigures } from '../results/roundFigures.js';
import type { Shown } from '../results/shown.js';
import { textsOf } from '../results/titles.js';
import {
  columnCells,
  figureColumns,
  type InFile,
  type NamedColumn,
  number,
  type Written,
  written,
} from './fileColumns.js';
import { type FilePlace, placesOf } from './places.js';

interface PartRow {
  readonly place: FilePlace;
  readonly kind: 'total' | 'overall' | 'factor' | 'item';
  /** Of the factor or item; empty for the others. */
  readonly code: string;
  readonly text: string;
  readonly figure: Shown;
}

/** One row for each factor and item of each survey on each service. */
export function itemsCsv(figures: RoundFigures, file: InFile): Written {
  const t = translator(file.lang);
  return written<PartRow>(partRows(figures, file.lang), file, [
    ['unit-code', ({ place }) => place.code],
    ['unit', ({ place }) => place.name],
    ...columnCells<PartRow>(({ place }) => place.column, file.lang),
    ['kind', ({ kind }) => t(`results.csv.kind.${kind}`)],
    ['item-code', ({ code }) => code],
    ['item', ({ text }) => text],
    ...figureColumns<PartRow>(({ figure }) => figure),
    ...[1, 2, 3, 4, 5].map(
      (level): NamedColumn<PartRow> => [
        `level-${level}`,
        ({ figure }) => number(figure.levels?.[level - 1] ?? null, 1),
      ],
    ),
    ['no-opinion', ({ figure }) => number(figure.noOpinion, 1)],
    ['blank', ({ figure }) => number(figure.blank, 1)],
    ['note', ({ figure }) => (figure.hidden ? t('results.csv.suppressed') : '')],
  ]);
}

/** How many rows that are. */
export function itemsCount(figures: RoundFigures): number {
  let count = 0;
  for (const { column } of placesOf(figures, '')) {
    const { factors } = measureOf(column.survey);
    count += 2 + factors.reduce((sum, { items }) => sum + 1 + items.length, 0);
  }
  return count;
}

function* partRows(figures: RoundFigures, lang: string): Generator<PartRow> {
  const t = translator(lang);
  for (const place of placesOf(figures, t('results.csv.all-units'))) {
    const { row, column } = place;
    const { total, overall } = figures.summary(row, column);
    const texts = textsOf(column.survey, lang);
    yield { place, kind: 'total', code: '', text: t('results.csv.kind.total'), figure: total };
    yield { place, kind: 'overall', code: '', text: t('results.overall'), figure: overall };
    for (const figure of figures.factors(row, column))
      yield { place, kind: 'factor', code: figure.code, text: texts.get(figure.code) ?? '', figure };
    for (const figure of figures.items(row, column))
      yield { place, kind: 'item', code: figure.code, text: texts.get(figure.code) ?? '', figure };
  }
}
