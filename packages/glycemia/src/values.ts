import { meanOf, quantileOf, sampleOf, sdOf, sortSample } from './sample';
import { assertMgdl, MGDL_PER_MMOL } from './units';

/** Mean, mg/dL; null when empty. Throws RangeError for a value below 1 mg/dL, like every function of this file. */
export function mean(values: readonly number[]): number | null {
  return meanOf(sampleOf(values));
}

/** Sample standard deviation, mg/dL; null below two values. */
export function sd(values: readonly number[]): number | null {
  return sdOf(sampleOf(values));
}

/** Coefficient of variation, %; up to 36 counts as stable (Monnier 2017). Null below two values. */
export function cv(values: readonly number[]): number | null {
  const sample = sampleOf(values);
  return percentOf(sdOf(sample), meanOf(sample));
}

/** A standard deviation in percent of a mean; null when either is missing. */
export function percentOf(sdMgDl: number | null, meanMgDl: number | null): number | null {
  return sdMgDl === null || meanMgDl === null ? null : (100 * sdMgDl) / meanMgDl;
}

/** Type 7 quantile (Hyndman and Fan 1996), mg/dL; null when empty. Throws RangeError for p outside [0, 1]. */
export function quantile(values: readonly number[], p: number): number | null {
  return quantileOf(sortSample(sampleOf(values)), p);
}

/** Interquartile range, mg/dL; null when empty. */
export function iqr(values: readonly number[]): number | null {
  const sorted = sortSample(sampleOf(values));
  return difference(quantileOf(sorted, 0.75), quantileOf(sorted, 0.25));
}

/** First less second; null when either is missing. */
export function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

/** A function of a mean in mg/dL that lets a missing mean through. */
function ofMean(meanMgDl: number | null, value: (m: number) => number): number | null {
  return meanMgDl === null || !Number.isFinite(meanMgDl) ? null : value(assertMgdl(meanMgDl));
}

/** Glucose management indicator, %, from a mean in mg/dL (Bergenstal 2018); null stays null. */
export function gmi(meanMgDl: number | null): number | null {
  return ofMean(meanMgDl, (m) => 3.31 + 0.02392 * m);
}

/** Glucose management indicator, mmol/mol, from a mean in mg/dL (Bergenstal 2018); null stays null. */
export function gmiMmolMol(meanMgDl: number | null): number | null {
  return ofMean(meanMgDl, (m) => 12.71 + 4.70587 * (m / MGDL_PER_MMOL));
}

/** Estimated HbA1c, %, from a mean in mg/dL (Nathan 2008); null stays null. */
export function ea1c(meanMgDl: number | null): number | null {
  return ofMean(meanMgDl, (m) => (m + 46.7) / 28.7);
}
