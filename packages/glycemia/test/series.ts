import { buildDay } from '../src/day';
import type { Day, Reading, Unit } from '../src/types';
import { localParts } from '../src/zone';
import { ORIGIN } from './vectors';

/** Milliseconds. */
export const MINUTE = 60_000;
export const DAY = 1440 * MINUTE;

/** Day documents of some readings, one for each local day that has one. */
export function daysOf(readings: readonly Reading[], zone = 'UTC'): Day[] {
  const dates = [...new Set(readings.map(({ t }) => localParts(t, zone).date))].sort();
  return dates.flatMap((date) => buildDay(readings, date, zone) ?? []);
}

/** Readings of a sensor five minutes apart from a day on, each value lasting for some readings. */
export function sensor(day: number, ...stretches: [value: number, count: number][]): Reading[] {
  const values = stretches.flatMap(([value, count]) => Array.from({ length: count }, () => value));
  return values.map((value, index) => ({
    t: ORIGIN + day * DAY + index * 5 * MINUTE,
    value,
    interval: 5,
    source: 'cgm',
  }));
}

/** Capillary readings, `perDay` on each of some days. */
export function meter(days: number, perDay: number, value = 100, unit: Unit = 'mg/dL'): Reading[] {
  return Array.from({ length: days * perDay }, (_, index) => ({
    t: ORIGIN + Math.floor(index / perDay) * DAY + (index % perDay) * 60 * MINUTE,
    value,
    unit,
    source: 'manual',
  }));
}
