import { unitCode } from './populations';
import type { Kind, Reading, Unit } from './types';
import { quanta, quantaToMgdl } from './units';

/** Minutes a sensor reading stands for when nothing says otherwise. */
const DEFAULT_INTERVAL = 5;

/** Kind of a reading: as given, else by its source (an import is capillary unless declared), else `cgm`. */
export function kindOf(reading: Reading): Kind {
  if (reading.kind !== undefined) return reading.kind;
  return reading.source === undefined || reading.source === 'cgm' ? 'cgm' : 'capillary';
}

/** Unit of a reading, default mg/dL. */
export function unitOf(reading: Reading): Unit {
  return reading.unit ?? 'mg/dL';
}

/** Minutes a reading stands for; capillary readings stand for none. */
export function intervalOf(reading: Reading): number {
  return kindOf(reading) === 'capillary' ? 0 : (reading.interval ?? DEFAULT_INTERVAL);
}

/** A reading whose value is known to be there. */
export type PresentReading = Reading & { readonly value: number };

/** True when instant and value are there. */
export function isPresent(reading: Reading): reading is PresentReading {
  return Number.isFinite(reading.t) && typeof reading.value === 'number' && Number.isFinite(reading.value);
}

/** Statistic value of a reading in mg/dL, from its quanta. Throws RangeError for an unknown unit or below 1 mg/dL. */
export function mgdlOf(reading: PresentReading): number {
  const unit = unitOf(reading);
  return quantaToMgdl(quanta(reading.value, unit), unitCode(unit));
}

/**
 * Readings in time order without missing ones; of several sensor readings at one instant the last given stays,
 * capillary readings all stay. Throws RangeError for an unknown unit and a value below 1 mg/dL.
 */
export function normalize(readings: readonly Reading[]): PresentReading[] {
  const present = readings.filter(isPresent);
  for (const reading of present) quanta(reading.value, unitOf(reading));
  if (!isAscending(present)) present.sort((a, b) => a.t - b.t);
  return dropEarlierTwins(present);
}

function isAscending(readings: readonly Reading[]): boolean {
  return readings.every((reading, index) => index === 0 || (readings[index - 1]?.t ?? -Infinity) <= reading.t);
}

/** Of several sensor readings at one instant only the last stays. */
function dropEarlierTwins(sorted: PresentReading[]): PresentReading[] {
  const kept: PresentReading[] = [];
  let cgmAt = NaN;
  let cgmIndex = -1;
  for (const reading of sorted) {
    if (kindOf(reading) === 'cgm') {
      if (reading.t === cgmAt) {
        kept[cgmIndex] = reading;
        continue;
      }
      cgmAt = reading.t;
      cgmIndex = kept.length;
    }
    kept.push(reading);
  }
  return kept;
}

/** Instants and statistic values of the sensor readings in time order; metrics never mix the two kinds. */
export interface Series {
  readonly t: Float64Array;
  readonly x: Float64Array;
}

/** Sensor readings as columns. Throws RangeError like `normalize`. */
export function cgmSeries(readings: readonly Reading[]): Series {
  const sorted = normalize(readings).filter((reading) => kindOf(reading) === 'cgm');
  const t = new Float64Array(sorted.length);
  const x = new Float64Array(sorted.length);
  sorted.forEach((reading, index) => {
    t[index] = reading.t;
    x[index] = mgdlOf(reading);
  });
  return { t, x };
}
