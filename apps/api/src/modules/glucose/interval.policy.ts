import { inferInterval, type Reading } from '@diabcare/glycemia';
import type { ReadingInput } from './reading.policy';

/** Where nothing says otherwise, minutes. */
const DEFAULT_INTERVAL = 5;

/** Source and device of readings that come from one sensor. */
function sensorOf(reading: Pick<ReadingInput, 'deviceId'>): string {
  return reading.deviceId ?? '';
}

/**
 * The interval that a batch shows for each of its sensors, by `inferInterval`. Two sensors worn at once are told apart by
 * their device.
 */
export function batchIntervals(
  cgm: readonly Pick<ReadingInput, 'deviceId' | 'measuredAt' | 'value' | 'unit'>[],
): Map<string, number> {
  const sensors = new Map<string, Reading[]>();
  for (const reading of cgm) {
    const sensor = sensorOf(reading);
    const list = sensors.get(sensor) ?? [];
    list.push({ t: reading.measuredAt.getTime(), value: reading.value, unit: reading.unit, kind: 'cgm' });
    sensors.set(sensor, list);
  }
  const intervals = new Map<string, number>();
  for (const [sensor, list] of sensors) {
    const interval = inferInterval(list);
    if (interval !== null) intervals.set(sensor, interval);
  }
  return intervals;
}

/**
 * The interval of one CGM reading in minutes: as given; else that of its batch; else that of the patient's latest CGM
 * reading within 24 h; else 5.
 */
export function intervalOf(
  reading: Pick<ReadingInput, 'intervalMinutes' | 'deviceId'>,
  batch: ReadonlyMap<string, number>,
  latest: number | null,
): number {
  return reading.intervalMinutes ?? batch.get(sensorOf(reading)) ?? latest ?? DEFAULT_INTERVAL;
}
