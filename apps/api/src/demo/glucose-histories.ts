import type { INestApplicationContext } from '@nestjs/common';
import { GlucoseBackfill } from '../modules/glucose';
import { patientKey, patientZone, userId } from './accounts';
import { type DemoGlucose, fingerSticks, sensorReadings } from './glucose';

const DAY_MS = 86_400_000;
const HISTORY_DAYS = 90;
const MINUTE_MS = 60_000;
/** So many patients wear a sensor; those after them measure with finger sticks. */
const SENSORS = 20;
const STICKS = 16;
/** The first sensor samples each five minutes, the others each fifteen. */
const FINE = 1;
/** Histories that are made at the same time: while one is computed, another is stored. */
const PARALLEL = 3;
/** Two of them live with mmol/L. */
const IN_MMOL = new Set([2, 8]);

/** How the n-th patient measures and fares; the first one is a picture of a life with ups and downs. */
function glucoseOf(index: number): DemoGlucose {
  const burden = index === 0 ? 0.35 : ((index * 7) % 19) / 18;
  const interval = index >= SENSORS ? null : index < FINE ? 5 : 15;
  return { burden, unit: IN_MMOL.has(index) ? 'mmol/L' : 'mg/dL', interval };
}

/**
 * Ninety days of glucose for the first thirty-six patients, up to now. What is stored already stays; a later load goes on
 * from the newest reading.
 */
export async function loadGlucoseHistories(app: INestApplicationContext, now: Date): Promise<void> {
  const backfill = app.get(GlucoseBackfill);
  const waiting = Array.from({ length: SENSORS + STICKS }, (_, index) => index);
  const work = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) await load(backfill, index, now);
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}

async function load(backfill: GlucoseBackfill, index: number, now: Date): Promise<void> {
  const patient = { id: userId(patientKey(index)).toHexString(), zone: patientZone(index) };
  const person = glucoseOf(index);
  const newest = await backfill.newest(patient.id);
  const step = (person.interval ?? 1) * MINUTE_MS;
  const start = newest === null ? now.getTime() - HISTORY_DAYS * DAY_MS : newest.getTime() + step;
  // Whole steps of the clock, so that a later load fits on.
  const from = new Date(Math.ceil(start / step) * step);
  const readings =
    person.interval === null
      ? fingerSticks(patientKey(index), person, from, now)
      : sensorReadings(patientKey(index), person, from, now);
  await backfill.store(patient, readings);
}
