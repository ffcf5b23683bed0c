import { describe, expect, it } from 'vitest';
import { distanceKm, shownKm } from './distance.policy';
import { TermBook } from './term-book';

describe('the book of terms', () => {
  it('gives equal texts one number, and forgets those without use', () => {
    const book = new TermBook();
    const [first, second] = [book.acquire('insuline'), book.acquire('insuline')];
    const other = book.acquire('metformine');
    expect([second, other === first]).toEqual([first, false]);
    expect([...book.containing('ine')]).toEqual([1, 1]);
    book.release(first);
    expect([...book.containing('insu')]).toEqual([1, 0]);
    book.release(first);
    expect([...book.containing('insu')]).toEqual([0, 0]);
    expect(book.acquire('aspirine')).toBe(first);
    expect([...book.containing('aspi')]).toEqual([1, 0]);
  });
});

describe('the distance', () => {
  it('is that of the great circle of a sphere of 6,371 km', () => {
    // Paris to London: 343.6 km. A quarter of the meridian: 6,371 x pi / 2 = 10,007.5 km. Antipodes: 20,015.1 km.
    const [paris, london] = [
      { latitude: 48.8566, longitude: 2.3522 },
      { latitude: 51.5074, longitude: -0.1278 },
    ];
    expect(shownKm(distanceKm(paris, london))).toBe(343.6);
    const origin = { latitude: 0, longitude: 0 };
    expect(shownKm(distanceKm(origin, { latitude: 90, longitude: 77 }))).toBe(10_007.5);
    expect(shownKm(distanceKm(origin, { latitude: 0, longitude: 180 }))).toBe(20_015.1);
    expect(distanceKm(paris, paris)).toBe(0);
  });
});
