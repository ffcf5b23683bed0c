/** The most called routes of the app, each with the bare queries or the bare transaction that does the same. */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { call, ObjectId } from './server.mjs';
import { sensorDays, upload } from './glucose-data.mjs';
import { insertPairs, insertPharmacists } from './people.mjs';

const require = createRequire(join(resolve(import.meta.dirname, '../..'), 'apps/api/package.json'));
const { BSON } = require('mongodb');
const DAY_MS = 86_400_000;
const PATIENTS = 200;
const oid = (id) => new ObjectId(id);
const daysAgo = (days) => new Date(Date.now() - days * DAY_MS);
const dateAgo = (days) => daysAgo(days).toISOString().slice(0, 10);

/** A doctor of 200 patients; the first of them with a month of sensor data, meals, messages, appointments, notifications. */
export async function floorStory(stage) {
  const { api, db } = stage;
  const pairs = await insertPairs(db, PATIENTS, 'floor', 1);
  const [pharmacist] = await insertPharmacists(db, 1, 'floor');
  const [{ patient, doctor, conversationId }] = pairs;
  const ask = (method, path, body, who = patient) => call(api, method, path, who.token, body);
  await upload(stage, patient, sensorDays(30, 5, Date.now() - 60_000));
  for (let n = 0; n < 60; n += 1) {
    const sender = n % 2 === 0 ? patient : doctor;
    const content = `message number ${n} with the words of a usual message`;
    await ask('POST', `/conversations/${conversationId}/messages`, { content }, sender);
  }
  for (let n = 0; n < 40; n += 1) {
    const dateTime = new Date(Date.now() + (n + 1) * DAY_MS).toISOString();
    await ask(
      'POST',
      '/appointments',
      { patientId: patient.id, doctorId: doctor.id, dateTime },
      n % 2 ? patient : doctor,
    );
    await ask('POST', '/nutrition/meals', { name: 'lunch', eatenAt: daysAgo(n / 3).toISOString(), carbs: 40 });
  }
  for (let n = 0; n < 8; n += 1) {
    const body = { medicationName: 'Metformine', dosage: '1 g', quantity: 1, targetPharmacyIds: [pharmacist.id] };
    await ask('POST', '/medication-request', body);
  }
  const { data } = await ask('GET', `/patients/${patient.id}/appointments?limit=1`);
  const readings = await ask('GET', '/glucose/my-records?limit=1');
  return {
    pairs,
    patient,
    doctor,
    pharmacist,
    conversationId,
    appointment: data[0]._id,
    reading: readings.data[0]._id,
  };
}

const read = (name, goal, route, path, who, queries) => ({ name, goal, route: `/api${route}`, path, who, queries });
const users = (ids) => ({ collection: 'users', filter: { _id: { $in: ids } }, projection: { motDePasse: 0 } });

/** Reads: name, goal, route as the log names it, path, caller, bare queries. */
export function readCases(story) {
  return [...singleReads(story), ...sharedReads(story), ...diaryReads(story)];
}

function singleReads({ patient, appointment, reading }) {
  const p = oid(patient.id);
  return [
    read('one appointment', 0.6, '/appointments/:id', `/appointments/${appointment}`, patient, [
      { collection: 'appointments', filter: { _id: oid(appointment) } },
    ]),
    read('unread count', 0.6, '/notifications/unread-count', '/notifications/unread-count', patient, [
      { collection: 'usercounters', filter: { userId: p } },
    ]),
    read('profile', 0.6, '/auth/profile', '/auth/profile', patient, [users([p])]),
    read('one reading', 0.6, '/glucose/:id', `/glucose/${reading}`, patient, [
      { collection: 'glucoses', filter: { _id: oid(reading) } },
    ]),
  ];
}

