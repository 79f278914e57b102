/** What the page of a round's sampling plan shows: the plan as it is now, or as the round was opened with it. */
import type { Round } from '../../models/rounds.js';
import { type RoundUnit, unitsOfRound } from '../../models/roundUnits.js';
import { type SampleUnit, sampleUnitsOf } from '../../models/sampleUnits.js';
import type { DesignStratum } from '../../models/samplingDesign.js';
import { cochranSize, DEVIATES } from '../statistics/sampleSize.js';
import { drawNumber } from './draw.js';
import { frameOfDraft, quotasByHand } from './frame.js';
import { isAsked, type PlannedUnit, type SamplePlan, samplePlan } from './samplePlan.js';

/** One line of the table of quotas. */
export interface QuotaRow {
  readonly unit: string;
  readonly name: string;
  /** Code of its stratum; null where it is in none. */
  readonly stratum: string | null;
  readonly enrolment: number | null;
  /** As computed; null where nothing is, or once the round is open. */
  readonly computed: number | null;
  readonly quota: number | null;
  readonly forms: number | null;
  readonly byHand: boolean;
  /** Whether it takes part; false for a school that was not drawn. */
  readonly asked: boolean;
  readonly reachable: boolean;
  /** The number it was drawn by; null where nothing is drawn. */
  readonly number: string | null;
}

export interface PlanNow {
  readonly strata: readonly DesignStratum[];
  readonly rows: readonly QuotaRow[];
  /** Of a draft; null without a design and once the round is open. */
  readonly plan: SamplePlan | null;
  /** Whether the list of units has changed since the plan was stored, so that opening would give other numbers. */
  readonly changed: boolean;
}

/** The plan of a round: of a draft as it would be if it were opened now. */
export async function planNow(round: Round): Promise<PlanNow> {
  if (round.state !== 'draft') return planAsOpened(round);
  const [frame, byHand] = await Promise.all([frameOfDraft(round), quotasByHand(round._id)]);
  const { design } = round;
  if (!design) {
    const rows = frame.map(({ unit, name, enrolment }): QuotaRow => {
      const quota = byHand.get(unit) ?? null;
      return { ...NOTHING, unit, name, enrolment, quota, byHand: quota !== null };
    });
    return { strata: [], rows, plan: null, changed: false };
  }
  const levels = round.services.map(({ code }) => code);
  const plan = samplePlan(frame, design.parameters, design.seed ?? '', byHand, levels);
  const number = numbering(round);
  return {
    strata: plan.strata,
    rows: plan.units.map((unit) => ({ ...plannedRow(unit), number: number(unit.unit) })),
    plan,
    changed: listOf(plan.strata) !== listOf(design.strata),
  };
}

const NOTHING = {
  stratum: null,
  computed: null,
  forms: null,
  byHand: false,
  asked: true,
  reachable: true,
  number: null,
};

async function planAsOpened(round: Round): Promise<PlanNow> {
  const [members, kept] = await Promise.all([unitsOfRound(round._id), sampleUnitsOf(round._id)]);
  const number = numbering(round);
  const asked = new Set(members.map(({ unit }) => unit));
  const rows = [
    ...members.map((member) => memberRow(member, number)),
    ...kept.filter(({ unit, frame }) => frame && !asked.has(unit)).map((unit) => notDrawnRow(unit, number)),
  ];
  const place = new Map((round.design?.strata ?? []).map(({ code }, index) => [code, index]));
  const placeOf = ({ stratum }: QuotaRow) => place.get(stratum ?? '') ?? place.size;
  rows.sort((a, b) => placeOf(a) - placeOf(b) || (a.unit < b.unit ? -1 : 1));
  return { strata: round.design?.strata ?? [], rows, plan: null, changed: false };
}

function plannedRow(unit: PlannedUnit): QuotaRow {
  return { ...unit, asked: isAsked(unit), number: null };
}

function memberRow({ unit, name, stratum, enrolment, quota, forms }: RoundUnit, number: Numbering): QuotaRow {
  return { ...NOTHING, unit, name, stratum, enrolment, quota, forms, number: number(unit) };
}

function notDrawnRow({ unit, frame }: SampleUnit, number: Numbering): QuotaRow {
  const { name = unit, stratum = null, enrolment = null } = frame ?? {};
  return { ...NOTHING, unit, name, stratum, enrolment, quota: null, asked: false, number: number(unit) };
}

type Numbering = (unit: string) => string | null;

function numbering({ design }: Round): Numbering {
  const seed = design?.parameters.drawn == null ? null : design.seed;
  return (unit) => (seed == null ? null : drawNumber(seed, unit));
}

/** What of the strata depends on the list of units, not on quotas set by hand. */
function listOf(strata: readonly DesignStratum[]): string {
  return JSON.stringify(
    strata.map(({ parts, units, population }) => [parts.map(({ value }) => value), units, population]),
  );
}

/** The formula with its numbers put in, for the largest stratum where each has its own size. */
export interface WorkedExample {
  readonly stratum: DesignStratum | null;
  readonly deviate: number;
  readonly unlimited: number;
  readonly population: number;
  readonly corrected: number;
  readonly answers: number;
}

/** Null for a census, and where there is nobody to ask. */
export function workedExample(
  { design }: Pick<Round, 'design'>,
  strata: readonly DesignStratum[],
): WorkedExample | null {
  const [first, ...others] = strata;
  if (!design || design.parameters.kind === 'census' || !first) return null;
  const { margin, confidence, expected, precisionFor } = design.parameters;
  const largest = others.reduce((most, one) => (one.population > most.population ? one : most), first);
  const each = precisionFor === 'stratum';
  const population = each ? largest.population : strata.reduce((sum, one) => sum + one.population, 0);
  const deviate = DEVIATES[confidence];
  return {
    stratum: each ? largest : null,
    deviate,
    unlimited: cochranSize(deviate, margin, expected, Number.POSITIVE_INFINITY),
    population,
    corrected: cochranSize(deviate, margin, expected, population),
    answers: each ? largest.answers : strata.reduce((sum, { answers }) => sum + answers, 0),
  };
}
