/** The published rounds in which a unit, or anything below it, has results. */
import type { Round } from '../../models/rounds.js';
import type { ShownSummary } from '../results/shown.js';
import { type PublishedRevision, publishedUnit, revisionOf } from './published.js';

export interface PublishedRound extends Pick<PublishedRevision, 'facts' | 'publication'> {
  /** Of the unit itself, else of everything below it. */
  readonly summary: ShownSummary;
}

/** The latest revision of each, in the order of the rounds. */
export async function publishedOfUnit(rounds: readonly Round[], unit: string): Promise<PublishedRound[]> {
  const found: PublishedRound[] = [];
  for (const round of rounds) {
    if (round.publications.length === 0) continue;
    const revision = await revisionOf(round);
    const results = await publishedUnit(revision, unit);
    const summary = results?.own?.summary ?? results?.subtree?.summary;
    const { facts, publication } = revision;
    if (summary) found.push({ facts, publication, summary });
  }
  return found;
}
