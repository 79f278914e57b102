/** The units of a published round as the public finds them: those whose figures are shown, by name, service and place. */
import { searchable } from '../http/searchable.js';
import type { ShownSummary } from '../results/shown.js';
import type { UnitEntry, UnitsPart } from './parts.js';

/** What is looked for; empty for everything. */
export interface UnitQuery {
  readonly text: string;
  /** Code of a service. */
  readonly service: string;
  /** Code of a unit above. */
  readonly above: string;
  /** From 1. */
  readonly page: number;
}

interface FoundUnit extends Pick<UnitEntry, 'code' | 'name'> {
  /** Name of the unit above it. */
  readonly place: string;
  /** Of the service that is looked for, or of all its services. */
  readonly summary: ShownSummary;
  /** Codes of its services. */
  readonly services: readonly string[];
}

export interface UnitPage {
  readonly rows: readonly FoundUnit[];
  readonly found: number;
  readonly page: number;
  readonly pages: number;
  /** Units with answers that too few people gave, among those that are looked for. */
  readonly hidden: number;
  /** Units that others are below, to choose from. */
  readonly places: readonly { readonly code: string; readonly name: string }[];
}

const ROWS = 100;

/** One page of the units that are looked for, by name. */
export function searchUnits(
  { units, above }: UnitsPart,
  { text, service, above: place, page }: UnitQuery,
): UnitPage {
  const wanted = searchable(text);
  const names = new Map([...above, ...units].map(({ code, name }) => [code, name]));
  const matching = units
    .filter((unit) => service === '' || unit.services.some(({ code }) => code === service))
    .filter((unit) => place === '' || unit.path.includes(place))
    .filter(({ code, name }) => wanted === '' || searchable(`${name} ${code}`).includes(wanted))
    .map((unit) => ({
      ...unit,
      shown: unit.services.find(({ code }) => code === service)?.summary ?? unit.summary,
    }));
  const rows = matching
    .filter(({ shown }) => shown.total.rate !== null)
    .sort((a, b) => a.name.localeCompare(b.name, 'vi'));
  const pages = Math.max(1, Math.ceil(rows.length / ROWS));
  const at = Math.min(Math.max(1, page), pages);
  const upper = new Set(units.flatMap(({ path }) => path));
  return {
    rows: rows.slice((at - 1) * ROWS, at * ROWS).map(({ code, name, path, shown, services }) => ({
      code,
      name,
      place: names.get(path.at(-1) ?? '') ?? '',
      summary: shown,
      services: services.map((each) => each.code),
    })),
    found: rows.length,
    page: at,
    pages,
    hidden: matching.filter(({ shown }) => shown.total.hidden).length,
    places: [...upper]
      .map((code) => ({ code, name: names.get(code) ?? code }))
      .sort((a, b) => a.name.localeCompare(b.name, 'vi')),
  };
}
