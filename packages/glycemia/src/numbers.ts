/** Nearest integer, ties to even. */
export function halfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Rounded to a number of decimals, ties to even; used for comparisons and by callers when they print. */
export function roundTo(x: number, decimals: number): number {
  const scale = 10 ** decimals;
  return halfEven(x * scale) / scale;
}

/** The element at an index that the caller knows to exist; 0 keeps the arithmetic total. */
export function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
