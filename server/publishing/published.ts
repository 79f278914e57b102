/** What the pages show of a published revision: its sealed parts, with surveys and services in the place of their codes. */
import { type Publication, type Round, roundByCode } from '../../models/rounds.js';
import type { Survey } from '../../surveys/schema.js';
import { Problem } from '../http/problem.js';
import type { Column } from '../results/counts.js';
import type { UnitResults } from '../results/unitResults.js';
import {
  type ComparedWith,
  type ComparisonPart,
  type DriversPart,
  type OverviewPart,
  partName,
  type Referred,
  type RoundFacts,
  type UnitPart,
  type UnitsPart,
  type WholeRound,
} from './parts.js';
import { keptPart, publicPart, sealedSurveys } from './sealedReading.js';

/** A revision that is read. */
export interface PublishedRevision {
  readonly publication: Publication;
  /** Every revision there is, the first first. */
  readonly publications: readonly Publication[];
  readonly isLatest: boolean;
  readonly facts: RoundFacts;
  readonly surveys: ReadonlyMap<string, Survey>;
}

/**
 * A published revision of a round.
 * @param wanted its number as text; the latest where not given
 * @throws {Problem} 404 where the round, or that revision of it, was never published
 */
export async function publishedRevision(code: string, wanted?: string): Promise<PublishedRevision> {
  const round = await roundByCode(code);
  if (!round) throw new Problem(404, 'not-found');
  return revisionOf(round, wanted);
}

/** The same of a round that is known. @throws {Problem} 404 `not-found` */
export async function revisionOf(
  { publications }: Pick<Round, 'publications'>,
  wanted?: string,
): Promise<PublishedRevision> {
  const publication = publications.at(
    wanted === undefined ? -1 : publications.findIndex(({ revision }) => String(revision) === wanted),
  );
  const isThere = wanted === undefined || String(publication?.revision) === wanted;
  if (!publication || !isThere) throw new Problem(404, 'not-found');
  const facts = await publicPart<RoundFacts>(publication, 'round');
  return {
    publication,
    publications,
    isLatest: publication.revision === publications.length,
    facts,
    surveys: await sealedSurveys(publication, facts),
  };
}

/** The round as a whole. */
export async function publishedOverview(revision: PublishedRevision): Promise<WholeRound> {
  const part = await publicPart<OverviewPart>(revision.publication, 'overview');
  return withColumns<WholeRound>(part, revision);
}

/** The units of the round with the figures of their services. */
export function publishedUnits({ publication }: PublishedRevision): Promise<UnitsPart> {
  return publicPart<UnitsPart>(publication, 'units');
}

/** The round beside an earlier one. @throws {Problem} 404 where it was not compared with that */
export async function publishedComparison(revision: PublishedRevision, code: string): Promise<ComparedWith> {
  return withColumns<ComparedWith>(
    await publicPart<ComparisonPart>(revision.publication, `comparison-${code}`),
    revision,
  );
}

/** One unit; null where the round has no such unit. */
export async function publishedUnit(revision: PublishedRevision, code: string): Promise<UnitResults | null> {
  const part = await partOf(revision, code);
  if (part === null) return null;
  const units = await publicPart<UnitPart>(revision.publication, partName('unit', part));
  const found = units.find(({ unit }) => unit.code === code);
  return found ? withColumns<UnitResults>(found, revision) : null;
}

/** The same for the unit itself: with what it should improve first, which is not public. */
export async function ownPublishedUnit(
  revision: PublishedRevision,
  code: string,
): Promise<UnitResults | null> {
  const [part, results] = await Promise.all([partOf(revision, code), publishedUnit(revision, code)]);
  if (part === null || !results?.own) return results;
  const drivers = await keptPart<DriversPart>(revision.publication, partName('drivers', part));
  const cells = results.own.cells.map((cell) => ({
    ...cell,
    drivers: drivers[code]?.[cell.column.key] ?? [],
  }));
  return { ...results, own: { ...results.own, cells } };
}

async function partOf(revision: PublishedRevision, code: string): Promise<number | null> {
  const { units, above } = await publishedUnits(revision);
  return [...units, ...above].find((unit) => unit.code === code)?.part ?? null;
}

/** A sealed value with surveys on services in the place of their codes. */
export function withColumns<T>(
  value: Referred<T>,
  revision: Pick<PublishedRevision, 'facts' | 'surveys'>,
): T {
  const services = new Map(revision.facts.services.map((service) => [service.code, service]));
  const columns = new Map<string, Column>();
  const columnOf = (service: string, survey: string): Column => {
    const key = `${survey}/${service}`;
    const known = columns.get(key);
    if (known) return known;
    const [of, asked] = [services.get(service), revision.surveys.get(survey)];
    if (!of || !asked) throw new Error(`what is sealed has no ${key}`);
    const column: Column = { key, service: of, survey: asked };
    columns.set(key, column);
    return column;
  };
  const revived = (each: unknown): unknown => {
    if (each === null || typeof each !== 'object') return each;
    if (Array.isArray(each)) return each.map(revived);
    const { service, survey } = each as { service?: unknown; survey?: unknown };
    if (typeof service === 'string' && typeof survey === 'string') return columnOf(service, survey);
    return Object.fromEntries(Object.entries(each).map(([name, part]) => [name, revived(part)]));
  };
  return revived(value) as T;
}
