import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import type { TestResponse } from '../support/http';
import { type RunningRoute, runningRoutes } from '../support/routes';

const SECRET_WORDS = ['Geheimrat', 'Vertraulich', 'strictly-confidential-words'];

/** Everything that belongs to one patient and doctor: what nobody else may see. */
interface Owned {
  readonly patient: TestActor;
  readonly doctor: TestActor;
  readonly ids: Readonly<Record<string, string>>;
}

describe('the role matrix', () => {
  let t: TestApp;
  let owned: Owned;
  let routes: RunningRoute[];

  beforeAll(async () => {
    t = await startTestApp();
    routes = runningRoutes(t.app).filter((route) => !route.operational);
    owned = await makeOwned();
  });

  afterAll(async () => {
    await t.close();
  });

  async function makeOwned(): Promise<Owned> {
    const patient = await t.actors.asPatient({ nom: SECRET_WORDS[0], prenom: SECRET_WORDS[1] });
    const doctor = await t.actors.asDoctor();
    const { body: request } = await patient.post(`/patients/${patient.id}/request-doctor`, {
      doctorId: doctor.id,
      urgentNote: SECRET_WORDS[2],
    });
    const { body: declined } = await (async () => {
      await doctor.post(`/doctors/${doctor.id}/patient-requests/${request._id}/accept`);
      return { body: request as { _id: string } };
    })();
    const dateTime = new Date(Date.now() + 86_400_000).toISOString();
    const { body: appointment } = await patient.post('/appointments', {
      patientId: patient.id,
      doctorId: doctor.id,
      dateTime,
      notes: SECRET_WORDS[2],
    });
    const { body: conversation } = await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    await patient.post(`/conversations/${conversation._id}/messages`, { content: SECRET_WORDS[2] });
    const { body: meal } = await patient.post('/nutrition/meals', {
      name: SECRET_WORDS[2],
      eatenAt: '2026-01-01',
      carbs: 20,
    });
    const { body: food } = await patient.post(`/nutrition/meals/${meal._id}/foods`, {
      name: SECRET_WORDS[2],
      carbs: 1,
    });
    const { pharmacy, medication, review } = await makeRequest(patient);
    await t.settle();
    const { body: told } = await doctor.get('/notifications?limit=1');
    const { body: sessions } = await patient.get('/sessions/active');
    return {
      patient,
      doctor,
      ids: {
        patientId: patient.id,
        doctorId: doctor.id,
        requestId: declined._id,
        conversationId: conversation._id,
        notificationId: told.notifications[0]._id,
        sessionId: sessions[0]._id,
        pharmacistId: patient.id,
        userId: patient.id,
        report: 'summary',
        appointment: appointment._id,
        conversation: conversation._id,
        mealId: meal._id,
        food: food._id,
        pharmacyId: pharmacy,
        medication,
        review,
      },
    };
  }

  /** A medication request that was picked up, rated and reviewed. */
  async function makeRequest(patient: TestActor): Promise<Record<'pharmacy' | 'medication' | 'review', string>> {
    const pharmacist = await t.actors.asPharmacist();
    const { body: request } = await patient.post('/medication-request', {
      medicationName: SECRET_WORDS[2],
      dosage: '1 mg',
      quantity: 1,
      targetPharmacyIds: [pharmacist.id],
    });
    await pharmacist.put(`/medication-request/${request._id}/respond`, { status: 'accepted' });
    await pharmacist.put(`/medication-request/${request._id}/pickup`);
    const opinion = { pharmacyId: pharmacist.id, rating: 5, requestId: request._id };
    const { body: review } = await patient.post('/review', opinion);
    return { pharmacy: pharmacist.id, medication: request._id, review: review._id };
  }

  /** The path with the owner's real ids. */
  function pathOf(route: RunningRoute): string {
    return route.path.replace(/:(\w+)/g, (_match, name: string) => {
      if (name !== 'id') return owned.ids[name] ?? owned.patient.id;
      if (route.path.startsWith('/appointments')) return owned.ids['appointment'] ?? '';
      if (route.path.includes('medication-request/')) return owned.ids['medication'] ?? '';
      if (route.path.startsWith('/review')) return owned.ids['review'] ?? '';
      if (route.path.startsWith('/conversations')) return owned.ids['conversation'] ?? '';
      if (route.path.includes('/foods/')) return owned.ids['food'] ?? '';
      if (route.path.startsWith('/nutrition')) return owned.ids['mealId'] ?? '';
      return route.path.startsWith('/medecins') ? owned.doctor.id : owned.patient.id;
    });
  }

  const call = (route: RunningRoute, token?: string): Promise<TestResponse> =>
    t.http.call(
      route.method,
      pathOf(route),
      route.method === 'GET' ? undefined : {},
      token === undefined ? {} : { token },
    );

  function expectNoLeak(route: RunningRoute, who: string, response: TestResponse): void {
    for (const word of [...SECRET_WORDS, owned.patient.email])
      expect(response.text, `${who}: ${route.method} ${route.path}`).not.toContain(word);
  }

  // Routes whose answer to a stranger is theirs to have: public profiles, own lists, own creations.
  const OPEN_TO_STRANGERS = new Set([
    'GET /medecins',
    'GET /medecins/:id',
    'GET /pharmaciens',
    'GET /auth/profile',
    'GET /sessions/active',
    'GET /sessions/count',
    'GET /notifications',
    'GET /notifications/my-notifications',
    'GET /notifications/unread-count',
    'PATCH /notifications/read-all',
    'GET /notifications/preferences',
    'PUT /notifications/preferences',
    'GET /users/me/export',
    'GET /patients',
    'GET /doctors/:doctorId/availability',
    'GET /medication-request/patient/my',
    'POST /appointments/calendar-token',
    'DELETE /appointments/calendar-token',
    'GET /glucose/alerts',
    'GET /glucose/alert-settings',
    'PUT /glucose/alert-settings',
    'GET /nutrition/meals',
    'GET /nutrition/stats/weekly-macros',
    'GET /nutrition/stats/meals/spike',
    'GET /nutrition/stats/targets',
    'GET /glucose/my-records',
    'GET /glucose/stats/weekly',
    'GET /glucose/stats/monthly',
    'GET /glucose/stats/daily-average',
    'GET /glucose/stats/alerts',
    'GET /glucose/stats/hba1c',
    'GET /glucose/stats/time-in-range',
    'GET /glucose/stats/chart',
    'GET /glucose/stats/trend',
    'GET /glucose/analytics/:report',
  ]);
  // They end the caller's own session; tested beside the others they would end the stranger.
  const ENDS_SESSION = new Set([
    'POST /auth/logout',
    'DELETE /sessions/current',
    'DELETE /sessions/all',
    'POST /auth/change-password',
    'DELETE /users/me',
  ]);
  const name = (route: RunningRoute): string => `${route.method} ${route.path}`;
  const guarded = (): RunningRoute[] => routes.filter((route) => route.access?.roles !== 'public');

  it('refuses the anonymous and the signed-out everywhere', async () => {
    const gone = await t.actors.asPatient();
    await gone.delete('/sessions/current');
    for (const route of guarded()) {
      expect((await call(route)).body, name(route)).toMatchObject({ statusCode: 401, code: 'UNAUTHENTICATED' });
      expect((await call(route, gone.token)).body, name(route)).toMatchObject({
        statusCode: 401,
        code: 'SESSION_REVOKED',
      });
    }
  });

  it('shows strangers of every role nothing of somebody else', async () => {
    const strangers = await Promise.all([t.actors.asPatient(), t.actors.asDoctor(), t.actors.asPharmacist()]);
    for (const stranger of strangers) {
      for (const route of guarded().filter((candidate) => !ENDS_SESSION.has(name(candidate)))) {
        const response = await call(route, stranger.token);
        expectNoLeak(route, stranger.role, response);
        const roles = route.access?.roles ?? [];
        const admitted = roles === 'any' || roles.includes(stranger.role as never);
        if (admitted && OPEN_TO_STRANGERS.has(name(route))) {
          expect(response.status, `${stranger.role}: ${name(route)}`).toBe(route.access?.status);
          continue;
        }
        const expected = admitted ? [400, 403, 404] : [403];
        expect(expected, `${stranger.role}: ${name(route)} answered ${response.status}`).toContain(response.status);
        if (!admitted) expect(response.body.code).toBe('FORBIDDEN_ROLE');
      }
    }
  });

  it('lets an ADMIN see accounts and no clinical data', async () => {
    const admin = await t.actors.asAdmin();
    const readable = new Set([
      'GET /users/:id',
      'PATCH /users/:id',
      'GET /patients/:id',
      'GET /medecins/:id',
      'GET /users',
      'GET /users/stats',
      'GET /audit-events',
      'GET /patients/:id/access-log',
      'GET /patients/search/by-name-or-email',
      'GET /patients/by-type/:typeDiabete',
      // Erasure: an ADMIN may, and does in a test of its own.
      'DELETE /users/:id',
      'DELETE /patients/:id',
      'DELETE /medecins/:id',
      'DELETE /review/:id',
      // Everybody's to search; without a medicine it is a 400.
      'GET /pharmaciens/search/medicament',
      // Free slots are everybody's to see; without a range they are a 400.
      'GET /doctors/:doctorId/slots',
      // The ADMIN's own devices; without a token in the body they are a 400.
      'POST /notifications/register-token',
      'DELETE /notifications/remove-token',
      ...OPEN_TO_STRANGERS,
    ]);
    for (const route of guarded().filter(
      (candidate) => !ENDS_SESSION.has(name(candidate)) && !readable.has(name(candidate)),
    )) {
      const response = await call(route, admin.token);
      expectNoLeak(route, 'ADMIN', response);
      expect([403, 404], `${name(route)} answered ${response.status}`).toContain(response.status);
    }
  });

  it('closes with access, and with the link', async () => {
    const { patient, doctor } = owned;
    const reads = guarded().filter(
      (route) =>
        route.method === 'GET' &&
        (route.access?.spaces.some((space) => space.linked === true) === true || route.path === '/patients/:id'),
    );
    expect(reads.length).toBeGreaterThan(3);
    for (const route of reads) expect((await call(route, doctor.token)).status, name(route)).toBe(200);
    await patient.patch(`/patients/${patient.id}/doctors/${doctor.id}/access`, { enabled: false });
    for (const route of reads) {
      const response = await call(route, doctor.token);
      expect(response.body.code, name(route)).toBe('ACCESS_DISABLED');
      expectNoLeak(route, 'access off', response);
    }
    await patient.delete(`/medecins/${doctor.id}/patients/${patient.id}`);
    for (const route of reads) {
      const response = await call(route, doctor.token);
      expect([403, 404], name(route)).toContain(response.status);
      expectNoLeak(route, 'ended link', response);
    }
  });
});
