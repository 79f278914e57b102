/**
 * Verifying a seal: everything that was sealed is looked at in the database, then made anew from the raw answers and
 * compared part by part. A revision is counted from the responses that it names, so that it can be verified for ever,
 * whatever came in later.
 */
import { type Publication, type Round, roundByCode } from '../../models/rounds.js';
import { unitsOfRound } from '../../models/roundUnits.js';
import { pinnedSurvey } from '../../surveys/pinned.js';
import { surveyHash } from '../../surveys/read.js';
import type { Earlier } from './figureParts.js';
import { treeUnit } from './figureParts.js';
import { METHOD } from './method.js';
import type { EvidenceIndex, OverviewPart, TreeUnit } from './parts.js';
import { type CellResponses, recount } from './recount.js';
import { canonicalBytes, digestOf, type Manifest, roundUnitOf, sealedBytes, sha256 } from './seal.js';
import {
  earlierRevisions,
  keptPart,
  MANIFEST,
  publicPart,
  type SealedCounts,
  sealedCounts,
  sealedFigures,
  storedBytes,
} from './sealedReading.js';

/** Something that is not as it was sealed; `what` names the sentence. */
interface Finding {
  readonly what:
    | 'manifest'
    | 'stored-part'
    | 'facts'
    | 'tree'
    | 'survey'
    | 'missing'
    | 'answers'
    | 'texts'
    | 'counts'
    | 'figures'
    | 'added';
  /** Of which part, unit or survey; empty where the sentence says it all. */
  readonly of: string;
  readonly count: number;
}

export interface Verification {
  readonly publication: Publication;
  readonly findings: readonly Finding[];
  readonly responses: number;
  /** Responses that came in since; no finding where a correction is on its way or the revision was replaced. */
  readonly since: number;
  /** Whether figures were made anew: not where they were made by another method. */
  readonly figures: boolean;
  readonly method: number;
}

/** Verifies a revision; the latest where none is named. @returns null where there is no such revision */
export async function verifySeal(code: string, revision?: number): Promise<Verification | null> {
  const round = await roundByCode(code);
  const publication = round?.publications.at(revision === undefined ? -1 : revision - 1);
  if (!round || !publication || (revision !== undefined && publication.revision !== revision)) return null;
  const nothing = { publication, responses: publication.responses, since: 0, figures: false };
  const bytes = await storedBytes(publication, MANIFEST);
  if (!bytes || sha256(bytes) !== publication.seal)
    return { ...nothing, method: 0, findings: [{ what: 'manifest', of: '', count: 1 }] };
  const manifest = JSON.parse(bytes.toString()) as Manifest;
  const { method } = manifest;
  const stored = await storedFindings(publication, manifest);
  // What is not as it was stored cannot be compared with anything.
  if (stored.length > 0) return { ...nothing, method, findings: stored };
  const sealed = await sealedCounts(publication);
  const ids = new Set(sealed.evidence.flatMap((cell) => cell.ids));
  const units = sealed.tree.map((unit) => roundUnitOf(code, unit));
  const counted = await recount({ ...sealed.facts, _id: code }, units, ids);
  const isLatest = publication.revision === round.publications.length;
  const findings = [
    ...(await factFindings(round, sealed, isLatest)),
    ...answerFindings(sealed, counted.cells),
    ...(isLatest && round.state === 'published' && counted.others > 0
      ? [{ what: 'added' as const, of: '', count: counted.others }]
      : []),
  ];
  const isOurs = method === METHOD;
  if (isOurs)
    findings.push(...(await figureFindings(round, publication, manifest, sealed, counted, findings.length)));
  return {
    publication,
    findings,
    responses: counted.responses,
    since: counted.others,
    figures: isOurs,
    method,
  };
}

/** Parts that are missing or not what the manifest lists. */
async function storedFindings(publication: Publication, { parts }: Manifest): Promise<Finding[]> {
  const index = await storedBytes(publication, 'evidence');
  const key = index ? (JSON.parse(index.toString()) as EvidenceIndex).key : '';
  const findings: Finding[] = [];
  for (const { name, public: isPublic, digest } of parts) {
    const bytes = await storedBytes(publication, name).catch(() => null);
    if (!bytes || digestOf({ isPublic, bytes }, key) !== digest)
      findings.push({ what: 'stored-part', of: name, count: 1 });
  }
  return findings;
}

