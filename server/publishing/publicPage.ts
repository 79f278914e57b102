/** What a public page about a revision is given beside what every page has. */
import { withQuery } from '../http/pages.js';
import { drawnPictures } from '../results/page.js';
import { ratesPicture } from '../results/pictures.js';
import { factorTitles } from '../results/titles.js';
import type { Words } from '../results/words.js';
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

/** The picture of a round's first page: the rates of its factors with their intervals, against the target. */
export async function factorPicture(
  { facts, surveys }: PublishedRevision,
  { factors }: Pick<WholeRound, 'factors'>,
  words: Words,
): Promise<Awaited<ReturnType<typeof drawnPictures>>[number] | null> {
  if (factors.parts.length === 0) return null;
  const titles = factorTitles([...surveys.values()], words);
  const rows = factors.parts.map((figure) => ({ label: titles.get(figure.code) ?? figure.code, figure }));
  const title = words.t('results.picture.factor-rates', { round: facts.label });
  const [picture] = await drawnPictures([ratesPicture('linh-vuc', title, rows, facts, words)]);
  return picture ?? null;
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
