import { mongo } from 'mongoose';
import type { TestActor } from './actors';
import type { TestApp } from './app';

const DAY_MS = 86_400_000;

/** An account as it is stored, without a way to sign in: for lists that need many people. */
export async function insertPatients(
  t: TestApp,
  doctor: TestActor,
  fields: readonly Readonly<Record<string, unknown>>[],
): Promise<string[]> {
  const now = new Date();
  const people = fields.map((own, index) => ({
    _id: new mongo.ObjectId(),
    role: 'PATIENT',
    nom: `Nom${String(index).padStart(2, '0')}`,
    prenom: 'P',
    email: `${new mongo.ObjectId().toHexString()}@test.example`,
    statutCompte: 'ACTIF',
    timeZone: 'UTC',
    locale: 'en',
    createdAt: now,
    updatedAt: now,
    __v: 0,
    ...own,
  }));
  await t.db.collection('users').insertMany(people);
  await t.db.collection('carelinks').insertMany(
    people.map(({ _id }) => ({
      patientId: _id,
      doctorId: new mongo.ObjectId(doctor.id),
      status: 'active',
      accessEnabled: true,
      since: now,
      origin: 'request',
    })),
  );
  return people.map(({ _id }) => _id.toHexString());
}

/** Minutes below 54, below target, in target, and all of them. */
export interface SensorMinutes {
  readonly veryLow: number;
  readonly belowTarget: number;
  readonly target: number;
  readonly total: number;
}

/** A day document whose sensor block holds these minutes, with readings of one minute each; the rest lies above 180. */
export function sensorDay(patientId: string, date: string, timeZone: string, minutes: SensorMinutes): object {
  const { veryLow, belowTarget, target, total } = minutes;
  const from = new Date(`${date}T00:00:00.000Z`);
  const high = total - belowTarget - target;
  const std = [veryLow, belowTarget - veryLow, target, high, 0];
  const preg = [veryLow, belowTarget - veryLow, target, high];
  const bands = { std: { n: std, w: std, tight: [0, 0] }, preg: { n: preg, w: preg } };
  const latest = { glucoseId: new mongo.ObjectId(), value: 120, unit: 'mg/dL', measuredAt: from };
  return {
    patientId: new mongo.ObjectId(patientId),
    date,
    tz: timeZone,
    from,
    to: new Date(from.getTime() + DAY_MS),
    minutes: 1_440,
    rev: 1,
    life: new mongo.ObjectId(),
    dirty: false,
    cgm: { n: total, w: total, sums: [total * 1_200, 0], first: 0, last: 0, steps: [], hist: [], hours: [], bands },
    smbg: null,
    latest,
    counts: [['cgm', '', total]],
  };
}
