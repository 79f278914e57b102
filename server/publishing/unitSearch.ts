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

/** What every search of a revision's units needs and none changes. */
interface Ready {
  /** By name, each with the text in which is searched. */
  readonly units: readonly { readonly unit: UnitEntry; readonly text: string }[];
  readonly names: ReadonlyMap<string, string>;
  readonly places: UnitPage['places'];
}

/** Made once for each part that is in memory: comparing names in Vietnamese takes longer than everything else. */
const ready = new WeakMap<UnitsPart, Ready>();
const byName = new Intl.Collator('vi');

/** All units that are looked for, by name, and how many more there are whose figures are hidden. */
export function foundUnits(
  part: UnitsPart,
  { text, service, above: place }: UnitQuery,
): { readonly rows: readonly FoundUnit[]; readonly hidden: number } {
  const wanted = searchable(text);
  const { units, names } = readyOf(part);
  const matching = units
    .filter(
      ({ unit, text: own }) =>
        (wanted === '' || own.includes(wanted)) &&
        (place === '' || unit.path.includes(place)) &&
        (service === '' || unit.services.some(({ code }) => code === service)),
    )
    .map(({ unit }) => ({
      unit,
      shown: unit.services.find(({ code }) => code === service)?.summary ?? unit.summary,
    }));
  return {
    rows: matching
      .filter(({ shown }) => shown.total.rate !== null)
      .map(({ unit: { code, name, path, services }, shown: summary }) => ({
        code,
        name,
        place: names.get(path.at(-1) ?? '') ?? '',
        summary,
        services: services.map((each) => each.code),
      })),
    hidden: matching.filter(({ shown }) => shown.total.hidden).length,
  };
}

/** One page of them. */
export function searchUnits(part: UnitsPart, query: UnitQuery): UnitPage {
  const { rows, hidden } = foundUnits(part, query);
  const pages = Math.max(1, Math.ceil(rows.length / ROWS));
  const at = Math.min(Math.max(1, query.page), pages);
  return {
    rows: rows.slice((at - 1) * ROWS, at * ROWS),
    found: rows.length,
    page: at,
    pages,
    hidden,
    places: readyOf(part).places,
  };
}

function readyOf(part: UnitsPart): Ready {
  const known = ready.get(part);
  if (known) return known;
  const { units, above } = part;
  const names = new Map([...above, ...units].map(({ code, name }) => [code, name]));
  const upper = new Set(units.flatMap(({ path }) => path));
  const made: Ready = {
    units: units
      .map((unit) => ({ unit, text: searchable(`${unit.name} ${unit.code}`) }))
      .sort((a, b) => byName.compare(a.unit.name, b.unit.name)),
    names,
    places: [...upper]
      .map((code) => ({ code, name: names.get(code) ?? code }))
      .sort((a, b) => byName.compare(a.name, b.name)),
  };
  ready.set(part, made);
  return made;
}
