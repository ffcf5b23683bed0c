import { at } from './numbers';
import type { Cell } from './types';
import { assertMgdl, quantaToMgdl } from './units';

/** Values in mg/dL with how often each occurs: a list of values, or a histogram. One code path serves both. */
export interface Sample {
  readonly x: Float64Array;
  /** Occurrences of each value; null means once each. */
  readonly n: Float64Array | null;
  readonly total: number;
}

/** Sample of plain values in mg/dL; what is not finite is missing. Throws RangeError for a value below 1 mg/dL. */
export function sampleOf(values: readonly number[]): Sample {
  const x = Float64Array.from(values.filter(Number.isFinite));
  x.forEach(assertMgdl);
  return { x, n: null, total: x.length };
}

/** Sample of histogram cells, ascending by value although the cells are ascending by unit first. */
export function sampleOfCells(cells: readonly (Cell | readonly [number, number, number])[]): Sample {
  const pairs = cells.map(([u, q, n]) => [quantaToMgdl(q, u), n] as const);
  pairs.sort((a, b) => a[0] - b[0]);
  const x = Float64Array.from(pairs, (pair) => pair[0]);
  const n = Float64Array.from(pairs, (pair) => pair[1]);
  return { x, n, total: n.reduce((sum, count) => sum + count, 0) };
}

/** Sum of a function over all values of a sample. */
export function sumOf(sample: Sample, value: (x: number) => number): number {
  let sum = 0;
  for (let index = 0; index < sample.x.length; index += 1) {
    sum += value(at(sample.x, index)) * (sample.n === null ? 1 : at(sample.n, index));
  }
  return sum;
}

/** Mean of a function over all values; null when there are none. */
export function meanBy(sample: Sample, value: (x: number) => number): number | null {
  return sample.total === 0 ? null : sumOf(sample, value) / sample.total;
}

/** Arithmetic mean; null when empty. */
export function meanOf(sample: Sample): number | null {
  return meanBy(sample, (x) => x);
}

/** Sample standard deviation in two passes; null below two values. */
export function sdOf(sample: Sample, mean = meanOf(sample)): number | null {
  if (mean === null || sample.total < 2) return null;
  if (sample.x.every((x) => x === sample.x[0])) return 0;
  return Math.sqrt(sumOf(sample, (x) => (x - mean) ** 2) / (sample.total - 1));
}

/** A copy in ascending order of value; quantiles need one. Samples of cells are already in order. */
export function sortSample(sample: Sample): Sample {
  return sample.n === null ? { ...sample, x: Float64Array.from(sample.x).sort() } : sample;
}

/** Type 7 quantile of a sample in ascending order; null when empty. Throws RangeError for p outside [0, 1]. */
export function quantileOf(sorted: Sample, p: number): number | null {
  if (!(p >= 0 && p <= 1)) throw new RangeError('A quantile lies between 0 and 1');
  if (sorted.total === 0) return null;
  const h = (sorted.total - 1) * p;
  const low = Math.floor(h);
  const [value, next] = neighbours(sorted, low);
  return value + (h - low) * (next - value);
}

/** The values at a 0-based rank and the rank after it (the same at the end). */
function neighbours(sorted: Sample, rank: number): [number, number] {
  const { x, n, total } = sorted;
  const following = Math.min(rank + 1, total - 1);
  if (n === null) return [at(x, rank), at(x, following)];
  let index = 0;
  let end = at(n, 0);
  while (end <= rank) {
    index += 1;
    end += at(n, index);
  }
  const value = at(x, index);
  while (end <= following) {
    index += 1;
    end += at(n, index);
  }
  return [value, at(x, index)];
}
