/** Other people in the same collections: each has a little of everything, none of it concerns the one who is measured. */
import { person } from '../people.mjs';
import { ObjectId } from '../server.mjs';
import * as make from './documents.mjs';
import { fill } from './owner.mjs';
import * as shop from './pharmacy-documents.mjs';

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
  const each = (collection, many, one) =>
    fill(db.collection(collection), pairs.length * many, (n) =>
      one(pairs[n % pairs.length], Math.floor(n / pairs.length)),
    );
  const at = new Date(now);
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
  await each('conversations', 1, ({ patient, doctor, conversation }) =>
    make.conversation(conversation, patient, 'doctorId', doctor, EACH.messages, now),
  );
  await each('messages', EACH.messages, ({ patient, doctor, conversation }, n) =>
    make.message(conversation, [patient, doctor], EACH.messages, now, n),
  );
  await each('appointments', EACH.appointments, ({ patient, doctor }, n) => make.appointment(patient, doctor, now, n));
  await each('notifications', EACH.notifications, ({ patient }, n) =>
    make.notification(patient, EACH.notifications, now, n),
  );
  await each('usercounters', 1, ({ patient }) => ({
    userId: patient,
    unreadNotifications: 1,
    eventSeq: 1,
    touched: 0,
  }));
  await each('auditevents', EACH.auditEvents, ({ patient, doctor }, n) => make.auditEvent(patient, doctor, now, n));
  await each('meals', EACH.meals, ({ patient }, n) => make.meal(patient, now, n));
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
  await each('medicationrequests', EACH.requests, ({ patient, pharmacy }, n) =>
    shop.medicationRequest(patient, pharmacy, [], now, n),
  );
  await each('reviews', 1, ({ pharmacy }, n) => shop.review(pharmacy, now, n));
}
