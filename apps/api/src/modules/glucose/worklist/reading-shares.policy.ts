import { classify, toMgdl } from '@diabcare/glycemia';
import { roundHalfAway } from '../../../common/numbers';
import type { PatientDays } from './patient-days.service';

/** How urgent a patient is in the doctor's list. */
export type PatientUrgency = 'critical' | 'attention' | 'stable';

/** What a doctor's list shows of a patient's readings (contract 20 section 3.5). */
export interface PatientOverview {
  readonly status: PatientUrgency;
  /** 0..100; null without readings in the last 14 days. */
  readonly riskScore: number | null;
  /** mg/dL, 1 decimal. */
  readonly lastReading: {
    readonly value: number;
    readonly unit: 'mg/dL';
    readonly measuredAt: Date;
    readonly riskLevel: 'low' | 'medium' | 'high';
  } | null;
}

const DAY_MS = 86_400_000;

/** Readings by band, all sources together. */
interface Counts {
  readonly n: number;
  readonly veryLow: number;
  readonly low: number;
  readonly target: number;
  readonly high: number;
  readonly veryHigh: number;
}

function countsOf({ days }: PatientDays): Counts {
  const sums = [0, 0, 0, 0, 0];
  for (const day of days)
    for (const block of [day.cgm, day.smbg]) {
      const own = block?.bands.std.n ?? [];
      for (let band = 0; band < own.length; band += 1) sums[band] = (sums[band] ?? 0) + (own[band] ?? 0);
    }
  const [veryLow = 0, low = 0, target = 0, high = 0, veryHigh = 0] = sums;
  return { n: veryLow + low + target + high + veryHigh, veryLow, low, target, high, veryHigh };
}

/** Glycaemia risk index of the shares of readings, rounded; it orders the list and is not a reported index. */
function riskOf({ n, veryLow, low, high, veryHigh }: Counts): number | null {
  if (n === 0) return null;
  const score = (100 * (3 * veryLow + 2.4 * low + 1.6 * veryHigh + 0.8 * high)) / n;
  return Math.min(100, roundHalfAway(score, 0));
}

/** Comparisons by whole numbers: 1 % is not above 1 %. */
function statusOf(patient: PatientDays, counts: Counts, now: Date): PatientUrgency {
  const { n, veryLow, low, target } = counts;
  const since = now.getTime() - DAY_MS;
  if (patient.days.some(({ lastCriticalAt }) => lastCriticalAt !== undefined && lastCriticalAt >= since))
    return 'critical';
  if (n > 0 && (100 * veryLow > n || 100 * target < 50 * n)) return 'critical';
  if (n > 0 && (100 * target < 70 * n || 100 * (veryLow + low) > 4 * n)) return 'attention';
  const newest = patient.newest?.measuredAt.getTime() ?? -Infinity;
  return newest < now.getTime() - 7 * DAY_MS ? 'attention' : 'stable';
}

/** What the list shows of a patient whose data the doctor may see. */
export function overviewOf(patient: PatientDays, now: Date): PatientOverview {
  const counts = countsOf(patient);
  const { newest } = patient;
  return {
    status: statusOf(patient, counts, now),
    riskScore: riskOf(counts),
    lastReading:
      newest === null
        ? null
        : {
            value: roundHalfAway(toMgdl(newest.value, newest.unit), 1),
            unit: 'mg/dL',
            measuredAt: newest.measuredAt,
            riskLevel: riskLevelOf(newest.value, newest.unit),
          },
  };
}

function riskLevelOf(value: number, unit: 'mg/dL' | 'mmol/L'): 'low' | 'medium' | 'high' {
  const band = classify(value, unit, 'standard');
  if (band === 'veryLow' || band === 'veryHigh') return 'high';
  return band === 'target' ? 'low' : 'medium';
}
