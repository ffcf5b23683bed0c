import fc from 'fast-check';
import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RollupMaintenance } from '../../src/modules/glucose';
import { CounterChecks } from '../../src/platform/scheduler';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, LONG_TOKENS, MINUTE, parallel } from '../support/booking';
import { countReadings, expectedDays, storedDays } from '../support/rollups';
import { vectorRows } from '../support/vectors';

/** The evening before the clocks go back in Paris (26 October 2025, 01:00 UTC). */
const BASE = Date.parse('2025-10-25T19:00:00.000Z');
const ZONES = ['Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland', 'UTC'];

/** What people and devices do; `at` counts steps of 31 minutes, `pick` chooses among the stored readings. */
type Op =
  | { readonly kind: 'post'; readonly readings: readonly object[] }
  | { readonly kind: 'bulk'; readonly readings: readonly object[] }
  | { readonly kind: 'patch'; readonly pick: number; readonly change: object }
  | { readonly kind: 'delete'; readonly pick: number }
  | { readonly kind: 'zone'; readonly zone: string };

const instant = fc.nat({ max: 110 }).map((step) => new Date(BASE + step * 31 * MINUTE).toISOString());
const value = fc.oneof(
  fc.integer({ min: 300, max: 4_000 }).map((tenths) => ({ value: tenths / 10 })),
  fc.integer({ min: 200, max: 2_200 }).map((hundredths) => ({ value: hundredths / 100, unit: 'mmol/L' })),
);
const origin = fc.constantFrom<object>(
  { source: 'manual' },
  { source: 'manual', period: 'fasting' },
  { source: 'glucometer', period: 'after_meal' },
  { source: 'cgm', deviceId: 'left', intervalMinutes: 5 },
  { source: 'cgm', deviceId: 'right', intervalMinutes: 15 },
  { source: 'import' },
);
const reading = fc
  .tuple(instant, value, origin)
  .map(([measuredAt, entered, from]): object => ({ measuredAt, ...entered, ...from }));
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 3, arbitrary: reading.map((one): Op => ({ kind: 'post', readings: [one] })) },
  {
    weight: 3,
    arbitrary: fc.array(reading, { minLength: 2, maxLength: 12 }).map((readings): Op => ({ kind: 'bulk', readings })),
  },
  {
    // So many that days are built in the transaction of the upload.
    weight: 3,
    arbitrary: fc.array(reading, { minLength: 30, maxLength: 40 }).map((readings): Op => ({ kind: 'bulk', readings })),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.nat(),
        fc.oneof(
          value,
          instant.map((measuredAt) => ({ measuredAt })),
        ),
      )
      .map(([pick, change]): Op => ({ kind: 'patch', pick, change })),
  },
  { weight: 3, arbitrary: fc.nat().map((pick): Op => ({ kind: 'delete', pick })) },
  { weight: 1, arbitrary: fc.constantFrom(...ZONES).map((zone): Op => ({ kind: 'zone', zone })) },
);

