/**
 * Reading what is sealed. Every part is compared with the digest that its manifest lists, and the manifest with the seal
 * that the round names, before anything of it is used: what somebody changed in the database is not shown.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import type { Publication, Round } from '../../models/rounds.js';
import { sealedPart } from '../../models/sealedParts.js';
import type { Survey } from '../../surveys/schema.js';
import { Problem } from '../http/problem.js';
import { measureOf } from '../results/measure.js';
import type { RoundFigures } from '../results/roundFigures.js';
import type { RoundTallies } from '../results/tallies.js';
import { tallyFromBytes } from '../results/tallyBytes.js';
import type { RoundStrata } from '../sampling/design.js';
import { Tally } from '../statistics/tally.js';
import type { EvidenceIndex, EvidencePart, RoundFacts, TreeUnit } from './parts.js';
import {
  digestOf,
  type EarlierRevision,
  type Manifest,
  revisionFigures,
  roundUnitOf,
  sha256,
} from './seal.js';

const unpack = promisify(gunzip);

/** Under which the manifest itself is stored. */
export const MANIFEST = 'manifest';

/** Parsed parts that were read last; their size is that of their text. */
const remembered = new LRUCache<string, { readonly value: unknown; readonly size: number }>({
  maxSize: 24_000_000,
  sizeCalculation: ({ size }) => size + 1,
});

/** SHA-256 of the compressed bytes of parts whose content was found right. */
const checked = new LRUCache<string, string>({ max: 200 });

/** The bytes of a part as they were stored; null where it is missing. */
export async function storedBytes(
  { attempt }: Pick<Publication, 'attempt'>,
  name: string,
): Promise<Buffer | null> {
  const content = await sealedPart(attempt, name);
  return content && (await unpack(content));
}

/** The bytes of the manifest of a revision. @throws {Problem} 500 `seal-broken` */
export async function manifestBytes(publication: Publication): Promise<Buffer> {
  const bytes = await storedBytes(publication, MANIFEST);
  if (!bytes || sha256(bytes) !== publication.seal) throw broken(publication, MANIFEST);
  return bytes;
}

/** The manifest of a revision. @throws {Problem} 500 `seal-broken` */
export function manifestOf(publication: Publication): Promise<Manifest> {
  return known(publication, MANIFEST, () => manifestBytes(publication));
}

/** A public part of a revision as it was sealed. @throws {Problem} 404 no such part · 500 `seal-broken` */
export async function publicBytes(publication: Publication, name: string): Promise<Buffer> {
  const listed = (await manifestOf(publication)).parts.find((part) => part.name === name);
  if (!listed?.public) throw new Problem(404, 'not-found');
  const bytes = await storedBytes(publication, name);
  if (!bytes || sha256(bytes) !== listed.digest) throw broken(publication, name);
  return bytes;
}

/**
 * The compressed bytes of a public part, where it is large and served as it is: checked as a whole once, and then
 * whether they are the same.
 */
export async function publicGzip(
  publication: Publication,
  name: string,
): Promise<{ gzip: Buffer; digest: string }> {
  const listed = (await manifestOf(publication)).parts.find((part) => part.name === name);
  if (!listed?.public) throw new Problem(404, 'not-found');
  const content = await sealedPart(publication.attempt, name);
  if (!content) throw broken(publication, name);
  const id = `${publication.attempt}/${name}`;
  const packed = sha256(content);
  if (checked.get(id) !== packed) {
    if (sha256(await unpack(content)) !== listed.digest) throw broken(publication, name);
    checked.set(id, packed);
  }
  return { gzip: content, digest: listed.digest };
}

/** The value of a public part. @throws {Problem} 404 no such part · 500 `seal-broken` */
export function publicPart<T>(publication: Publication, name: string): Promise<T> {
  return known(publication, name, () => publicBytes(publication, name));
}

/** The value of a part that is not public. @throws {Problem} 404 no such part · 500 `seal-broken` */
export async function keptPart<T>(publication: Publication, name: string): Promise<T> {
  const listed = (await manifestOf(publication)).parts.find((part) => part.name === name);
  if (!listed) throw new Problem(404, 'not-found');
  const { key, bytes: index } = await evidenceIndex(publication);
  const bytes = name === 'evidence' ? index : await storedBytes(publication, name);
  if (!bytes || digestOf({ isPublic: false, bytes }, key) !== listed.digest) throw broken(publication, name);
  return JSON.parse(bytes.toString()) as T;
}

