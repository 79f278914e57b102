/**
 * A round beside an earlier one. Only figures that are shown in both are compared, and what several units before were
 * together only where each of them is shown: a comparison tells nothing that the two rounds do not.
 */
import { differenceOfRates } from '../statistics/difference.js';
import type { Figure } from '../statistics/pooled.js';
import { roundedPercent, roundedPoints } from '../statistics/rounding.js';
import { type Column, ownRow, WHOLE } from './counts.js';
import type { RoundFigures } from './roundFigures.js';
import { type UnitMatch, unitMatches } from './unitMatches.js';

/** A rate now and before; everything null that is not known or hidden. */
export interface ShownDifference {
  /** Percent, one decimal. */
  readonly now: number | null;
  readonly before: number | null;
  /** Answers at 1–5 behind either. */
  readonly answeredNow: number | null;
  readonly answeredBefore: number | null;
  /** Percentage points with their 95 % interval, one decimal. */
  readonly points: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly change: 'up' | 'down' | 'uncertain' | null;
}

interface ComparedPart {
  readonly code: string;
  readonly difference: ShownDifference;
}

/** One survey on one service in both rounds. */
interface ComparedColumn {
  readonly column: Column;
  readonly total: ShownDifference;
  readonly factors: readonly ComparedPart[];
  readonly items: readonly ComparedPart[];
}

interface ComparedUnit {
  readonly unit: { readonly code: string; readonly name: string };
  readonly match: UnitMatch['kind'];
  /** Codes of the units it is compared with, where they are not itself. */
  readonly before: readonly string[];
  readonly difference: ShownDifference;
}

export interface Comparison {
  readonly total: ShownDifference;
  /** Surveys on services that only one of the rounds has: then the totals are not of the same. */
  readonly onlyNow: readonly Column[];
  readonly onlyBefore: readonly Column[];
  readonly columns: readonly ComparedColumn[];
  readonly units: readonly ComparedUnit[];
}

/** Compares two rounds of one subject. Items match by code: all of them have the same five levels. */
export function comparisonOf(now: RoundFigures, before: RoundFigures): Comparison {
  const columnBefore = new Map(before.columns.map((column) => [column.key, column]));
  const keys = new Set(now.columns.map(({ key }) => key));
  return {
    total: totalDifference(now, before),
    onlyNow: now.columns.filter(({ key }) => !columnBefore.has(key)),
    onlyBefore: before.columns.filter(({ key }) => !keys.has(key)),
    columns: now.columns.flatMap((column) => {
      const other = columnBefore.get(column.key);
      return other ? [comparedColumn(now, column, before, other)] : [];
    }),
    units: comparedUnits(now, before),
  };
}

/** How the pooled rate of a whole round differs from that of another, over what both have asked. */
function totalDifference(now: RoundFigures, before: RoundFigures): ShownDifference {
  return rowsDifference(now, [WHOLE], before, [WHOLE]);
}

/**
 * How the factors of whole rounds differ, each over all that is shown of it; none where the rounds did not ask, or do not
 * show, the same surveys on the same services: then their factors are not of the same.
 */
export function factorDifferences(
  now: RoundFigures,
  before: RoundFigures,
): ReadonlyMap<string, ShownDifference> {
  const [ours, theirs] = [pooledColumns(now), pooledColumns(before)];
  if (ours.map(({ key }) => key).join() !== theirs.map(({ key }) => key).join()) return new Map();
  const [one, two] = [now.counts.pooled(WHOLE, ours), before.counts.pooled(WHOLE, theirs)];
  return new Map(
    one.factorCodes.map((code) => [code, shownDifference(one.factor(code).rate, two.factor(code).rate)]),
  );
}

/** The columns whose factors are pooled over a whole round, in one order for all rounds. */
function pooledColumns(figures: RoundFigures): Column[] {
  const { leftOut } = figures.pooledFactors(WHOLE);
  return figures.counts
    .columnsOf(WHOLE)
    .filter((column) => !leftOut.includes(column) && figures.counts.pooled(WHOLE, [column]).people > 0)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function comparedColumn(
  now: RoundFigures,
  column: Column,
  before: RoundFigures,
  other: Column,
): ComparedColumn {
  const [one, two] = [now.counts.pooled(WHOLE, [column]), before.counts.pooled(WHOLE, [other])];
  const shownRate = (figures: RoundFigures, of: Column, figure: Figure, code?: string) => {
    const hidden =
      code === undefined ? figures.hiding.cell('total', WHOLE, of) : figures.hiding.item(WHOLE, of, code);
    return hidden ? null : figure.rate;
  };
  const parts = (kind: 'factor' | 'item') => {
    const [codes, known] =
      kind === 'factor' ? [one.factorCodes, two.factorCodes] : [one.itemCodes, two.itemCodes];
    return codes
      .filter((code) => known.includes(code))
      .map((code) => ({
        code,
        difference: shownDifference(
          shownRate(now, column, one[kind](code), code),
          shownRate(before, other, two[kind](code), code),
        ),
      }));
  };
  return {
    column,
    total: shownDifference(shownRate(now, column, one.total), shownRate(before, other, two.total)),
    factors: parts('factor'),
    items: parts('item'),
  };
}

function comparedUnits(now: RoundFigures, before: RoundFigures): ComparedUnit[] {
  const units = [...now.counts.units.values()];
  const matches = unitMatches(units, [...before.counts.units.values()]);
  return units.map(({ unit: code, name }) => {
    const match = matches.get(code) ?? { kind: 'new' };
    const codes = 'before' in match ? match.before : [];
    return {
      unit: { code, name },
      match: match.kind,
      before: match.kind === 'merged' ? codes : [],
      difference: rowsDifference(now, [ownRow(code)], before, codes.map(ownRow)),
    };
  });
}

/** Compares rows with rows, over the columns that are in both. */
function rowsDifference(
  now: RoundFigures,
  rows: readonly string[],
  before: RoundFigures,
  rowsBefore: readonly string[],
): ShownDifference {
  const [keys, keysBefore] = [keysOf(now, rows), keysOf(before, rowsBefore)];
  return shownDifference(rateOf(now, rows, keysBefore), rateOf(before, rowsBefore, keys));
}

function keysOf({ columns, counts }: RoundFigures, rows: readonly string[]): ReadonlySet<string> {
  const offered = columns.filter(({ key }) => rows.some((row) => counts.offers(row, key)));
  return new Set(offered.map(({ key }) => key));
}

/** The rate of rows together in some columns; null where anything of it is hidden. */
function rateOf(figures: RoundFigures, rows: readonly string[], among: ReadonlySet<string>): Figure['rate'] {
  const { counts, hiding } = figures;
  const own = keysOf(figures, rows);
  const columns = figures.columns.filter(({ key }) => among.has(key) && own.has(key));
  const isHidden =
    columns.length === own.size
      ? rows.some((row) => hiding.cell('total', row))
      : rows.some((row) => columns.some((column) => hiding.cell('total', row, column)));
  return isHidden ? null : counts.pooledRows(rows, columns).total.rate;
}

function shownDifference(now: Figure['rate'], before: Figure['rate']): ShownDifference {
  const difference = differenceOfRates(now, before);
  const points = (value: number | undefined) => (value === undefined ? null : roundedPoints(value));
  return {
    now: now && roundedPercent(now.value),
    before: before && roundedPercent(before.value),
    answeredNow: now?.answered ?? null,
    answeredBefore: before?.answered ?? null,
    points: points(difference?.points),
    low: points(difference?.low),
    high: points(difference?.high),
    change: difference?.change ?? null,
  };
}
