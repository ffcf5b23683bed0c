import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { glucose } from '../../src/migrations/0008-glucose';
import { id, OldDatabase } from '../support/old-database';

describe('migration 0008: readings', () => {
  let db: OldDatabase;

  beforeAll(async () => {
    db = await OldDatabase.open();
  });

  afterEach(async () => {
    await db.clear();
  });

  afterAll(async () => {
    await db.close();
  });

  const at = (minutes: number) => new Date(Date.parse('2026-03-01T22:00:00Z') + minutes * 60_000);

  it('gives readings unit, source, mg/dL and interval, and marks their days', async () => {
    await db.insert('users', { _id: id(1), role: 'PATIENT', timeZone: 'Europe/Paris' });
    await db.insert(
      'glucoses',
      { _id: id(10), patientId: id(1), value: 110, measuredAt: at(0) },
      {
        _id: id(11),
        patientId: id(1),
        value: 6.1,
        unit: 'MMOL/L',
        source: 'Glucometer',
        period: 'Fasting',
        measuredAt: at(59),
      },
      // A minute before and after midnight in Paris, at 23:00Z.
      { _id: id(12), patientId: id(1), value: 120, measuredAt: at(60), period: 'lunch' },
      { _id: id(13), patientId: id(2), value: 90, measuredAt: at(60), valueMgdl: 90 },
    );
    expect(await db.apply(glucose)).toEqual({ patients: 2, changed: 4, unusable: 0, days: 3 });
    expect(await db.all('glucoses')).toEqual([
      { _id: id(10), patientId: id(1), value: 110, unit: 'mg/dL', source: 'manual', valueMgdl: 110, measuredAt: at(0) },
      {
        _id: id(11),
        patientId: id(1),
        value: 6.1,
        unit: 'mmol/L',
        source: 'glucometer',
        period: 'fasting',
        // 6.1 x 18.0182
        valueMgdl: expect.closeTo(109.91102, 9) as number,
        measuredAt: at(59),
        dedupeKey: `glucometer|${at(59).getTime()}`,
      },
      {
        _id: id(12),
        patientId: id(1),
        value: 120,
        unit: 'mg/dL',
        source: 'manual',
        valueMgdl: 120,
        measuredAt: at(60),
      },
      { _id: id(13), patientId: id(2), value: 90, unit: 'mg/dL', source: 'manual', valueMgdl: 90, measuredAt: at(60) },
    ]);
    const days = (await db.all('glucosedays')).map(({ patientId, date, dirty, rev }) => [
      String(patientId),
      date,
      dirty,
      rev,
    ]);
    expect(days.sort()).toEqual([
      [id(1).toHexString(), '2026-03-01', true, 1],
      [id(1).toHexString(), '2026-03-02', true, 1],
      [id(2).toHexString(), '2026-03-01', true, 1],
    ]);
  });

  it('finds the interval of a sensor by the day, and one key for readings of one instant', async () => {
    const sensor = { patientId: id(1), value: 100, source: 'cgm' };
    const minutes = [0, 14.9, 30, 45, 60, 60];
    await db.insert(
      'glucoses',
      ...minutes.map((minute, n) => ({ _id: id(20 + n), ...sensor, measuredAt: at(minute) })),
    );
    await db.insert(
      'glucoses',
      // Fewer than four a day: 5 unless it was given.
      { _id: id(30), ...sensor, patientId: id(2), measuredAt: at(0) },
      { _id: id(31), ...sensor, patientId: id(2), measuredAt: at(7), intervalMinutes: 7 },
    );
    await db.apply(glucose);
    const readings = await db.all('glucoses');
    expect(readings.map(({ interval }) => interval)).toEqual([15, 15, 15, 15, 15, 15, 5, 7]);
    const keys = readings.slice(0, 6).map(({ dedupeKey }) => dedupeKey);
    expect(keys.at(4)).toBe(`cgm|${at(60).getTime()}`);
    expect(keys.at(5)).toBeUndefined();
    await db.index(
      'glucoses',
      { patientId: 1, dedupeKey: 1 },
      { unique: true, partialFilterExpression: { dedupeKey: { $exists: true } } },
    );
  });

  it('removes what cannot be glucose, as the dry run says before', async () => {
    const values = [0, 0.9, 'low', null, undefined, '120'];
    await db.insert(
      'glucoses',
      ...values.map((value, n) => ({ _id: id(10 + n), patientId: id(1), value, measuredAt: at(n) })),
    );
    expect(await db.apply(glucose)).toEqual({ patients: 1, changed: 1, unusable: 5, days: 1 });
    expect(await db.all('glucoses')).toMatchObject([{ value: 120, valueMgdl: 120 }]);
  });

  it('leaves days that are built, whose readings are in order', async () => {
    const reading = { patientId: id(1), value: 1, unit: 'mg/dL', source: 'manual', valueMgdl: 1, measuredAt: at(0) };
    await db.insert('glucoses', { _id: id(10), ...reading });
    await db.insert('glucosedays', { _id: id(11), patientId: id(1), date: '2026-03-01', rev: 4, dirty: false });
    expect(await db.apply(glucose)).toEqual({ patients: 1, changed: 0, unusable: 0, days: 0 });
    expect(await db.all('glucosedays')).toMatchObject([{ rev: 4, dirty: false }]);
  });
});
