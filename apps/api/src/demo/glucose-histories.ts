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
/** Every fifth sensor samples each five minutes, the others each fifteen. */
const FINE = 5;
/** Two of them live with mmol/L. */
const IN_MMOL = new Set([2, 8]);

/** How the n-th patient measures and fares; the first one is a picture of a life with ups and downs. */
function glucoseOf(index: number): DemoGlucose {
  const burden = index === 0 ? 0.35 : ((index * 7) % 19) / 18;
  const interval = index >= SENSORS ? null : index % FINE === 0 ? 5 : 15;
  return { burden, unit: IN_MMOL.has(index) ? 'mmol/L' : 'mg/dL', interval };
}

/**
 * Ninety days of glucose for the first thirty-six patients, up to now. What is stored already stays; a later load goes on
 * from the newest reading.
 */
export async function loadGlucoseHistories(app: INestApplicationContext, now: Date): Promise<void> {
  const backfill = app.get(GlucoseBackfill);
  for (let index = 0; index < SENSORS + STICKS; index += 1) {
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
}
