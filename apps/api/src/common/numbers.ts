/**
 * Rounds to a number of decimals, half away from zero (contract 00 section 3). A result of binary arithmetic that
 * misses a half by its last digits counts as the half: 112.05 becomes 112.1.
 */
export function roundHalfAway(value: number, decimals: number): number {
  const scaled = Number((Math.abs(value) * 10 ** decimals).toPrecision(15));
  const rounded = Math.floor(scaled + 0.5) / 10 ** decimals;
  return value < 0 ? (rounded === 0 ? 0 : -rounded) : rounded;
}