/** What a revision was counted from. */
export interface SealedCounts {
  readonly facts: RoundFacts;
  readonly surveys: ReadonlyMap<string, Survey>;
  readonly tree: readonly TreeUnit[];
  readonly strata: RoundStrata | null;
  readonly tallies: RoundTallies;
  readonly evidence: readonly EvidencePart['cells'][number][];
}

/** The facts and counts of a revision. @throws {Problem} 500 `seal-broken` */
export async function sealedCounts(publication: Publication): Promise<SealedCounts> {
  const [facts, tree, strata, manifest] = await Promise.all([
    publicPart<RoundFacts>(publication, 'round'),
    publicPart<TreeUnit[]>(publication, 'tree'),
    publicPart<RoundStrata | null>(publication, 'strata'),
    manifestOf(publication),
  ]);
  const surveys = await sealedSurveys(publication, facts);
  const evidence: EvidencePart['cells'][number][] = [];
  for (const { name } of manifest.parts)
    if (/^evidence-/.test(name)) evidence.push(...(await keptPart<EvidencePart>(publication, name)).cells);
  const { groups } = await keptPart<EvidenceIndex>(publication, 'evidence');
  const tallyOf = (survey: string, counts: string | null) => {
    const asked = surveys.get(survey);
    if (!asked) throw broken(publication, survey);
    return counts === null
      ? new Tally(measureOf(asked))
      : tallyFromBytes(Buffer.from(counts, 'base64'), measureOf(asked));
  };
  const counts = new Map(
    evidence
      .filter((cell) => cell.counts !== null)
      .map((cell) => [JSON.stringify([cell.unit, cell.survey, cell.service]), cell.counts]),
  );
  const tallies: RoundTallies = {
    units: tree.flatMap((unit) =>
      unit.offers.flatMap(({ survey: id, service }) => {
        const survey = surveys.get(id);
        if (!survey) return [];
        const key = JSON.stringify([unit.unit, id, service]);
        return [
          {
            unit: roundUnitOf(facts.code, unit),
            service,
            survey,
            tally: tallyOf(id, counts.get(key) ?? null),
          },
        ];
      }),
    ),
    groups: groups.flatMap(({ survey: id, service, group, counts: of }) => {
      const survey = surveys.get(id);
      return survey ? [{ survey, service, group, tally: tallyOf(id, of) }] : [];
    }),
    counted: {},
  };
  return { facts, surveys, tree, strata, tallies, evidence };
}

/** The questionnaires of a revision, word for word as they were. */
export async function sealedSurveys(
  publication: Publication,
  { surveys }: Pick<RoundFacts, 'surveys'>,
): Promise<ReadonlyMap<string, Survey>> {
  return new Map(
    await Promise.all(
      surveys.map(async ({ id }) => [id, await publicPart<Survey>(publication, `survey-${id}`)] as const),
    ),
  );
}

/** What revisions count, as later ones want to know it. */
export async function earlierRevisions(publications: readonly Publication[]): Promise<EarlierRevision[]> {
  const counts = await Promise.all(publications.map((each) => sealedCounts(each)));
  return counts.map(({ tallies, facts: { minimum } }) => ({ tallies, minimum }));
}

/** The figures of a revision, made of what is sealed: not for showing them, which the public parts do, but to compare with. */
export async function sealedFigures(
  { publications }: Pick<Round, 'publications'>,
  revision: number,
): Promise<RoundFigures> {
  const counts = await Promise.all(
    publications.filter((each) => each.revision <= revision).map((each) => sealedCounts(each)),
  );
  const last = counts.at(-1);
  if (!last) throw new Problem(404, 'not-found');
  const before = counts.slice(0, -1).map(({ tallies, facts }) => ({ tallies, minimum: facts.minimum }));
  return revisionFigures(last.facts, last.tallies, before, last.facts.minimum, last.strata);
}

async function evidenceIndex(publication: Publication): Promise<{ key: string; bytes: Buffer }> {
  const bytes = await storedBytes(publication, 'evidence');
  if (!bytes) throw broken(publication, 'evidence');
  return { key: (JSON.parse(bytes.toString()) as EvidenceIndex).key, bytes };
}

async function known<T>({ attempt }: Publication, name: string, read: () => Promise<Buffer>): Promise<T> {
  const id = `${attempt}/${name}`;
  const found = remembered.get(id);
  if (found) return found.value as T;
  const bytes = await read();
  const value: unknown = JSON.parse(bytes.toString());
  remembered.set(id, { value, size: bytes.length });
  return value as T;
}

function broken({ revision, seal }: Publication, part: string): Problem {
  const cause = new Error(`revision ${revision} (${seal}): part ${part}`);
  return new Problem(500, 'seal-broken', {}, { cause });
}
