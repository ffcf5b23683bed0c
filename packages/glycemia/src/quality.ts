import { meanBy, meanOf, sampleOf, sdOf, sumOf, type Sample } from './sample';

/** GRADE: mean of the transformed values, and the share of low, middle and high values in it, %. */
export interface Grade {
  readonly value: number | null;
  readonly hypo: number | null;
  readonly eu: number | null;
  readonly hyper: number | null;
}

/** Hill 2007, whose constants assume 18 mg/dL in one mmol/L. */
function gradeOfValue(x: number): number {
  return x <= 18 ? 50 : Math.min(50, 425 * (Math.log10(Math.log10(x / 18)) + 0.16) ** 2);
}

/** GRADE of a sample. */
export function gradeOf(sample: Sample): Grade {
  const sum = sumOf(sample, gradeOfValue);
  if (sample.total === 0) return { value: null, hypo: null, eu: null, hyper: null };
  const value = sum / sample.total;
  if (sum === 0) return { value, hypo: null, eu: null, hyper: null };
  const hypo = (100 * sumOf(sample, (x) => (x < 70 ? gradeOfValue(x) : 0))) / sum;
  const hyper = (100 * sumOf(sample, (x) => (x > 140 ? gradeOfValue(x) : 0))) / sum;
  const eu = (100 * sumOf(sample, (x) => (x >= 70 && x <= 140 ? gradeOfValue(x) : 0))) / sum;
  return { value, hypo, eu, hyper };
}

/** GRADE of values in mg/dL (Hill 2007), 0 to 50, with shares in %. Throws RangeError below 1 mg/dL. */
export function grade(values: readonly number[]): Grade {
  return gradeOf(sampleOf(values));
}

/** J-index of a mean and a standard deviation; null when either is missing. */
export function jIndexOf(mean: number | null, sd: number | null): number | null {
  return mean === null || sd === null ? null : 0.001 * (mean + sd) ** 2;
}

/** J-index of values in mg/dL (Wojcicki 1995); null below two values. Throws RangeError below 1 mg/dL. */
export function jIndex(values: readonly number[]): number | null {
  const sample = sampleOf(values);
  const mean = meanOf(sample);
  return jIndexOf(mean, sdOf(sample, mean));
}

/** M-value of a sample about a reference. Throws RangeError for a reference below 1 mg/dL. */
export function mValueOf(sample: Sample, reference: number): number | null {
  if (!(reference >= 1 && Number.isFinite(reference))) throw new RangeError('The reference is below 1 mg/dL');
  return meanBy(sample, (x) => Math.abs(10 * Math.log10(x / reference)) ** 3);
}

/**
 * M-value of values in mg/dL about a reference (Schlichtkrull 1965, without the width term); null when empty. Throws
 * RangeError for a value or a reference below 1 mg/dL.
 */
export function mValue(values: readonly number[], reference = 90): number | null {
  return mValueOf(sampleOf(values), reference);
}

/** Hyperglycaemia index of a sample. */
export function hyperIndexOf(sample: Sample): number | null {
  return meanBy(sample, (x) => (x > 140 ? (x - 140) ** 1.1 / 30 : 0));
}

/** Hypoglycaemia index of a sample. */
export function hypoIndexOf(sample: Sample): number | null {
  return meanBy(sample, (x) => (x < 80 ? (80 - x) ** 2 / 30 : 0));
}

/** Hyperglycaemia index of values in mg/dL (Rodbard 2009); null when empty. Throws RangeError below 1 mg/dL. */
export function hyperIndex(values: readonly number[]): number | null {
  return hyperIndexOf(sampleOf(values));
}

/** Hypoglycaemia index of values in mg/dL (Rodbard 2009); null when empty. Throws RangeError below 1 mg/dL. */
export function hypoIndex(values: readonly number[]): number | null {
  return hypoIndexOf(sampleOf(values));
}

/** Index of glycaemic control of a sample: hyper index plus hypo index. */
export function igcOf(sample: Sample): number | null {
  const [hyper, hypo] = [hyperIndexOf(sample), hypoIndexOf(sample)];
  return hyper === null || hypo === null ? null : hyper + hypo;
}

/** Index of glycaemic control of values in mg/dL (Rodbard 2009); null when empty. Throws RangeError below 1 mg/dL. */
export function igc(values: readonly number[]): number | null {
  return igcOf(sampleOf(values));
}
