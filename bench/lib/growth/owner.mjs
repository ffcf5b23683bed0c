/** A patient, a doctor and a pharmacy who know each other, with one, ten or a hundred times the data of a usual user. */
import { createHash } from 'node:crypto';
import { person } from '../people.mjs';
import { ObjectId } from '../server.mjs';
import * as make from './documents.mjs';
import * as shop from './pharmacy-documents.mjs';

const BATCH = 5_000;

/** What somebody has at 1: a hundred times that is the extreme that is measured. */
const BASE = {
  appointments: 200,
  messages: 1_000,
  notifications: 200,
  auditEvents: 500,
  endedSessions: 20,
  endedRequests: 10,
  meals: 200,
  readings: 28 * 96,
  alerts: 20,
  patientsOfDoctor: 20,
  waitingForDoctor: 20,
  medicationRequests: 100,
  reviews: 50,
  activities: 200,
  periods: 30,
  boosts: 5,
};

/** Whatever a figure would be beyond this is not real: days of a pharmacy's life, days of boosts. */
const MOST = { periods: 3_650, patientsOfDoctor: 2_000 };

/** Inserts `count` documents, some at a time. */
export async function fill(collection, count, one) {
  for (let from = 0; from < count; from += BATCH)
    await collection.insertMany(Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => one(from + at)));
}

/** Stores accounts and sessions of people. */
export async function settle(db, people) {
  await db.collection('users').insertMany(people.map(({ account }) => account));
  await db.collection('sessions').insertMany(people.map(({ session }) => session));
}

/** The whole of it; `name` makes e-mails unique, `times` is 1, 10 or 100. */
export async function insertOwner(db, name, times, index) {
  const now = Date.now();
  const size = Object.fromEntries(
    Object.entries(BASE).map(([key, base]) => [key, Math.min(base * times, MOST[key] ?? Infinity)]),
  );
  const opinions = size.reviews * 2;
  const patient = person('PATIENT', `${name}-patient`, { typeDiabete: 'TYPE_1' });
  const doctor = person('MEDECIN', `${name}-doctor`, { numeroOrdre: `${name}-m`, noteMoyenne: 4, nombreNotes: 1 });
  const stars = { averageRating: 4, totalReviews: opinions, averageResponseTime: 5, responseCount: 50 };
  const pharmacy = person('PHARMACIEN', `${name}-pharmacy`, shop.pharmacyFields(90_000 + index, stars));
  const owner = {
    name,
    times,
    patient,
    doctor,
    pharmacy,
    conversationId: new ObjectId(),
    calendarToken: `${name}-feed`,
  };
  await settle(db, [patient, doctor, pharmacy]);
  await careOf(db, owner, size, now);
  await talkOf(db, owner, size, now);
  await glucoseOf(db, owner, size, now);
  await shopOf(db, owner, size, now);
  await doctorOf(db, owner, size, now);
  const some = async (collection, where) => (await db.collection(collection).findOne(where))?._id.toHexString();
  const mealId = await some('meals', { patientId: patient._id });
  await db.collection('fooditems').insertMany(
    [1, 2, 3].map((at) => ({
      mealId: new ObjectId(mealId),
      patientId: patient._id,
      name: `Food ${at}`,
      carbs: 10,
      __v: 0,
      createdAt: new Date(now),
      updatedAt: new Date(now),
    })),
  );
  return {
    ...owner,
    size,
    mealId,
    appointmentId: await some('appointments', { patientId: patient._id }),
    readingId: await some('glucoses', { patientId: patient._id }),
    requestId: await some('medicationrequests', { patientId: patient._id }),
    messageId: (
      await db.collection('messages').findOne({ conversationId: owner.conversationId, seq: size.messages - 100 })
    )._id.toHexString(),
    admin: null,
  };
}

async function careOf(db, { patient, doctor, pharmacy, calendarToken }, size, now) {
  const at = new Date(now);
  const link = {
    patientId: patient._id,
    doctorId: doctor._id,
    status: 'active',
    accessEnabled: true,
    origin: 'request',
  };
  await db.collection('carelinks').insertOne({ ...link, since: at, createdAt: at, updatedAt: at });
  await fill(db.collection('appointments'), size.appointments + 30, (n) =>
    make.appointment(patient._id, doctor._id, now, n - 30 - 7),
  );
  await fill(db.collection('auditevents'), size.auditEvents, (n) => make.auditEvent(patient._id, doctor._id, now, n));
  await fill(db.collection('meals'), size.meals, (n) => make.meal(patient._id, now, n));
  for (const { session } of [patient, doctor, pharmacy])
    await fill(db.collection('sessions'), size.endedSessions, () => ({
      ...session,
      _id: new ObjectId(),
      isActive: false,
      endedReason: 'logout',
    }));
  await fill(db.collection('patientrequests'), size.endedRequests, (n) => ({
    patientId: patient._id,
    doctorId: new ObjectId(),
    status: 'declined',
    requestType: 'patient_link',
    requestDate: new Date(now - n * make.DAY),
    urgentNote: '',
    declineReason: '',
    respondedAt: at,
    respondedByRole: 'MEDECIN',
    createdAt: at,
    updatedAt: at,
  }));
  const tokenHash = createHash('sha256').update(calendarToken).digest('hex');
  await db.collection('calendartokens').insertOne({ userId: patient._id, tokenHash, createdAt: at, updatedAt: at });
}

