/**
 * A seal: the parts of a revision as canonical JSON (RFC 8785) with a digest each, a manifest that lists the digests,
 * and the SHA-256 of the manifest. Whoever has the manifest and the public parts can check them with any program that
 * computes SHA-256; nothing of ours is needed.
 *
 * Parts that are not public hold counts of very few people. A plain digest of them would let anybody try out what those
 * people answered until the digest fits, so theirs are HMAC-SHA256 with a random key that stays with the parts.
 */
import { createHash, createHmac } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import canonicalize from 'canonicalize';
import type { Day } from '../../models/day.js';
import type { Round } from '../../models/rounds.js';
import type { RoundUnit } from '../../models/roundUnits.js';
import type { Survey } from '../../surveys/schema.js';
import { RoundFigures } from '../results/roundFigures.js';
import type { RoundTallies } from '../results/tallies.js';
import { tallyBytes } from '../results/tallyBytes.js';
import type { RoundStrata } from '../sampling/design.js';
import { type Earlier, figureParts } from './figureParts.js';
import { OPEN_DATA, openDataCsv } from './openData.js';
import { type EvidenceIndex, type EvidencePart, type Part, partName, type RoundFacts } from './parts.js';
import type { Recount } from './recount.js';
import { difference } from './revisions.js';
import { NOBODY, type Watch } from './watch.js';

/** What kind of manifest it is, and of which form. */
const SEAL_FORMAT = 'citizen-satisfaction-survey/seal/1';

/** What the public page offers as `niem-phong.json`. */
export interface Manifest {
  readonly format: string;
  readonly department: string;
  readonly round: string;
  readonly label: string;
  readonly revision: number;
  /** The day it was published. */
  readonly day: Day;
  /** Why there is another revision; empty for the first. */
  readonly reason: string;
  /** Seal of the revision before; null for the first. */
  readonly replaces: string | null;
  readonly method: number;
  readonly minimum: number;
  readonly responses: number;
  readonly parts: readonly ListedPart[];
}

interface ListedPart {
  readonly name: string;
  readonly public: boolean;
  /** SHA-256 (hex) of its bytes; HMAC-SHA256 where it is not public. */
  readonly digest: string;
}

/** What a revision is made of. */
export interface Sealable {
  readonly facts: RoundFacts;
  readonly surveys: readonly Survey[];
  readonly strata: RoundStrata | null;
  readonly counted: Recount;
  /** The revisions before, the first one first. */
  readonly before: readonly EarlierRevision[];
  readonly earlier: readonly Earlier[];
}

/** A part as it is stored. */
export interface PartBytes {
  readonly name: string;
  readonly isPublic: boolean;
  readonly bytes: Buffer;
}

/** Ids in one entry of the evidence: a desk with half a million responses goes on in the next part. */
const IDS_IN_PART = 100_000;

/** What an earlier revision counts, and the fewest people its figures stand for. */
export interface EarlierRevision {
  readonly tallies: RoundTallies;
  readonly minimum: number;
}

/**
 * The figures of a revision: nothing is shown that earlier revisions and it would tell together.
 * @param before the first one first
 */
export function revisionFigures(
  round: Pick<Round, 'services' | 'surveys'>,
  tallies: RoundTallies,
  before: readonly EarlierRevision[],
  minimum: number,
  strata: RoundStrata | null,
): RoundFigures {
  const revisions = [...before, { tallies, minimum }];
  const others = revisions.slice(0, before.length).map((one, at) => {
    const next = revisions[at + 1] ?? one;
    return new RoundFigures(round, difference(next.tallies, one.tallies), next.minimum);
  });
  const [first] = before;
  if (first) others.push(new RoundFigures(round, first.tallies, first.minimum));
  return new RoundFigures(round, tallies, minimum, undefined, strata, others);
}

/**
 * Every part of a revision, in bytes.
 * @param key of the digests of what is not public, hex
 * @param watch is told how many units are done, twice: of their figures and of the open data
 */
