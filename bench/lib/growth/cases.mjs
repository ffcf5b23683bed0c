/** Every GET route that answers stored data, with the calls that are measured: the plain one and those by its filters. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pharmacyCases } from './pharmacy-cases.mjs';

/** Routes without a case, each with its reason; any other route without one is reported. */
export const EXCLUDED = {
  '/api/health/live': 'no stored data',
  '/api/health/ready': 'no stored data; asks the database for a sign of life',
  '/api/version': 'no stored data',
  '/api/metrics': 'no stored data',
  '/api/users/me/export': 'streams everything the account has: grows with it by design, 3 a day',
};

const day = (offset) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const instant = (offset) => encodeURIComponent(new Date(Date.now() + offset * 86_400_000).toISOString());
const paged = ['', '?page=2'];

/** `[route, who, path of an owner, queries]`; the role in `who` makes the call. */
const CASES = [
  ['/api/users', 'admin', () => '/users', ['', '?page=2', '?role=PATIENT&statutCompte=ACTIF', '?search=patient1']],
  ['/api/users/stats', 'admin', () => '/users/stats'],
  ['/api/users/{id}', 'admin', (o) => `/users/${o.patient.id}`],
  [
    '/api/audit-events',
    'admin',
    () => '/audit-events',
    [...paged, '?action=patient.read', (o) => `?patientId=${o.patient.id}`, (o) => `?actorId=${o.doctor.id}`],
  ],
  [
    '/api/patients/{id}/access-log',
    'patient',
    (o) => `/patients/${o.patient.id}/access-log`,
    [...paged, (o) => `?actorId=${o.doctor.id}`, `?from=${day(-7)}`],
  ],
  ['/api/auth/profile', 'patient', () => '/auth/profile'],
  ['/api/sessions/active', 'patient', () => '/sessions/active'],
  ['/api/sessions/count', 'patient', () => '/sessions/count'],
  [
    '/api/notifications',
    'patient',
    () => '/notifications',
    ['', '?unreadOnly=true', '?type=medication', `?before=${instant(-100)}`],
  ],
  ['/api/notifications/my-notifications', 'patient', () => '/notifications/my-notifications', paged],
  ['/api/notifications/unread-count', 'patient', () => '/notifications/unread-count'],
  ['/api/notifications/preferences', 'patient', () => '/notifications/preferences'],
  [
    '/api/medecins',
    'patient',
    () => '/medecins',
    ['', '?page=2', '?search=other', '?specialite=endo', '?disponible=true'],
  ],
  ['/api/medecins/patient/{patientId}/my-doctors', 'patient', (o) => `/medecins/patient/${o.patient.id}/my-doctors`],
  ['/api/medecins/{id}', 'patient', (o) => `/medecins/${o.doctor.id}`],
  [
    '/api/medecins/{id}/my-patients',
    'doctor',
    (o) => `/medecins/${o.doctor.id}/my-patients`,
    ['', '?status=stable', '?search=linked1'],
  ],
  ['/api/medecins/{id}/status', 'doctor', (o) => `/medecins/${o.doctor.id}/status`],
  ['/api/patients', 'doctor', () => '/patients', [...paged, '?search=linked1']],
  ['/api/patients', 'admin', () => '/patients', ['', '?typeDiabete=TYPE_1']],
  ['/api/patients/by-type/{typeDiabete}', 'doctor', () => '/patients/by-type/TYPE_1'],
  ['/api/patients/search/by-name-or-email', 'doctor', () => '/patients/search/by-name-or-email?query=linked'],
  ['/api/patients/{id}', 'doctor', (o) => `/patients/${o.patient.id}`],
  ['/api/patients/{patientId}/my-requests', 'patient', (o) => `/patients/${o.patient.id}/my-requests`],
  ['/api/doctors/{doctorId}/patient-requests', 'doctor', (o) => `/doctors/${o.doctor.id}/patient-requests`, paged],
  [
    '/api/patients/{patientId}/pending-doctor-access-requests',
    'patient',
    (o) => `/patients/${o.patient.id}/pending-doctor-access-requests`,
  ],
  [
    '/api/patients/{patientId}/doctors/{doctorId}/access-status',
    'patient',
    (o) => `/patients/${o.patient.id}/doctors/${o.doctor.id}/access-status`,
  ],
  [
    '/api/doctors/{doctorId}/patients/{patientId}/access-status',
    'doctor',
    (o) => `/doctors/${o.doctor.id}/patients/${o.patient.id}/access-status`,
  ],
  ['/api/appointments/calendar.ics', null, (o) => `/appointments/calendar.ics?token=${o.calendarToken}`],
  ...['doctors/{doctorId}/appointments', 'appointments/doctor/{doctorId}', 'appointments/doctors/{doctorId}'].map(
    (path) => appointmentsOf(path, 'doctor', 'doctorId'),
  ),
  ...['patients/{patientId}/appointments', 'appointments/patient/{patientId}', 'appointments/patients/{patientId}'].map(
    (path) => appointmentsOf(path, 'patient', 'patientId'),
  ),
  ['/api/appointments/doctor/{doctorId}/upcoming', 'doctor', (o) => `/appointments/doctor/${o.doctor.id}/upcoming`],
  ['/api/appointments/doctor/{doctorId}/stats', 'doctor', (o) => `/appointments/doctor/${o.doctor.id}/stats`],
  ['/api/appointments/{id}', 'patient', (o) => `/appointments/${o.appointmentId}`],
  ['/api/doctors/{doctorId}/availability', 'patient', (o) => `/doctors/${o.doctor.id}/availability`],
  [
    '/api/doctors/{doctorId}/slots',
    'patient',
    (o) => `/doctors/${o.doctor.id}/slots?from=${day(1)}&to=${day(8)}&durationMinutes=30`,
  ],
  [
    '/api/nutrition/meals',
    'patient',
    () => '/nutrition/meals',
    [...paged, `?start=${day(-20)}&end=${day(-5)}`, `?end=${day(-20)}`],
  ],
  ['/api/nutrition/meals/{id}', 'patient', (o) => `/nutrition/meals/${o.mealId}`],
  ['/api/nutrition/meals/{mealId}/foods', 'patient', (o) => `/nutrition/meals/${o.mealId}/foods`],
  ['/api/nutrition/stats/daily-carbs', 'patient', () => `/nutrition/stats/daily-carbs?date=${day(-1)}`],
  ['/api/nutrition/stats/weekly-macros', 'patient', () => '/nutrition/stats/weekly-macros'],
  ['/api/nutrition/stats/meals/spike', 'patient', () => `/nutrition/stats/meals/spike?start=${day(-7)}&end=${day(0)}`],
  ['/api/nutrition/stats/targets', 'patient', () => '/nutrition/stats/targets'],
  ['/api/patients/{patientId}/conversations', 'patient', (o) => `/patients/${o.patient.id}/conversations`],
  ['/api/doctors/{doctorId}/conversations', 'doctor', (o) => `/doctors/${o.doctor.id}/conversations`],
  ['/api/pharmacists/{pharmacistId}/conversations', 'pharmacy', (o) => `/pharmacists/${o.pharmacy.id}/conversations`],
  [
    '/api/conversations/{conversationId}/messages',
    'patient',
    (o) => `/conversations/${o.conversationId}/messages`,
    ['', '?page=2', (o) => `?before=${o.messageId}`, `?before=${instant(-5)}`],
  ],
  ...['weekly', 'monthly', 'alerts', 'hba1c', 'trend'].map((name) => [
    `/api/glucose/stats/${name}`,
    'patient',
    () => `/glucose/stats/${name}`,
  ]),
  ['/api/glucose/stats/daily-average', 'patient', () => '/glucose/stats/daily-average?days=14'],
  ['/api/glucose/stats/time-in-range', 'patient', () => '/glucose/stats/time-in-range?days=14'],
  ['/api/glucose/stats/chart', 'patient', () => '/glucose/stats/chart?period=7d'],
  [
    '/api/glucose/analytics/{report}',
    'patient',
    () => '/glucose/analytics',
    ['summary', 'agp', 'daily', 'episodes', 'compare'].map((name) => `/${name}?days=14`),
  ],
  [
    '/api/patients/{patientId}/glucose/analytics/{report}',
    'doctor',
    (o) => `/patients/${o.patient.id}/glucose/analytics/summary?days=14`,
  ],
  ...['pdf', 'svg'].map((kind) => [
    `/api/patients/{id}/reports/agp.${kind}`,
    'patient',
    (o) => `/patients/${o.patient.id}/reports/agp.${kind}?days=14`,
  ]),
  ['/api/doctors/{id}/population', 'doctor', (o) => `/doctors/${o.doctor.id}/population`],
  ['/api/glucose', 'patient', () => `/glucose?start=${day(-3)}&end=${day(0)}`],
  [
    '/api/glucose/my-records',
    'patient',
    () => '/glucose/my-records',
    [...paged, '?period=fasting', '?source=manual', `?start=${day(-9)}&end=${day(-2)}`, `?end=${instant(-9)}`],
  ],
  ['/api/glucose/patient/{patientId}/records', 'doctor', (o) => `/glucose/patient/${o.patient.id}/records`],
  ['/api/glucose/{id}', 'patient', (o) => `/glucose/${o.readingId}`],
  [
    '/api/glucose/alerts',
    'patient',
    () => '/glucose/alerts',
    ['?state=active', '?state=all', `?before=${instant(-9)}`],
  ],
  ['/api/glucose/alert-settings', 'patient', () => '/glucose/alert-settings'],
  ['/api/patients/{id}/glucose/alerts', 'doctor', (o) => `/patients/${o.patient.id}/glucose/alerts`],
  ['/api/patients/{id}/glucose/alert-settings', 'doctor', (o) => `/patients/${o.patient.id}/glucose/alert-settings`],
  ...pharmacyCases(day),
];

