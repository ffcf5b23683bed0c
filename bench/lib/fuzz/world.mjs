/** The people who call and the people whose things they reach for. */
import { call, register } from '../server.mjs';

const DAY = 86_400_000;

/** Texts that belong to the other patient: none of the callers may ever read one. */
const SECRET = 'geheimnis-of-somebody-else';

async function pharmacist(api) {
  return register(api, 'pharmacien');
}

/** A linked patient and doctor with one of each thing, and a pharmacist. */
async function people(api, note) {
  const [patient, doctor, other] = await Promise.all([
    register(api, 'patient'),
    register(api, 'medecin'),
    pharmacist(api),
  ]);
  const own = { patient: patient.id, doctor: doctor.id, pharmacist: other.id };
  const ask = (path, body, who = patient) => call(api, 'POST', path, who.token, body);
  const request = await ask(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id, urgentNote: note });
  await ask(`/doctors/${doctor.id}/patient-requests/${request._id}/accept`, {}, doctor);
  const pair = { patientId: patient.id, doctorId: doctor.id };
  const dateTime = new Date(Date.now() + DAY).toISOString();
  const appointment = await ask('/appointments', { ...pair, dateTime, notes: note });
  const conversation = await ask('/conversations', pair);
  const message = await ask(`/conversations/${conversation._id}/messages`, { content: note });
  const reading = await ask('/glucose', { value: 112, measuredAt: new Date(Date.now() - DAY).toISOString(), note });
  const now = new Date().toISOString();
  const meal = await ask('/nutrition/meals', { name: note, eatenAt: now, carbs: 20 });
  const food = await ask(`/nutrition/meals/${meal._id}/foods`, { name: note, carbs: 1 });
  const wish = { medicationName: 'Metformin', dosage: '1 mg', quantity: 1, targetPharmacyIds: [other.id] };
  const medication = await ask('/medication-request', { ...wish, patientNote: 'note' });
  Object.assign(own, {
    request: request._id,
    meal: meal._id,
    food: food._id,
    'medication-request': medication._id,
    appointment: appointment._id,
    conversation: conversation._id,
    message: message._id,
    glucose: reading._id,
  });
  return { patient, doctor, pharmacist: other, own };
}

/** A caller: whose account, which token, which things are its own. */
function caller(role, account, own, self) {
  return { role, token: account.token, own: { ...own, [self]: account.id, user: account.id }, spent: false };
}

/** Makes new people; answers the callers by role. Everybody's ids go to the pool. */
export async function makeWorld(api, admin, pool) {
  const [mine, others, signedIn] = await Promise.all([
    people(api, 'own words'),
    people(api, SECRET),
    call(api, 'POST', '/auth/login', undefined, admin),
  ]);
  for (const group of [mine.own, others.own]) for (const [kind, id] of Object.entries(group)) pool.add(kind, id);
  for (const person of [mine, others].flatMap(({ patient, doctor, pharmacist: other }) => [patient, doctor, other]))
    pool.add('user', person.id);
  const administrator = { id: signedIn.user._id, token: signedIn.accessToken };
  return {
    callers: {
      anonymous: null,
      PATIENT: caller('PATIENT', mine.patient, mine.own, 'patient'),
      MEDECIN: caller('MEDECIN', mine.doctor, mine.own, 'doctor'),
      PHARMACIEN: caller('PHARMACIEN', mine.pharmacist, mine.own, 'pharmacist'),
      ADMIN: caller('ADMIN', administrator, {}, 'user'),
    },
    secret: SECRET,
  };
}
