/** The job that makes the invitation codes of a whole round: what each unit still lacks. */
import { recordAudit } from '../../models/auditEntries.js';
import { invitationBatches } from '../../models/invitationBatches.js';
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
    let done = 0;
    for (const { unit, count } of lacking) {
      if (count > 0) await makeCodes(context, { round: code, unit }, name, count);
      done += count;
      await progress.reached(done);
    }
    countCodesAnew(code);
    const units = lacking.filter(({ count }) => count > 0).length;
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
