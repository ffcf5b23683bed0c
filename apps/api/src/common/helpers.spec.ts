import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCursor } from './cursor';
import { displayName } from './names';
import { pageOf, pageRequest } from './pagination';
import { StateMachine } from './state-machine';
import {
  accentInsensitivePatterns,
  containsPatterns,
  codePointLength,
  firstCodePoints,
  fold,
  searchTextOf,
} from './text';

describe('text', () => {
  it('folds case and accents, also of letters that do not decompose', () => {
    expect([fold('Élodie  MOREAU'), fold('Łukasz'), fold('Ørsted'), fold('Straße'), fold('ﬁn')]).toEqual([
      'elodie moreau',
      'lukasz',
      'orsted',
      'strasse',
      'fin',
    ]);
    expect(searchTextOf({ nom: 'Łuc', prenom: 'Zoé', email: 'A@B.io', nomPharmacie: null })).toBe('luc zoe luc a@b.io');
  });

  it('is found by its own pattern, literally', () => {
    const words = fc.constantFrom('Élodie', 'Lefèvre-Ørsted', 'a.b*c', 'Škoda (1)', 'x[y]', 'naïve\\', 'O’Connell');
    fc.assert(
      fc.property(words, fc.nat(12), fc.nat(12), (word, from, length) => {
        const part = Array.from(word)
          .slice(from, from + length + 1)
          .join('')
          .trim();
        fc.pre(part !== '');
        expect(word).toMatch(new RegExp(accentInsensitivePatterns(part).join(''), 'i'));
      }),
    );
    expect('Ana').not.toMatch(new RegExp(accentInsensitivePatterns('A.a').join(''), 'i'));
  });

  it('is found by patterns of a size that every engine takes, however long it is', () => {
    const finds = (patterns: string[], word: string) =>
      patterns.every((pattern) => Buffer.byteLength(pattern) <= 1_000 && new RegExp(pattern, 'is').test(word));
    const long = 'Endocrinologie, diabétologie et maladies métaboliques de l’enfant et de l’adolescent';
    expect(finds(accentInsensitivePatterns(long), `(${long.toUpperCase()})`)).toBe(true);
    for (const other of [long.replace('malad', 'malat'), long.slice(1), long.slice(0, -1), 'é'.repeat(100)])
      expect(finds(accentInsensitivePatterns(long), other)).toBe(false);
    expect(finds(accentInsensitivePatterns('é'.repeat(100)), 'e'.repeat(99))).toBe(false);
    // one ligature unfolds into 18 letters
    const ligatures = 'ﷺ'.repeat(100);
    expect(finds(containsPatterns(ligatures), fold(ligatures))).toBe(true);
  });

  it('counts and cuts in code points', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), fc.nat(60), (text, count) => {
        expect(codePointLength(text)).toBe(Array.from(text).length);
        expect(firstCodePoints(text, count)).toBe(Array.from(text).slice(0, count).join(''));
      }),
    );
  });
});

describe('pages, cursors, names', () => {
  it('clamps a limit and counts pages', () => {
    expect(pageRequest({ page: 3, limit: 1_000 })).toEqual({ page: 3, limit: 100 });
    expect(pageRequest({}, 20)).toEqual({ page: 1, limit: 20 });
    expect(pageOf([1], 21, { page: 3, limit: 10 })).toEqual({
      data: [1],
      total: 21,
      page: 3,
      limit: 10,
      totalPages: 3,
    });
    expect(pageOf([], 0, { page: 1, limit: 10 }).totalPages).toBe(0);
  });

  it('reads a cursor as an id or an instant', () => {
    expect(parseCursor('ABCDEFABCDEFABCDEFABCDEF')).toEqual({ kind: 'id', id: 'abcdefabcdefabcdefabcdef' });
    expect(parseCursor('2024-02-20T10:00:00 02:00')).toEqual({ kind: 'instant', at: new Date('2024-02-20T08:00:00Z') });
    for (const text of ['', 'abc', '123', '2024-99-01'])
      expect(() => parseCursor(text)).toThrow(expect.objectContaining({ code: 'INVALID_CURSOR' }));
  });

  it('names people by role, and the erased as erased', () => {
    const account = { nom: 'Moreau', prenom: 'Élodie', nomPharmacie: 'Pharmacie du Marché' };
    expect(displayName({ ...account, role: 'PATIENT' })).toBe('Élodie Moreau');
    expect(displayName({ ...account, role: 'MEDECIN' })).toBe('Dr. Élodie Moreau');
    expect(displayName({ ...account, role: 'PHARMACIEN' })).toBe('Pharmacie du Marché');
    expect(displayName({ ...account, role: 'MEDECIN', deletedAt: new Date() })).toBe('Deleted user');
    expect(displayName(null)).toBe('Deleted user');
  });
});

describe('a state machine', () => {
  it('refuses to be built with unknown or unreachable states', () => {
    expect(() => new StateMachine('x', { a: ['b' as 'a'] }, ['a'])).toThrow('unknown state b');
    expect(() => new StateMachine<'a' | 'b'>('x', { a: [], b: [] }, ['a'])).toThrow('unreachable states b');
  });

  it('says what may follow and from where', () => {
    const machine = new StateMachine<'a' | 'b' | 'c'>('x', { a: ['b', 'c'], b: ['c'], c: [] }, ['a']);
    expect([
      machine.can('a', 'b'),
      machine.can('c', 'a'),
      machine.sourcesOf('c'),
      machine.next('a'),
      machine.isTerminal('c'),
    ]).toEqual([true, false, ['a', 'b'], ['b', 'c'], true]);
  });
});
