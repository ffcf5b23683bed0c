// Letters whose base form Unicode decomposition does not give, so that "Łukasz" and "lukasz" are found alike.
const SPECIAL_FOLDS: Readonly<Record<string, string>> = {
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŧ: 't',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
};

/** Case and accents removed, for search and for orders that ignore them (contract 00 section 6). */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[øđðħıłŧßæœþ]/g, (letter) => SPECIAL_FOLDS[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim();
}

/** The text escaped so that a regular expression finds it literally. */
function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

/** A pattern that finds the text, folded, literally in a folded field. */
export function containsPattern(text: string): string {
  return escapeRegExp(fold(text));
}

/** What of an account is searched. */
export interface SearchableAccount {
  readonly nom: string;
  readonly prenom: string;
  readonly email: string;
  readonly nomPharmacie?: string | null | undefined;
}

/**
 * The folded fields of an account, joined: what "contains" searches look in. Family name first, so that the order of
 * these texts is the order by nom and prenom; and again after the given name, so that "prenom nom" is found, too.
 */
export function searchTextOf(account: SearchableAccount): string {
  return [account.nom, account.prenom, account.nom, account.email, account.nomPharmacie]
    .filter((part): part is string => typeof part === 'string' && part !== '')
    .map(fold)
    .join(' ');
}

/** The first `count` Unicode code points; never half a surrogate pair. */
export function firstCodePoints(text: string, count: number): string {
  if (text.length <= count) return text;
  return Array.from(text).slice(0, count).join('');
}

/** Number of Unicode code points, the unit in which the contract counts lengths. */
export function codePointLength(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdbff && i + 1 < text.length) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next <= 0xdfff) i += 1;
    }
    length += 1;
  }
  return length;
}

// Letters that fold to each base letter, so that a pattern finds "Élodie" for "elodie" without a folded copy.
const VARIANTS: Readonly<Record<string, string>> = {
  a: 'aàáâãäåāăą',
  c: 'cçćĉċč',
  d: 'dďđð',
  e: 'eèéêëēĕėęě',
  g: 'gĝğġģ',
  h: 'hĥħ',
  i: 'iìíîïĩīĭįı',
  j: 'jĵ',
  k: 'kķ',
  l: 'lĺļľł',
  n: 'nñńņň',
  o: 'oòóôõöøōŏő',
  r: 'rŕŗř',
  s: 'sśŝşšș',
  t: 'tţťŧț',
  u: 'uùúûüũūŭůűų',
  w: 'wŵ',
  y: 'yýÿŷ',
  z: 'zźżž',
};

/** A pattern (for use without regard to case) that finds the text literally, whatever accents either side has. */
export function accentInsensitivePattern(text: string): string {
  return Array.from(fold(text))
    .map((letter) => {
      const variants = VARIANTS[letter];
      return variants === undefined ? escapeRegExp(letter) : `[${variants}${variants.toUpperCase()}]`;
    })
    .join('');
}
