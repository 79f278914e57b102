/** Where a form is shown as it will be asked: in a round, at its first unit that is asked; or nowhere in particular. */
import type { Day } from '../../models/day.js';
import { type Round, type RoundService, roundByCode } from '../../models/rounds.js';
import { unitsOfRound } from '../../models/roundUnits.js';
import type { Survey } from '../../surveys/schema.js';
import type { Context } from '../context.js';
import { openingOf } from '../rounds/rounds.js';

/** Unit, service and last day that a form is shown with. */
export interface PreviewPlace {
  /** Null outside a round. */
  readonly round: Round | null;
  /** Name of the unit; null where there is none to name. */
  readonly unit: string | null;
  readonly service: string;
  /** What can be asked about. */
  readonly services: readonly RoundService[];
  readonly closes: Day;
}

/**
 * The place of a preview.
 * @param code of a round that asks this version of the survey; any other counts for nothing
 * @param wanted the service; the first one that the unit offers where it is not known
 */
export async function placeOf(
  context: Context,
  survey: Survey,
  code: string | undefined,
  wanted: string | undefined,
): Promise<PreviewPlace> {
  const round = code === undefined ? null : await roundByCode(code);
  const asked = round?.surveys.some(({ id, version }) => id === survey.id && version === survey.version);
  if (!round || !asked) {
    const services = [...context.services.values()].filter(({ code: service, kind }) =>
      survey.subject === 'procedure' ? kind === 'procedure' : survey.services.includes(service),
    );
    const service = services.find((one) => one.code === wanted) ?? services[0];
    return { round: null, unit: null, service: service?.code ?? '', services, closes: context.today() };
  }
  const units = round.state === 'draft' ? (await openingOf(round)).snapshot : await unitsOfRound(round._id);
  const asks = units.map(({ name, offers }) => ({
    name,
    services: offers.filter((offer) => offer.survey === survey.id).map(({ service }) => service),
  }));
  const codes = new Set(asks.flatMap(({ services }) => services));
  const service = [...codes].find((one) => one === wanted) ?? [...codes][0] ?? '';
  return {
    round,
    unit: asks.find(({ services }) => services.includes(service))?.name ?? null,
    service,
    services: round.services.filter((one) => codes.has(one.code)),
    closes: round.closes,
  };
}
