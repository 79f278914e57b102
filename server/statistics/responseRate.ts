/** How many answered of those who were to. */

/** Shares of 0 and more; null where what they are a share of is not known or 0. */
export interface ResponseRates {
  /** Responses received. */
  readonly received: number;
  /** received / quota; above 1 where a unit collected more than it had to. */
  readonly ofQuota: number | null;
  /**
   * received / enrolment. Where everybody was invited, this is the lowest response rate (RR1) of AAPOR, Standard
   * Definitions (10th edition, 2023): everybody counts as eligible, and only what was sent counts as an answer. Where a
   * sample was invited, it is the share of all who answered, and `ofQuota` comes nearer to a response rate. Above 1
   * where several people answer for one learner.
   */
  readonly ofEnrolment: number | null;
  /** Responses still wanted; 0 where the quota is reached, null where there is none. */
  readonly missing: number | null;
}

/**
 * Response rates of one unit or of any group. Of a group: received, quota and enrolment are sums over the same units,
 * never means of the units' rates.
 * @param quota responses the plan asks for; null in a round without quota
 * @param enrolment people who could answer; null where not known
 */
export function responseRates(
  received: number,
  quota: number | null,
  enrolment: number | null,
): ResponseRates {
  return {
    received,
    ofQuota: shareOf(received, quota),
    ofEnrolment: shareOf(received, enrolment),
    missing: quota === null ? null : Math.max(0, quota - received),
  };
}

function shareOf(part: number, whole: number | null): number | null {
  return whole === null || whole <= 0 ? null : part / whole;
}
