/**
 * Rounds to a number of decimals, half away from zero (contract 00 section 3). A result of binary arithmetic that
 * misses a half by its last digits counts as the half: 112.05 becomes 112.1.
 */
export function roundHalfAway(value: number, decimals: number): number {
  const scaled = Number((Math.abs(value) * 10 ** decimals).toPrecision(15));
  const rounded = Math.floor(scaled + 0.5) / 10 ** decimals;
  return value < 0 ? (rounded === 0 ? 0 : -rounded) : rounded;
}

/** Rounds to a number of decimals, half to even: the one rounding of clinical reports (glucose metrics section 1). */
export function roundHalfEven(value: number, decimals: number): number {
  const scaled = Number((Math.abs(value) * 10 ** decimals).toPrecision(15));
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 === 1);
  const rounded = (up ? floor + 1 : floor) / 10 ** decimals;
  return value < 0 ? (rounded === 0 ? 0 : -rounded) : rounded;
}
