/** What a round keeps of its units when it opens, and what each of them is asked. */
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { Unit } from '../../models/units.js';
import type { Survey } from '../../surveys/schema.js';

/** Codes of the units that give a service the surveys ask about. */
export function unitsAsked(surveys: readonly Survey[], units: readonly Unit[]): string[] {
  const levels = new Set(surveys.flatMap((survey) => survey.services));
  return units.filter((unit) => unit.levels.some((level) => levels.has(level))).map(({ _id }) => _id);
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
    const { _id, parent: _parent, ...facts } = unit;
    const offers = surveys.flatMap((survey) =>
      round.services
        .filter((service) =>
          survey.subject === 'procedure'
            ? service.kind === 'procedure'
            : survey.services.includes(service.code) && unit.levels.includes(service.code),
        )
        .map((service) => ({ survey: survey.id, service: service.code })),
    );
    return [
      {
        ...facts,
        _id: `${round._id}/${code}`,
        round: round._id,
        unit: code,
        path: pathOf(unit, byCode),
        offers,
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
