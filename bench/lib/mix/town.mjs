/** Two hundred people of a small town: patients with sensors and doctors, pharmacies, half of them with a socket open. */
import { connect, connectAll, insertPairs, insertPharmacists } from '../people.mjs';
import { sensorDays, upload } from '../glucose-data.mjs';
import { call } from '../server.mjs';

/** Of 200 users; every fifth patient is looked after by a doctor of the list. */
const SHARES = { patients: 0.7, doctors: 0.2 };
const HISTORY_DAYS = 14;
const SENSOR_SHARE = 0.3;

/** Makes the people with their history. Sizes by the number of users. */
export async function makeTown(stage, users = 200) {
  const doctorCount = Math.max(1, Math.round(users * SHARES.doctors));
  const patientCount = Math.max(1, Math.round(users * SHARES.patients));
  const pairs = await insertPairs(stage.db, patientCount, 't', doctorCount);
  const pharmacists = await insertPharmacists(stage.db, Math.max(1, users - patientCount - doctorCount), 't');
  const patients = pairs.map(({ patient, doctor, conversationId }) => ({
    ...patient,
    doctorId: doctor.id,
    conversationId,
    meals: [],
  }));
  const doctors = [...new Map(pairs.map(({ doctor }) => [doctor.id, doctor])).values()].map((doctor) => ({
    ...doctor,
    patients: patients.filter(({ doctorId }) => doctorId === doctor.id),
  }));
  const withSensor = patients.slice(0, Math.max(1, Math.round(patients.length * SENSOR_SHARE)));
  const history = sensorDays(HISTORY_DAYS, 5, Date.now() - 600_000);
  for (const patient of withSensor) await upload(stage, patient, history);
  for (const patient of patients) await firstThings(stage.api, patient, pharmacists);
  return { patients, doctors, pharmacists };
}

/** What everybody has before the load begins: a few messages, an appointment, a meal, a medication request. */
async function firstThings(api, patient, pharmacists) {
  const { id, token, doctorId, conversationId } = patient;
  for (let n = 0; n < 3; n += 1)
    await call(api, 'POST', `/conversations/${conversationId}/messages`, token, { content: `message ${n}` });
  const eatenAt = new Date(Date.now() - 3_600_000).toISOString();
  patient.meals.push((await call(api, 'POST', '/nutrition/meals', token, { name: 'lunch', eatenAt, carbs: 40 }))._id);
  const body = { medicationName: 'Metformine', dosage: '1 g', quantity: 1 };
  const targetPharmacyIds = [pharmacists[Number.parseInt(id.slice(-4), 16) % pharmacists.length].id];
  await call(api, 'POST', '/medication-request', token, { ...body, targetPharmacyIds });
  patient.appointment = (
    await call(api, 'POST', '/appointments', token, { patientId: id, doctorId, dateTime: freeTime() })
  )._id;
}

let taken = 0;

/** A quarter of an hour that nobody else asks for, few on one day. */
export function freeTime() {
  taken += 1;
  const [day, quarter] = [taken % 300, Math.floor(taken / 300)];
  return new Date(
    Math.ceil(Date.now() / 86_400_000) * 86_400_000 + day * 86_400_000 + quarter * 1_800_000,
  ).toISOString();
}

/** Opens a socket for every second of them; they only listen. Answers how to close them. */
export async function openSockets(api, { patients, doctors, pharmacists }) {
  const listening = [...patients, ...doctors, ...pharmacists].filter((_, index) => index % 2 === 0);
  const sockets = await connectAll(listening, ({ token }) => connect(api, token));
  return { count: sockets.length, close: () => sockets.forEach((socket) => socket.close()) };
}
