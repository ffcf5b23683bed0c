import type { Locale } from '../../common/enums';

/** French when `Accept-Language` starts with `fr`, else English (contract 00 section 4). */
export function localeOf(acceptLanguage: string | undefined): Locale {
  return acceptLanguage?.trimStart().slice(0, 2).toLowerCase() === 'fr' ? 'fr' : 'en';
}
