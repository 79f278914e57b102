/** The jobs of the invitation codes of a whole round: making what each unit still lacks, withdrawing what is unused. */
import { recordAudit } from '../../models/auditEntries.js';
import { invitationBatches, markBatchesRevoked } from '../../models/invitationBatches.js';
import { revokeUnused } from '../../models/invitations.js';
import { isByInvitation, roundByCode } from '../../models/rounds.js';
import { type RoundUnit, unitsOfRound } from '../../models/roundUnits.js';
import { Problem } from '../http/problem.js';
import type { JobKind } from '../jobs/jobs.js';
import { countCodesAnew } from './codeCounts.js';
import { makeCodes } from './invitations.js';

/** What says how many codes a unit is to have. */
export const BASES = ['forms', 'quota', 'number'] as const;
export type Basis = (typeof BASES)[number];

/** Most codes of one unit. */
export const MOST_CODES = 20_000;

type CodesInput = {
  readonly round: string;
  readonly basis: Basis;
  /** For each unit, where the basis is `number`. */
  readonly number: number;
  /** Of the batches, the same when the job is begun again. */
  readonly name: string;
};

/** Units that are worked on at the same time: what they write goes to disk together. */
const AT_A_TIME = 16;

/** Works through all of a list, some at a time; the first failure ends it. */
async function someAtATime<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = all.values();
  const worker = async () => {
    for (const one of waiting) await work(one);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** How many codes a unit is to have; null where nothing says. */
export function wanted({ forms, quota }: RoundUnit, basis: Basis, number: number): number | null {
  const count = { forms, quota, number }[basis];
  return count === null ? null : Math.min(count, MOST_CODES);
}

export const codesJob: JobKind<CodesInput> = {
  name: 'invitation-codes',
  title: 'distribute.codes.job',
  finished: 'distribute.codes.job-done',
  lock: ({ round }) => round,
  async run(context, { round: code, basis, number, name }, progress, account) {
    const round = await roundByCode(code);
    if (round?.state !== 'open' || !isByInvitation(round)) throw new Problem(409, 'round-state');
    const made = new Map<string, number>();
    for (const { unit, count, state, _id } of await invitationBatches(code)) {
      const own = _id === `${name}.${unit}`;
      if (state !== 'revoked' && !own) made.set(unit, (made.get(unit) ?? 0) + count);
    }
    const lacking = (await unitsOfRound(code)).map((unit) => {
      const count = wanted(unit, basis, number);
      return {
        unit: unit.unit,
        known: count !== null,
        count: Math.max(0, (count ?? 0) - (made.get(unit.unit) ?? 0)),
      };
    });
    const total = lacking.reduce((sum, { count }) => sum + count, 0);
    progress.expect(total);
    const short = lacking.filter(({ count }) => count > 0);
    let done = 0;
    await someAtATime(short, async ({ unit, count }) => {
      await makeCodes(context, { round: code, unit }, name, count);
      done += count;
      await progress.reached(done);
    });
    countCodesAnew(code);
    const units = short.length;
    await recordAudit({
      account,
      action: 'invitation-codes-made',
      subject: code,
      details: { codes: total, units },
    });
    return {
      href: `/van-phong/dot/${code}/ma-moi`,
      parameters: { codes: total, units, without: lacking.filter(({ known }) => !known).length },
    };
  },
};

export const withdrawJob: JobKind<{ readonly round: string }> = {
  name: 'invitation-codes-withdrawn',
  title: 'distribute.codes.withdraw-job',
  finished: 'distribute.codes.withdraw-done',
  lock: ({ round }) => round,
  async run(_context, { round }, progress, account) {
    // Nothing more is printed before the first code is withdrawn.
    await markBatchesRevoked({ round });
    const units = [...new Set((await invitationBatches(round)).map(({ unit }) => unit))];
    progress.expect(units.length);
    let done = 0;
    let codes = 0;
    await someAtATime(units, async (unit) => {
      const withdrawn = await revokeUnused({ round, unit });
      codes += withdrawn;
      done += 1;
      await progress.reached(done);
    });
    countCodesAnew(round);
    await recordAudit({ account, action: 'invitation-codes-revoked', subject: round, details: { codes } });
    return { href: `/van-phong/dot/${round}/ma-moi`, parameters: { codes } };
  },
};