function appointmentsOf(path, who, param) {
  const queries = path.startsWith('appointments/')
    ? ['']
    : [...paged, '?status=Completed', `?date=${day(-3)}`, '?sort=asc'];
  return [`/api/${path}`, who, (o) => `/${path.replace(`{${param}}`, o[who].id)}`, queries];
}

const ANYBODY = { patient: { id: 'ID' }, doctor: { id: 'ID' }, messageId: 'ID' };

/** The calls that are measured, each `{ name, route, who, pathOf }`; a filter keeps those whose name contains it. */
export function measuredCalls(filter = '') {
  return CASES.flatMap(([route, who, pathOf, queries = ['']]) =>
    queries.map((query) => {
      const of = typeof query === 'function' ? query : () => query;
      // Instants depend on the run; a name says the day.
      const shown = of(ANYBODY).replace(/T\d\d%3A[^&]*/g, '');
      return {
        name: `${route.replace('/api', '')}${shown}${who === 'admin' ? ' (ADMIN)' : ''}`,
        route,
        who,
        pathOf: (owner) => pathOf(owner) + of(owner),
      };
    }),
  ).filter(({ name }) => name.includes(filter));
}

/** GET routes of the API description that have neither a case nor a reason for having none. */
export function forgottenRoutes() {
  const description = JSON.parse(readFileSync(join(resolve(import.meta.dirname, '../../..'), 'openapi.json'), 'utf8'));
  const covered = new Set([...CASES.map(([route]) => route), ...Object.keys(EXCLUDED)]);
  return Object.entries(description.paths)
    .filter(([path, methods]) => methods.get !== undefined && !covered.has(path))
    .map(([path]) => path);
}
