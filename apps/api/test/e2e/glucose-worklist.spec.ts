import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, LONG_TOKENS, MINUTE } from '../support/booking';
import { vectorRows } from '../support/vectors';
import { insertPatients, sensorDay, type SensorMinutes } from '../support/worklist';

/** The last millisecond of a Sunday in Paris and Johannesburg; in Paris a day of 23 hours. */
const NOW = '2026-03-29T21:59:59.999Z';
const NOTHING: SensorMinutes = { veryLow: 0, belowTarget: 0, target: 0, total: 0 };

describe('the worklist', () => {
  let t: TestApp;
  let doctor: TestActor;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
    t.clock.freeze(NOW);
    doctor = await t.actors.asDoctor();
  });

  afterAll(async () => {
    await t.close();
  });

  const list = async (query = '', by = doctor) => (await by.get(`/doctors/${by.id}/population${query}`)).body;

  /** Minutes spread over the seven days that end with a date; 1,440 a day at most. */
  function week(patientId: string, last: string, timeZone: string, sum: SensorMinutes): object[] {
    if (sum.total === 0) return [];
    const days = Array.from({ length: 7 }, (_, index) =>
      new Date(Date.parse(last) - (6 - index) * DAY).toISOString().slice(0, 10),
    );
    const part = (whole: number, index: number): number => Math.floor(whole / 7) + (index < whole % 7 ? 1 : 0);
    return days.map((date, index) =>
      sensorDay(patientId, date, timeZone, {
        veryLow: part(sum.veryLow, index),
        belowTarget: part(sum.belowTarget, index),
        target: part(sum.target, index),
        total: part(sum.total, index),
      }),
    );
  }

  it('groups and ranks like the vectors, integers deciding', async () => {
    const rows = vectorRows('tide.csv');
    const zones = rows.map(({ case: name = '' }) => (name.includes('DST') ? 'Europe/Paris' : 'Africa/Johannesburg'));
    const ids = await insertPatients(
      t,
      doctor,
      rows.map((row, index) => ({ timeZone: zones[index], glycemicPopulation: row['population'] })),
    );
    const documents = rows.flatMap((row, index) => {
      const [id = '', zone = ''] = [ids[index], zones[index]];
      const number = (column: string): number => Number(row[column]);
      const current: SensorMinutes = {
        veryLow: number('lt54_min'),
        belowTarget: number('below_target_min'),
        target: number('in_target_min'),
        total: number('worn_min'),
      };
      const before = { ...NOTHING, target: number('prev_in_target_min'), total: number('prev_worn_min') };
      return [...week(id, '2026-03-29', zone, current), ...week(id, '2026-03-22', zone, before)];
    });
    await t.db.collection<object>('glucosedays').insertMany(documents);
    const { data, total, groups } = await list('?limit=100');
    expect(total).toBe(rows.length);
    const found = new Map((data as { patientId: string }[]).map((item) => [item.patientId, item]));
    for (const [index, row] of rows.entries())
      expect(found.get(ids[index] ?? ''), row['case']).toMatchObject({
        group: Number(row['group']),
        basis: 'cgm',
        population: row['population'],
      });
    const counted = rows.reduce<Record<string, number>>(
      (sum, { group = '' }) => ({ ...sum, [group]: (sum[group] ?? 0) + 1 }),
      { '1': 0, '2': 0, '3': 0, '4': 0, '5': 0, '6': 0 },
    );
    expect(groups).toEqual(counted);
    // Group 5 is ordered by the last reading, which the vectors do not have.
    const order = (data as { patientId: string; group: number; rank: number }[]).filter(({ group }) => group !== 5);
    for (const { patientId, rank } of order)
      expect(rank, rows[ids.indexOf(patientId)]?.['case']).toBe(
        Number(rows[ids.indexOf(patientId)]?.['rank_if_all_in_one_list']),
      );
    expect((data as { rank: number }[]).map(({ rank }) => rank)).toEqual(rows.map((_, index) => index + 1));
  });

  it('filters by group, pages, and keeps ranks and groups of the whole list', async () => {
    const all = await list('?limit=100');
    const drop = await list('?group=3');
    expect(drop.data.map(({ code }: { code: string }) => code)).toEqual(['tir-drop', 'tir-drop']);
    expect(drop).toMatchObject({ total: 2, page: 1, limit: 50, totalPages: 1, groups: all.groups });
    const page = await list('?page=3&limit=5');
    expect(page.data).toEqual(all.data.slice(10, 15));
    expect(page).toMatchObject({ total: 22, totalPages: 5 });
    for (const query of ['?days=8', '?group=0', '?group=7', '?limit=0', '?page=0'])
      expect((await list(query)).code, query).toBe('VALIDATION_FAILED');
    expect((await list('?days=14')).total).toBe(22);
  });

  it('is the doctor’s own, and shows only patients who let them see', async () => {
    const other = await t.actors.asDoctor();
    const patient = await t.actors.asPatient();
    expect((await list('', other)).data).toEqual([]);
    expect((await other.get(`/doctors/${doctor.id}/population`)).body.code).toBe('FORBIDDEN_SPACE');
    expect((await patient.get(`/doctors/${other.id}/population`)).body.code).toBe('FORBIDDEN_ROLE');
    await t.actors.link(patient, other);
    expect((await list('', other)).data).toMatchObject([{ patientId: patient.id, group: 5, lastReading: null }]);
    await patient.patch(`/patients/${patient.id}/doctors/${other.id}/access`, { enabled: false });
    expect(await list('', other)).toMatchObject({ data: [], total: 0, groups: { '5': 0 } });
    // a list over several patients is no read of one of them
    const log = await patient.get(`/patients/${patient.id}/access-log`);
    expect(log.body.data.map(({ action }: { action: string }) => action)).toEqual(['access.disabled']);
  });

  it('says what it is made of, in the reading’s own unit, and follows every write', async () => {
    const own = await t.actors.asDoctor();
    const patient = await t.actors.asPatient({ timeZone: 'UTC' });
    await t.actors.link(patient, own);
    const at = (minutes: number): string => new Date(Date.parse(NOW) - minutes * MINUTE).toISOString();
    const readings = Array.from({ length: 1_000 }, (_, index) => ({
      value: index < 10 ? 50 : index < 30 ? 60 : index < 930 ? 100 : 260,
      source: 'cgm',
      intervalMinutes: 5,
      measuredAt: at(5 * (1_000 - index)),
    }));
    expect((await patient.post('/glucose/bulk', { readings })).body.inserted).toBe(1_000);
    const [item] = (await list('', own)).data;
    // W: six days and 21 h 59 min = 9,959 min; M = 5,000; 100 * 5000 / 9959 = 50.21
    // mean (10 * 50 + 20 * 60 + 900 * 100 + 70 * 260) / 1000 = 109.9; GRI 3 * 1 + 2.4 * 2 + 1.6 * 7 = 19
    expect(item).toMatchObject({
      rank: 1,
      group: 6,
      code: 'on-track',
      activePercent: 50.21,
      veryLowPercent: 1,
      belowTargetPercent: 3,
      targetPercent: 90,
      targetDelta: null,
      veryHighPercent: 7,
      gri: 19,
      mean: 109.9,
      days: 4,
      lastReading: { value: 260, unit: 'mg/dL', measuredAt: at(5) },
    });
    const { body: added } = await patient.post('/glucose', {
      value: 2.9,
      unit: 'mmol/L',
      source: 'cgm',
      intervalMinutes: 5,
      measuredAt: at(1),
    });
    // 100 * 55 > 1 * 5005
    expect((await list('', own)).data[0]).toMatchObject({ group: 1, lastReading: { value: 2.9, unit: 'mmol/L' } });
    await patient.patch(`/glucose/${added._id}`, { value: 5 });
    expect((await list('', own)).data[0]).toMatchObject({ group: 6, lastReading: { value: 5 } });
    await patient.delete(`/glucose/${added._id}`);
    expect((await list('', own)).data[0]).toEqual(item);
    await patient.patch(`/patients/${patient.id}`, { timeZone: 'Pacific/Auckland' });
    // It is Monday there: the window of 9,299 min holds the same readings.
    expect((await list('', own)).data[0]).toMatchObject({ group: 6, activePercent: 53.77, targetPercent: 90 });
  });

  it('counts readings where there is no sensor', async () => {
    const own = await t.actors.asDoctor();
    const patients = await Promise.all([0, 1].map(() => t.actors.asPatient({ timeZone: 'UTC' })));
    for (const [index, patient] of patients.entries()) {
      await t.actors.link(patient, own);
      const readings = Array.from({ length: index === 0 ? 7 : 6 }, (_, day) => ({
        value: 100,
        measuredAt: new Date(Date.parse(NOW) - day * DAY - HOUR).toISOString(),
      }));
      await patient.post('/glucose/bulk', { readings });
    }
    // n < days is insufficient: six readings of seven days
    const basis = { basis: 'smbg', activePercent: null, gri: null, targetPercent: 100 };
    expect((await list('', own)).data).toMatchObject([
      { patientId: patients[1]?.id, group: 5, ...basis },
      { patientId: patients[0]?.id, group: 6, ...basis },
    ]);
  });
});
