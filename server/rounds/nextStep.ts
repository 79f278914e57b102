/** What is to be done next with a round, and where. */
import { type Day, daysBetween } from '../../models/day.js';
import { hasEnded, type Round } from '../../models/rounds.js';

export interface NextStep {
  /** Names the sentence. */
  readonly key: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly href: string;
}

/** In its last days a round is worth a reminder. */
const LAST_DAYS = 7;

/** The next thing to do with a round on a day. */
export function nextStep({ _id, state, opens, closes }: Round, today: Day): NextStep {
  const at = (key: string, page: string, parameters: NextStep['parameters'] = {}): NextStep => ({
    key,
    parameters,
    href: `/van-phong/dot/${_id}${page}`,
  });
  if (state === 'draft')
    return closes < today ? at('rounds.next.past-draft', '/sua') : at('rounds.next.check', '/quan-ly');
  if (state === 'closed') return at('rounds.next.publish', '/cong-bo');
  if (state === 'published') return at('rounds.next.results', '');
  if (today < opens) return at('rounds.next.hand-out', '/in', { days: daysBetween(today, opens) });
  if (today > closes) return at('rounds.next.over', '/quan-ly');
  const days = daysBetween(today, closes);
  if (days === 0) return at('rounds.next.last-day', '/tien-do');
  return at(days <= LAST_DAYS ? 'rounds.next.remind' : 'rounds.next.follow', '/tien-do', { days });
}

/** Rounds under one heading of the list. */
export interface RoundGroup<T> {
  /** `closed`: published or not. */
  readonly kind: 'open' | 'draft' | 'closed';
  /** Of closed rounds, the year in which they began; null for the others. */
  readonly year: string | null;
  readonly rounds: readonly T[];
}

/** Open rounds, the one that closes first above; then drafts; then the closed ones by year, the latest first. */
export function grouped<T extends Round>(rounds: readonly T[]): RoundGroup<T>[] {
  const of = (state: Round['state']) => rounds.filter((round) => round.state === state);
  const closed = rounds.filter(hasEnded);
  const years = [...new Set(closed.map(({ opens }) => opens.slice(0, 4)))].sort().reverse();
  const groups: RoundGroup<T>[] = [
    {
      kind: 'open',
      year: null,
      rounds: of('open').toSorted((a, b) => (a.closes < b.closes ? -1 : a.closes > b.closes ? 1 : 0)),
    },
    { kind: 'draft', year: null, rounds: of('draft') },
    ...years.map((year) => ({
      kind: 'closed' as const,
      year,
      rounds: closed.filter(({ opens }) => opens.startsWith(year)),
    })),
  ];
  return groups.filter((group) => group.rounds.length > 0);
}
