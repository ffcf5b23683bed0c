import type { Locale } from '../../common/enums';

const MINUTE_MS = 60_000;

/** How long ago something happened, in words (contract 40 section 6). */
export function relativeTime(at: Date, now: Date, locale: Locale): string {
  const minutes = Math.floor((now.getTime() - at.getTime()) / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const french = locale === 'fr';
  if (minutes < 1) return french ? "À l'instant" : 'Just now';
  if (hours < 1) return french ? `Il y a ${minutes} min` : `${minutes} min ago`;
  if (days < 1) return french ? `Il y a ${hours}h` : `${hours}h ago`;
  if (days === 1) return french ? 'Hier' : 'Yesterday';
  return french ? `Il y a ${days} jours` : `${days} days ago`;
}

/** French unless `Accept-Language` starts with `en`: the other way round than messages. */
export function feedLocale(acceptLanguage: string | undefined): Locale {
  return acceptLanguage?.trimStart().slice(0, 2).toLowerCase() === 'en' ? 'en' : 'fr';
}
