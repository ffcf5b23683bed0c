import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import type { TestResponse } from '../support/test-response';

const HOUR_MS = 3_600_000;
const REPORTS = [
  'summary?days=14',
  'summary?days=14&include=variability',
  'agp?days=14',
  'agp?days=14&resolution=5',
  'daily?days=3',
  'episodes?days=14',
  'compare?days=7',
];
/** Null in these is no metric without a value: limits, goals, verdicts, instants. */
const NO_METRICS = new Set(['limits', 'goal', 'met', 'reason', 'firstReading', 'lastReading', 'refused', 'units']);

describe('what a report leaves out', () => {
  let t: TestApp;
  let people: Record<'nobody' | 'sensor' | 'fingers' | 'oneFinger' | 'yesterday', TestActor>;

  beforeAll(async () => {
    t = await startTestApp();
    const [nobody, sensor, fingers, oneFinger, yesterday] = await Promise.all([
      t.actors.asPatient(),
      t.actors.asPatient(),
      t.actors.asPatient(),
      t.actors.asPatient(),
      t.actors.asPatient(),
    ]);
    people = { nobody, sensor, fingers, oneFinger, yesterday };
    // Two hours of a sensor, and half a day of one: hours and a night without any reading.
    await sensor.post('/glucose/bulk', { readings: sensorReadings(24, 0) });
    await yesterday.post('/glucose/bulk', { readings: sensorReadings(300, 12) });
    await fingers.post('/glucose/bulk', { readings: capillaryReadings(40) });
    await oneFinger.post('/glucose/bulk', { readings: capillaryReadings(1) });
  });

  afterAll(async () => {
    await t.close();
  });

  const ago = (hours: number): string => new Date(t.clock.now().getTime() - hours * HOUR_MS).toISOString();
  const sensorReadings = (count: number, hours: number): object[] =>
    Array.from({ length: count }, (_, index) => ({
      value: 90 + (index % 40),
      source: 'cgm',
      intervalMinutes: 5,
      measuredAt: ago(hours + (index + 1) / 12),
    }));
  const capillaryReadings = (count: number): object[] =>
    Array.from({ length: count }, (_, index) => ({
      value: 100 + index,
      measuredAt: ago(index * 5 + 1),
      period: index % 2 === 0 ? 'fasting' : 'bedtime',
    }));

  const report = async (by: TestActor, path: string): Promise<TestResponse['body']> => {
    const { status, body } = await by.get(`/glucose/analytics/${path}`);
    expect(status, path).toBe(200);
    return body;
  };

  it('is named with a reason, in every report on whatever there is', async () => {
    for (const [who, actor] of Object.entries(people))
      for (const path of REPORTS)
        for (const more of ['', '&population=gestational', '&basis=smbg', '&basis=cgm&unit=mmol/L']) {
          const body = await report(actor, `${path}${more}`);
          expect(unexplained(body), `${who}: ${path}${more}`).toEqual([]);
        }
  });

  it('ranges and blocks without a reading have no share, and say so', async () => {
    const agp = await report(people.nobody, 'agp?days=14');
    expect(agp.blocks.night.target).toMatchObject({ percent: null, minutesPerDay: null, readings: 0 });
    expect(agp.refused).toEqual({ bins: 'NO_DATA', percent: 'NO_DATA', minutesPerDay: 'NO_DATA' });
    const summary = await report(people.nobody, 'summary?days=14');
    expect(summary.refused).toMatchObject({ percent: 'NO_DATA', minutesPerDay: 'NO_DATA' });
    const compared = await report(people.sensor, 'compare?days=7');
    expect(compared.delta.ranges.target).toBeNull();
    expect(compared.refused).toMatchObject({ target: 'NO_DATA', aboveTarget: 'NO_DATA' });
  });

  it('profiles name what is not for pregnancy and what needs a sensor', async () => {
    const pregnant = await report(people.yesterday, 'agp?days=14&population=pregnancy-t1');
    expect(pregnant.blocks.day.veryHigh).toBeNull();
    expect(pregnant.refused).toMatchObject({ veryHigh: 'NOT_FOR_PREGNANCY', tight: 'NOT_FOR_PREGNANCY' });
    const capillary = await report(people.fingers, 'agp?days=14');
    expect(capillary.refused).toMatchObject({
      smoothed: 'CGM_REQUIRED',
      minutes: 'CGM_REQUIRED',
      minutesPerDay: 'CGM_REQUIRED',
      p05: 'INSUFFICIENT_READINGS',
    });
    const few = await report(people.sensor, 'agp?days=14');
    expect(few.refused.bins).toBe('LESS_THAN_24H');
  });

  it('days, episodes and meal contexts explain theirs', async () => {
    const daily = await report(people.oneFinger, 'daily?days=3');
    expect(daily.refused).toMatchObject({
      minutes: 'CGM_REQUIRED',
      activePercent: 'CGM_REQUIRED',
      partial: 'CGM_REQUIRED',
      standardDeviation: 'INSUFFICIENT_READINGS',
      mean: 'NO_DATA',
    });
    const episodes = await report(people.sensor, 'episodes?days=14');
    expect(episodes.refused).toEqual({ meanDurationMinutes: 'NO_EPISODES' });
    expect((await report(people.nobody, 'episodes?days=14')).refused).toEqual({
      perDay: 'NO_DATA',
      perWeek: 'NO_DATA',
      meanDurationMinutes: 'NO_DATA',
    });
    expect((await report(people.fingers, 'summary?days=14')).refused.inTargetPercent).toBe('NO_TARGET');
  });
});

/** Keys of nulls that `refused` has no reason for. */
function unexplained(body: TestResponse['body']): string[] {
  const missing = new Set<string>();
  const walk = (value: unknown, key: string): void => {
    if (NO_METRICS.has(key) || key.endsWith('Band')) return;
    if (value === null && body.refused[key] === undefined) missing.add(key);
    else if (Array.isArray(value)) value.forEach((item) => walk(item, `${key}[]`));
    else if (typeof value === 'object' && value !== null)
      for (const [name, item] of Object.entries(value)) {
        // Of a meal context and of a capillary target the limits, which not every one has.
        const isLimit = 'maxOpen' in value || (key === 'byContext[]' && name === 'target');
        if (!isLimit) walk(item, name);
      }
  };
  walk(body, '');
  return [...missing];
}