/** Facts of the round, questionnaires and units that are others in the database now. */
async function factFindings(
  round: Round,
  { facts, tree, surveys }: SealedCounts,
  isLatest: boolean,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const same = (one: unknown, other: unknown) => canonicalBytes(one).equals(canonicalBytes(other));
  const fixed = ({ label, subject, opens, surveys: pinned, services, targets }: Round | typeof facts) => ({
    ...{ label, subject, opens, services, targets },
    surveys: pinned.map(({ id, version, hash }) => ({ id, version, hash })),
  });
  if (!same(fixed(round), fixed(facts))) findings.push({ what: 'facts', of: '', count: 1 });
  for (const pinned of facts.surveys) {
    const [kept, sealed] = [await pinnedSurvey(pinned), surveys.get(pinned.id)];
    if (!sealed || surveyHash(kept) !== pinned.hash || !same(kept, sealed))
      findings.push({ what: 'survey', of: pinned.id, count: 1 });
  }
  const now = new Map((await unitsOfRound(round._id)).map((unit) => [unit.unit, treeUnit(unit)]));
  // Quotas may have been changed while the round was open again for a later revision.
  const compared = ({ quota, forms, ...unit }: TreeUnit) => (isLatest ? { ...unit, quota, forms } : unit);
  for (const unit of tree) {
    const found = now.get(unit.unit);
    if (!found || !same(compared(found), compared(unit)))
      findings.push({ what: 'tree', of: unit.unit, count: 1 });
    now.delete(unit.unit);
  }
  for (const code of now.keys()) findings.push({ what: 'tree', of: code, count: 1 });
  return findings;
}

/** Units whose responses are missing or not what they were. */
function answerFindings({ evidence }: SealedCounts, cells: readonly CellResponses[]): Finding[] {
  const key = ({ unit, survey, service }: Pick<CellResponses, 'unit' | 'survey' | 'service'>) =>
    JSON.stringify([unit, survey, service]);
  const now = new Map(cells.map((cell) => [key(cell), cell]));
  const ids = new Map<string, number>();
  for (const cell of evidence) ids.set(key(cell), (ids.get(key(cell)) ?? 0) + cell.ids.length);
  const findings: Finding[] = [];
  for (const cell of evidence) {
    if (cell.counts === null) continue;
    const found = now.get(key(cell));
    const missing = (ids.get(key(cell)) ?? 0) - (found?.ids.length ?? 0);
    if (missing !== 0) findings.push({ what: 'missing', of: cell.unit, count: Math.abs(missing) });
    else if (found?.answers !== cell.answers) findings.push({ what: 'answers', of: cell.unit, count: 1 });
    if (missing === 0 && found?.texts !== cell.texts)
      findings.push({ what: 'texts', of: cell.unit, count: 1 });
    now.delete(key(cell));
  }
  for (const { unit, ids: moved } of now.values())
    findings.push({ what: 'answers', of: unit, count: moved.length });
  return findings;
}

/** Parts that come out otherwise when they are made anew. @param known findings so far: they explain these */
async function figureFindings(
  round: Round,
  publication: Publication,
  manifest: Manifest,
  sealed: SealedCounts,
  counted: Awaited<ReturnType<typeof recount>>,
  known: number,
): Promise<Finding[]> {
  const before = await earlierRevisions(
    round.publications.filter(({ revision }) => revision < publication.revision),
  );
  const { key } = await keptPart<EvidenceIndex>(publication, 'evidence');
  const { compared } = await publicPart<OverviewPart>(publication, 'overview');
  const earlier = await Promise.all(
    compared.map(async (other): Promise<Earlier> => {
      const found = await roundByCode(other.code);
      if (!found) throw new Error(`round ${other.code} is not there any more`);
      return { round: other, figures: await sealedFigures(found, other.revision) };
    }),
  );
  const surveys = sealed.facts.surveys.flatMap(({ id }) => sealed.surveys.get(id) ?? []);
  try {
    const parts = await sealedBytes({ ...sealed, surveys, counted, before, earlier }, key);
    const digests = new Map(parts.map((part) => [part.name, digestOf(part, key)]));
    const others = manifest.parts
      .filter(({ name, digest }) => digests.get(name) !== digest)
      // What was found of the answers is in the evidence as well: it has been said, unit by unit.
      .filter(({ name }) => known === 0 || !/^evidence/.test(name));
    return others.map(({ name }) => ({
      what: /^evidence/.test(name) ? ('counts' as const) : ('figures' as const),
      of: name,
      count: 1,
    }));
  } catch (error) {
    // Answers that are gone leave less than an earlier revision had: that has been said.
    if (known === 0) throw error;
    return [{ what: 'figures', of: '', count: 1 }];
  }
}
