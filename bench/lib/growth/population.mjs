/** Other people in the same collections: each has a little of everything, none of it concerns the one who is measured. */
import { person } from '../people.mjs';
import { ObjectId } from '../server.mjs';
import * as make from './documents.mjs';
import { fill } from './owner.mjs';
import * as shop from './pharmacy-documents.mjs';

const SPREAD_MS = 30 * make.DAY;
const EACH = { appointments: 2, messages: 4, notifications: 3, auditEvents: 5, meals: 3, readings: 40, requests: 2 };

/** `count` patients with a doctor and a pharmacy for every ten of them. */
export async function insertPopulation(db, count) {
  const now = Date.now();
  const people = (role, many, more) =>
    Array.from({ length: many }, (_, n) => person(role, `other-${role.toLowerCase()}${n}`, more(n)));
  const few = Math.ceil(count / 10);
  const patients = people('PATIENT', count, (n) => ({ typeDiabete: ['TYPE_1', 'TYPE_2'][n % 2] }));
  const doctors = people('MEDECIN', few, (n) => ({
    numeroOrdre: `other-m${n}`,
    specialite: ['Endocrinologie', 'Diabétologie'][n % 2],
    disponible: n % 2 === 0,
    noteMoyenne: (n % 51) / 10,
    nombreNotes: 1,
  }));
  const pharmacies = people('PHARMACIEN', few, (n) => shop.pharmacyFields(n));
  const everybody = [...patients, ...doctors, ...pharmacies];
  await fill(db.collection('users'), everybody.length, (n) => everybody[n].account);
  await fill(db.collection('sessions'), everybody.length, (n) => everybody[n].session);
  const pairs = patients.map((patient, n) => ({
    patient: patient._id,
    doctor: doctors[n % few]._id,
    pharmacy: pharmacies[n % few]._id,
    conversation: new ObjectId(),
  }));
  // Things happen all the time: everybody has hours of their own.
  const at = new Date(now);
  const each = (collection, many, one) =>
    fill(db.collection(collection), pairs.length * many, (n) =>
      one(pairs[n % pairs.length], Math.floor(n / pairs.length), now - Math.floor((SPREAD_MS * (n % count)) / count)),
    );
  await each('carelinks', 1, ({ patient, doctor }) => ({
    patientId: patient,
    doctorId: doctor,
    status: 'active',
    accessEnabled: true,
    since: at,
    origin: 'request',
    createdAt: at,
    updatedAt: at,
  }));
  await each('conversations', 1, ({ patient, doctor, conversation }, _, then) =>
    make.conversation(conversation, patient, 'doctorId', doctor, EACH.messages, then),
  );
  await each('messages', EACH.messages, ({ patient, doctor, conversation }, n, then) =>
    make.message(conversation, [patient, doctor], EACH.messages, then, n),
  );
  await each('appointments', EACH.appointments, ({ patient, doctor }, n, then) =>
    make.appointment(patient, doctor, then, n),
  );
  await each('notifications', EACH.notifications, ({ patient }, n, then) =>
    make.notification(patient, EACH.notifications, then, n),
  );
  await each('usercounters', 1, ({ patient }) => ({
    userId: patient,
    unreadNotifications: 1,
    eventSeq: 1,
    touched: 0,
  }));
  await each('auditevents', EACH.auditEvents, ({ patient, doctor }, n, then) =>
    make.auditEvent(patient, doctor, then, n),
  );
  await each('meals', EACH.meals, ({ patient }, n, then) => make.meal(patient, then, n));
  // One in ten measures: what is stored of a day is large.
  await fill(db.collection('glucoses'), few * EACH.readings, (n) =>
    make.reading(pairs[n % few].patient, now, Math.floor(n / few)),
  );
  await each('patientrequests', 1, ({ patient, doctor }) => ({
    patientId: patient,
    doctorId: doctor,
    status: 'accepted',
    requestType: 'patient_link',
    requestDate: at,
    urgentNote: '',
    declineReason: '',
    respondedAt: at,
    createdAt: at,
    updatedAt: at,
  }));
  await each('medicationrequests', EACH.requests, ({ patient, pharmacy }, n, then) =>
    shop.medicationRequest(patient, pharmacy, [], then, n),
  );
  await each('reviews', 1, ({ pharmacy }, n, then) => shop.review(pharmacy, then, n));
}