async function talkOf(db, { patient, doctor, conversationId }, size, now) {
  const two = [patient._id, doctor._id];
  await db
    .collection('conversations')
    .insertOne(make.conversation(conversationId, patient._id, 'doctorId', doctor._id, size.messages, now));
  await fill(db.collection('messages'), size.messages, (n) => make.message(conversationId, two, size.messages, now, n));
  await fill(db.collection('notifications'), size.notifications, (n) =>
    make.notification(patient._id, size.notifications, now, n),
  );
  const unreadNotifications = Math.ceil(size.notifications / 10);
  await db.collection('usercounters').insertOne({ userId: patient._id, unreadNotifications, eventSeq: 1, touched: 0 });
}

async function glucoseOf(db, { patient }, size, now) {
  await fill(db.collection('glucoses'), size.readings, (n) => make.reading(patient._id, now, n));
  await fill(db.collection('glucosealerts'), size.alerts, (n) => make.alert(patient._id, now, n));
}

async function shopOf(db, { patient, pharmacy }, size, now) {
  const others = Array.from({ length: 4 }, () => new ObjectId());
  const rows = Array.from({ length: size.medicationRequests }, (_, n) =>
    shop.medicationRequest(patient._id, pharmacy._id, others, now, n),
  );
  await fill(db.collection('medicationrequests'), rows.length, (n) => rows[n]);
  const waiting = Array.from({ length: 5 }, () => shop.waitingRequest(new ObjectId(), pharmacy._id, now));
  await db.collection('medicationrequests').insertMany(waiting);
  await fill(db.collection('reviews'), size.reviews, (n) => shop.review(pharmacy._id, now, n));
  await fill(db.collection('ratings'), size.reviews, (n) =>
    shop.rating(pharmacy._id, rows[n % rows.length]._id, new ObjectId(), now, n),
  );
  const each = Math.floor((size.reviews * 2) / 3);
  const counts = { 1: 0, 2: 0, 3: size.reviews * 2 - 2 * each, 4: each, 5: each };
  await db.collection('ratingsums').insertOne({ pharmacyId: pharmacy._id, counts, version: 1 });
  await fill(db.collection('pharmacyactivities'), size.activities, (n) => shop.activity(pharmacy._id, now, n));
  await fill(db.collection('pharmacyperiods'), size.periods, (n) => shop.period(pharmacy._id, now, n));
  await fill(db.collection('boosts'), size.boosts, (n) => shop.boost(pharmacy._id, now, n));
  await db.collection('boosts').insertOne({ ...shop.boost(pharmacy._id, now, -2), status: 'active' });
}

/** The doctor's other patients and those who wait; each talks to the doctor and to the pharmacy. */
async function doctorOf(db, { name, doctor, pharmacy }, size, now) {
  const at = new Date(now);
  const linked = Array.from({ length: size.patientsOfDoctor }, (_, n) => person('PATIENT', `${name}-linked${n}`));
  await fill(db.collection('users'), linked.length, (n) => linked[n].account);
  await fill(db.collection('carelinks'), linked.length, (n) => ({
    patientId: linked[n]._id,
    doctorId: doctor._id,
    status: 'active',
    accessEnabled: true,
    since: new Date(now - n * make.HOUR),
    origin: 'request',
    createdAt: at,
    updatedAt: at,
  }));
  for (const [side, professional] of [
    ['doctorId', doctor],
    ['pharmacistId', pharmacy],
  ])
    await fill(db.collection('conversations'), linked.length, (n) =>
      make.conversation(new ObjectId(), linked[n]._id, side, professional._id, 0, now - n * make.HOUR),
    );
  await fill(db.collection('usercounters'), linked.length, (n) => ({
    userId: linked[n]._id,
    unreadNotifications: 0,
    eventSeq: 1,
    touched: 0,
  }));
  const asking = Array.from({ length: size.waitingForDoctor }, (_, n) => person('PATIENT', `${name}-asking${n}`));
  await fill(db.collection('users'), asking.length, (n) => asking[n].account);
  await fill(db.collection('patientrequests'), asking.length, (n) => ({
    patientId: asking[n]._id,
    doctorId: doctor._id,
    status: 'pending',
    requestType: 'patient_link',
    requestDate: new Date(now - n * make.HOUR),
    urgentNote: '',
    declineReason: '',
    createdAt: at,
    updatedAt: at,
  }));
}
