/**
 * Rounds half away from zero to `decimals` places (contract 00 section 3). Works on the decimal text of the number,
 * so 1.005 is judged as people read it and not by its binary neighbour.
 */
export function roundHalfAway(value: number, decimals = 0): number {
  if (!Number.isFinite(value)) return value;
  const magnitude = Math.abs(value);
  const [mantissa = '0', exponent = '0'] = magnitude.toString().split('e');
  const shifted = Math.round(Number(`${mantissa}e${Number(exponent) + decimals}`));
  const [back = '0', backExponent = '0'] = shifted.toString().split('e');
  const rounded = Number(`${back}e${Number(backExponent) - decimals}`);
  return value < 0 && rounded !== 0 ? -rounded : rounded;
}
