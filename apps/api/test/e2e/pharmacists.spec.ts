import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { NOBODY, parallel } from '../support/booking';

const PUBLIC_KEYS = [
  '_id',
  'role',
  'nom',
  'prenom',
  'email',
  'nomPharmacie',
  'numeroOrdre',
  'workingHours',
  'timeZone',
  'servicesProposes',
  'listeMedicamentsDisponibles',
  'isOnDuty',
  'noteMoyenne',
  'nombreNotes',
  'averageRating',
  'totalReviews',
  'averageResponseTime',
  'badgeLevel',
  'boostType',
  'statutCompte',
  'createdAt',
  'updatedAt',
];
const PRIVATE_KEYS = [
  'points',
  'badge',
  'unlockedBadges',
  'totalRequestsReceived',
  'totalRequestsAccepted',
  'totalRequestsDeclined',
  'totalClients',
  'totalRevenue',
  'visibilityRadius',
  'notificationsPush',
  'notificationsEmail',
  'notificationsSMS',
  'locale',
];
const DAY = { open: '08:00', close: '19:00', isOpen: true };
const CLOSED = { open: '', close: '', isOpen: false };
const WEEK = {
  monday: DAY,
  tuesday: DAY,
  wednesday: DAY,
  thursday: DAY,
  friday: DAY,
  saturday: { open: '09:00', close: '13:00', isOpen: true },
  sunday: CLOSED,
};

