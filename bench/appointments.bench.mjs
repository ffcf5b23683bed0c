/** Free slots of 31 days for a doctor with 300 appointments, and a calendar feed of 2,000 appointments. */
import { call, linkedPair, ObjectId, register, startStage } from './lib/server.mjs';
import { cpuMs, medianLatency, report, roundTrips } from './lib/measure.mjs';

const DAY = 86_400_000;
const MINUTE = 60_000;

/** An appointment as the server stores it. */
function appointment(patientId, doctorId, startsAt) {
  const dateTime = new Date(startsAt);
  return {
    patientId,
    doctorId,
    dateTime,
    durationMinutes: 30,
    endTime: new Date(startsAt + 30 * MINUTE),
    timeZone: 'UTC',
    day: dateTime.toISOString().slice(0, 10),
    type: 'Physical',
    status: 'Confirmed',
    notes: '',
    createdByRole: 'PATIENT',
    sequence: 0,
    __v: 0,
    createdAt: new Date(),
    updatedAt: new Date(),
  };
}

/** The least of several medians: other work on the machine only ever adds. */
async function leastLatency(url, token, calls, rounds) {
  const medians = [];
  const before = await cpuMs(stage.server.pid);
  for (let round = 0; round < rounds; round += 1) medians.push(await medianLatency(url, token, calls));
  // Ten calls of each round are not timed.
  const cpu = ((await cpuMs(stage.server.pid)) - before) / (rounds * (calls + 10));
  return { ms: Math.min(...medians), cpu: `${Math.round(cpu * 10) / 10} ms of them the server's processor` };
}

const stage = await startStage({ floor: false });
try {
  const { api, db } = stage;
  const { patient, doctor } = await linkedPair(api);
  const tomorrow = Math.ceil(Date.now() / DAY) * DAY;
  const rules = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start: '08:00', end: '18:00' }));
  await call(api, 'PUT', `/doctors/${doctor.id}/availability`, doctor.token, { timeZone: 'Europe/Paris', rules });
  // 300 over 31 days: nine or ten a day, so that no day is full.
  const booked = Array.from({ length: 300 }, (_, index) =>
    appointment(
      new ObjectId(patient.id),
      new ObjectId(doctor.id),
      tomorrow + (index % 31) * DAY + (8 * 60 + Math.floor(index / 31) * 45) * MINUTE,
    ),
  );
  await db.collection('appointments').insertMany(booked);
  const day = (offset) => new Date(tomorrow + offset * DAY).toISOString().slice(0, 10);
  const slots = `/doctors/${doctor.id}/slots?from=${day(0)}&to=${day(30)}`;
  const found = await call(api, 'GET', slots, patient.token);
  const { ms, cpu } = await leastLatency(`${api}${slots}`, patient.token, 40, 3);
  const trips = roundTrips(stage.server.lines, '/api/doctors/:doctorId/slots');
  report(
    `${found.slots.length} slots of 31 days, 300 booked`,
    ms,
    undefined,
    `ms; goal 20; ${cpu}, ${trips} round trips`,
  );

  const busy = await register(api, 'medecin');
  await db
    .collection('appointments')
    .insertMany(
      Array.from({ length: 2_000 }, (_, index) =>
        appointment(
          new ObjectId(patient.id),
          new ObjectId(busy.id),
          tomorrow + (index % 200) * DAY + (7 * 60 + Math.floor(index / 200) * 60) * MINUTE,
        ),
      ),
    );
  const { token } = await call(api, 'POST', '/appointments/calendar-token', busy.token);
  const feed = `${api}/appointments/calendar.ics?token=${token}`;
  const text = await (await fetch(feed)).text();
  // A token may be read sixty times an hour.
  const read = await leastLatency(feed, busy.token, 15, 2);
  const events = text.split('BEGIN:VEVENT').length - 1;
  report(
    `feed of ${events} appointments, ${Math.round(text.length / 1_024)} KB`,
    read.ms,
    undefined,
    `ms; goal 200; ${read.cpu}`,
  );
} finally {
  await stage.stop();
}
process.exit(0);
