/** One row for each service of each unit: all surveys on it pooled. */
import type { Round, RoundService } from '../../models/rounds.js';
import { ownRow } from './counts.js';
import type { RoundFigures } from './roundFigures.js';
import type { ShownSummary } from './shown.js';

export interface UnitRow {
  readonly unit: { readonly code: string; readonly name: string };
  readonly service: RoundService;
  readonly summary: ShownSummary;
}

/** In the order of the units, and of what each offers. */
export function unitRows({ services }: Pick<Round, 'services'>, figures: RoundFigures): UnitRow[] {
  const byCode = new Map(services.map((service) => [service.code, service]));
  return [...figures.counts.units.values()].flatMap(({ unit: code, name, offers }) =>
    [...new Set(offers.map(({ service }) => service))].flatMap((offered) => {
      const service = byCode.get(offered);
      return service
        ? [{ unit: { code, name }, service, summary: figures.ofService(ownRow(code), offered) }]
        : [];
    }),
  );
}
