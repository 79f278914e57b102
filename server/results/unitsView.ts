/** The rows of units that a view of a long table asks for, and what it can be narrowed to. */
import type { RoundUnit } from '../../models/roundUnits.js';
import { searchable } from '../http/searchable.js';
import type { RoundFigures } from './roundFigures.js';
import type { Shown } from './shown.js';
import { type Choice, type SortKeys, sortedRows, type TableView } from './tableView.js';
import { namesOf } from './unitResults.js';

/** A row of a table of units. */
export interface RowOfUnit {
  readonly unit: { readonly code: string; readonly name: string };
  /** The service it is about; null where it is about all of them. */
  readonly service: string | null;
}

/** What rows of units can be narrowed to. A list with one entry is none. */
export interface UnitChoices {
  readonly services: readonly Choice[];
  readonly areas: readonly Choice[];
  /** The units above others, with those of the first level that has several. */
  readonly places: readonly Choice[];
}

const texts = new WeakMap<RoundFigures, ReadonlyMap<string, string>>();

/** Rows that fit a view, in its order. */
export function unitsOfView<Row extends RowOfUnit>(
  rows: readonly Row[],
  keys: SortKeys<Row>,
  view: TableView,
  figures: RoundFigures,
): readonly Row[] {
  const { units } = figures.counts;
  const searched = searchTexts(figures);
  const words = searchable(view.search).split(' ').filter(Boolean);
  const fits = (unit: RoundUnit | undefined) =>
    unit !== undefined &&
    (view.area === '' || (unit.area ?? '-') === view.area) &&
    (view.below === '' || unit.unit === view.below || unit.path.includes(view.below)) &&
    words.every((word) => searched.get(unit.unit)?.includes(word));
  const found = rows.filter(
    ({ unit, service }) => (view.service === '' || service === view.service) && fits(units.get(unit.code)),
  );
  return sortedRows(found, keys, view);
}

/** What the units of a round can be narrowed to. */
export function unitChoices(figures: RoundFigures, services: readonly Choice[], noArea: string): UnitChoices {
  const { counts } = figures;
  const units = [...counts.units.values()];
  const areas = [...new Set(units.map(({ area }) => area ?? ''))].sort(
    (a, b) => Number(a === '') - Number(b === '') || a.localeCompare(b, 'vi'),
  );
  const names = namesOf(counts);
  const places = placesOf(units).map((value) => ({ value, name: names.get(value) ?? value }));
  const several = (choices: Choice[]) => (choices.length > 1 ? choices : []);
  return {
    services: several([...services]),
    areas: several(areas.map((area) => ({ value: area || '-', name: area || noArea }))),
    places: several(places.sort((a, b) => a.name.localeCompare(b.name, 'vi'))),
  };
}

/** How the figures of a row of units are sorted. */
export function figureKeys<Row extends RowOfUnit>(of: (row: Row) => Shown): SortKeys<Row> {
  return {
    ten: ({ unit }) => searchable(unit.name),
    n: (row) => of(row).answered,
    'ty-le': (row) => of(row).rate,
    diem: (row) => of(row).mean,
  };
}

/** What is searched of a unit: its name, its code and the names above it. */
function searchTexts(figures: RoundFigures): ReadonlyMap<string, string> {
  const known =
    texts.get(figures) ??
    new Map(
      [...figures.counts.units.values()].map(({ unit, name, pathNames }) => [
        unit,
        searchable([name, unit, ...pathNames.slice(1)].join(' ')),
      ]),
    );
  texts.set(figures, known);
  return known;
}

/** Goes down from the top as long as all units are below one. */
function placesOf(units: readonly RoundUnit[]): string[] {
  for (let depth = 0; ; depth++) {
    const at = new Set(units.flatMap(({ path }) => path[depth] ?? []));
    if (at.size !== 1) return [...at];
  }
}
