import { describe, expect, it } from 'vitest';
import { responseRates } from '../../server/statistics/responseRate.js';

describe('response rates', () => {
  it('are not known without a quota, without enrolment, or where these are 0', () => {
    const none = { received: 7, ofQuota: null, ofEnrolment: null };
    expect(responseRates(7, null, null)).toEqual({ ...none, missing: null });
    expect(responseRates(7, 0, 0)).toEqual({ ...none, missing: 0 });
  });

  it('are 0 where nobody answered yet', () => {
    expect(responseRates(0, 100, 400)).toEqual({ received: 0, ofQuota: 0, ofEnrolment: 0, missing: 100 });
  });

  it('are RR1 of AAPOR where everybody was invited: complete over complete, refused and not reached', () => {
    // RR1 = I / ((I + P) + (R + NC + O) + (UH + UO)), all parts of one enrolment.
    const [complete, partial, refused, notReached, other, unknown] = [7004, 0, 512, 1804, 61, 0];
    const enrolment = complete + partial + refused + notReached + other + unknown;
    expect(responseRates(complete, null, enrolment).ofEnrolment).toBeCloseTo(7004 / 9381, 15);
  });

  it('are shares of the quota and of the enrolment, and may be above 1', () => {
    expect(responseRates(50, 100, 400)).toEqual({
      received: 50,
      ofQuota: 0.5,
      ofEnrolment: 0.125,
      missing: 50,
    });
    expect(responseRates(120, 100, 80)).toMatchObject({ ofQuota: 1.2, ofEnrolment: 1.5, missing: 0 });
  });
});
