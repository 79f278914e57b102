/** What a public page about a revision is given beside what every page has. */
import { withQuery } from '../http/pages.js';
import type { OverviewPart, WholeRound } from './parts.js';
import { type PublishedRevision, withColumns } from './published.js';
import type { PartBytes } from './seal.js';

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

/** The page of a round as a whole before it is published, from the part that would be sealed. */
export function previewPage(
  revision: PublishedRevision,
  parts: readonly PartBytes[],
): PublicPage & { readonly overview: WholeRound } {
  const bytes = parts.find(({ name }) => name === 'overview')?.bytes ?? Buffer.from('{}');
  const overview = withColumns<WholeRound>(JSON.parse(bytes.toString()) as OverviewPart, revision);
  return { ...publicPage(revision), overview };
}
