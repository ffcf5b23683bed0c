import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { APPOINTMENT_KEYS, DAY, HOUR, LONG_TOKENS, MINUTE, NOBODY, Pair } from '../support/booking';

describe("a doctor's dashboard", () => {
  let t: TestApp;
  let pair: Pair;
  const after = (ms: number): string => new Date(t.clock.now().getTime() + ms).toISOString();
  const upcoming = () => pair.doctor.get(`/appointments/doctor/${pair.doctor.id}/upcoming`);
  const stats = () => pair.doctor.get(`/appointments/doctor/${pair.doctor.id}/stats`);

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS, care: { maxAppointmentsPerDay: 50 } } });
  });

  beforeEach(async () => {
    t.clock.release();
    pair = await Pair.linked(t);
    t.clock.freeze();
  });

  afterAll(async () => {
    await t.close();
  });

  it('shows the next ten, earliest first, as full appointments', async () => {
    const starts = [12, 3, 9, 1, 5, 7, 2, 11, 4, 10, 6, 8].map((hours) => after(hours * HOUR));
    for (const dateTime of starts) await pair.book(pair.patient, { dateTime });
    const { status, body, headers } = await upcoming();
    expect(status).toBe(200);
    expect(headers.get('x-truncated')).toBeNull();
    expect(body.map((item: { dateTime: string }) => item.dateTime)).toEqual([...starts].sort().slice(0, 10));
    for (const item of body) expect(Object.keys(item).sort()).toEqual(APPOINTMENT_KEYS);
    expect(body[0]).toMatchObject({
      patientId: pair.patient.id,
      patientName: `${pair.patient.prenom} ${pair.patient.nom}`,
      specialty: 'Endocrinologie',
    });
  });

  it('ends after 7 x 24 h, and knows neither cancelled, expired nor hidden ones, nor those of others', async () => {
    const last = await pair.book(pair.patient, { dateTime: after(7 * DAY) });
    await pair.book(pair.patient, { dateTime: after(7 * DAY + 30 * MINUTE) });
    const cancelled = await pair.book(pair.patient, { dateTime: after(2 * DAY) });
    await pair.patch(pair.patient, cancelled._id, { status: 'Cancelled' });
    const hidden = await pair.book(pair.patient, { dateTime: after(3 * DAY) });
    await pair.delete(pair.doctor, hidden._id);
    const other = await Pair.linked(t);
    await other.book(other.patient, { dateTime: after(DAY) });
    expect((await upcoming()).body.map((item: { _id: string }) => item._id)).toEqual([last._id]);
    const proposed = await pair.book(pair.doctor, { dateTime: after(4 * DAY) });
    const confirmed = await pair.book(pair.patient, { dateTime: after(2 * DAY) });
    await pair.patch(pair.doctor, confirmed._id, { status: 'Confirmed' });
    expect((await upcoming()).body.map((item: { _id: string }) => item._id)).toEqual([
      confirmed._id,
      proposed._id,
      last._id,
    ]);
    t.clock.freeze(proposed.expiresAt);
    const later = (await upcoming()).body as { _id: string }[];
    expect(later.map(({ _id }) => _id)).not.toContain(proposed._id);
    expect(later.map(({ _id }) => _id)).toContain(last._id);
  });

  it('counts by status and by type; expired ones are cancelled, deleted ones count nowhere', async () => {
    expect((await stats()).body).toEqual({
      total: 0,
      byStatus: ['Pending', 'Confirmed', 'Completed', 'Cancelled'].map((_id) => ({ _id, count: 0 })),
      byType: { Online: 0, Physical: 0, ONLINE: 0, PHYSICAL: 0 },
      completed: 0,
      cancelled: 0,
    });
    const done = await pair.confirmed({ dateTime: after(HOUR), type: 'Online' });
    const proposed = await pair.book(pair.doctor, { dateTime: after(3 * DAY), type: 'Online' });
    await pair.book(pair.patient, { dateTime: after(4 * DAY) });
    await pair.confirmed({ dateTime: after(5 * DAY) });
    const cancelled = await pair.book(pair.patient, { dateTime: after(6 * DAY) });
    await pair.patch(pair.patient, cancelled._id, { status: 'Cancelled' });
    const hidden = await pair.book(pair.patient, { dateTime: after(7 * DAY) });
    await pair.delete(pair.patient, hidden._id);
    t.clock.freeze(proposed.expiresAt);
    await pair.patch(pair.doctor, done._id, { status: 'Completed' });
    const expected = {
      total: 5,
      byStatus: [
        { _id: 'Pending', count: 1 },
        { _id: 'Confirmed', count: 1 },
        { _id: 'Completed', count: 1 },
        { _id: 'Cancelled', count: 2 },
      ],
      byType: { Online: 2, Physical: 3, ONLINE: 2, PHYSICAL: 3 },
      completed: 1,
      cancelled: 2,
    };
    expect((await stats()).body).toEqual(expected);
    await t.runJob('appointment-expiry');
    expect((await stats()).body).toEqual(expected);
  });

  it.each(['upcoming', 'stats'])('opens %s to its doctor alone', async (what) => {
    const path = `/appointments/doctor/${pair.doctor.id}/${what}`;
    expect((await pair.doctor.get(path)).status).toBe(200);
    const [stranger, pharmacist, admin] = await Promise.all([
      t.actors.asDoctor(),
      t.actors.asPharmacist(),
      t.actors.asAdmin(),
    ]);
    for (const [actor, code] of [
      [stranger, 'FORBIDDEN_SPACE'],
      [pair.patient, 'FORBIDDEN_ROLE'],
      [pharmacist, 'FORBIDDEN_ROLE'],
      [admin, 'FORBIDDEN_ROLE'],
    ] as const) {
      expect((await actor.get(path)).body).toMatchObject({ statusCode: 403, code });
    }
    expect((await pair.doctor.get(`/appointments/doctor/nobody/${what}`)).body.code).toBe('INVALID_ID');
    expect((await pair.doctor.get(`/appointments/doctor/${NOBODY}/${what}`)).body.code).toBe('FORBIDDEN_SPACE');
    expect((await t.http.get(path)).body.code).toBe('UNAUTHENTICATED');
  });
});

