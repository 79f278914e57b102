/**
 * The long form: one row for each unit, item and level, with how many answers and which share of them; what is made of
 * it in a pivot table adds up. Levels 1–5 are shares of the answers, "không có ý kiến" and blanks of the questions put.
 * What is hidden on the pages is empty here, count and share alike: with either one, the other could be computed.
 */
import { translator } from '../http/language.js';
import { measureOf } from '../results/measure.js';
import type { RoundFigures } from '../results/roundFigures.js';
import type { Shown } from '../results/shown.js';
import { textsOf } from '../results/titles.js';
import { columnCells, type InFile, number, type Written, written } from './fileColumns.js';
import { type FilePlace, placesOf } from './places.js';

/** As they stand in the column of levels: "không có ý kiến" is 0, as in the responses. */
const LEVELS = [1, 2, 3, 4, 5, 0, 'blank'] as const;
type Level = (typeof LEVELS)[number];

interface LevelRow {
  readonly place: FilePlace;
  readonly code: string;
  readonly text: string;
  readonly level: Level;
  readonly figure: Shown;
}

/** One row for each level of each item at each unit. */
export function levelsCsv(figures: RoundFigures, file: InFile): Written {
  const t = translator(file.lang);
  return written<LevelRow>(levelRows(figures, file.lang), file, [
    ['unit-code', ({ place }) => place.code],
    ['unit', ({ place }) => place.name],
    ...columnCells<LevelRow>(({ place }) => place.column, file.lang),
    ['item-code', ({ code }) => code],
    ['item', ({ text }) => text],
    ['level', ({ level }) => level],
    ['level-name', ({ level }) => t(`exports.level.${level}`)],
    ['count', ({ figure, level }) => number(countOf(figure, level))],
    ['share', ({ figure, level }) => number(shareOf(figure, level), 1)],
    ['note', ({ figure }) => (figure.hidden ? t('results.csv.suppressed') : '')],
  ]);
}

/** How many rows that are. */
export function levelsCount(figures: RoundFigures): number {
  let count = 0;
  for (const { column } of placesOf(figures)) count += LEVELS.length * (1 + itemCodesOf(column).length);
  return count;
}

function* levelRows(figures: RoundFigures, lang: string): Generator<LevelRow> {
  for (const place of placesOf(figures)) {
    const { row, column } = place;
    const texts = textsOf(column.survey, lang);
    const overall = { code: measureOf(column.survey).overall, ...figures.summary(row, column).overall };
    for (const figure of [...figures.items(row, column), overall])
      for (const level of LEVELS)
        yield { place, code: figure.code, text: texts.get(figure.code) ?? '', level, figure };
  }
}

function itemCodesOf({ survey }: FilePlace['column']): string[] {
  return measureOf(survey).factors.flatMap(({ items }) => items);
}

function countOf({ counts }: Shown, level: Level): number | null {
  if (level === 'blank') return counts?.blank ?? null;
  return (level === 0 ? counts?.noOpinion : counts?.levels[level - 1]) ?? null;
}

function shareOf(figure: Shown, level: Level): number | null {
  if (level === 'blank') return figure.blank;
  return level === 0 ? figure.noOpinion : (figure.levels?.[level - 1] ?? null);
}
