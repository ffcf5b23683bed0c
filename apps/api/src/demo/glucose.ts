import { Random } from './random';

/** A demo reading, before it is stored. */
export interface DemoReading {
  readonly value: number;
  readonly unit: 'mg/dL' | 'mmol/L';
  readonly measuredAt: Date;
  readonly source: 'cgm' | 'glucometer';
  readonly period?: 'fasting' | 'before_meal' | 'after_meal' | 'bedtime';
  /** Minutes between two readings of the sensor. */
  readonly interval?: number;
}

/** How well somebody's glucose is controlled, and how it is measured. */
export interface DemoGlucose {
  /** 0 well controlled .. 1 far from the target */
  readonly burden: number;
  readonly unit: 'mg/dL' | 'mmol/L';
  /** Sampling interval of the sensor, minutes; null for finger sticks. */
  readonly interval: 5 | 15 | null;
}

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const MGDL_PER_MMOL = 18.0182;
/** A sensor lasts so long, then the next one warms up. */
const SENSOR_DAYS = 10;
const WARM_UP_MINUTES = 120;

/** Somebody eats, moves or loses the signal: what a day holds besides its rhythm. */
interface Events {
  readonly meals: readonly { readonly at: number; readonly rise: number; readonly width: number }[];
  readonly exercise: { readonly at: number; readonly fall: number } | null;
  readonly nightLow: { readonly at: number; readonly fall: number } | null;
  readonly gap: { readonly from: number; readonly to: number } | null;
}

function eventsOf(word: string, { burden }: DemoGlucose): Events {
  const random = new Random(word);
  const meal = (hour: number, size: number) => ({
    at: hour * 60 + random.below(70) - 35,
    rise: size * (0.55 + random.next() * 0.8) * (0.7 + burden * 1.5),
    width: 45 + random.below(35),
  });
  return {
    meals: [meal(7.5, 62), meal(12.75, 70), meal(16.5, 22), meal(19.75, 78)],
    exercise: random.next() < 0.3 ? { at: 1_020 + random.below(90), fall: 28 + random.below(30) } : null,
    nightLow: random.next() < 0.1 + burden * 0.15 ? { at: 120 + random.below(180), fall: 35 + random.below(35) } : null,
    gap: random.next() < 0.18 ? gapOf(random) : null,
  };
}

function gapOf(random: Random): { from: number; to: number } {
  const from = random.below(1_300);
  return { from, to: from + 25 + random.below(110) };
}

/** A meal rises for some forty minutes and takes hours to leave: the shape of a gamma density, 1 at its top. */
function excursion(minutes: number, width: number): number {
  if (minutes <= 0) return 0;
  const x = minutes / width;
  return x * x * Math.exp(2 * (1 - x));
}

/** A dip of about an hour and a half around a minute. */
function dip(minutes: number): number {
  return Math.exp(-((minutes / 45) ** 2));
}

/** Dawn raises, the afternoon lowers: the rhythm of a day without meals, mg/dL. */
function rhythm(minute: number): number {
  return 9 * Math.sin(((minute - 180) / 1_440) * 2 * Math.PI) + 12 * dip((minute - 400) / 1.6);
}

/** Glucose of the events of a day at a minute of it; yesterday's dinner is minute - 1440 of today. */
function eventLevel(minute: number, { meals, exercise, nightLow }: Events): number {
  let level = 0;
  for (const { at, rise, width } of meals) level += rise * excursion(minute - at, width);
  if (exercise !== null) level -= exercise.fall * dip(minute - exercise.at);
  if (nightLow !== null) level -= nightLow.fall * dip(minute - nightLow.at);
  return level;
}

/**
 * Readings of a sensor from one instant to another: a rhythm, meals, movement, nights that go low, slow drift, sensor
 * noise, lost signals and changes of the sensor. The same key and instants give the same readings.
 */
export function sensorReadings(key: string, person: DemoGlucose, from: Date, to: Date): DemoReading[] {
  const interval = person.interval ?? 5;
  const random = new Random(`cgm:${key}:${from.toISOString()}`);
  const base = 104 + person.burden * 62;
  const readings: DemoReading[] = [];
  let drift = 0;
  let noise = 0;
  let day = -1;
  let [today, yesterday] = [eventsOf('', person), eventsOf('', person)];
  for (let t = from.getTime(); t <= to.getTime(); t += interval * MINUTE_MS) {
    const number = Math.floor(t / DAY_MS);
    if (number !== day) {
      day = number;
      [today, yesterday] = [eventsOf(`${key}:${number}`, person), eventsOf(`${key}:${number - 1}`, person)];
    }
    const minute = (t % DAY_MS) / MINUTE_MS;
    // Slow drift and a faster wobble, both of which forget: nothing walks away.
    drift = drift * (1 - interval / 900) + (random.next() - 0.5) * interval * 0.9;
    noise = noise * 0.6 + (random.next() - 0.5) * 5;
    if (isSilent(number, minute, today)) continue;
    const level =
      base + rhythm(minute) + eventLevel(minute, today) + eventLevel(minute + 1_440, yesterday) + drift + noise;
    readings.push({
      ...inUnit(Math.min(Math.max(level, 41), 398), person.unit),
      measuredAt: new Date(t),
      source: 'cgm',
      interval,
    });
  }
  return readings;
}

function isSilent(day: number, minute: number, { gap }: Events): boolean {
  if (day % SENSOR_DAYS === 0 && minute >= 540 && minute < 540 + WARM_UP_MINUTES) return true;
  return gap !== null && minute >= gap.from && minute < gap.to;
}

function inUnit(mgdl: number, unit: DemoGlucose['unit']): Pick<DemoReading, 'value' | 'unit'> {
  return unit === 'mg/dL'
    ? { value: Math.round(mgdl), unit }
    : { value: Math.round((mgdl / MGDL_PER_MMOL) * 10) / 10, unit };
}

const STICKS = [
  { hour: 7, period: 'fasting', share: 0.95 },
  { hour: 12, period: 'before_meal', share: 0.5 },
  { hour: 14.5, period: 'after_meal', share: 0.55 },
  { hour: 22, period: 'bedtime', share: 0.7 },
] as const;

/** Finger sticks with their meal context between two instants. */
export function fingerSticks(key: string, person: DemoGlucose, from: Date, to: Date): DemoReading[] {
  const readings: DemoReading[] = [];
  const first = Math.floor(from.getTime() / DAY_MS);
  for (let day = first; day * DAY_MS <= to.getTime(); day += 1) {
    const random = new Random(`stick:${key}:${day}`);
    const events = eventsOf(`${key}:${day}`, person);
    for (const { hour, period, share } of STICKS) {
      const minute = Math.round(hour * 60 + random.below(30));
      const measuredAt = new Date(day * DAY_MS + minute * MINUTE_MS);
      const level = 98 + person.burden * 58 + rhythm(minute) + eventLevel(minute, events) + (random.next() - 0.5) * 26;
      if (random.next() > share || measuredAt < from || measuredAt > to) continue;
      readings.push({
        ...inUnit(Math.min(Math.max(level, 44), 390), person.unit),
        measuredAt,
        source: 'glucometer',
        period,
      });
    }
  }
  return readings;
}
