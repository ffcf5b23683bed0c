import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, LONG_TOKENS, NOBODY } from '../support/booking';
import { Counter } from '../support/pharmacy';
import { findStored } from '../support/stored';

const REFUSED = { statusCode: 403, code: 'NO_CARE_RELATION' };

describe('what medication requests are to accounts', () => {
  let t: TestApp;
  let c: Counter;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
  });

  beforeEach(async () => {
    c = await Counter.open(t);
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  const open = (by: TestActor, pharmacy = by) =>
    by.post('/conversations', { patientId: c.patient.id, pharmacistId: pharmacy.id });
  const erase = async (actor: TestActor) => {
    expect((await actor.delete('/users/me', { currentPassword: actor.password })).status).toBe(200);
    await t.runJob('erasure');
  };
  const stored = async (id: string) =>
    (await t.db.collection('medicationrequests').find().toArray()).find(({ _id }) => String(_id) === id);

  describe('conversations that a pharmacy opens', () => {
    it('need a request that is open', async () => {
      expect((await open(c.pharmacy(0))).body).toMatchObject(REFUSED);
      const id = await c.request();
      expect((await open(c.pharmacy(0))).status).toBe(201);
      await c.cancel(id);
      expect((await open(c.pharmacy(1))).body).toMatchObject(REFUSED);
      // Once open it stays, and the patient may open one with anybody.
      expect((await open(c.pharmacy(0))).status).toBe(200);
      expect((await open(c.patient, c.pharmacy(1))).status).toBe(201);
    });

    it('do not come from a request that time has ended', async () => {
      await c.request();
      t.clock.advance(2 * HOUR);
      expect((await open(c.pharmacy(0))).body).toMatchObject(REFUSED);
    });

    it.each([
      ['accepted', 201],
      ['unavailable', 201],
      ['declined', 403],
      ['ignored', 403],
    ])('may follow a response that was %s, for 30 days', async (answer, status) => {
      t.clock.freeze();
      const id = await c.request();
      await c.respond(id, 0, answer);
      await c.cancel(id);
      t.clock.advance(30 * DAY);
      expect((await open(c.pharmacy(0))).status).toBe(status);
      expect((await open(c.pharmacy(1))).body).toMatchObject(REFUSED);
    });

    it('do not follow a response older than that, unless the request is confirmed with the pharmacy', async () => {
      t.clock.freeze();
      const id = await c.request();
      for (const index of [0, 1]) await c.respond(id, index, 'accepted');
      await c.confirm(id, 0);
      t.clock.advance(30 * DAY + 1);
      expect((await open(c.pharmacy(0))).status).toBe(201);
      expect((await open(c.pharmacy(1))).body).toMatchObject(REFUSED);
    });
  });

  it('are closed when the patient is erased, without the patient’s words and place', async () => {
    const patient = await t.actors.asPatient({ latitude: 48.111222, longitude: 2.333444 });
    const own = new Counter(t, patient, c.pharmacies);
    const done = await own.pickedUp(0, { patientNote: 'geheime-notiz' });
    const chosen = await own.request({ patientNote: 'geheime-notiz' });
    await own.respond(chosen, 0, 'accepted');
    await own.confirm(chosen, 0);
    const waiting = await own.request({
      patientNote: 'geheime-notiz',
      patientLatitude: 48.111222,
      patientLongitude: 2.333444,
    });
    await erase(patient);
    expect((await stored(done))?.['globalStatus']).toBe('confirmed');
    expect((await stored(chosen))?.['globalStatus']).toBe('closed');
    expect((await stored(waiting))?.['globalStatus']).toBe('closed');
    const texts = ['geheime-notiz', patient.email, patient.nom, '48.111222'];
    expect((await findStored(t.db, texts)).filter((line) => line.startsWith('medicationrequests'))).toEqual([]);
    expect(await own.events(c.pharmacy(0), chosen)).toEqual([
      'medication_requested',
      'medication_confirmed',
      'medication_cancelled',
    ]);
    const { body } = await c.pharmacy(0).get(`/medication-request/${chosen}`);
    expect(body).toMatchObject({ patientName: 'Deleted user', globalStatus: 'closed' });
    const pending = await c.pharmacy(0).get(`/medication-request/pharmacy/${c.pharmacy(0).id}/pending`);
    expect(pending.body).toEqual([]);
    expect(await own.ledger(1)).toEqual([
      'request_received:',
      'request_expired:',
      'request_received:',
      'request_expired:',
      'request_received:',
      'request_expired:',
    ]);
  });

  it('end without loss for a pharmacy that is erased, and forget its name', async () => {
    const gone = await t.actors.asPharmacist({
      nomPharmacie: 'Pharmacie Verschwunden',
      adressePharmacie: '77 rue Verschwunden',
      latitude: 48.86,
      longitude: 2.34,
    });
    const own = new Counter(t, c.patient, [gone, c.pharmacy(0)]);
    const answered = await own.request();
    await own.respond(answered, 0, 'accepted');
    const waiting = await own.request();
    await erase(gone);
    const { body } = await c.patient.get(`/medication-request/${waiting}`);
    expect(body.globalStatus).toBe('open');
    expect(body.pharmacyResponses[0]).toEqual({ pharmacyId: gone.id, pharmacyName: 'Deleted user', status: 'expired' });
    expect(body.pharmacyResponses[1].status).toBe('pending');
    const { body: list } = await c.patient.get('/medication-request/patient/my');
    expect(list[0].pharmacyResponses[0].pharmacyId).toEqual({ _id: gone.id, nomPharmacie: 'Deleted user' });
    const left = await findStored(t.db, ['Verschwunden']);
    expect(left.filter((line) => line.startsWith('medicationrequests'))).toEqual([]);
    t.clock.advance(2 * HOUR);
    await t.runJob('medication-request-expiry');
    expect(await own.ledger(0)).not.toContain('request_expired:-2');
  });

  it('go on when the account of a pharmacy is suspended', async () => {
    const id = await c.request();
    await c.respond(id, 0, 'accepted');
    await (await t.actors.asAdmin()).patch(`/users/${c.pharmacy(0).id}`, { statutCompte: 'SUSPENDU' });
    expect((await c.patient.get(`/medication-request/${id}`)).body).toMatchObject({ globalStatus: 'open' });
    expect((await c.confirm(id, 0)).status).toBe(200);
  });

  it('stand in the export of their patient', async () => {
    const [first, second] = [await c.pickedUp(0, { patientNote: 'Merci' }), await c.request()];
    const { body: review } = await c.patient.post('/review', { pharmacyId: c.pharmacy(0).id, rating: 4 });
    const { body: rating } = await c.patient.post('/ratings', {
      pharmacyId: c.pharmacy(0).id,
      medicationRequestId: first,
      stars: 3,
      medicationAvailable: true,
    });
    const { body } = await c.patient.get('/users/me/export');
    expect(body.medicationRequests.map(({ _id }: { _id: string }) => _id)).toEqual([first, second]);
    expect(body.medicationRequests[0]).toMatchObject({ patientNote: 'Merci', isPickedUp: true });
    expect(body.reviews).toEqual([review]);
    expect(body.ratings).toEqual([rating]);
    const { body: professional } = await c.pharmacy(0).get('/users/me/export');
    expect([professional.medicationRequests, professional.reviews, professional.ratings]).toEqual([[], [], []]);
    expect(JSON.stringify(professional)).not.toContain(c.patient.nom);
  });

  it('are nothing to an account that nobody has', async () => {
    expect(
      (await c.pharmacy(0).post('/conversations', { patientId: NOBODY, pharmacistId: c.pharmacy(0).id })).status,
    ).toBe(404);
  });
});
