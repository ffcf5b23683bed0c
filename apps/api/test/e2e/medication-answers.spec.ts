import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, MINUTE, NOBODY } from '../support/booking';
import { Counter } from '../support/pharmacy';

describe('what follows a medication request', () => {
  let t: TestApp;
  let c: Counter;

  beforeAll(async () => {
    t = await startTestApp();
  });

  beforeEach(async () => {
    c = await Counter.open(t, 3);
    t.clock.freeze();
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  const ahead = (ms: number): string => new Date(t.clock.now().getTime() + ms).toISOString();

  it('is one response of each pharmacy, which sees its own entry and points only', async () => {
    const id = await c.request({ patientLatitude: 48.86, patientLongitude: 2.34, patientNote: 'Merci' });
    // 12 min 30 s: 12 whole minutes, 10 points and 20 for less than 30 minutes.
    t.clock.advance(12.5 * MINUTE);
    const terms = {
      indicativePrice: 12.5,
      preparationDelay: '30MIN',
      pharmacyMessage: 'Prêt',
      pickupDeadline: ahead(DAY),
    };
    const { status, body } = await c.respond(id, 0, 'ACCEPTED', { ...terms, pharmacyId: c.pharmacy(0).id });
    expect(status).toBe(200);
    expect(body.pharmacyResponses).toEqual([
      {
        pharmacyId: c.pharmacy(0).id,
        pharmacyName: 'Pharmacie 0',
        status: 'accepted',
        responseTime: 12,
        respondedAt: ahead(0),
        ...terms,
        preparationDelay: '30min',
        pointsAwarded: 30,
        pointsBreakdown: { basePoints: 10, bonusPoints: 20, reason: 'accepted within 30 minutes' },
      },
    ]);
    expect(body).toMatchObject({ globalStatus: 'open', patientName: `${c.patient.prenom} ${c.patient.nom}` });
    expect(Object.keys(body)).not.toContain('patientLocation');
    await c.respond(id, 1, 'unavailable', { pharmacyMessage: 'Demain' });
    const { body: seen } = await c.patient.get(`/medication-request/${id}`);
    expect(seen.pharmacyResponses.map((entry: { status: string }) => entry.status)).toEqual([
      'accepted',
      'unavailable',
      'pending',
    ]);
    for (const entry of seen.pharmacyResponses) {
      expect(Object.keys(entry)).not.toContain('pointsAwarded');
      expect(Object.keys(entry)).not.toContain('pointsBreakdown');
    }
    expect(seen.patientLocation).toBeDefined();
    const { body: other } = await c.pharmacy(2).get(`/medication-request/${id}`);
    expect(other.pharmacyResponses).toEqual([
      {
        pharmacyId: c.pharmacy(2).id,
        pharmacyName: 'Pharmacie 2',
        status: 'pending',
        pointsAwarded: 0,
        pointsBreakdown: { basePoints: 0, bonusPoints: 0, reason: '' },
      },
    ]);
    expect(await c.ledger(0)).toEqual(['request_received:', 'request_accepted:30']);
    expect(await c.ledger(1)).toEqual(['request_received:', 'request_unavailable:5']);
    expect(await c.figures(0)).toMatchObject({
      points: 30,
      totalRequestsAccepted: 1,
      totalRequestsDeclined: 0,
      averageResponseTime: 12,
    });
    expect(await c.figures(1)).toMatchObject({ points: 5, totalRequestsAccepted: 0, totalRequestsDeclined: 1 });
    expect(await c.events(c.patient, id)).toEqual(['medication_accepted', 'medication_unavailable']);
  });

  it.each([
    [29.99, 30],
    [30, 25],
    [59.99, 25],
    [60, 15],
    [119.99, 15],
  ])('after %d minutes gives %d points when accepted', async (minutes, points) => {
    const id = await c.request();
    t.clock.advance(minutes * MINUTE);
    expect((await c.respond(id, 0, 'accepted')).body.pharmacyResponses[0]).toMatchObject({
      pointsAwarded: points,
      responseTime: Math.floor(minutes),
    });
    expect(await c.figures(0)).toMatchObject({ points });
  });

  it('may be declined or ignored, without points; the patient hears of the one only', async () => {
    const id = await c.request();
    expect((await c.respond(id, 0, 'declined', { pharmacyMessage: 'Fermé' })).status).toBe(200);
    expect((await c.respond(id, 1, 'ignored')).status).toBe(200);
    expect(await c.ledger(0)).toEqual(['request_received:', 'request_declined:0']);
    expect(await c.ledger(1)).toEqual(['request_received:', 'request_ignored:0']);
    expect(await c.figures(0)).toMatchObject({ totalRequestsDeclined: 1 });
    expect(await c.figures(1)).toMatchObject({ totalRequestsDeclined: 0 });
    expect(await c.events(c.patient, id)).toEqual(['medication_declined']);
  });

  it.each([
    [{}, 'status'],
    [{ status: 'pending' }, 'status'],
    [{ status: 'expired' }, 'status'],
    [{ status: 'declined', indicativePrice: 3 }, 'indicativePrice'],
    [{ status: 'ignored', preparationDelay: '1h' }, 'preparationDelay'],
    [{ status: 'declined', pickupDeadline: '2999-01-01' }, 'pickupDeadline'],
    [{ status: 'accepted', pickupDeadline: '2999-01-01' }, 'pickupDeadline'],
    [{ status: 'accepted', pickupDeadline: '2020-01-01' }, 'pickupDeadline'],
    [{ status: 'accepted', indicativePrice: -1 }, 'indicativePrice'],
    [{ status: 'accepted', indicativePrice: 100_001 }, 'indicativePrice'],
    [{ status: 'accepted', preparationDelay: 'soon' }, 'preparationDelay'],
    [{ status: 'accepted', points: 5 }, 'points'],
  ])('refuses the response %j', async (answer, field) => {
    const id = await c.request();
    const { body } = await c.pharmacy(0).put(`/medication-request/${id}/respond`, answer);
    expect(body).toMatchObject({ statusCode: 400, code: 'VALIDATION_FAILED' });
    expect(body.details).toEqual([expect.objectContaining({ field })]);
  });

  it('takes a deadline of exactly seven days, which moves the time to confirm', async () => {
    const id = await c.request();
    const before = (await c.patient.get(`/medication-request/${id}`)).body.confirmationDeadline;
    expect((await c.respond(id, 0, 'accepted', { pickupDeadline: ahead(7 * DAY + 1) })).status).toBe(400);
    expect((await c.respond(id, 0, 'accepted', { pickupDeadline: ahead(0) })).status).toBe(400);
    const early = await c.respond(id, 0, 'accepted', { pickupDeadline: ahead(HOUR) });
    expect(early.body.confirmationDeadline).toBe(before);
    await c.respond(id, 1, 'unavailable', { pickupDeadline: ahead(3 * DAY) });
    expect((await c.patient.get(`/medication-request/${id}`)).body.confirmationDeadline).toBe(before);
    const late = await c.respond(id, 2, 'accepted', { pickupDeadline: ahead(7 * DAY) });
    expect(late.body.confirmationDeadline).toBe(ahead(7 * DAY));
  });

  it('is the patient’s choice, of which each pharmacy hears what concerns it', async () => {
    const id = await c.request();
    await c.respond(id, 0, 'accepted');
    await c.respond(id, 1, 'accepted');
    expect((await c.confirm(id, 2)).body).toMatchObject({ statusCode: 409, code: 'PHARMACY_NOT_ACCEPTED' });
    const { status, body } = await c.confirm(id, 1);
    expect(status).toBe(200);
    expect(body).toMatchObject({ globalStatus: 'confirmed', selectedPharmacyId: c.pharmacy(1).id, isPickedUp: false });
    expect(body.pharmacyResponses[2]).toMatchObject({ status: 'expired' });
    expect(await c.ledger(2)).toEqual(['request_received:', 'request_expired:']);
    expect(await c.events(c.pharmacy(0), id)).toEqual(['medication_requested', 'medication_not_selected']);
    expect(await c.events(c.pharmacy(1), id)).toEqual(['medication_requested', 'medication_confirmed']);
    expect(await c.events(c.pharmacy(2), id)).toEqual(['medication_requested']);
    expect((await c.confirm(id, 1)).body).toMatchObject({ statusCode: 409, code: 'ILLEGAL_TRANSITION' });
    expect((await c.respond(id, 2, 'accepted')).body).toMatchObject({ statusCode: 409, code: 'REQUEST_NOT_OPEN' });
    expect((await c.respond(id, 0, 'declined')).body).toMatchObject({ statusCode: 409, code: 'ALREADY_ANSWERED' });
    expect((await c.pickUp(id, 0)).body).toMatchObject({ statusCode: 409, code: 'PICKUP_NOT_ALLOWED' });
    expect((await c.pickUp(id, 1)).status).toBe(200);
    expect((await c.confirm(id, 1)).body).toMatchObject({ statusCode: 409, code: 'ALREADY_PICKED_UP' });
  });

  it('is a pick-up, which chooses the pharmacy where nothing was chosen', async () => {
    const id = await c.request();
    await c.respond(id, 0, 'accepted', { indicativePrice: 7.25 });
    await c.respond(id, 1, 'accepted');
    expect((await c.pickUp(id, 2)).body).toMatchObject({ statusCode: 409, code: 'PICKUP_NOT_ALLOWED' });
    const { status, body } = await c.pickUp(id, 0);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      globalStatus: 'confirmed',
      selectedPharmacyId: c.pharmacy(0).id,
      isPickedUp: true,
      pickedUpAt: ahead(0),
    });
    expect(await c.figures(0)).toMatchObject({ totalClients: 1, totalRevenue: 7.25 });
    expect(await c.events(c.pharmacy(1), id)).toEqual(['medication_requested', 'medication_not_selected']);
    expect(await c.events(c.pharmacy(0), id)).toEqual(['medication_requested']);
    for (const index of [0, 1, 2])
      expect((await c.pickUp(id, index)).body).toMatchObject({ statusCode: 409, code: 'ALREADY_PICKED_UP' });
    expect((await c.cancel(id)).body).toMatchObject({ statusCode: 409, code: 'ALREADY_PICKED_UP' });
  });

  it('is a cancellation, before or after the choice', async () => {
    const id = await c.request({ urgencyLevel: 'urgent' });
    await c.respond(id, 0, 'accepted');
    await c.confirm(id, 0);
    const { status, body } = await c.cancel(id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ globalStatus: 'closed', selectedPharmacyId: c.pharmacy(0).id });
    expect((await c.told(c.pharmacy(0), id)).at(-1)).toMatchObject({
      event: 'medication_cancelled',
      severity: 'warning',
    });
    expect((await c.cancel(id)).body).toMatchObject({ statusCode: 409, code: 'ILLEGAL_TRANSITION' });
    expect((await c.confirm(id, 0)).body).toMatchObject({ statusCode: 409, code: 'ILLEGAL_TRANSITION' });
    expect((await c.pickUp(id, 0)).body).toMatchObject({ statusCode: 409, code: 'ILLEGAL_TRANSITION' });
    expect((await c.pickUp(id, 1)).body).toMatchObject({ statusCode: 409, code: 'PICKUP_NOT_ALLOWED' });
    expect((await c.patient.get('/medication-request/patient/my')).body).toEqual([]);
    const unanswered = await c.request();
    await c.cancel(unanswered);
    expect(await c.events(c.pharmacy(1), unanswered)).toEqual(['medication_requested']);
  });

  it('is nobody else’s', async () => {
    const id = await c.request();
    await c.respond(id, 0, 'accepted');
    const [stranger, foreign] = [await t.actors.asPatient(), await t.actors.asPharmacist()];
    const [doctor, admin] = [await t.actors.asDoctor(), await t.actors.asAdmin()];
    const path = `/medication-request/${id}`;
    const absent = `/medication-request/${NOBODY}`;
    const selected = { selectedPharmacyId: c.pharmacy(0).id };
    for (const where of [path, absent]) {
      for (const answer of [
        await stranger.get(where),
        await foreign.get(where),
        await foreign.put(`${where}/respond`, { status: 'accepted' }),
        await foreign.put(`${where}/pickup`),
        await stranger.put(`${where}/confirm`, selected),
        await stranger.put(`${where}/cancel`),
      ])
        expect(answer.body).toMatchObject({ statusCode: 404, code: 'NOT_FOUND', message: 'Not found' });
    }
    for (const answer of [
      await doctor.get(path),
      await admin.get(path),
      await c.patient.put(`${path}/respond`, { status: 'accepted' }),
      await c.patient.put(`${path}/pickup`),
      await c.pharmacy(0).put(`${path}/confirm`, selected),
      await c.pharmacy(0).put(`${path}/cancel`),
      await c.pharmacy(0).post('/medication-request', {}),
      await c.pharmacy(0).get('/medication-request/patient/my'),
      await c.patient.get(`/medication-request/pharmacy/${c.pharmacy(0).id}/pending`),
    ])
      expect(answer.body).toMatchObject({ statusCode: 403, code: 'FORBIDDEN_ROLE' });
    for (const list of ['pending', 'history'])
      expect((await foreign.get(`/medication-request/pharmacy/${c.pharmacy(0).id}/${list}`)).body).toMatchObject({
        statusCode: 403,
        code: 'FORBIDDEN_SPACE',
      });
    const named = await foreign.put(`${path}/respond`, { status: 'accepted', pharmacyId: c.pharmacy(0).id });
    expect(named.body).toMatchObject({ statusCode: 403, code: 'IDENTITY_MISMATCH' });
    expect((await c.pharmacy(0).get('/medication-request/no-id')).body).toMatchObject({ code: 'INVALID_ID' });
  });

  it('is recorded when a pharmacy reads it', async () => {
    const id = await c.request();
    await c.patient.get(`/medication-request/${id}`);
    await c.pharmacy(0).get(`/medication-request/${id}`);
    const events = await t.db.collection('auditevents').find({ action: 'request.read' }).toArray();
    const own = events.filter(({ patientId }) => String(patientId) === c.patient.id);
    expect(own.map(({ actorId }) => String(actorId))).toEqual([c.pharmacy(0).id]);
  });
});
