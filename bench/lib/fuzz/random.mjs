/** Seeded chance: the same seed asks the same questions. */

/** A generator of chance from one number (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count) => Math.floor(next() * count);
  return {
    /** An integer from 0 to count - 1. */
    below,
    /** True with this probability. */
    chance: (probability) => next() < probability,
    /** One element. */
    pick: (list) => list[below(list.length)],
    /** Hexadecimal digits. */
    hex: (length) => Array.from({ length }, () => below(16).toString(16)).join(''),
    /** An integer of a range, both ends included. */
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
  };
}
