import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { HOUR, MINUTE, NOBODY } from '../support/booking';
import { Counter, MEDICINE, REQUEST_KEYS } from '../support/pharmacy';

const HOME = { latitude: 48.86, longitude: 2.34 };
/** Degrees of latitude to the north of home: one kilometre is 1 / 111.195 of a degree. */
const north = (km: number) => ({ latitude: HOME.latitude + km / 111.195, longitude: HOME.longitude });

describe('a medication request', () => {
  let t: TestApp;
  let c: Counter;

  beforeAll(async () => {
    t = await startTestApp();
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

  it('goes to the chosen pharmacies and shows its patient everything but points', async () => {
    t.clock.freeze();
    const [a, b] = [c.pharmacy(0), c.pharmacy(1)];
    const { status, body, headers } = await c.ask({
      format: 'comprimés',
      patientNote: 'Merci',
      urgencyLevel: 'URGENT',
    });
    expect(status).toBe(201);
    expect(headers.get('etag')).not.toBeNull();
    const created = t.clock.now().getTime();
    expect(body).toEqual({
      _id: body._id,
      patientId: c.patient.id,
      patientName: `${c.patient.prenom} ${c.patient.nom}`,
      ...MEDICINE,
      format: 'comprimés',
      urgencyLevel: 'urgent',
      patientNote: 'Merci',
      pharmacyResponses: [a, b].map(({ id }, index) => ({
        pharmacyId: id,
        pharmacyName: `Pharmacie ${index}`,
        status: 'pending',
      })),
      globalStatus: 'open',
      selectedPharmacyId: null,
      isPickedUp: false,
      pickedUpAt: null,
      expiresAt: new Date(created + 2 * HOUR).toISOString(),
      confirmationDeadline: new Date(created + 24 * HOUR).toISOString(),
      createdAt: new Date(created).toISOString(),
      updatedAt: new Date(created).toISOString(),
      contactedPharmacies: [a, b].map(({ id }, index) => ({
        pharmacyId: id,
        pharmacyName: `Pharmacie ${index}`,
        distanceKm: null,
        status: 'pending',
      })),
      radiusKm: null,
    });
    expect(await c.ledger(0)).toEqual(['request_received:']);
    expect(await c.figures(1)).toMatchObject({ totalRequestsReceived: 1 });
    expect(await c.told(a, body._id)).toEqual([
      {
        event: 'medication_requested',
        severity: 'warning',
        title: 'New medication request',
        message: `${c.patient.prenom} ${c.patient.nom} asks for a medication`,
        data: { event: 'medication_requested', requestId: body._id, patientId: c.patient.id, pharmacyId: a.id },
      },
    ]);
    expect(await c.told(c.patient, body._id)).toEqual([]);
  });

  it('goes to the 20 nearest within the radius otherwise', async () => {
    const alone = await startTestApp();
    try {
      const patient = await alone.actors.asPatient(HOME);
      const sent = (fields: object = {}) => patient.post('/medication-request', { ...MEDICINE, ...fields });
      expect((await sent()).body).toMatchObject({ statusCode: 409, code: 'NO_PHARMACY_IN_RADIUS' });
      const places = Array.from({ length: 22 }, (_, index) => north(14 - index * 0.5));
      const ids: string[] = [];
      for (const place of [...places, north(15.2)])
        ids.push((await alone.actors.asPharmacist({ ...place, adressePharmacie: '1 rue Haute' })).id);
      const { status, body } = await sent();
      expect(status).toBe(201);
      expect(Object.keys(body).sort()).toEqual([...REQUEST_KEYS, 'contactedPharmacies', 'radiusKm'].sort());
      expect(body).toMatchObject({ radiusKm: 15, requestRadiusKm: 15 });
      expect(body.patientLocation).toEqual({ type: 'Point', coordinates: [HOME.longitude, HOME.latitude] });
      // The 22 within 15 km stand at 14, 13.5 ... 3.5 km: the nearest 20 end at 13 km.
      const contacted = body.contactedPharmacies as { pharmacyId: string; distanceKm: number }[];
      expect(contacted.map(({ pharmacyId }) => pharmacyId)).toEqual(ids.slice(2, 22).reverse());
      expect([contacted[0]?.distanceKm, contacted[19]?.distanceKm]).toEqual([3.5, 13]);
      expect(contacted[0]).toEqual({
        pharmacyId: ids[21],
        pharmacyName: 'Pharmacie Test',
        pharmacyAddress: '1 rue Haute',
        distanceKm: 3.5,
        status: 'pending',
        ...north(3.5),
      });
      expect(body.pharmacyResponses[0]).toEqual({
        pharmacyId: ids[21],
        pharmacyName: 'Pharmacie Test',
        pharmacyAddress: '1 rue Haute',
        pharmacyCoordinates: [north(3.5).longitude, north(3.5).latitude],
        distanceKm: 3.5,
        status: 'pending',
      });
      const far = await sent({ patientLatitude: north(30).latitude, patientLongitude: HOME.longitude, radiusKm: 15.5 });
      expect(far.body).toMatchObject({
        radiusKm: 15.5,
        contactedPharmacies: [{ pharmacyId: ids[22], distanceKm: 14.8 }],
      });
      const chosen = await sent({ targetPharmacyIds: [ids[0]?.toUpperCase()] });
      expect(chosen.body).toMatchObject({
        radiusKm: null,
        contactedPharmacies: [{ pharmacyId: ids[0], distanceKm: 14 }],
      });
      expect(chosen.body.patientLocation).toBeDefined();
      expect(chosen.body.requestRadiusKm).toBeUndefined();
    } finally {
      await alone.close();
    }
  });

  it('has the form of its other creation route', async () => {
    const targetPharmacyIds = [c.pharmacy(0).id];
    const { status, body } = await c.patient.post('/medication-request/patient', { ...MEDICINE, targetPharmacyIds });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(['contactedPharmacies', 'radiusKm', 'request', 'success']);
    expect(body.success).toBe(true);
    expect(body.request).toEqual((await c.patient.get(`/medication-request/${body.request._id}`)).body);
  });

  it.each([
    [{ medicationName: undefined }, 'medicationName'],
    [{ medicationName: '' }, 'medicationName'],
    [{ medicationName: 'x'.repeat(151) }, 'medicationName'],
    [{ dosage: 5 }, 'dosage'],
    [{ quantity: 0 }, 'quantity'],
    [{ quantity: 1_001 }, 'quantity'],
    [{ quantity: '2' }, 'quantity'],
    [{ format: 'x'.repeat(101) }, 'format'],
    [{ urgencyLevel: 'high' }, 'urgencyLevel'],
    [{ patientNote: 'x'.repeat(1_001) }, 'patientNote'],
    [{ targetPharmacyIds: [] }, 'targetPharmacyIds'],
    [{ targetPharmacyIds: ['no-id'] }, 'targetPharmacyIds'],
    [{ targetPharmacyIds: [NOBODY, NOBODY.toUpperCase()] }, 'targetPharmacyIds'],
    [
      { targetPharmacyIds: Array.from({ length: 21 }, (_, at) => NOBODY.slice(0, 22) + String(10 + at)) },
      'targetPharmacyIds',
    ],
    [{ targetPharmacyIds: [{ $ne: null }] }, 'targetPharmacyIds'],
    [{ patientLatitude: 91, patientLongitude: 0 }, 'patientLatitude'],
    [{ patientLatitude: 1 }, 'patientLongitude'],
    [{ patientLongitude: 1 }, 'patientLatitude'],
    [{ radiusKm: 0.5 }, 'radiusKm'],
    [{ radiusKm: 51 }, 'radiusKm'],
    [{ patientId: NOBODY }, 'patientId'],
  ])('refuses %j', async (fields, field) => {
    const { body } = await c.ask(fields);
    expect(body).toMatchObject({ statusCode: 400, code: 'VALIDATION_FAILED' });
    expect(body.details).toEqual([expect.objectContaining({ field })]);
  });

  it('needs a place, and pharmacies that are there', async () => {
    expect((await c.patient.post('/medication-request', MEDICINE)).body).toMatchObject({
      statusCode: 400,
      code: 'LOCATION_REQUIRED',
    });
    const admin = await t.actors.asAdmin();
    const sleeping = await t.actors.asPharmacist();
    await admin.patch(`/users/${sleeping.id}`, { statutCompte: 'SUSPENDU' });
    const ids = [c.pharmacy(0).id, NOBODY, sleeping.id, c.patient.id];
    const { body } = await c.ask({ targetPharmacyIds: ids });
    expect(body).toMatchObject({ statusCode: 404, code: 'NOT_FOUND', details: { pharmacyIds: ids.slice(1) } });
    expect((await c.patient.get('/medication-request/patient/my')).body).toEqual([]);
  });

  it('is one of at most ten open ones, and a repeated call makes one', async () => {
    const key = { 'Idempotency-Key': 'one' };
    const targetPharmacyIds = [c.pharmacy(0).id];
    const send = (headers = {}) =>
      c.patient.post('/medication-request', { ...MEDICINE, targetPharmacyIds }, { headers });
    const first = await send(key);
    const again = await send(key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const rest = await Promise.all(Array.from({ length: 20 }, () => send()));
    expect(rest.filter(({ status }) => status === 201)).toHaveLength(9);
    expect(new Set(rest.filter(({ status }) => status !== 201).map(({ body }) => body.code as string))).toEqual(
      new Set(['TOO_MANY_OPEN_REQUESTS']),
    );
    await c.cancel(first.body._id);
    expect((await send()).status).toBe(201);
    t.clock.advance(2 * HOUR + MINUTE);
    // Nobody accepted: all have expired, whether or not the job has run.
    expect((await send()).status).toBe(201);
    expect(await c.figures(0)).toMatchObject({ totalRequestsReceived: 12 });
  });
});
