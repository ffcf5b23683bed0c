/** One review or rating, as far as it counts. */
export interface Opinion {
  readonly id: string;
  readonly stars: number;
  /** Reviews and ratings of one request count once; null for an old review that names none. */
  readonly requestId: string | null;
  readonly createdAt: Date;
}

/** How many count with each number of stars; index 0 is one star. */
export type Distribution = readonly [number, number, number, number, number];

const STAR_POINTS: Readonly<Record<number, number>> = { 5: 25, 4: 15, 3: 5, 2: 0, 1: -10 };

/** Points of a review of five stars, if it comes first; others give none. */
const REVIEW_POINTS = 8;

/** Taken when the medication was not there, if the rating comes first. */
export const UNAVAILABLE_PENALTY = 10;

/** How many opinions have 1, 2, 3, 4 and 5 stars when there are none. */
export const NO_OPINIONS: Distribution = [0, 0, 0, 0, 0];

/** Quality points of a rating by its stars (contract 40 section 4.1). */
export function pointsOfStars(stars: number): number {
  return STAR_POINTS[stars] ?? 0;
}

/** Quality points of a review. */
export function pointsOfReview(rating: number): number {
  return rating === 5 ? REVIEW_POINTS : 0;
}

/** The later of several opinions of one request; null without any. */
export function latest(opinions: readonly Opinion[]): Opinion | null {
  return opinions.reduce<Opinion | null>((last, next) => (last === null || isLater(next, last) ? next : last), null);
}

function isLater(a: Opinion, b: Opinion): boolean {
  return a.createdAt.getTime() === b.createdAt.getTime() ? a.id > b.id : a.createdAt > b.createdAt;
}

/** Counts opinions, each request once with the latest. */
export function distributionOf(opinions: Iterable<Opinion>): Distribution {
  const byRequest = new Map<string, Opinion>();
  for (const opinion of opinions) {
    const key = opinion.requestId ?? opinion.id;
    const known = byRequest.get(key);
    if (known === undefined || isLater(opinion, known)) byRequest.set(key, opinion);
  }
  const counts: [number, number, number, number, number] = [...NO_OPINIONS];
  for (const { stars } of byRequest.values()) counts[stars - 1] = (counts[stars - 1] ?? 0) + 1;
  return counts;
}

/** How many opinions count. */
export function totalOf(distribution: Distribution): number {
  return distribution.reduce((sum, count) => sum + count, 0);
}

/** Mean of the stars to one decimal, half away from zero; 0 without any. */
export function averageOf(distribution: Distribution): number {
  const total = totalOf(distribution);
  if (total === 0) return 0;
  const sum = distribution.reduce((stars, count, index) => stars + count * (index + 1), 0);
  // 13 stars in 4 opinions: 130 / 4 = 32.5, rounded 33, 3.3.
  return Math.round((sum * 10) / total) / 10;
}
