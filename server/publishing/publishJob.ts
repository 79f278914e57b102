/**
 * The job that publishes a round. What it was told when somebody agreed – which revision, the reason, what was looked
 * at – is all it goes by: begun again it looks once more whether that still holds, and where it has published already it
 * says so and adds nothing.
 */
import type { Round } from '../../models/rounds.js';
import type { Context } from '../context.js';
import { existingRound } from '../http/existingRound.js';
import { formatOf } from '../http/format.js';
import { Problem } from '../http/problem.js';
import type { JobKind } from '../jobs/jobs.js';
import { publicationNamed, publish } from './publish.js';
import { reviewOf } from './review.js';
import { STEPS } from './watch.js';

type PublishInput = {
  readonly round: string;
  /** For the public; empty for the first revision. */
  readonly reason: string;
  /** Stands for the review that was agreed to, in the language in which it was read. */
  readonly seen: string;
  readonly language: string;
  /** Of its attempts, the same when the job is begun again. */
  readonly name: string;
};

/** The office's page of a round's publication. */
export function publishingPage(round: string): string {
  return `/van-phong/dot/${round}/cong-bo`;
}

export const publishJob: JobKind<PublishInput> = {
  name: 'publish',
  title: 'publishing.job',
  finished: 'publishing.job-done',
  steps: STEPS,
  again: 'publishing.job-again',
  mend: { href: ({ round }) => publishingPage(round), key: 'publishing.job-look' },
  officeOnly: true,
  lock: ({ round }) => round,
  async run(context, { round: code, reason, seen, language, name }, progress, account) {
    const round = await existingRound(code);
    const { revision, responses } =
      publicationNamed(round, name) ??
      (await publish(
        context,
        round,
        { account, reason, name },
        { look: () => agreedResponses(context, round, seen, language), watch: progress },
      ));
    return { href: publishingPage(code), parameters: { revision, responses } };
  },
};

/** @throws {Problem} 409 `publishing-unseen` where what there is to look at is not what was agreed to */
async function agreedResponses(
  context: Context,
  round: Round,
  seen: string,
  language: string,
): Promise<number> {
  const review = await reviewOf(context, round, formatOf(language));
  if (review.errors > 0 || review.seen !== seen) throw new Problem(409, 'publishing-unseen');
  return review.responses;
}
