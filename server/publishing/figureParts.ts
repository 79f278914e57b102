/** The published figures of a round: everything that people can see of it, in parts, from figures that are known. */
import { setImmediate } from 'node:timers/promises';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { Survey } from '../../surveys/schema.js';
import { comparisonOf } from '../results/comparison.js';
import { type Column, ownRow, subtreeRow, WHOLE } from '../results/counts.js';
import { groupResults } from '../results/groupRows.js';
import { itemRanks } from '../results/itemRanks.js';
import { overviewOf } from '../results/overview.js';
import type { RoundFigures } from '../results/roundFigures.js';
import { namesOf, unitOf, unitResultsIn } from '../results/unitResults.js';
import {
  type ColumnRef,
  type ComparedRound,
  type ComparisonPart,
  type DriversPart,
  type OverviewPart,
  type Part,
  partName,
  type Referred,
  type RoundFacts,
  type TreeUnit,
  type UnitPart,
  type UnitsPart,
} from './parts.js';
import { NOBODY, type Watch } from './watch.js';

/** Units in one part: a page about a unit reads one part. */
const UNITS_IN_PART = 40;

/** An earlier published round with its figures. */
export interface Earlier {
  readonly round: ComparedRound;
  readonly figures: RoundFigures;
}

/** Every part that is made of figures, and the facts, surveys and units they are about. */
export async function figureParts(
  facts: RoundFacts,
  surveys: readonly Survey[],
  figures: RoundFigures,
  earlier: readonly Earlier[],
  watch: Watch = NOBODY,
): Promise<Part[]> {
  const units = [...figures.counts.units.values()];
  const shown = (name: string, value: unknown): Part => ({ name, isPublic: true, value });
  return [
    shown('round', facts),
    ...surveys.map((survey) => shown(`survey-${survey.id}`, survey)),
    shown('tree', units.map(treeUnit)),
    shown('strata', figures.strata),
    shown('overview', overviewPart(facts, figures, earlier)),
    ...earlier.map((one) => shown(`comparison-${one.round.code}`, comparisonPart(figures, one))),
    ...(await unitParts(figures, watch)),
  ];
}

/** A unit as the tree has it. */
export function treeUnit({ _id, round, linkCode, ...unit }: RoundUnit): TreeUnit {
  return unit;
}

function overviewPart(facts: RoundFacts, figures: RoundFigures, earlier: readonly Earlier[]): OverviewPart {
  const { columns, counts } = figures;
  const groups = groupResults(figures);
  const { best, lowest } = itemRanks(figures);
  const totals = [...counts.units.keys()].map((unit) => figures.summary(ownRow(unit)).total);
  const services = new Set(columns.map(({ service }) => service.code));
  return referred({
    ...overviewOf(facts, figures),
    services: [...services].map((code) => ({ code, summary: figures.ofService(WHOLE, code) })),
    items: columns.map((column) => ({ column, items: figures.items(WHOLE, column) })),
    highest: best,
    lowest,
    groups: {
      ...groups,
      attributes: groups.attributes.map(({ survey, item, rows: each }) => ({
        survey: survey.id,
        item: item.code,
        rows: each,
      })),
    },
    compared: earlier.map(({ round }) => round),
    unitsShown: totals.filter(({ rate }) => rate !== null).length,
    unitsHidden: totals.filter(({ hidden }) => hidden).length,
  });
}

function comparisonPart(figures: RoundFigures, { round, figures: before }: Earlier): ComparisonPart {
  const { onlyBefore, ...comparison } = comparisonOf(figures, before);
  return referred({
    ...comparison,
    round,
    onlyBefore: onlyBefore.map(({ service, survey }) => ({
      service: service.name,
      audience: survey.audience,
    })),
  });
}

async function unitParts(figures: RoundFigures, watch: Watch): Promise<Part[]> {
  const { counts, columns } = figures;
  const names = namesOf(counts);
  const codes = [
    ...new Set(counts.rows.filter(({ code }) => code !== WHOLE).map(({ code }) => unitOf(code))),
  ].sort();
  const partOf = new Map(codes.map((code, at) => [code, Math.floor(at / UNITS_IN_PART)]));
  const list: UnitsPart = {
    units: [...counts.units.values()].map(({ unit: code, name, path, area, offers }) => ({
      code,
      name,
      path,
      area,
      part: partOf.get(code) ?? 0,
      summary: figures.summary(ownRow(code)),
      services: [...new Set(columns.map(({ service }) => service.code))]
        .filter((service) => offers.some((offer) => offer.service === service))
        .map((service) => ({ code: service, summary: figures.ofService(ownRow(code), service) })),
    })),
    above: codes
      .filter((code) => !counts.units.has(code) && counts.has(subtreeRow(code)))
      .map((code) => ({ code, name: names.get(code) ?? code, part: partOf.get(code) ?? 0 })),
  };
  // More than the units of the round: those above them have pages too.
  await watch.begin('publishing.step.figures', codes.length);
  const parts: Part[] = [{ name: 'units', isPublic: true, value: list }];
  for (let from = 0; from < codes.length; from += UNITS_IN_PART) {
    // A province takes seconds: people who answer another round have their turn meanwhile.
    await setImmediate();
    await watch.reached(from);
    const number = from / UNITS_IN_PART;
    const results = codes
      .slice(from, from + UNITS_IN_PART)
      .flatMap((code) => unitResultsIn(figures, code, counts.units.get(code) ?? null, names) ?? []);
    const drivers: DriversPart = Object.fromEntries(
      results.map(({ unit, own }) => [
        unit.code,
        Object.fromEntries((own?.cells ?? []).map((cell) => [cell.column.key, cell.drivers])),
      ]),
    );
    // What goes with what at one school is for the school alone.
    const seen: UnitPart = referred(
      results.map(({ own, ...each }) => ({
        ...each,
        own: own && { ...own, cells: own.cells.map((cell) => ({ ...cell, drivers: [] })) },
      })),
    );
    parts.push(
      { name: partName('unit', number), isPublic: true, value: seen },
      { name: partName('drivers', number), isPublic: false, value: drivers },
    );
  }
  return parts;
}

function isColumn(value: object): value is Column {
  return 'key' in value && 'service' in value && 'survey' in value;
}

/** A value with the codes of columns in their place. */
function referred<T>(value: T): Referred<T> {
  const of = (each: unknown): unknown => {
    if (each === null || typeof each !== 'object') return each;
    if (Array.isArray(each)) return each.map(of);
    if (isColumn(each)) {
      const ref: ColumnRef = { service: each.service.code, survey: each.survey.id };
      return ref;
    }
    return Object.fromEntries(Object.entries(each).map(([name, part]) => [name, of(part)]));
  };
  return of(value) as Referred<T>;
}
