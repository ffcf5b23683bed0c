import { BADGE_MIN_POINTS, DISPLAY_BADGES, type DisplayBadge } from '../../common/badges';
import type { Locale } from '../../common/enums';
import type { BadgeResponse } from './dto/points.dto';

const EMOJI: Readonly<Record<DisplayBadge, string>> = { aucun: '', fiable: '⭐', reactif: '🔥', excellence: '👑' };

const DESCRIPTIONS: Readonly<Record<DisplayBadge, Readonly<Record<Locale, string>>>> = {
  aucun: { en: 'No badge yet', fr: 'Pas encore de badge' },
  fiable: { en: 'A reliable pharmacy', fr: 'Une pharmacie fiable' },
  reactif: { en: 'A pharmacy that responds fast', fr: 'Une pharmacie réactive' },
  excellence: { en: 'An excellent pharmacy', fr: "Une pharmacie d'excellence" },
};

/** The four display badges, the lowest first (contract 40 section 4.2). */
export function badgeList(locale: Locale): BadgeResponse[] {
  return DISPLAY_BADGES.map((badge, index) => {
    const next = DISPLAY_BADGES[index + 1];
    return {
      badge,
      emoji: EMOJI[badge],
      minPoints: BADGE_MIN_POINTS[badge],
      maxPoints: next === undefined ? null : BADGE_MIN_POINTS[next] - 1,
      description: DESCRIPTIONS[badge][locale],
    };
  });
}

/** One badge as an account's own figures show it. */
export function shownBadge(badge: DisplayBadge, locale: Locale): { name: string; emoji: string; description: string } {
  return { name: badge, emoji: EMOJI[badge], description: DESCRIPTIONS[badge][locale] };
}
