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

// Bytes; the embedded engine refuses a longer pattern, MongoDB one of more than 32,764.
const PATTERN_BYTES = 1_000;

/**
 * The patterns, one per letter, joined into as few as the database takes; a text has to match all of them. More than one
 * overlap by half, with a last one for the length: only a text that repeats itself could match them and not the whole.
 */
function joined(letters: readonly string[]): string[] {
  const result: string[] = [];
  for (let from = 0; ;) {
    let upTo = from;
    for (let left = PATTERN_BYTES; upTo < letters.length; upTo += 1) {
      left -= Buffer.byteLength(letters[upTo] ?? '');
      if (left < 0) break;
    }
    result.push(letters.slice(from, upTo).join(''));
    if (upTo === letters.length) return from === 0 ? result : [...result, `.{${letters.length}}`];
    from += Math.ceil((upTo - from) / 2);
  }
}

/** Patterns that together find the text, folded, literally in a folded field. */
export function containsPatterns(text: string): string[] {
  return joined(Array.from(fold(text)).map(escapeRegExp));
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

/** Patterns that together find the text literally, whatever case and accents either side has. */
export function accentInsensitivePatterns(text: string): string[] {
  return joined(
    Array.from(fold(text)).map((letter) => {
      const variants = VARIANTS[letter];
      return variants === undefined ? escapeRegExp(letter) : `[${variants}${variants.toUpperCase()}]`;
    }),
  );
}
