/** The results of one unit: what was asked there, and everything below it together. */
import type { Round } from '../../models/rounds.js';
import { type RoundUnit, unitOfRound } from '../../models/roundUnits.js';
import type { Context } from '../context.js';
import { type Column, ownRow, type RoundCounts, subtreeRow } from './counts.js';
import { responseRatesOf, type ShownResponseRates } from './overview.js';
import { resultsOf } from './resultsOf.js';
import type { RoundFigures, ShownDriver, ShownPart } from './roundFigures.js';
import type { ShownSummary } from './shown.js';

/** The figures of one survey on one service at one place. */
export interface CellFigures {
  readonly column: Column;
  readonly summary: ShownSummary;
  readonly factors: readonly ShownPart[];
  readonly items: readonly ShownPart[];
}

/** The same, and which items go with overall satisfaction. */
export interface CellResults extends CellFigures {
  readonly drivers: readonly ShownDriver[];
}

/** A unit that is shown in a list, with everything below it. */
export interface UnitBelow {
  readonly code: string;
  readonly name: string;
  readonly summary: ShownSummary;
}

export interface UnitResults {
  readonly unit: { readonly code: string; readonly name: string };
  /** The units above it, from the top. */
  readonly path: readonly { readonly code: string; readonly name: string }[];
  /** What was asked at the unit itself; null where it does not take part. */
  readonly own: {
    readonly summary: ShownSummary;
    readonly cells: readonly CellResults[];
    readonly responseRates: ShownResponseRates;
  } | null;
  /** The unit with everything below it; null where nothing is below it. */
  readonly subtree: {
    readonly summary: ShownSummary;
    readonly columns: readonly { readonly column: Column; readonly summary: ShownSummary }[];
    readonly below: readonly UnitBelow[];
    readonly responseRates: ShownResponseRates;
  } | null;
}

/**
 * The results of a unit in a round, as they are shown to whoever may see them; null where the round has no such unit.
 * Views show them by views/results/unit-results.ejs.
 */
export async function unitResults(
  context: Pick<Context, 'config'>,
  round: Round,
  code: string,
): Promise<UnitResults | null> {
  const quick = await resultsOf(context, round, 'without quotas');
  const subtreeIsThere = quick.counts.has(subtreeRow(code));
  const figures = subtreeIsThere ? await resultsOf(context, round) : quick;
  return unitResultsIn(figures, code, await unitOfRound(round._id, code), namesOf(figures.counts));
}

/**
 * The same from figures that are known.
 * @param unit the unit where it takes part itself, with its quota as it is to be shown
 * @param names of the units of the round
 */
export function unitResultsIn(
  figures: RoundFigures,
  code: string,
  unit: RoundUnit | null,
  names: ReadonlyMap<string, string>,
): UnitResults | null {
  const { counts } = figures;
  const ownIsThere = counts.has(ownRow(code));
  const subtreeIsThere = counts.has(subtreeRow(code));
  if (!ownIsThere && !subtreeIsThere) return null;
  const named = (each: string) => ({ code: each, name: names.get(each) ?? each });
  return {
    unit: named(code),
    path: pathOf(counts, code).map(named),
    own: unit && ownIsThere ? ownResults(figures, unit) : null,
    subtree: subtreeIsThere ? subtreeResults(figures, code, names) : null,
  };
}

/** The figures of one survey on one service in a row. */
export function cellFigures(figures: RoundFigures, row: string, column: Column): CellFigures {
  return {
    column,
    summary: figures.summary(row, column),
    factors: figures.factors(row, column),
    items: figures.items(row, column),
  };
}

/** Everything about one survey on one service in a row. */
export function cellResults(figures: RoundFigures, row: string, column: Column): CellResults {
  return { ...cellFigures(figures, row, column), drivers: figures.drivers(row, column) };
}

/** Names of the units of a round and of those above them, as they were when it opened. */
export function namesOf({ units }: RoundCounts): ReadonlyMap<string, string> {
  const all = [...units.values()];
  const above = all.flatMap(({ path, pathNames }) =>
    path.map((code, at) => [code, pathNames[at] ?? code] as const),
  );
  return new Map([...above, ...all.map(({ unit, name }) => [unit, name] as const)]);
}

/** The code of the unit that a row is of. */
export function unitOf(row: string): string {
  return row.slice(row.indexOf(':') + 1);
}

function ownResults(figures: RoundFigures, unit: RoundUnit): UnitResults['own'] {
  const row = ownRow(unit.unit);
  return {
    summary: figures.summary(row),
    cells: figures.counts.columnsOf(row).map((column) => cellResults(figures, row, column)),
    responseRates: responseRatesOf(figures, [unit]),
  };
}

function subtreeResults(
  figures: RoundFigures,
  code: string,
  names: ReadonlyMap<string, string>,
): UnitResults['subtree'] {
  const { counts } = figures;
  const row = subtreeRow(code);
  const below = counts.rows.filter(({ code: each, parent }) => parent === row && each !== ownRow(code));
  const units = [...counts.units.values()].filter(({ unit, path }) => unit === code || path.includes(code));
  return {
    summary: figures.summary(row),
    columns: counts.columnsOf(row).map((column) => ({ column, summary: figures.summary(row, column) })),
    below: below.map(({ code: each }) => ({
      code: unitOf(each),
      name: names.get(unitOf(each)) ?? unitOf(each),
      summary: figures.summary(each),
    })),
    responseRates: responseRatesOf(figures, units),
  };
}

function pathOf(counts: RoundCounts, code: string): string[] {
  const row = counts.has(ownRow(code)) ? ownRow(code) : subtreeRow(code);
  return counts
    .rowsAbove(row)
    .map(unitOf)
    .filter((above) => above !== '' && above !== code)
    .reverse();
}
