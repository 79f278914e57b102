/** What a round keeps of its units when it opens, and what each of them is asked. */
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import { existsDuring, type Unit } from '../../models/units.js';
import type { Survey } from '../../surveys/schema.js';

/** Codes of the units that exist in a period and give a service the surveys ask about. */
export function unitsAsked(
  surveys: readonly Survey[],
  units: readonly Unit[],
  period: Pick<Round, 'opens' | 'closes'>,
): string[] {
  const levels = new Set(surveys.flatMap((survey) => survey.services));
  return units
    .filter((unit) => existsDuring(unit, period) && unit.levels.some((level) => levels.has(level)))
    .map(({ _id }) => _id);
}

/** The units of a round as they are now, each with what can be asked about it. */
export function snapshotOf(
  round: Pick<Round, '_id' | 'units' | 'services'>,
  surveys: readonly Survey[],
  units: readonly Unit[],
): RoundUnit[] {
  const byCode = new Map(units.map((unit) => [unit._id, unit]));
  return round.units.flatMap((code): RoundUnit[] => {
    const unit = byCode.get(code);
    if (!unit) return [];
    const { name, levels, enrolment, area, kind, linkCode } = unit;
    const path = pathOf(unit, byCode);
    const offers = surveys.flatMap((survey) =>
      round.services
        .filter((service) =>
          survey.subject === 'procedure'
            ? service.kind === 'procedure' && offersProcedure(unit, service.code)
            : survey.services.includes(service.code) && unit.levels.includes(service.code),
        )
        .map((service) => ({ survey: survey.id, service: service.code })),
    );
    return [
      {
        _id: `${round._id}/${code}`,
        round: round._id,
        unit: code,
        name,
        path,
        pathNames: path.map((above) => byCode.get(above)?.name ?? above),
        levels,
        enrolment,
        area,
        kind,
        predecessors: predecessorsOf(unit, byCode),
        linkCode,
        offers,
        quota: null,
        forms: null,
        stratum: null,
      },
    ];
  });
}

/** Codes of the units above one, from the top. */
function pathOf(unit: Unit, byCode: ReadonlyMap<string, Unit>): string[] {
  const path: string[] = [];
  let above = unit.parent === null ? undefined : byCode.get(unit.parent);
  while (above && !path.includes(above._id)) {
    path.unshift(above._id);
    above = above.parent === null ? undefined : byCode.get(above.parent);
  }
  return path;
}

/** Whether a desk or an office offers a procedure; one that names none offers all. */
function offersProcedure({ services }: Unit, procedure: string): boolean {
  return services.length === 0 || services.includes(procedure);
}

/** Codes of the units that went into one, directly or through others, the nearest first. */
function predecessorsOf(unit: Unit, byCode: ReadonlyMap<string, Unit>): string[] {
  const found: string[] = [];
  const next = [...unit.predecessors];
  for (let code = next.shift(); code !== undefined; code = next.shift()) {
    if (found.includes(code) || code === unit._id) continue;
    found.push(code);
    next.push(...(byCode.get(code)?.predecessors ?? []));
  }
  return found;
}
