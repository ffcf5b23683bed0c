import type { ReadingInput } from './reading.policy';

/** Sampling intervals to which a measured one is snapped, minutes (glucose metrics section 4). */
const STANDARD_INTERVALS = [1, 3, 5, 15] as const;
const DEFAULT_INTERVAL = 5;
/** Fewer readings of a batch say nothing about the sensor. */
const MIN_BATCH = 4;
const MINUTE_MS = 60_000;

/** Source and device of readings that come from one sensor. */
function sensorOf(reading: Pick<ReadingInput, 'deviceId'>): string {
  return reading.deviceId ?? '';
}

/** The standard interval nearest to a step in minutes; of two equally near ones the shorter. */
function snapInterval(minutes: number): number {
  let best: number = STANDARD_INTERVALS[0];
  for (const candidate of STANDARD_INTERVALS)
    if (Math.abs(candidate - minutes) < Math.abs(best - minutes)) best = candidate;
  return best;
}

/**
 * The median step between the readings of one sensor in a batch, snapped; null for fewer than four. Two sensors worn at
 * once are told apart by their device.
 */
export function batchIntervals(cgm: readonly Pick<ReadingInput, 'deviceId' | 'measuredAt'>[]): Map<string, number> {
  const instants = new Map<string, number[]>();
  for (const reading of cgm) {
    const sensor = sensorOf(reading);
    const list = instants.get(sensor);
    if (list === undefined) instants.set(sensor, [reading.measuredAt.getTime()]);
    else list.push(reading.measuredAt.getTime());
  }
  const intervals = new Map<string, number>();
  for (const [sensor, list] of instants) {
    const step = medianStep(list);
    if (list.length >= MIN_BATCH && step !== null) intervals.set(sensor, snapInterval(step / MINUTE_MS));
  }
  return intervals;
}

function medianStep(instants: readonly number[]): number | null {
  const sorted = [...new Set(instants)].sort((a, b) => a - b);
  const steps = sorted
    .slice(1)
    .map((at, index) => at - (sorted[index] ?? at))
    .sort((a, b) => a - b);
  const middle = steps.length / 2;
  const [low, high] = [steps[Math.ceil(middle) - 1], steps[Math.floor(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
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