describe('patient-confirm', () => {
  let t: TestApp;
  let pair: Pair;
  const confirm = (id: string, by = pair.patient) => by.post(`/appointments/${id}/patient-confirm`);

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
  });

  beforeEach(async () => {
    t.clock.release();
    pair = await Pair.linked(t);
    t.clock.freeze();
  });

  afterAll(async () => {
    await t.close();
  });

  it('confirms what the doctor proposed, tells the doctor once, and answers a repeat unchanged', async () => {
    const made = await pair.book(pair.doctor);
    t.clock.advance(MINUTE);
    const { status, body, headers } = await confirm(made._id);
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(APPOINTMENT_KEYS);
    const now = t.clock.now().toISOString();
    expect(body).toEqual({
      ...made,
      status: 'Confirmed',
      awaiting: null,
      expiresAt: null,
      patientConfirmedAt: now,
      updatedAt: now,
    });
    expect(headers.get('etag')).toMatch(/^"v1-/);
    t.clock.advance(MINUTE);
    const again = await confirm(made._id);
    expect([again.status, again.body]).toEqual([200, body]);
    expect((await pair.get(pair.doctor, made._id)).body).toEqual(body);
    expect(await pair.events(pair.doctor, made._id)).toEqual(['confirmed']);
    expect(await pair.events(pair.patient, made._id)).toEqual(['created']);
  });

  it('is not for what awaits the doctor, nor for what has ended', async () => {
    const asked = await pair.book(pair.patient);
    const refused = await confirm(asked._id);
    expect(refused.body).toMatchObject({
      statusCode: 409,
      code: 'ILLEGAL_TRANSITION',
      details: { from: 'Pending', to: 'Confirmed', awaiting: 'MEDECIN' },
    });
    const cancelled = await pair.book(pair.doctor);
    await pair.patch(pair.doctor, cancelled._id, { status: 'Cancelled' });
    expect((await confirm(cancelled._id)).body).toMatchObject({ statusCode: 409, code: 'ILLEGAL_TRANSITION' });
    const hidden = await pair.book(pair.doctor);
    await pair.delete(pair.doctor, hidden._id);
    expect((await confirm(hidden._id)).status).toBe(404);
    const late = await pair.book(pair.doctor);
    t.clock.freeze(late.expiresAt);
    expect((await confirm(late._id)).body).toMatchObject({ statusCode: 409, code: 'CONFIRMATION_EXPIRED' });
    await t.runJob('appointment-expiry');
    expect((await confirm(late._id)).body).toMatchObject({ statusCode: 409, code: 'CONFIRMATION_EXPIRED' });
  });

  it('acts once under an Idempotency-Key', async () => {
    const made = await pair.book(pair.doctor);
    const options = { headers: { 'idempotency-key': 'confirm-1' } };
    const first = await pair.patient.post(`/appointments/${made._id}/patient-confirm`, {}, options);
    const second = await pair.patient.post(`/appointments/${made._id}/patient-confirm`, {}, options);
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it('takes no notice of If-Match, which is for PATCH', async () => {
    const made = await pair.book(pair.doctor);
    const headers = { 'if-match': '"v0-stale"' };
    expect((await pair.patient.post(`/appointments/${made._id}/patient-confirm`, {}, { headers })).status).toBe(200);
  });

  it('is open to the patient of the appointment alone', async () => {
    const made = await pair.book(pair.doctor);
    expect((await confirm(made._id, await t.actors.asPatient())).status).toBe(404);
    expect((await confirm(NOBODY)).status).toBe(404);
    expect((await confirm('nobody')).body.code).toBe('INVALID_ID');
    for (const actor of [pair.doctor, await t.actors.asPharmacist(), await t.actors.asAdmin()])
      expect((await confirm(made._id, actor)).body).toMatchObject({ statusCode: 403, code: 'FORBIDDEN_ROLE' });
    expect((await t.http.post(`/appointments/${made._id}/patient-confirm`)).body.code).toBe('UNAUTHENTICATED');
    expect((await pair.get(pair.patient, made._id)).body.status).toBe('Pending');
  });
});