export async function sealedBytes(
  { facts, surveys, strata, counted, before, earlier }: Sealable,
  key: string,
  watch: Watch = NOBODY,
): Promise<PartBytes[]> {
  await watch.begin('publishing.step.figures', facts.units);
  const figures = revisionFigures(facts, counted.tallies, before, facts.minimum, strata);
  const parts = [
    ...(await figureParts(facts, surveys, figures, earlier, watch)),
    ...evidenceParts(counted, key),
  ];
  const bytes: PartBytes[] = [];
  for (const { name, isPublic, value } of parts) {
    await setImmediate();
    bytes.push({ name, isPublic, bytes: canonicalBytes(value) });
  }
  return [...bytes, { name: OPEN_DATA, isPublic: true, bytes: await openDataCsv(figures, watch) }];
}

/** The manifest of a revision. */
export function manifestFor(
  { facts }: Pick<Sealable, 'facts'>,
  parts: readonly PartBytes[],
  key: string,
  of: Pick<Manifest, 'revision' | 'day' | 'reason' | 'replaces'>,
): Manifest {
  return {
    format: SEAL_FORMAT,
    department: facts.department,
    round: facts.code,
    label: facts.label,
    method: facts.method,
    minimum: facts.minimum,
    responses: facts.responses,
    ...of,
    parts: parts.map((part) => ({
      name: part.name,
      public: part.isPublic,
      digest: digestOf(part, key),
    })),
  };
}

/** The digest of a part as the manifest lists it. */
export function digestOf({ isPublic, bytes }: Omit<PartBytes, 'name'>, key: string): string {
  return isPublic ? sha256(bytes) : createHmac('sha256', Buffer.from(key, 'hex')).update(bytes).digest('hex');
}

/** Canonical JSON (RFC 8785) of a value of JSON, as UTF-8. */
export function canonicalBytes(value: unknown): Buffer {
  return Buffer.from(canonicalize(value) ?? '');
}

/** SHA-256 in hex. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function evidenceParts({ tallies, cells }: Recount, key: string): Part[] {
  const counts = new Map(
    tallies.units.map(({ unit, survey, service, tally }) => [
      JSON.stringify([unit.unit, survey.id, service]),
      tallyBytes(tally).toString('base64'),
    ]),
  );
  const entries = cells.flatMap(({ unit, survey, service, ids, answers, texts }) => {
    const pieces = Math.max(1, Math.ceil(ids.length / IDS_IN_PART));
    return Array.from({ length: pieces }, (_, piece): EvidencePart['cells'][number] => ({
      unit,
      survey,
      service,
      counts: piece === 0 ? (counts.get(JSON.stringify([unit, survey, service])) ?? null) : null,
      answers: piece === 0 ? answers : null,
      texts: piece === 0 ? texts : null,
      ids: ids.slice(piece * IDS_IN_PART, (piece + 1) * IDS_IN_PART),
    }));
  });
  const parts: EvidencePart['cells'][number][][] = [];
  let room = 0;
  for (const entry of entries) {
    // What an entry takes beside its ids is that of about a hundred of them.
    const size = entry.ids.length + 100;
    if (parts.length === 0 || size > room) {
      parts.push([]);
      room = IDS_IN_PART + 100;
    }
    parts.at(-1)?.push(entry);
    room -= size;
  }
  const index: EvidenceIndex = {
    key,
    groups: tallies.groups.map(({ survey, service, group, tally }) => ({
      survey: survey.id,
      service,
      group,
      counts: tallyBytes(tally).toString('base64'),
    })),
  };
  return [
    ...parts.map((of, number) => ({
      name: partName('evidence', number),
      isPublic: false,
      value: { cells: of } satisfies EvidencePart,
    })),
    { name: 'evidence', isPublic: false, value: index },
  ];
}

/** Units as figures want them, from the tree of a seal: their links are not sealed. */
export function roundUnitOf(round: string, unit: Omit<RoundUnit, '_id' | 'round' | 'linkCode'>): RoundUnit {
  return { ...unit, _id: `${round}/${unit.unit}`, round, linkCode: '' };
}
