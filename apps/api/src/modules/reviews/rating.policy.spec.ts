import { describe, expect, it } from 'vitest';
import {
  averageOf,
  distributionOf,
  latest,
  NO_OPINIONS,
  type Opinion,
  pointsOfReview,
  pointsOfStars,
  totalOf,
} from './rating.policy';

const at = (minute: number): Date => new Date(Date.UTC(2027, 0, 1, 0, minute));
const opinion = (id: string, stars: number, requestId: string | null, minute = 0): Opinion => ({
  id,
  stars,
  requestId,
  createdAt: at(minute),
});

describe('what opinions come to', () => {
  it('counts each request once, with the later of review and rating', () => {
    const opinions = [
      opinion('a', 5, 'r1', 1),
      opinion('b', 2, 'r1', 2),
      opinion('c', 4, 'r2', 5),
      opinion('d', 1, 'r2', 4),
      opinion('e', 3, null),
      opinion('f', 3, null),
    ];
    expect(distributionOf(opinions)).toEqual([0, 1, 2, 1, 0]);
    expect(distributionOf([...opinions].reverse())).toEqual([0, 1, 2, 1, 0]);
    expect(latest(opinions)?.id).toBe('c');
    expect(latest([])).toBeNull();
  });

  it('lets the younger id decide at one instant', () => {
    expect(distributionOf([opinion('a', 5, 'r', 1), opinion('b', 1, 'r', 1)])).toEqual([1, 0, 0, 0, 0]);
  });

  it.each([
    [NO_OPINIONS, 0, 0],
    // 3 + 3 + 3 + 4 = 13 of 4: 3.25, half away from zero.
    [[0, 0, 3, 1, 0], 3.3, 4],
    // 1 + 5 + 5 = 11 of 3: 3.667.
    [[1, 0, 0, 0, 2], 3.7, 3],
  ] as const)('has of %j the mean %d of %d', (distribution, mean, total) => {
    expect([averageOf(distribution), totalOf(distribution)]).toEqual([mean, total]);
  });

  it('gives the points of the table', () => {
    expect([1, 2, 3, 4, 5].map(pointsOfStars)).toEqual([-10, 0, 5, 15, 25]);
    expect([1, 2, 3, 4, 5].map(pointsOfReview)).toEqual([0, 0, 0, 0, 8]);
  });
});
