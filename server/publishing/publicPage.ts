/** What a public page about a revision is given beside what every page has. */
import type { Request } from 'express';
import { queryText, withQuery } from '../http/pages.js';
import { Problem } from '../http/problem.js';
import type { OverallRate } from '../results/overallRates.js';
import { countedOn, factorsShown } from '../results/overviewTables.js';
import { picturesByName } from '../results/page.js';
import type { Words } from '../results/words.js';
import type { OverviewPart, WholeRound } from './parts.js';
import { nameOfColumn, publicGroups, type Taking } from './publicTaking.js';
import { type PublishedRevision, publishedComparison, publishedOverview, withColumns } from './published.js';
import type { PartBytes } from './seal.js';
import type { UnitQuery } from './unitSearch.js';

/** The address of a round's public pages. */
function publicAddress(round: string): string {
  return `/ket-qua/${round}`;
}

export interface PublicPage extends PublishedRevision {
  /** Address of the round's public pages. */
  readonly root: string;
  /** An address below it that stays with the revision that is read. */
  readonly at: (path: string) => string;
}

/** A page about a revision. */
export function publicPage(revision: PublishedRevision): PublicPage {
  const root = publicAddress(revision.facts.code);
  const at = (path: string) =>
    revision.isLatest ? root + path : withQuery(root + path, `ban=${revision.publication.revision}`);
  return { ...revision, root, at };
}

/** What a template needs to show pictures and to offer files. */
export async function takingLocals(
  { publication, isLatest }: Pick<PublishedRevision, 'publication' | 'isLatest'>,
  { pictures, tables }: Taking,
  base: string,
  asked: Readonly<Record<string, string>> = {},
) {
  const wanted = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ''));
  const revision = new URLSearchParams([...wanted, ['ban', String(publication.revision)]]);
  const query = isLatest ? wanted : revision;
  return {
    pictures: await picturesByName(pictures),
    taking: {
      base,
      query: query.size > 0 ? `?${query}` : '',
      tables: new Set(tables.filter(({ count }) => count > 0).map(({ name }) => name)),
    },
    /** Shows the same for ever, whatever is corrected later. */
    permanent: `${base}?${revision}`,
  };
}

/** What the template of a round as a whole shows beside its figures. */
export function overviewLocals(overview: WholeRound, revision: PublishedRevision, words: Words) {
  return {
    parts: factorsShown(overview.factors),
    kinds: publicGroups(overview, revision),
    nameOfColumn,
    countedOn: (way: OverallRate) => countedOn(way, words),
  };
}

/**
 * The earlier round that a revision is shown beside, and those there are to choose from.
 * @param named its code; the latest where none is named
 * @throws {Problem} 404 `not-found` where it was not compared with that one
 */
export async function comparedWith(revision: PublishedRevision, named: string | undefined) {
  const { compared } = await publishedOverview(revision);
  const before = named === undefined ? compared[0] : compared.find(({ code }) => code === named);
  if (named !== undefined && !before) throw new Problem(404, 'not-found');
  return { compared, comparison: before ? await publishedComparison(revision, before.code) : null };
}

/** What of the units is looked for: `?tim=` `?dich-vu=` `?thuoc=` `?trang=`. */
export function unitQueryOf(request: Request): UnitQuery {
  return {
    text: (queryText(request, 'tim') ?? '').slice(0, 100),
    service: queryText(request, 'dich-vu') ?? '',
    above: queryText(request, 'thuoc') ?? '',
    page: Number(/^\d{1,4}$/.exec(queryText(request, 'trang') ?? '')?.[0] ?? 1),
  };
}

/** The page of a round as a whole before it is published, from the part that would be sealed. */
export function previewPage(
  revision: PublishedRevision,
  parts: readonly PartBytes[],
): PublicPage & { readonly overview: WholeRound } {
  const bytes = parts.find(({ name }) => name === 'overview')?.bytes ?? Buffer.from('{}');
  const overview = withColumns<WholeRound>(JSON.parse(bytes.toString()) as OverviewPart, revision);
  return { ...publicPage(revision), overview };
}