describe('pharmacists', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  describe('as others see them', () => {
    it('show the public profile, and the private one to themselves and to the ADMIN', async () => {
      const pharmacist = await t.actors.asPharmacist({ photoProfil: 'data:image/png;base64,AAAA' });
      const path = `/pharmaciens/${pharmacist.id}`;
      const [patient, doctor, admin] = [
        await t.actors.asPatient(),
        await t.actors.asDoctor(),
        await t.actors.asAdmin(),
      ];
      for (const reader of [patient, doctor]) {
        const { status, body, headers } = await reader.get(path);
        expect(status).toBe(200);
        expect(Object.keys(body).sort()).toEqual([...PUBLIC_KEYS, 'photoProfil'].sort());
        expect(body).toMatchObject({ boostType: 'free', badgeLevel: 'bronze', workingHours: WEEK, noteMoyenne: 0 });
        const cached = await reader.get(path, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
        expect(cached.status).toBe(304);
      }
      for (const reader of [pharmacist, admin]) {
        const { body } = await reader.get(path);
        expect(Object.keys(body).sort()).toEqual([...PUBLIC_KEYS, ...PRIVATE_KEYS, 'photoProfil'].sort());
        expect(body).toMatchObject({ points: 0, badge: 'aucun', unlockedBadges: [], visibilityRadius: 5 });
      }
      expect((await patient.get(`/pharmaciens/${NOBODY}`)).body.code).toBe('NOT_FOUND');
      expect((await patient.get(`/pharmaciens/${patient.id}`)).body.code).toBe('NOT_FOUND');
      expect((await patient.get('/pharmaciens/none')).body.code).toBe('INVALID_ID');
      expect((await t.http.get(path)).status).toBe(401);
    });

    it('are listed, best noted first, without inventories and images', async () => {
      const name = 'Pharmacie Érable Liste';
      const inventory = ['Metformine', 'Insuline'];
      const image = 'data:image/png;base64,AAAA';
      const first = await t.actors.asPharmacist({ nomPharmacie: name, listeMedicamentsDisponibles: inventory });
      const second = await t.actors.asPharmacist({ nomPharmacie: name, photoProfil: image });
      const patient = await t.actors.asPatient();
      const list = (query: string) => patient.get(`/pharmaciens?nomPharmacie=erable%20LISTE${query}`);
      const { body } = await list('');
      expect(body).toMatchObject({ total: 2, page: 1, limit: 10, totalPages: 1 });
      expect(body.data.map((item: { _id: string }) => item._id)).toEqual([second.id, first.id]);
      const keys = PUBLIC_KEYS.filter((key) => key !== 'listeMedicamentsDisponibles').sort();
      for (const item of body.data as object[]) expect(Object.keys(item).sort()).toEqual(keys);
      await first.put(`/pharmaciens/${first.id}/status`, { isOnDuty: true });
      expect((await list('&isOnDuty=TRUE')).body.data.map((item: { _id: string }) => item._id)).toEqual([first.id]);
      expect((await list('&isOnDuty=false')).body.data.map((item: { _id: string }) => item._id)).toEqual([second.id]);
      expect((await list('&page=2&limit=1')).body).toMatchObject({ total: 2, totalPages: 2, limit: 1 });
      expect((await list('&page=9')).body).toMatchObject({ data: [], total: 2 });
      expect((await list('&isOnDuty=maybe')).body.code).toBe('VALIDATION_FAILED');
      const admin = await t.actors.asAdmin();
      await admin.patch(`/users/${second.id}`, { statutCompte: 'SUSPENDU' });
      expect((await list('')).body.total).toBe(1);
      expect((await admin.get(`/pharmaciens?nomPharmacie=erable%20liste`)).body.total).toBe(2);
      expect((await patient.get(`/pharmaciens/${second.id}`)).body.code).toBe('NOT_FOUND');
      expect((await admin.get(`/pharmaciens/${second.id}`)).body.statutCompte).toBe('SUSPENDU');
    });

    it('are found by what they have, with the matching entries', async () => {
      const has = await t.actors.asPharmacist({
        listeMedicamentsDisponibles: ['Xénadrine 5 mg', 'xenadrine 10 mg', 'Aspirine', 'XÉNADRINE 5 MG'],
      });
      await t.actors.asPharmacist({ listeMedicamentsDisponibles: ['Aspirine'] });
      const doctor = await t.actors.asDoctor();
      const search = (text: string) =>
        doctor.get(`/pharmaciens/search/medicament?medicament=${encodeURIComponent(text)}`);
      const { body } = await search('xÉnad');
      expect(body).toMatchObject({ total: 1, page: 1, limit: 10 });
      expect(body.data[0]).toMatchObject({
        _id: has.id,
        listeMedicamentsDisponibles: ['Xénadrine 5 mg', 'xenadrine 10 mg'],
      });
      expect((await search('x.nadrine')).body.total).toBe(0);
      expect((await doctor.get('/pharmaciens/search/medicament')).body.code).toBe('VALIDATION_FAILED');
      await has.delete(`/pharmaciens/${has.id}/medicaments/${encodeURIComponent('XENADRINE 10 MG')}`);
      expect((await search('xenadrine')).body.data[0].listeMedicamentsDisponibles).toEqual(['Xénadrine 5 mg']);
    });
  });

  describe('near a place', () => {
    const near = (query: string) => t.http.get(`/pharmaciens/nearby?${query}`);

    it('are found within the radius, nearest first', async () => {
      // One degree of latitude is 6,371 x pi / 180 = 111.195 km: 0.01 is 1.1 km, 0.02 is 2.2 km, 0.09 is 10.0 km.
      const at = (latitude: number, fields = {}) =>
        t.actors.asPharmacist({ latitude, longitude: -30, adressePharmacie: '1 quai', ...fields });
      const [far, close, middle] = [await at(10.09), await at(10.01, { telephonePharmacie: '+1' }), await at(10.02)];
      const { status, body } = await near('lat=10&lng=-30');
      expect(status).toBe(200);
      expect(body.map((item: { _id: string }) => item._id)).toEqual([close.id, middle.id]);
      expect(Object.keys(body[0])).toEqual([
        '_id',
        'nomPharmacie',
        'adressePharmacie',
        'telephonePharmacie',
        'latitude',
        'longitude',
        'distance',
        'badgeLevel',
        'averageRating',
        'averageResponseTime',
        'isOnDuty',
        'boostType',
        'workingHours',
      ]);
      expect(body.map((item: { distance: number }) => item.distance)).toEqual([1.1, 2.2]);
      const wide = (await near('lat=10&lng=-30&radius=10.1')).body;
      expect(wide.map((item: { _id: string }) => item._id)).toEqual([close.id, middle.id, far.id]);
      expect((await near('lat=10&lng=-30&radius=10')).body).toHaveLength(2);
      // A boost of 11 km reaches farther than the radius asked for.
      expect((await far.post('/boost', { boostType: 'week', radiusKm: 11 })).status).toBe(201);
      const boosted = (await near('lat=10&lng=-30&radius=2')).body;
      expect(boosted).toMatchObject([
        { _id: close.id, boostType: 'free' },
        { _id: far.id, boostType: 'boost_week', distance: 10 },
      ]);
      await far.patch(`/pharmaciens/${far.id}`, { latitude: null, longitude: null });
      expect((await near('lat=10&lng=-30&radius=100')).body).toHaveLength(2);
    });

    it('across the date line and at the pole', async () => {
      await t.actors.asPharmacist({ latitude: 0, longitude: 179.99 });
      await t.actors.asPharmacist({ latitude: 89.99, longitude: 0 });
      expect((await near('lat=0&lng=-179.99')).body[0].distance).toBe(2.2);
      expect((await near('lat=89.99&lng=180')).body[0].distance).toBe(2.2);
    });

    it('at most 20, and says that there were more', async () => {
      await parallel(21, (index) => t.actors.asPharmacist({ latitude: 60 + index / 1_000, longitude: 60 }));
      const response = await near('lat=60&lng=60');
      expect(response.body).toHaveLength(20);
      expect(response.headers.get('x-truncated')).toBe('true');
    });

    it('refuse what is no place', async () => {
      for (const query of [
        '',
        'lat=1',
        'lng=1',
        'lat=91&lng=0',
        'lat=0&lng=181',
        'lat=x&lng=0',
        'lat=0&lng=0&radius=0',
      ])
        expect((await near(query)).body.code, query).toBe('VALIDATION_FAILED');
      expect((await near('lat=0&lng=0&radius=101')).status).toBe(400);
    });
  });

  it('are found by another instance soon after they change here', async () => {
    const other = await startTestApp({ dbName: t.dbName });
    const near = async () => (await other.http.get('/pharmaciens/nearby?lat=-60&lng=100')).body as { _id: string }[];
    expect(await near()).toEqual([]);
    const pharmacist = await t.actors.asPharmacist({ latitude: -60, longitude: 100 });
    await expect.poll(near).toMatchObject([{ _id: pharmacist.id }]);
    await (await t.actors.asAdmin()).patch(`/users/${pharmacist.id}`, { statutCompte: 'SUSPENDU' });
    // What is shown is as stored: from this moment on, whether the other instance has heard of it or not.
    expect(await near()).toEqual([]);
    await other.app.close();
  });
});
