/** Which units offer which services: schools by their levels, desks and offices by the procedures they name. */
import type { Day } from '../../models/day.js';
import type { Service } from '../../models/serviceCatalogues.js';
import { hasEnded, type Unit } from '../../models/units.js';

/** The kinds of units that people bring procedures to; a department itself and its rooms do so only where they say so. */
const DESKS: ReadonlySet<Unit['kind']> = new Set(['desk']);

/** The units that offer a service on a day. */
export function unitsOffering(service: Service, units: readonly Unit[], today: Day): Unit[] {
  return units.filter((unit) => !hasEnded(unit, today) && offers(unit, service));
}

/** How many units offer each service on a day, by code. */
export function offersOf(
  services: readonly Service[],
  units: readonly Unit[],
  today: Day,
): ReadonlyMap<string, number> {
  return new Map(services.map((service) => [service.code, unitsOffering(service, units, today).length]));
}

function offers(unit: Unit, { code, kind }: Service): boolean {
  if (kind === 'education') return unit.levels.includes(code);
  if (unit.levels.length > 0) return false;
  return unit.services.length === 0 ? DESKS.has(unit.kind) : unit.services.includes(code);
}
