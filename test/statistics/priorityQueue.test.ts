import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriorityQueue } from '../../server/statistics/priorityQueue.js';

describe('a priority queue', () => {
  it('gives nothing where nothing was put in', () => {
    expect(new PriorityQueue<number>().pop()).toBeUndefined();
  });

  it('gives everything that was put in, the least first, also while more is put in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 50 })), fc.array(fc.nat({ max: 50 })), (first, second) => {
        const queue = new PriorityQueue<number>();
        for (const value of first) queue.push(value, value);
        const early = queue.pop();
        for (const value of second) queue.push(value, value);
        const rest: number[] = [];
        for (let value = queue.pop(); value !== undefined; value = queue.pop()) rest.push(value);
        const sorted = [...first].sort((a, b) => a - b);
        expect(early).toBe(sorted[0]);
        expect(rest).toEqual([...sorted.slice(1), ...second].sort((a, b) => a - b));
      }),
    );
  });
});
