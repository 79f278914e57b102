/** What the first page of a round's results shows. */
import { type Round, SATISFACTION_RATE, type Target } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import { type ResponseRates, responseRates } from '../statistics/responseRate.js';
import type { Verdict, Wanted } from '../statistics/target.js';
import { type Column, ownRow, WHOLE } from './counts.js';
import { type OverallRate, overallRates } from './overallRates.js';
import type { RoundFigures, ShownPart } from './roundFigures.js';
import type { ShownSummary } from './shown.js';

/** One survey on one service over all units, with its factors. */
export interface ColumnRow {
  readonly column: Column;
  readonly summary: ShownSummary;
  readonly factors: readonly ShownPart[];
}

export interface Overview {
  /** All answers of the round, pooled. */
  readonly total: ShownSummary;
  readonly targets: readonly { target: Target; verdict: Verdict }[];
  /** The same answers put together in different ways, each under its own name. */
  readonly overallRates: readonly OverallRate[];
  readonly columns: readonly ColumnRow[];
  /** Factors over the columns in which they are shown, and the columns that are left out. */
  readonly factors: { readonly parts: readonly ShownPart[]; readonly leftOut: readonly Column[] };
  /** How many of the places where something is offered have responses. */
  readonly answering: { readonly places: number; readonly all: number };
  readonly responseRates: ShownResponseRates;
}

/** Response rates, of quota and of enrolment each over the units where it is known. */
export interface ShownResponseRates {
  readonly quota: { readonly units: number; readonly wanted: number; readonly rates: ResponseRates } | null;
  readonly enrolment: {
    readonly units: number;
    readonly wanted: number;
    readonly rates: ResponseRates;
  } | null;
}

/** The overview of a round. */
export function overviewOf(round: Pick<Round, 'targets'>, figures: RoundFigures): Overview {
  const { columns, counts } = figures;
  const units = [...counts.units.values()];
  const places = units.flatMap(({ unit }) =>
    [...new Set(counts.columnsOf(ownRow(unit)).map(({ service }) => service.code))].map((service) =>
      counts.pooled(
        ownRow(unit),
        columns.filter((column) => column.service.code === service),
      ),
    ),
  );
  return {
    total: figures.summary(WHOLE),
    targets: round.targets.map((target) => ({ target, verdict: verdictOn(target, figures) })),
    overallRates: overallRates(figures),
    columns: columns.map((column) => ({
      column,
      summary: figures.summary(WHOLE, column),
      factors: figures.factors(WHOLE, column),
    })),
    factors: figures.pooledFactors(WHOLE),
    answering: { places: places.filter(({ responses }) => responses > 0).length, all: places.length },
    responseRates: responseRatesOf(figures, units),
  };
}

/** Response rates of some units together. */
export function responseRatesOf(
  { counts }: Pick<RoundFigures, 'counts'>,
  units: readonly RoundUnit[],
): ShownResponseRates {
  const rates = (name: 'quota' | 'enrolment') => {
    const known = units.filter((unit) => (unit[name] ?? 0) > 0);
    const wanted = known.reduce((sum, unit) => sum + (unit[name] ?? 0), 0);
    const received = known.reduce((sum, { unit }) => sum + counts.pooled(ownRow(unit)).responses, 0);
    if (known.length === 0) return null;
    const [quota, enrolment] = name === 'quota' ? [wanted, null] : [null, wanted];
    return { units: known.length, wanted, rates: responseRates(received, quota, enrolment) };
  };
  return { quota: rates('quota'), enrolment: rates('enrolment') };
}

/** How a target stands against the pooled rate; `unmeasured` for what a round does not measure itself. */
export function verdictOn(target: Target, figures: RoundFigures): Verdict {
  const wanted = wantedOf(target);
  return wanted && target.indicator === SATISFACTION_RATE && target.unit === '%'
    ? figures.verdict(wanted)
    : 'unmeasured';
}

/** What a target asks, as a share; null where it has no bound. */
function wantedOf({ atLeast, moreThan, atMost }: Target): Wanted | null {
  for (const [kind, percent] of [
    ['atLeast', atLeast],
    ['moreThan', moreThan],
    ['atMost', atMost],
  ] as const)
    if (percent !== undefined) return { kind, bound: percent / 100 };
  return null;
}