describe('daily rollups', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
  });

  afterAll(async () => {
    await t.close();
  });

  /** Does what waits; every document must then equal the build of the stored readings, and the check be silent. */
  async function assertExact(patient: TestActor, zone: string): Promise<void> {
    t.clock.advance(61_000);
    await t.runJob('glucose-rollups');
    const [stored, expected] = await Promise.all([storedDays(t, patient.id), expectedDays(t, patient.id, zone)]);
    expect(stored).toEqual(expected);
    expect(await t.app.get(RollupMaintenance).differences(patient.id)).toEqual([]);
  }

  const idsOf = async (patient: TestActor): Promise<string[]> =>
    (await patient.get('/glucose/my-records?limit=100')).body.data.map(({ _id }: { _id: string }) => _id);

  async function apply(patient: TestActor, todo: Op): Promise<number> {
    if (todo.kind === 'zone') return (await patient.patch(`/patients/${patient.id}`, { timeZone: todo.zone })).status;
    if (todo.kind === 'bulk') return (await patient.post('/glucose/bulk', todo.readings)).status;
    if (todo.kind === 'post') return (await patient.post('/glucose', todo.readings[0])).status;
    const ids = await idsOf(patient);
    const id = ids[todo.pick % Math.max(1, ids.length)];
    if (id === undefined) return 200;
    if (todo.kind === 'delete') return (await patient.delete(`/glucose/${id}`)).status;
    return (await patient.patch(`/glucose/${id}`, todo.change)).status;
  }

  it('equal what the stored readings say after any history of writes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ZONES),
        fc.array(op, { minLength: 6, maxLength: 16 }),
        async (timeZone, history) => {
          const patient = await t.actors.asPatient({ timeZone });
          let zone = timeZone;
          for (const todo of history) {
            // a value out of the range of its new unit and a device's second reading of an instant are refused
            expect([200, 201, 400, 409]).toContain(await apply(patient, todo));
            if (todo.kind === 'zone') zone = todo.zone;
          }
          await assertReadersAgree(patient, zone);
          await assertExact(patient, zone);
        },
      ),
      { numRuns: 12, seed: 20_251_026, endOnFailure: true },
    );
  }, 180_000);

  /** What a reader is told before any job has run is what the readings say. */
  async function assertReadersAgree(patient: TestActor, zone: string): Promise<void> {
    const expected = await expectedDays(t, patient.id, zone);
    const { body } = await patient.get('/glucose/analytics/daily?start=2025-10-24&end=2025-10-30');
    for (const day of body.days as { date: string; readings: number; capillaryReadings: number }[]) {
      const is = expected[day.date] as { cgm: { n: number } | null; smbg: { n: number } | null } | undefined;
      expect(day.capillaryReadings, day.date).toBe(is?.smbg?.n ?? 0);
      expect(day.readings, day.date).toBe((body.basis === 'cgm' ? is?.cgm?.n : is?.smbg?.n) ?? 0);
    }
    const { total } = (await patient.get('/glucose/my-records?limit=1')).body;
    expect(total).toBe(await countReadings(t, patient.id));
  }

  it('agree with the vectors after every insert, update and delete', async () => {
    const patient = await t.actors.asPatient({ timeZone: 'Europe/Paris' });
    const ids = new Map<string, string>();
    const period = 'start=2025-03-28&end=2025-04-01';
    for (const row of vectorRows('rollup_ops.csv')) {
      const { op: todo, reading: name = '', step } = row;
      const body = { value: Number(row['value']), unit: row['unit'], measuredAt: row['measured_at'] };
      if (todo === 'insert') {
        const { status, body: stored } = await patient.post('/glucose', { ...body, source: 'cgm' });
        expect(status, step).toBe(201);
        ids.set(name, stored._id);
      } else if (todo === 'update')
        expect((await patient.patch(`/glucose/${ids.get(name)}`, body)).status, step).toBe(200);
      else expect((await patient.delete(`/glucose/${ids.get(name)}`)).status, step).toBe(200);

      const [summary, daily] = await Promise.all([
        patient.get(`/glucose/analytics/summary?${period}&basis=cgm`),
        patient.get(`/glucose/analytics/daily?${period}&basis=cgm`),
      ]);
      const perDay = (daily.body.days as { date: string; readings: number }[])
        .filter(({ readings }) => readings > 0)
        .map(({ date, readings }) => `${date}:${readings}`);
      expect(perDay.join(' '), step).toBe(row['readings_per_day_after']);
      const { mean, standardDeviation, quantiles, ranges, risk, sufficiency } = summary.body;
      expect(sufficiency.readings, step).toBe(Number(row['n']));
      for (const [is, should, half] of [
        [mean, row['mean'], 0.05],
        [standardDeviation, row['sd'], 0.05],
        [quantiles.p50, row['q50'], 0.05],
        [risk.lbgi, row['lbgi'], 0.005],
        [risk.hbgi, row['hbgi'], 0.005],
      ] as const) {
        if (should === '') expect(is, step).toBeNull();
        else expect(Math.abs(is - Number(should)), `${step} ${should}`).toBeLessThanOrEqual(half + 1e-9);
      }
      for (const [band, column] of [
        ['veryLow', 'n_very_low'],
        ['low', 'n_low'],
        ['target', 'n_target'],
        ['high', 'n_high'],
        ['veryHigh', 'n_very_high'],
      ] as const)
        expect(ranges[band].readings, `${step} ${band}`).toBe(Number(row[column]));
    }
    await assertExact(patient, 'Europe/Paris');
  });

  const sensorOf = (start: number, from: number, count: number, fields: object = {}): object[] =>
    Array.from({ length: count }, (_, index) => ({
      value: 100 + ((from + index) % 50),
      source: 'cgm',
      measuredAt: new Date(start + (from + index) * 5 * MINUTE).toISOString(),
      ...fields,
    }));

  it('are exact after 50 parallel calls with overlapping readings over midnight', async () => {
    const patient = await t.actors.asPatient({ timeZone: 'Europe/Paris' });
    const answers = await parallel(50, (index) =>
      // 21:00 UTC is two hours before the end of the day; call i brings readings 2 i to 2 i + 39
      patient.post('/glucose/bulk', { readings: sensorOf(Date.parse('2025-11-10T21:00:00Z'), 2 * index, 40) }),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const verdicts = answers.flatMap(({ body }) => body.results as { status: string; _id: string }[]);
    const inserted = verdicts.filter(({ status }) => status === 'inserted').map(({ _id }) => _id);
    // the last call ends with reading 2 * 49 + 39 = 137
    expect([inserted.length, new Set(inserted).size]).toEqual([138, 138]);
    expect(new Set(verdicts.map(({ _id }) => _id)).size).toBe(138);
    expect(await countReadings(t, patient.id)).toBe(138);
    expect((await patient.get('/glucose/analytics/summary?start=2025-11-10&end=2025-11-11')).body).toMatchObject({
      sufficiency: { readings: 138, minutes: 690, daysWithData: 2 },
    });
    await assertExact(patient, 'Europe/Paris');
  });

  it('are exact when readings of one day are moved, deleted and uploaded at the same time', async () => {
    const patient = await t.actors.asPatient({ timeZone: 'UTC' });
    const start = Date.parse('2025-11-12T00:00:00Z');
    await patient.post('/glucose/bulk', { readings: sensorOf(start, 0, 30) });
    const ids = await idsOf(patient);
    const answers = await parallel(60, (index) => {
      const id = ids[index % 20] ?? '';
      if (index % 3 === 0) return patient.post('/glucose/bulk', { readings: sensorOf(start, 20 + index, 20) });
      if (index % 3 === 1) return patient.delete(`/glucose/${id}`);
      return patient.patch(`/glucose/${id}`, { measuredAt: new Date(start - (index + 1) * MINUTE).toISOString() });
    });
    for (const { status } of answers) expect([200, 201, 404, 409]).toContain(status);
    await assertExact(patient, 'UTC');
  });

  it('are exact when the same reading is patched and deleted by everybody at once', async () => {
    const patient = await t.actors.asPatient({ timeZone: 'UTC' });
    const at = (hour: number): string => new Date(Date.parse('2025-11-14T00:00:00Z') + hour * HOUR).toISOString();
    const { body } = await patient.post('/glucose', { value: 100, measuredAt: at(1) });
    const answers = await parallel(20, (index) =>
      index === 10
        ? patient.delete(`/glucose/${body._id}`)
        : patient.patch(`/glucose/${body._id}`, { measuredAt: at(index % 2 === 0 ? 25 : 2), value: 100 + index }),
    );
    for (const { status } of answers) expect([200, 404, 409]).toContain(status);
    expect(await countReadings(t, patient.id)).toBe(0);
    expect((await patient.get('/glucose/analytics/daily?start=2025-11-13&end=2025-11-16')).body).toMatchObject({
      days: Array.from({ length: 4 }, () => ({ readings: 0, mean: null })),
    });
    await assertExact(patient, 'UTC');
    expect(await storedDays(t, patient.id)).toEqual({});
  });

  it('count one of two sensors worn at once, and follow a sensor that changes its interval', async () => {
    const patient = await t.actors.asPatient({ timeZone: 'UTC' });
    const start = Date.parse('2025-11-16T00:00:00Z');
    const upload = (readings: object[]) => patient.post('/glucose/bulk', { readings });
    await upload(sensorOf(start, 0, 24, { deviceId: 'left' }));
    await upload(sensorOf(start + 90_000, 0, 24, { deviceId: 'right', value: 300 }));
    // after a pause of an hour the right one every 15 minutes
    const late = Array.from({ length: 8 }, (_, index) => ({
      value: 200,
      source: 'cgm',
      deviceId: 'right',
      measuredAt: new Date(start + 3 * HOUR + index * 15 * MINUTE).toISOString(),
    }));
    await upload(late);
    const { body } = await patient.get('/glucose/analytics/summary?start=2025-11-16&end=2025-11-16');
    // left: 24 readings of 5 minutes; its last one is at 1:55, the right one's at 1:56:30 is skipped; then 8 of 15
    expect(body.sufficiency).toMatchObject({ readings: 32, minutes: 24 * 5 + 8 * 15, intervalMinutes: 5 });
    expect(body.max).toBe(200);
    await assertExact(patient, 'UTC');
  });

  it('forget what a deleted critical reading said, before and after the rebuild', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const ago = (hours: number): string => new Date(t.clock.now().getTime() - hours * HOUR).toISOString();
    const status = async () =>
      (await doctor.get(`/medecins/${doctor.id}/my-patients`)).body.data[0] as { status: string };
    // 1 of 101 readings below 54 is less than 1 %: only the reading of the last day is critical
    await patient.post('/glucose/bulk', {
      readings: Array.from({ length: 100 }, (_, index) => ({ value: 120, measuredAt: ago(2 + index / 10) })),
    });
    const { body } = await patient.post('/glucose', { value: 45, measuredAt: ago(1) });
    expect(await status()).toMatchObject({ status: 'critical', lastReading: { riskLevel: 'high', value: 45 } });
    await patient.delete(`/glucose/${body._id}`);
    expect(await status()).toMatchObject({ status: 'stable', lastReading: { riskLevel: 'low', value: 120 } });
    await assertExact(patient, 'UTC');
    expect(await status()).toMatchObject({ status: 'stable' });
  });

  it('are found wrong by the check when somebody changes them, and repaired by the rebuild', async () => {
    const patient = await t.actors.asPatient({ timeZone: 'UTC' });
    // From midnight on: all five belong to one day, whenever this runs.
    const yesterday = Math.floor(t.clock.now().getTime() / DAY) * DAY - DAY;
    await patient.post('/glucose/bulk', { readings: sensorOf(yesterday, 0, 5) });
    await assertExact(patient, 'UTC');
    const maintenance = t.app.get(RollupMaintenance);
    expect(await t.app.get(CounterChecks).run()).toEqual([]);
    const [date = ''] = Object.keys(await storedDays(t, patient.id));
    await t.db
      .collection('glucosedays')
      .updateOne({ patientId: new mongo.ObjectId(patient.id), date }, { $inc: { 'cgm.n': 1 } });
    const difference = { date, stored: 5, counted: 5 };
    expect(await maintenance.differences(patient.id)).toEqual([{ patientId: patient.id, ...difference }]);
    expect(await t.app.get(CounterChecks).run()).toEqual([
      { counter: 'glucosedays', owner: `${patient.id} ${date}`, stored: 5, counted: 5 },
    ]);
    await maintenance.rebuild(patient.id);
    await assertExact(patient, 'UTC');
  });
});
