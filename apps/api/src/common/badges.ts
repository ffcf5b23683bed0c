/** Levels and display badges by points (contract 40 section 4.2). */

/** Levels of a pharmacy, lowest first. */
export const BADGE_LEVELS = ['bronze', 'silver', 'gold', 'platinum', 'diamond'] as const;

/** See {@link BADGE_LEVELS}. */
export type BadgeLevel = (typeof BADGE_LEVELS)[number];

/** Fewest points of each level. */
export const LEVEL_MIN_POINTS: Readonly<Record<BadgeLevel, number>> = {
  bronze: 0,
  silver: 50,
  gold: 150,
  platinum: 300,
  diamond: 500,
};

/** Badges a pharmacy shows to patients, lowest first. */
export const DISPLAY_BADGES = ['aucun', 'fiable', 'reactif', 'excellence'] as const;

/** See {@link DISPLAY_BADGES}. */
export type DisplayBadge = (typeof DISPLAY_BADGES)[number];

/** Fewest points of each display badge. */
export const BADGE_MIN_POINTS: Readonly<Record<DisplayBadge, number>> = {
  aucun: 0,
  fiable: 50,
  reactif: 100,
  excellence: 200,
};

/** The level of a total of points. */
export function badgeLevelOf(points: number): BadgeLevel {
  return BADGE_LEVELS.findLast((level) => points >= LEVEL_MIN_POINTS[level]) ?? 'bronze';
}

/** The display badge of a total of points. */
export function displayBadgeOf(points: number): DisplayBadge {
  return DISPLAY_BADGES.findLast((badge) => points >= BADGE_MIN_POINTS[badge]) ?? 'aucun';
}

/** The display badges that a total of points reaches for the first time, lowest first; never `aucun`. */
export function newlyUnlocked(points: number, unlocked: readonly string[]): DisplayBadge[] {
  return DISPLAY_BADGES.filter(
    (badge) => badge !== 'aucun' && points >= BADGE_MIN_POINTS[badge] && !unlocked.includes(badge),
  );
}
