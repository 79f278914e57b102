import { describe, expect, it } from 'vitest';
import { SATISFACTION_RATE, type Target } from '../../models/rounds.js';
import type { Figures } from '../../server/results/table.js';
import { targetVerdicts } from '../../server/results/targets.js';

describe('a target', () => {
  it.each<[string, Partial<Target>, [number, number, number], string]>([
    ['at least 85', { atLeast: 85 }, [85, 90, 95], 'met'],
    ['at least 85', { atLeast: 85 }, [84.9, 90, 95], 'uncertain'],
    ['at least 85', { atLeast: 85 }, [80, 84, 85], 'uncertain'],
    ['at least 85', { atLeast: 85 }, [80, 84, 84.9], 'missed'],
    ['more than 85', { moreThan: 85 }, [85.1, 90, 95], 'met'],
    ['more than 85', { moreThan: 85 }, [85, 90, 95], 'uncertain'],
    ['more than 85', { moreThan: 85 }, [80, 84, 85], 'missed'],
    ['at least 0', { atLeast: 0 }, [0, 0, 3.1], 'met'],
    ['more than 100', { moreThan: 100 }, [99, 100, 100], 'missed'],
  ])('of %s (%j) with [low, rate, high] %j is %s', (_name, bound, [low, rate, high], verdict) => {
    expect(verdictOf({ indicator: SATISFACTION_RATE, unit: '%', ...bound }, { low, rate, high })).toBe(
      verdict,
    );
  });

  it.each<[string, Partial<Target>, Partial<Figures>]>([
    ['that other means measure', { indicator: 'đúng hẹn', atLeast: 85 }, { low: 90, rate: 95, high: 99 }],
    ['with a ceiling', { atMost: 5 }, { low: 1, rate: 2, high: 3 }],
    ['without answers', { atLeast: 0 }, { low: null, rate: null, high: null }],
  ])('%s is unmeasured', (_name, bound, figures) => {
    expect(verdictOf({ indicator: SATISFACTION_RATE, unit: '%', ...bound }, figures)).toBe('unmeasured');
  });

  it('stays with its verdict, in the order of the plan', () => {
    const targets = [90, 50].map((atLeast) => ({ indicator: SATISFACTION_RATE, atLeast, unit: '%' }));
    const verdicts = targetVerdicts(targets, figures({ low: 60, rate: 70, high: 80 }));
    expect(verdicts).toEqual([
      { target: targets[0], verdict: 'missed' },
      { target: targets[1], verdict: 'met' },
    ]);
  });
});

function verdictOf(target: Target, known: Partial<Figures>) {
  return targetVerdicts([target], figures(known))[0]?.verdict;
}

function figures(known: Partial<Figures>): Figures {
  const nothing = { answered: null, rate: null, low: null, high: null, mean: null, expectation: null };
  return { responses: 100, suppressed: false, ...nothing, ...known };
}