/** What a patient has with a doctor or a pharmacy. */
function sharedReads({ patient, doctor, pharmacist, conversationId }) {
  const [p, d] = [oid(patient.id), oid(doctor.id)];
  return [
    read(
      '50 messages',
      0.4,
      '/conversations/:conversationId/messages',
      `/conversations/${conversationId}/messages`,
      patient,
      [
        {
          collection: 'messages',
          filter: { conversationId: oid(conversationId), seq: { $gt: 10, $lte: 60 } },
          sort: { seq: 1 },
        },
      ],
    ),
    read('200 conversations', 0.4, '/doctors/:doctorId/conversations', `/doctors/${doctor.id}/conversations`, doctor, [
      { collection: 'conversations', filter: { doctorId: d }, sort: { lastMessageTime: -1 }, limit: 200 },
    ]),
    read('20 notifications', 0.4, '/notifications', '/notifications', patient, [
      {
        collection: 'notifications',
        filter: { userId: p, timestamp: { $gte: daysAgo(1) } },
        sort: { timestamp: -1 },
        limit: 20,
      },
      { collection: 'usercounters', filter: { userId: p } },
    ]),
    read(
      '20 of 40 appointments',
      0.4,
      '/patients/:patientId/appointments',
      `/patients/${patient.id}/appointments?limit=20`,
      patient,
      [
        {
          collection: 'appointments',
          filter: { patientId: p, dateTime: { $gte: daysAgo(30) } },
          sort: { dateTime: -1 },
          limit: 20,
        },
        { collection: 'appointments', filter: { patientId: p }, count: true },
      ],
    ),
    read(
      'my doctors',
      0.4,
      '/medecins/patient/:patientId/my-doctors',
      `/medecins/patient/${patient.id}/my-doctors`,
      patient,
      [{ collection: 'carelinks', filter: { patientId: p, status: 'active' } }, users([d])],
    ),
    read(
      'pending of a pharmacy',
      0.4,
      '/medication-request/pharmacy/:pharmacyId/pending',
      `/medication-request/pharmacy/${pharmacist.id}/pending`,
      pharmacist,
      [
        {
          collection: 'medicationrequests',
          filter: { 'pharmacyResponses.pharmacyId': oid(pharmacist.id), globalStatus: 'open' },
        },
      ],
    ),
  ];
}

/** What a patient has noted. */
function diaryReads({ patient }) {
  const p = oid(patient.id);
  const days = (count, more = {}) => [
    { collection: 'glucosedays', filter: { patientId: p, date: { $gte: dateAgo(count) } }, ...more },
  ];
  return [
    read('20 readings', 0.4, '/glucose/my-records', '/glucose/my-records?limit=20', patient, [
      {
        collection: 'glucoses',
        filter: { patientId: p, measuredAt: { $gte: daysAgo(0.08) } },
        sort: { measuredAt: -1 },
        limit: 20,
      },
      ...days(31, { projection: { counts: 1 } }),
    ]),
    read(
      'summary of 14 days',
      0.4,
      '/glucose/analytics/:report',
      '/glucose/analytics/summary?days=14',
      patient,
      days(14),
    ),
    read(
      'time in range, 30 days',
      0.4,
      '/glucose/stats/time-in-range',
      '/glucose/stats/time-in-range',
      patient,
      days(30),
    ),
    read('chart of 7 days', 0.4, '/glucose/stats/chart', '/glucose/stats/chart', patient, days(7)),
    read('20 meals', 0.4, '/nutrition/meals', '/nutrition/meals?limit=20', patient, [
      {
        collection: 'meals',
        filter: { patientId: p, eatenAt: { $gte: daysAgo(7) } },
        sort: { eatenAt: -1 },
        limit: 20,
      },
      { collection: 'meals', filter: { patientId: p }, count: true },
    ]),
  ];
}

/** The bare address of queries. */
export function bareFind(floor, queries) {
  return `${floor}/find/${Buffer.from(BSON.EJSON.stringify(queries)).toString('base64url')}`;
}

let slots = 0;
let instants = 0;

/** Writes by eight people at once: name, goal, route, the call of a pair, the bare transaction. */
export function writeCases() {
  const write = (name, goal, route, make, bare) => ({ name, goal, route: `/api${route}`, make, bare });
  const post = (path, body) => ({ method: 'POST', path, body });
  return [
    write(
      'send a message',
      0.3,
      '/conversations/:conversationId/messages',
      ({ conversationId }) =>
        post(`/conversations/${conversationId}/messages`, () => ({
          content: 'a message of a usual length for a conversation',
        })),
      '/send',
    ),
    write(
      'book an appointment',
      0.3,
      '/appointments',
      ({ patient, doctor }) =>
        post('/appointments', () => {
          // Five minutes each over a year and a half: no two meet, and no day is full.
          slots += 1;
          const at = Date.now() + DAY_MS * (60 + (slots % 500)) + Math.floor(slots / 500) * 300_000;
          const dateTime = new Date(at).toISOString();
          return { patientId: patient.id, doctorId: doctor.id, dateTime, durationMinutes: 5 };
        }),
      '/book',
    ),
    write(
      'store a reading',
      0.25,
      '/glucose',
      () =>
        post('/glucose', () => {
          instants += 1;
          const measuredAt = new Date(Date.now() - instants * 7_000).toISOString();
          return { value: 120, source: 'cgm', intervalMinutes: 5, measuredAt };
        }),
      '/reading',
    ),
    write(
      'store a meal',
      0.3,
      '/nutrition/meals',
      () => post('/nutrition/meals', () => ({ name: 'lunch', eatenAt: new Date().toISOString(), carbs: 40 })),
      '/meal',
    ),
    write(
      'mark as read',
      0.3,
      '/conversations/:id/read/:userId',
      ({ conversationId, patient }) => ({
        method: 'PATCH',
        path: `/conversations/${conversationId}/read/${patient.id}`,
      }),
      '/seen',
    ),
  ];
}
