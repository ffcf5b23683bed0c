import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { appointments } from '../../src/migrations/0007-appointments';
import { id, OldDatabase } from '../support/old-database';

describe('migration 0007: appointments', () => {
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

  it('gives old appointments what this version stores', async () => {
    await db.insert('users', { _id: id(2), role: 'MEDECIN', timeZone: 'Europe/Paris' });
    // 23:30 on 9 March in UTC is half past midnight on the 10th in Paris.
    const dateTime = new Date('2026-03-09T23:30:00Z');
    const old = { patientId: id(1), doctorId: id(2), dateTime };
    await db.insert(
      'appointments',
      { ...old, _id: id(10), type: 'ONLINE', status: 'PENDING', notes: 'x' },
      { ...old, _id: id(11), type: 'physical', status: 'confirmed', durationMinutes: 45 },
      { ...old, _id: id(12), status: 'canceled', createdByRole: 'medecin' },
      { ...old, _id: id(13), createdByRole: 'MEDECIN', doctorId: id(88) },
      { ...old, _id: id(14), status: 'lost' },
    );
    expect(await db.apply(appointments)).toEqual({ changed: 5, unknownStatus: 1 });
    const common = { patientId: id(1), doctorId: id(2), dateTime, notes: '', sequence: 0, timeZone: 'Europe/Paris' };
    const half = { durationMinutes: 30, endTime: new Date('2026-03-10T00:00:00Z'), day: '2026-03-10' };
    expect(await db.all('appointments')).toEqual([
      {
        _id: id(10),
        ...common,
        ...half,
        type: 'Online',
        status: 'Pending',
        notes: 'x',
        createdByRole: 'PATIENT',
        awaiting: 'MEDECIN',
      },
      {
        _id: id(11),
        ...common,
        type: 'Physical',
        status: 'Confirmed',
        durationMinutes: 45,
        endTime: new Date('2026-03-10T00:15:00Z'),
        day: '2026-03-10',
        createdByRole: 'PATIENT',
        reminders: { due24h: new Date('2026-03-08T23:30:00Z'), due1h: new Date('2026-03-09T22:30:00Z') },
      },
      { _id: id(12), ...common, ...half, type: 'Physical', status: 'Cancelled', createdByRole: 'MEDECIN' },
      {
        _id: id(13),
        ...common,
        ...half,
        doctorId: id(88),
        type: 'Physical',
        status: 'Pending',
        createdByRole: 'MEDECIN',
        awaiting: 'PATIENT',
        timeZone: 'UTC',
        day: '2026-03-09',
      },
      { _id: id(14), ...common, ...half, type: 'Physical', status: 'lost', createdByRole: 'PATIENT' },
    ]);
  });
});
