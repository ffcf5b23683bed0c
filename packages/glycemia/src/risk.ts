import { clockOf } from './zone';
import { normalize, mgdlOf } from './readings';
import { meanBy, sampleOf, type Sample } from './sample';
import type { Reading } from './types';
import { assertMgdl } from './units';

/** Risk of a value: f, and its share towards low and high glucose. */
export interface Risk {
  readonly f: number;
  readonly r: number;
  readonly rl: number;
  readonly rh: number;
}

/** The symmetric scale of Kovatchev 1997; 0 near 112.517 mg/dL. */
function symmetric(x: number): number {
  return 1.509 * (Math.log(x) ** 1.084 - 5.381);
}

/** Risk of low glucose of a value in mg/dL. */
function lowRisk(x: number): number {
  const f = symmetric(x);
  return f < 0 ? 10 * f * f : 0;
}

/** Risk of high glucose of a value in mg/dL. */
function highRisk(x: number): number {
  const f = symmetric(x);
  return f > 0 ? 10 * f * f : 0;
}

/** Risk of one value in mg/dL (Kovatchev 1997). Throws RangeError below 1 mg/dL and for what is not finite. */
export function risk(x: number): Risk {
  const f = symmetric(assertMgdl(x));
  const r = 10 * f * f;
  return { f, r, rl: f < 0 ? r : 0, rh: f > 0 ? r : 0 };
}

/** LBGI of a sample; null when empty. */
export function lbgiOf(sample: Sample): number | null {
  return meanBy(sample, lowRisk);
}

/** HBGI of a sample; null when empty. */
export function hbgiOf(sample: Sample): number | null {
  return meanBy(sample, highRisk);
}

/** Low blood glucose index over all values in mg/dL (Kovatchev 1998); null when empty. Throws RangeError below 1. */
export function lbgi(values: readonly number[]): number | null {
  return lbgiOf(sampleOf(values));
}

/** High blood glucose index over all values in mg/dL (Kovatchev 2002); null when empty. Throws RangeError below 1. */
export function hbgi(values: readonly number[]): number | null {
  return hbgiOf(sampleOf(values));
}

/**
 * Average daily risk range: mean over the local days with a reading of the greatest low risk plus the greatest high
 * risk (Kovatchev 2006); null without readings. Throws RangeError for an unknown zone or unit and below 1 mg/dL.
 */
export function adrr(readings: readonly Reading[], zone: string): number | null {
  const clock = clockOf(zone);
  const days: { low: number; high: number }[] = [];
  let current = NaN;
  let extremes = { low: Infinity, high: -Infinity };
  for (const reading of normalize(readings)) {
    const { day } = clock(reading.t);
    const x = mgdlOf(reading);
    if (day !== current) {
      current = day;
      extremes = { low: x, high: x };
      days.push(extremes);
    }
    extremes.low = Math.min(extremes.low, x);
    extremes.high = Math.max(extremes.high, x);
  }
  return adrrOf(days);
}

/** ADRR of days given by their least and greatest value in mg/dL; null without days. */
export function adrrOf(days: readonly { readonly low: number; readonly high: number }[]): number | null {
  if (days.length === 0) return null;
  return days.reduce((sum, { low, high }) => sum + lowRisk(low) + highRisk(high), 0) / days.length;
}

/** Band of a risk index. */
export type RiskBand = 'minimal' | 'low' | 'moderate' | 'high';

/** Band of an LBGI (Kovatchev 1998); null stays null. */
export function lbgiBand(index: number | null): RiskBand | null {
  if (index === null) return null;
  if (index <= 1.1) return 'minimal';
  if (index <= 2.5) return 'low';
  return index <= 5 ? 'moderate' : 'high';
}

/** Band of an HBGI (Kovatchev 2002); null stays null. */
export function hbgiBand(index: number | null): RiskBand | null {
  if (index === null) return null;
  if (index <= 4.5) return 'low';
  return index <= 9 ? 'moderate' : 'high';
}

/** Band of an ADRR (Kovatchev 2006); null stays null. */
export function adrrBand(index: number | null): RiskBand | null {
  if (index === null) return null;
  if (index < 20) return 'low';
  return index <= 40 ? 'moderate' : 'high';
}
