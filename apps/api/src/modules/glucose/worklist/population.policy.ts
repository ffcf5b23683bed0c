import {
  type Basis,
  dayStart,
  gri,
  isPregnancy,
  meanOfSums,
  type Population,
  roundTo,
  tideCounts,
  type TideCounts,
  type TideEntry,
  tideGroup,
} from '@diabcare/glycemia';
import { dateOf, nextDate } from '../days/dates';
import type { CurrentDay } from '../days/rollups.service';
import type { GlucosePatient } from '../glucose-patients.service';
import type { PatientDays } from './patient-days.service';
import type { WorklistItem } from './population.dto';

/** A patient of the worklist before it has a rank: what decides the order, and what is shown on the page that has it. */
export interface WorklistRow {
  readonly entry: TideEntry;
  readonly item: () => Omit<WorklistItem, 'rank'>;
}

const MINUTE_MS = 60_000;

/** The period of the list and the equally long one before, in the patient's own days. */
interface Split {
  readonly current: readonly CurrentDay[];
  readonly previous: readonly CurrentDay[];
  /** Elapsed minutes. */
  readonly window: number;
  readonly previousWindow: number;
}

function split({ zone }: GlucosePatient, days: readonly CurrentDay[], length: number, now: Date): Split {
  const today = dateOf(now, zone);
  const first = nextDate(today, 1 - length);
  const [start, before] = [dayStart(first, zone), dayStart(nextDate(first, -length), zone)];
  return {
    current: days.filter(({ date }) => date >= first),
    previous: days.filter(({ date }) => date < first),
    window: Math.floor((now.getTime() - start) / MINUTE_MS),
    previousWindow: Math.floor((start - before) / MINUTE_MS),
  };
}

/** Places one patient (glucose metrics section 15.1): integers only decide, percentages are for reading. */
export function worklistRow(
  patient: GlucosePatient,
  name: string,
  recent: PatientDays,
  length: number,
  now: Date,
): WorklistRow {
  const { population } = patient;
  const parts = split(patient, recent.days, length, now);
  const basis: Basis = recent.days.some(({ cgm }) => (cgm?.w ?? 0) > 0) ? 'cgm' : 'smbg';
  const [window, previousWindow] = basis === 'cgm' ? [parts.window, parts.previousWindow] : [length, length];
  const current = tideCounts(parts.current, population, basis, window);
  const previous = tideCounts(parts.previous, population, basis, previousWindow);
  const { group, code } = tideGroup(current, previous, population);
  const lastReading = recent.newest?.measuredAt.getTime() ?? null;
  return {
    entry: { group, target: current.target, total: current.total, patientId: patient.id, lastReading },
    item: () => {
      const withData = parts.current.filter((day) => (basis === 'cgm' ? day.cgm : day.smbg) !== null);
      return {
        patientId: patient.id,
        patientName: name,
        group,
        code,
        basis,
        population,
        activePercent: basis === 'smbg' ? null : share(Math.min(current.total, window), window),
        ...percents(current, withData, population, basis),
        targetDelta: deltaOf(current, previous),
        mean: meanOf(withData, basis),
        lastReading: recent.newest,
        days: withData.length,
      };
    },
  };
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? roundTo((100 * part) / whole, 2) : null;
}

function percents(counts: TideCounts, days: readonly CurrentDay[], population: Population, basis: Basis) {
  const { total, veryLow, belowTarget, target } = counts;
  const [, , , high = 0, veryHigh = 0] = bandSums(days, population, basis);
  const percent = (part: number): number | null => (total > 0 ? (100 * part) / total : null);
  const index =
    basis === 'smbg' || isPregnancy(population) || total === 0
      ? null
      : gri({
          veryLow: percent(veryLow),
          low: percent(belowTarget - veryLow),
          high: percent(high),
          veryHigh: percent(veryHigh),
        });
  return {
    veryLowPercent: share(veryLow, total),
    belowTargetPercent: share(belowTarget, total),
    targetPercent: share(target, total),
    veryHighPercent: isPregnancy(population) ? null : share(veryHigh, total),
    gri: index === null ? null : roundTo(index.value, 2),
  };
}

function bandSums(days: readonly CurrentDay[], population: Population, basis: Basis): number[] {
  const sums = [0, 0, 0, 0, 0];
  for (const day of days) {
    const bands = (basis === 'cgm' ? day.cgm : day.smbg)?.bands;
    const counts = isPregnancy(population) ? bands?.preg : bands?.std;
    const own = (basis === 'cgm' ? counts?.w : counts?.n) ?? [];
    for (let band = 0; band < own.length; band += 1) sums[band] = (sums[band] ?? 0) + (own[band] ?? 0);
  }
  return sums;
}

/** Change of time in range in points, where the earlier period counts. */
function deltaOf(current: TideCounts, previous: TideCounts): number | null {
  const { total, window, basis } = previous;
  const counts = total > 0 && (basis === 'smbg' ? total >= window : 2 * total >= window);
  if (!counts || current.total === 0) return null;
  return roundTo((100 * current.target) / current.total - (100 * previous.target) / total, 2);
}

/** Mean in mg/dL from the sums of quanta. */
function meanOf(days: readonly CurrentDay[], basis: Basis): number | null {
  let [n, mgdl, mmol] = [0, 0, 0];
  for (const day of days) {
    const block = basis === 'cgm' ? day.cgm : day.smbg;
    n += block?.n ?? 0;
    mgdl += block?.sums[0] ?? 0;
    mmol += block?.sums[1] ?? 0;
  }
  const mean = meanOfSums({ n, sums: [mgdl, mmol] });
  return mean === null ? null : roundTo(mean, 1);
}
