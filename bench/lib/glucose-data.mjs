/** Sensor data for benchmarks: a walk that is the same in every run, uploaded through the API. */
import { call, ObjectId } from './server.mjs';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const PER_CALL = 1_000;

/** Readings of a sensor up to now, oldest first; `minutes` apart. */
export function sensorDays(days, minutes, end = Date.now()) {
  const count = (days * DAY_MS) / (minutes * MINUTE_MS);
  const start = end - days * DAY_MS + minutes * MINUTE_MS;
  let [state, value] = [20_250_324, 130];
  return Array.from({ length: count }, (_, index) => {
    state = (16_807 * state) % 2_147_483_647;
    value = Math.max(40, Math.min(400, value + (state % 21) - 10));
    return {
      value,
      source: 'cgm',
      intervalMinutes: Math.min(30, minutes),
      measuredAt: new Date(start + index * minutes * MINUTE_MS).toISOString(),
    };
  });
}

/** Uploads readings in calls of 1,000. */
export async function upload({ api }, patient, readings) {
  for (let from = 0; from < readings.length; from += PER_CALL)
    await call(api, 'POST', '/glucose/bulk', patient.token, { readings: readings.slice(from, from + PER_CALL) });
}

/** Links a doctor to so many new patients, each with the last 28 days of another patient's day documents. */
export async function worklistOf({ db }, doctor, source, count) {
  const now = new Date();
  const first = new Date(now.getTime() - 28 * DAY_MS).toISOString().slice(0, 10);
  const days = await db
    .collection('glucosedays')
    .find({ patientId: new ObjectId(source.id), date: { $gte: first } })
    .toArray();
  const people = Array.from({ length: count }, (_, index) => ({
    _id: new ObjectId(),
    role: 'PATIENT',
    nom: `Worklist${index}`,
    prenom: 'P',
    email: `worklist${index}@bench.example`,
    statutCompte: 'ACTIF',
    timeZone: 'UTC',
    locale: 'en',
    createdAt: now,
    updatedAt: now,
    __v: 0,
  }));
  await db.collection('users').insertMany(people);
  await db.collection('carelinks').insertMany(
    people.map(({ _id }) => ({
      patientId: _id,
      doctorId: new ObjectId(doctor.id),
      status: 'active',
      accessEnabled: true,
      since: now,
      origin: 'request',
    })),
  );
  // As a first reading leaves it; without it nobody can tell whether anything was written.
  await db.collection('usercounters').insertMany(people.map(({ _id }) => ({ userId: _id, eventSeq: 1, touched: 0 })));
  for (let from = 0; from < people.length; from += 50)
    await db
      .collection('glucosedays')
      .insertMany(
        people
          .slice(from, from + 50)
          .flatMap(({ _id }) =>
            days.map((day) => ({ ...day, _id: new ObjectId(), life: new ObjectId(), patientId: _id })),
          ),
      );
}
