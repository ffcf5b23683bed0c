import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PharmacyFacts } from '../../src/modules/pharmacists';
import { CounterChecks } from '../../src/platform/scheduler';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { NOBODY, parallel } from '../support/booking';

const DAY = { open: '08:30', close: '12:00', isOpen: true };
const CLOSED = { open: '', close: '', isOpen: false };
const WEEK = {
  monday: DAY,
  tuesday: DAY,
  wednesday: DAY,
  thursday: DAY,
  friday: DAY,
  saturday: CLOSED,
  sunday: { open: '10:00', close: '09:00', isOpen: false },
};

describe('pharmacists at their own desk', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  describe('change their profile', () => {
    it('in the fields of their role and no other', async () => {
      const pharmacist = await t.actors.asPharmacist();
      const patch = (fields: object) => pharmacist.patch(`/pharmaciens/${pharmacist.id}`, fields);
      const fields = {
        nomPharmacie: 'Pharmacie du Pont',
        adressePharmacie: '2 rue du Pont',
        telephonePharmacie: '+33 1 23',
        horaires: { note: 'sauf fériés' },
        servicesProposes: ['Vaccination'],
        latitude: 48.85,
        longitude: 2.35,
        workingHours: WEEK,
        isOnDuty: true,
        visibilityRadius: 12,
        notificationsPush: false,
        notificationsEmail: false,
        notificationsSMS: false,
        profileImage: 'https://img.test/p.png',
        timeZone: 'Europe/Paris',
        locale: 'fr',
      };
      const { status, body, headers } = await patch(fields);
      expect(status).toBe(200);
      expect(body).toMatchObject({ ...fields, location: { type: 'Point', coordinates: [2.35, 48.85] } });
      expect((await patch({ adressePharmacie: null, horaires: '', servicesProposes: null })).body).toMatchObject({
        servicesProposes: [],
      });
      const cleared = (await pharmacist.get(`/pharmaciens/${pharmacist.id}`)).body;
      expect(cleared).not.toHaveProperty('adressePharmacie');
      expect(cleared).not.toHaveProperty('horaires');
      for (const wrong of [
        { email: 'x@test.example' },
        { numeroOrdre: '1' },
        { points: 9 },
        { badgeLevel: 'gold' },
        { noteMoyenne: 5 },
        { averageRating: 5 },
        { totalRequestsReceived: 1 },
        { boostType: 'boost_week' },
        { unlockedBadges: [] },
        { responseTimeSum: 1 },
        { nomPharmacie: null },
        { visibilityRadius: 51 },
        { visibilityRadius: 1.5 },
        { isOnDuty: 'true' },
        { workingHours: { ...WEEK, monday: { open: '12:00', close: '12:00', isOpen: true } } },
        { workingHours: { ...WEEK, monday: { open: '', close: '12:00', isOpen: true } } },
        { workingHours: { monday: DAY } },
        { latitude: 3, longitude: null },
        { __v: 9 },
      ])
        expect((await patch(wrong)).body.code, JSON.stringify(wrong)).toBe('VALIDATION_FAILED');
      expect((await patch({ statutCompte: 'SUSPENDU' })).body.code).toBe('FIELD_NOT_ALLOWED');
      const stale = await pharmacist.patch(
        `/pharmaciens/${pharmacist.id}`,
        { nom: 'Autre' },
        { headers: { 'if-match': headers.get('etag') ?? '' } },
      );
      expect(stale.body.code).toBe('PRECONDITION_FAILED');
      expect((await patch({ motDePasse: 'a new passphrase' })).body.code).toBe('CURRENT_PASSWORD_REQUIRED');
      const changed = await patch({ motDePasse: 'a new passphrase', currentPassword: pharmacist.password });
      expect(changed.body).toMatchObject({ _id: pharmacist.id, accessToken: expect.any(String) as string });
    });

    it('with hours, duty and settings', async () => {
      const pharmacist = await t.actors.asPharmacist();
      const put = (path: string, body?: unknown) => pharmacist.put(`/pharmaciens/${pharmacist.id}/${path}`, body);
      expect((await put('working-hours', { workingHours: WEEK })).body.workingHours).toEqual(WEEK);
      const { sunday: _sunday, ...sixDays } = WEEK;
      for (const workingHours of [
        undefined,
        null,
        sixDays,
        { ...WEEK, holiday: DAY },
        { ...WEEK, friday: { open: '8:00', close: '12:00', isOpen: true } },
        { ...WEEK, friday: { open: '08:00', close: '24:00', isOpen: true } },
        { ...WEEK, friday: { open: '08:00', close: '12:00' } },
        { ...WEEK, friday: 'closed' },
      ])
        expect((await put('working-hours', { workingHours })).body.code).toBe('VALIDATION_FAILED');
      expect((await put('duty')).body.isOnDuty).toBe(true);
      expect((await put('duty', {})).body.isOnDuty).toBe(false);
      expect((await put('status', { isOnDuty: true })).body.isOnDuty).toBe(true);
      expect((await put('status', {})).body.code).toBe('VALIDATION_FAILED');
      const settings = await put('settings', { notificationsSMS: false, visibilityRadius: 50 });
      expect(settings.body).toMatchObject({
        notificationsSMS: false,
        notificationsPush: true,
        notificationsEmail: true,
        visibilityRadius: 50,
      });
      expect((await put('settings', { visibilityRadius: 0 })).status).toBe(400);
      // An even number of flips at once leaves it as it was: none is lost.
      const flips = await parallel(6, () => put('duty'));
      expect(flips.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
      expect((await pharmacist.get(`/pharmaciens/${pharmacist.id}`)).body.isOnDuty).toBe(true);
    });

    it('and at nobody else’s', async () => {
      const owner = await t.actors.asPharmacist();
      const at = `/pharmaciens/${owner.id}`;
      const rows: [string, string, unknown?][] = [
        ['PATCH', at, {}],
        ['POST', `${at}/medicaments`, { medicament: 'x' }],
        ['DELETE', `${at}/medicaments/x`],
        ['PUT', `${at}/working-hours`, { workingHours: WEEK }],
        ['PUT', `${at}/duty`],
        ['PUT', `${at}/status`, { isOnDuty: true }],
        ['PUT', `${at}/settings`, {}],
        ['GET', `${at}/stats`],
        ['GET', `${at}/stats/monthly`],
        ['GET', `${at}/dashboard`],
        ['GET', `${at}/points/stats`],
        ['GET', `${at}/points/ranking`],
        ['GET', `${at}/points/history/today`],
        ['GET', `/activity/pharmacy/${owner.id}`],
        ['GET', `/activity/pharmacy/${owner.id}/feed`],
        ['GET', `/boost/pharmacy/${owner.id}`],
        ['GET', `/boost/pharmacy/${owner.id}/active`],
      ];
      const [other, patient, doctor, admin] = [
        await t.actors.asPharmacist(),
        await t.actors.asPatient(),
        await t.actors.asDoctor(),
        await t.actors.asAdmin(),
      ];
      for (const [method, path, body] of rows) {
        const as = (actor: TestActor) => t.http.call(method, path, body, { token: actor.token });
        expect((await as(other)).body.code, `${method} ${path}`).toBe('FORBIDDEN_SPACE');
        for (const stranger of [patient, doctor, admin])
          expect((await as(stranger)).body.code, `${method} ${path}`).toBe('FORBIDDEN_ROLE');
      }
      expect((await other.delete(at)).body.code).toBe('FORBIDDEN_SPACE');
      expect((await patient.delete(at)).body.code).toBe('FORBIDDEN_ROLE');
    });
  });

  describe('keep an inventory', () => {
    const entries = (count: number): string[] => Array.from({ length: count }, (_, index) => `Entry ${index}`);

    it('in which the first spelling stays', async () => {
      const pharmacist = await t.actors.asPharmacist({ listeMedicamentsDisponibles: ['Doliprane', 'DOLIPRANE'] });
      const at = `/pharmaciens/${pharmacist.id}`;
      const add = (medicament: unknown) => pharmacist.post(`${at}/medicaments`, { medicament });
      expect((await pharmacist.get(at)).body.listeMedicamentsDisponibles).toEqual(['Doliprane']);
      const added = await add('  Ibuprofène ');
      expect([added.status, added.body.listeMedicamentsDisponibles]).toEqual([201, ['Doliprane', 'Ibuprofène']]);
      expect((await add('doliPRANE')).body.listeMedicamentsDisponibles).toEqual(['Doliprane', 'Ibuprofène']);
      for (const wrong of ['', '   ', null, 3, 'x'.repeat(151), undefined])
        expect((await add(wrong)).body.code).toBe('VALIDATION_FAILED');
      const remove = (name: string) => pharmacist.delete(`${at}/medicaments/${encodeURIComponent(name)}`);
      expect((await remove('IBUPROFÈNE')).body.listeMedicamentsDisponibles).toEqual(['Doliprane']);
      const absent = await remove('a/b c%');
      expect([absent.status, absent.body.listeMedicamentsDisponibles]).toEqual([200, ['Doliprane']]);
      const { body } = await pharmacist.patch(at, { listeMedicamentsDisponibles: ['Aa', 'b', 'AA', 'B', 'c'] });
      expect(body.listeMedicamentsDisponibles).toEqual(['Aa', 'b', 'c']);
    });

    it('of 2,000 entries at most, whoever adds at once', async () => {
      const pharmacist = await t.actors.asPharmacist();
      const at = `/pharmaciens/${pharmacist.id}`;
      const full = await pharmacist.patch(at, { listeMedicamentsDisponibles: [...entries(2_001), 'entry 7'] });
      expect(full.body).toMatchObject({ statusCode: 409, code: 'INVENTORY_FULL' });
      const start = await pharmacist.patch(at, { listeMedicamentsDisponibles: [...entries(1_995), 'entry 7'] });
      expect(start.body.listeMedicamentsDisponibles).toHaveLength(1_995);
      const adds = await parallel(20, (index) => pharmacist.post(`${at}/medicaments`, { medicament: `New ${index}` }));
      expect(adds.filter(({ status }) => status === 201)).toHaveLength(5);
      expect(adds.filter(({ body }) => body.code === 'INVENTORY_FULL')).toHaveLength(15);
      expect((await pharmacist.get(at)).body.listeMedicamentsDisponibles).toHaveLength(2_000);
      const present = await pharmacist.post(`${at}/medicaments`, { medicament: 'ENTRY 7' });
      expect(present.status).toBe(201);
      const same = await parallel(5, () => pharmacist.delete(`${at}/medicaments/Entry%207`));
      expect(same.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect((await pharmacist.get(at)).body.listeMedicamentsDisponibles).toHaveLength(1_999);
    });
  });

  describe('are noted', () => {
    it('by patients whom they have answered, with the exact mean', async () => {
      const pharmacist = await t.actors.asPharmacist();
      const patients = await parallel(20, () => t.actors.asPatient());
      const stranger = await t.actors.asPatient();
      const known = new Set(patients.map(({ id }) => id));
      const facts = t.app.get(PharmacyFacts);
      facts.registerRequests({
        addressed: (patientId) => Promise.resolve(known.has(patientId)),
        answered: (patientId) => Promise.resolve(known.has(patientId)),
        pendingCount: () => Promise.resolve(0),
      });
      const at = `/pharmaciens/${pharmacist.id}/note`;
      expect((await stranger.patch(at, { note: 5 })).body.code).toBe('RATING_NOT_ALLOWED');
      expect((await stranger.patch(`/pharmaciens/${NOBODY}/note`, { note: 5 })).body.code).toBe('NOT_FOUND');
      expect((await pharmacist.patch(at, { note: 5 })).body.code).toBe('FORBIDDEN_ROLE');
      const [first] = patients;
      for (const note of [5.1, -0.1, 4.25, '4', null, undefined])
        expect((await first?.patch(at, { note }))?.body.code).toBe('VALIDATION_FAILED');
      const notes = await parallel(20, (index) =>
        (patients[index] as TestActor).patch(at, { note: index % 2 ? 4.3 : 2 }),
      );
      expect(notes.map(({ status }) => status)).toEqual(notes.map(() => 200));
      // 10 x 4.3 + 10 x 2 = 63 over 20 = 3.15, half away from zero: 3.2.
      expect((await pharmacist.get(`/pharmaciens/${pharmacist.id}`)).body).toMatchObject({
        noteMoyenne: 3.2,
        nombreNotes: 20,
      });
      const again = await first?.patch(at, { note: 0 });
      // 61 over 20 = 3.05: 3.1.
      expect(again?.body).toMatchObject({ _id: pharmacist.id, noteMoyenne: 3.1, nombreNotes: 20 });
      expect(again?.body).not.toHaveProperty('points');
      await first?.delete('/users/me');
      await t.runJob('erasure');
      // 61 over 19 = 3.21.
      expect((await pharmacist.get(`/pharmaciens/${pharmacist.id}`)).body).toMatchObject({
        noteMoyenne: 3.2,
        nombreNotes: 19,
      });
      expect(await t.app.get(CounterChecks).run()).toEqual([]);
      // One that is not ACTIF is seen and noted by patients with a request, and by nobody else.
      const admin = await t.actors.asAdmin();
      await admin.patch(`/users/${pharmacist.id}`, { statutCompte: 'INACTIF' });
      expect((await stranger.patch(at, { note: 5 })).body.code).toBe('NOT_FOUND');
      expect((await patients[1]?.patch(at, { note: 5 }))?.status).toBe(200);
      expect((await patients[1]?.get(`/pharmaciens/${pharmacist.id}`))?.status).toBe(200);
    });
  });

  describe('are erased', () => {
    it('by themselves and by the ADMIN, with all that is theirs', async () => {
      const pharmacist = await t.actors.asPharmacist({ latitude: -45, longitude: -45 });
      const at = `/pharmaciens/${pharmacist.id}`;
      await pharmacist.post('/boost', { boostType: '24h' });
      const { status, body } = await pharmacist.delete(at, { currentPassword: pharmacist.password });
      expect([status, typeof body.message]).toEqual([200, 'string']);
      await t.runJob('erasure');
      const patient = await t.actors.asPatient();
      expect((await patient.get(at)).status).toBe(404);
      expect((await t.http.get('/pharmaciens/nearby?lat=-45&lng=-45')).body).toEqual([]);
      const { Types } = await import('mongoose');
      const pharmacyId = new Types.ObjectId(pharmacist.id);
      expect(await t.db.collection('pharmacyactivities').countDocuments({ pharmacyId })).toBe(0);
      const boosts = await t.db.collection('boosts').find({ pharmacyId }).toArray();
      expect(boosts.map((boost) => boost['status'] as string)).toEqual(['cancelled']);
      const second = await t.actors.asPharmacist();
      const admin = await t.actors.asAdmin();
      expect((await admin.delete(`/pharmaciens/${patient.id}`)).status).toBe(404);
      expect((await admin.delete(`/pharmaciens/${second.id}`)).status).toBe(200);
      expect((await second.get(`/pharmaciens/${second.id}`)).body.code).toBe('SESSION_REVOKED');
    });
  });
});
