/** What people do in the app, how often, and as which request. Weights are of a usual minute on the screens of each role. */
import { freeTime } from './town.mjs';

const get = (path) => ({ method: 'GET', path });
const post = (path, body) => ({ method: 'POST', path, body });
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const DAY_MS = 86_400_000;
const dayOf = (ahead) => new Date(Date.now() + ahead * DAY_MS).toISOString().slice(0, 10);

let instants = 0;
/** No two sensor readings at one instant: a phone sends each once. */
const measuredAt = () => {
  instants = (instants + 7) % 500_000;
  return new Date(Date.now() - instants).toISOString();
};

const EVERYBODY = [
  ['unread count', 15, () => get('/notifications/unread-count')],
  ['notifications', 5, () => get('/notifications')],
  ['profile', 2, () => get('/auth/profile')],
];

const PATIENT = [
  ...EVERYBODY,
  [
    'reading of a sensor',
    8,
    () =>
      post('/glucose', {
        value: 90 + Math.floor(Math.random() * 80),
        source: 'cgm',
        intervalMinutes: 5,
        measuredAt: measuredAt(),
      }),
  ],
  ['last readings', 6, () => get('/glucose/my-records?limit=20')],
  ['summary', 4, () => get('/glucose/analytics/summary?days=14')],
  ['time in range', 4, () => get('/glucose/stats/time-in-range')],
  ['week', 3, () => get('/glucose/stats/weekly')],
  ['chart', 2, () => get('/glucose/stats/chart')],
  ['conversations', 5, ({ id }) => get(`/patients/${id}/conversations`)],
  ['messages', 6, ({ conversationId }) => get(`/conversations/${conversationId}/messages`)],
  [
    'sent message',
    4,
    ({ conversationId }) =>
      post(`/conversations/${conversationId}/messages`, { content: 'a message of a usual length' }),
  ],
  [
    'read messages',
    2,
    ({ conversationId, id }) => ({ method: 'PATCH', path: `/conversations/${conversationId}/read/${id}` }),
  ],
  ['appointments', 4, ({ id }) => get(`/patients/${id}/appointments?limit=20`)],
  ['an appointment', 2, ({ appointment }) => get(`/appointments/${appointment}`)],
  ['booking', 0.5, ({ id, doctorId }) => post('/appointments', { patientId: id, doctorId, dateTime: freeTime() })],
  ['slots', 1, ({ doctorId }) => get(`/doctors/${doctorId}/slots?from=${dayOf(1)}&to=${dayOf(7)}`)],
  ['my doctors', 2, ({ id }) => get(`/medecins/patient/${id}/my-doctors`)],
  ['meals', 3, () => get('/nutrition/meals?limit=20')],
  ['meal', 1.5, () => post('/nutrition/meals', { name: 'lunch', eatenAt: new Date().toISOString(), carbs: 35 })],
  ['nearby pharmacies', 1, () => get('/pharmaciens/nearby?lat=48.85&lng=2.35')],
  ['medication requests', 1, () => get('/medication-request/patient/my')],
];

const DOCTOR = [
  ...EVERYBODY,
  ['conversations', 8, ({ id }) => get(`/doctors/${id}/conversations`)],
  ['messages', 8, ({ patients }) => get(`/conversations/${pick(patients).conversationId}/messages`)],
  [
    'sent message',
    5,
    ({ patients }) =>
      post(`/conversations/${pick(patients).conversationId}/messages`, { content: 'an answer of a usual length' }),
  ],
  [
    'read messages',
    3,
    ({ patients, id }) => ({ method: 'PATCH', path: `/conversations/${pick(patients).conversationId}/read/${id}` }),
  ],
  ['appointments', 6, ({ id }) => get(`/doctors/${id}/appointments?limit=20`)],
  ['figures of appointments', 2, ({ id }) => get(`/appointments/doctor/${id}/stats`)],
  ['my patients', 4, ({ id }) => get(`/medecins/${id}/my-patients`)],
  [
    'summary of a patient',
    5,
    ({ patients }) => get(`/patients/${pick(patients).id}/glucose/analytics/summary?days=14`),
  ],
  ['readings of a patient', 3, ({ patients }) => get(`/glucose/patient/${pick(patients).id}/records?limit=20`)],
  ['patient requests', 2, ({ id }) => get(`/doctors/${id}/patient-requests`)],
];

const PHARMACIST = [
  ...EVERYBODY,
  ['pending requests', 8, ({ id }) => get(`/medication-request/pharmacy/${id}/pending`)],
  ['history', 2, ({ id }) => get(`/medication-request/pharmacy/${id}/history`)],
  ['dashboard', 2, ({ id }) => get(`/pharmaciens/${id}/dashboard`)],
  ['feed', 3, ({ id }) => get(`/activity/pharmacy/${id}/feed`)],
  ['points', 1, ({ id }) => get(`/pharmaciens/${id}/points/stats`)],
];

/** One request of a person of a role, by weight. */
export function nextAction(role, person) {
  const table = { patient: PATIENT, doctor: DOCTOR, pharmacist: PHARMACIST }[role];
  let left = Math.random() * table.reduce((sum, [, weight]) => sum + weight, 0);
  const [kind, , make] = table.find(([, weight]) => (left -= weight) < 0) ?? table[0];
  return { kind, ...make(person) };
}
