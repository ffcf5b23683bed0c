import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { APPOINTMENT_KEYS, NOBODY, Pair, parallel } from '../support/booking';

interface Item {
  readonly _id: string;
  readonly dateTime: string;
}

/** Fourteen instants: one a day at 10:00 UTC, from 2027-03-02. */
const STARTS = Array.from({ length: 14 }, (_, index) => `2027-03-${String(index + 2).padStart(2, '0')}T10:00:00.000Z`);
const NOW = '2027-03-01T10:00:00.000Z';

const ids = (body: { data: Item[] }): string[] => body.data.map(({ _id }) => _id);
const starts = (body: { data: Item[] }): string[] => body.data.map(({ dateTime }) => dateTime);

describe('lists of appointments', () => {
  let t: TestApp;
  let pair: Pair;
  let patient: TestActor;
  let doctor: TestActor;
  let booked: Item[];
  let doctorsPaths: string[];
  let patientsPaths: string[];

  beforeAll(async () => {
    t = await startTestApp();
    t.clock.freeze(NOW);
    pair = await Pair.linked(t);
    ({ patient, doctor } = pair);
    booked = [];
    for (const [index, dateTime] of STARTS.entries())
      booked.push(await pair.book(patient, { dateTime, type: index % 2 === 0 ? 'Online' : 'Physical' }));
    doctorsPaths = ['doctors/ID/appointments', 'appointments/doctor/ID', 'appointments/doctors/ID'].map(
      (path) => `/${path.replace('ID', doctor.id)}`,
    );
    patientsPaths = ['patients/ID/appointments', 'appointments/patient/ID', 'appointments/patients/ID'].map(
      (path) => `/${path.replace('ID', patient.id)}`,
    );
  });

  afterEach(() => {
    t.clock.freeze(NOW);
  });

  afterAll(async () => {
    await t.close();
  });

  const list = async (query = '') => (await doctor.get(`${doctorsPaths[0]}?${query}`)).body;

  it('answer alike on every spelling of their path', async () => {
    const expected = [...booked].reverse().map(({ _id }) => _id);
    for (const path of doctorsPaths) {
      const { status, body } = await doctor.get(path);
      expect(status).toBe(200);
      expect(Object.keys(body).sort()).toEqual(['data', 'limit', 'page', 'total', 'totalPages']);
      expect(body).toMatchObject({ total: 14, page: 1, limit: 100, totalPages: 1 });
      expect(ids(body)).toEqual(expected);
    }
    for (const path of patientsPaths) {
      expect(ids((await patient.get(path)).body)).toEqual(expected);
      expect(ids((await doctor.get(path)).body)).toEqual(expected);
      expect(ids((await patient.get(`${path}?type=online&page=2&limit=5`)).body)).toHaveLength(2);
    }
    for (const path of doctorsPaths)
      expect(ids((await doctor.get(`${path}?type=online&page=2&limit=5`)).body)).toHaveLength(2);
  });

  it('hold full appointments, equal to the single one', async () => {
    const { data } = await list('limit=1&sort=asc');
    expect(Object.keys(data[0]).sort()).toEqual(APPOINTMENT_KEYS);
    expect(data[0]).toEqual((await pair.get(doctor, data[0]._id)).body);
    expect(data[0]).toMatchObject({
      patientName: `${patient.prenom} ${patient.nom}`,
      doctorName: `Dr. ${doctor.prenom} ${doctor.nom}`,
      specialty: 'Endocrinologie',
      doctorSpecialty: 'Endocrinologie',
    });
  });

  it('page, clamp the limit and tell the true total past the end', async () => {
    expect(await list('limit=5')).toMatchObject({ total: 14, page: 1, limit: 5, totalPages: 3 });
    const pages = [await list('limit=5&page=1'), await list('limit=5&page=2'), await list('limit=5&page=3')];
    expect(pages.flatMap(ids)).toEqual([...booked].reverse().map(({ _id }) => _id));
    expect(await list('limit=5&page=4')).toEqual({ data: [], total: 14, page: 4, limit: 5, totalPages: 3 });
    expect(await list('page=10000')).toEqual({ data: [], total: 14, page: 10_000, limit: 100, totalPages: 1 });
    expect(await list('limit=101')).toMatchObject({ limit: 100 });
    expect(await list('limit=1000000')).toMatchObject({ limit: 100 });
  });

  it.each([
    'page=0',
    'page=-1',
    'page=1.5',
    'page=two',
    'page=10001',
    'limit=0',
    'limit=-5',
    'limit=ten',
    'status=Open',
    'status=Pending,Open',
    'type=Phone',
    'date=2027-02-30',
    'date=2027-03-02T10:00:00Z',
    'date=today',
    'startDate=yesterday',
    'endDate=2027-13-01',
    'sort=up',
    'date=2027-03-02&startDate=2027-03-01',
    'date=2027-03-02&endDate=2027-03-03',
  ])('refuse %s', async (query) => {
    for (const [actor, path] of [
      [doctor, doctorsPaths[0]],
      [patient, patientsPaths[0]],
    ] as const) {
      const { status, body } = await actor.get(`${path}?${query}`);
      expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
    }
  });

  it('ignore unknown query keys', async () => {
    expect(await list('colour=blue&doctorId=x')).toMatchObject({ total: 14 });
  });

  it('are ordered by dateTime: newest first, ascending from now on, or as asked', async () => {
    const ascending = [...STARTS];
    const descending = [...STARTS].reverse();
    expect(starts(await list())).toEqual(descending);
    expect(starts(await list('sort=asc'))).toEqual(ascending);
    expect(starts(await list('sort=DESC'))).toEqual(descending);
    expect(starts(await list(`startDate=${NOW}`))).toEqual(ascending);
    expect(starts(await list('startDate=2027-03-02'))).toEqual(ascending);
    expect(starts(await list('startDate=2027-03-01T09:59:59.999Z'))).toEqual(descending);
    expect(starts(await list(`startDate=${NOW}&sort=desc`))).toEqual(descending);
    expect(starts(await list('endDate=2027-04-01'))).toEqual(descending);
    t.clock.freeze('2027-03-03T00:00:00.000Z');
    expect(starts(await list('startDate=2027-03-02'))).toEqual(descending);
  });

  it('break ties of one instant by _id, in the direction of the order, over pages', async () => {
    const dateTime = '2027-06-01T10:00:00.000Z';
    const others = await parallel(6, async () => {
      const { patient: other, doctor: another } = await t.actors.linkedPair();
      return [other, another] as const;
    });
    // Six appointments of one patient cannot begin together: cancelled ones can.
    const made: string[] = [];
    for (const [, another] of others) {
      await t.actors.link(patient, another);
      const response = await patient.post('/appointments', { patientId: patient.id, doctorId: another.id, dateTime });
      expect(response.status, response.text).toBe(201);
      made.push(response.body._id);
      await pair.patch(patient, response.body._id, { status: 'Cancelled' });
    }
    const query = `startDate=${dateTime}&endDate=${dateTime}`;
    for (const [sort, expected] of [
      ['asc', [...made].sort()],
      ['desc', [...made].sort().reverse()],
    ] as const) {
      const pages = await parallel(3, (page) =>
        patient.get(`${patientsPaths[0]}?${query}&sort=${sort}&limit=2&page=${page + 1}`),
      );
      expect(pages.flatMap(({ body }) => ids(body))).toEqual(expected);
    }
    for (const id of made) await pair.delete(patient, id);
  });

  it('take startDate and endDate both inclusive, a bare endDate as the whole day', async () => {
    const between = async (from: string, to: string) => starts(await list(`startDate=${from}&endDate=${to}&sort=asc`));
    expect(await between('2027-03-03T10:00:00.000Z', '2027-03-04T10:00:00.000Z')).toEqual(STARTS.slice(1, 3));
    expect(await between('2027-03-03T10:00:00.001Z', '2027-03-04T09:59:59.999Z')).toEqual([]);
    expect(await between('2027-03-03', '2027-03-04')).toEqual(STARTS.slice(1, 3));
    expect(starts(await list('endDate=2027-03-02'))).toEqual([STARTS[0]]);
    expect(starts(await list('endDate=2027-03-02T00:00:00Z'))).toEqual([]);
    expect(starts(await list('date=2027-03-05'))).toEqual([STARTS[3]]);
    expect(await list('date=2027-03-01')).toMatchObject({ data: [], total: 0, totalPages: 0 });
  });

  it('filter by one or several statuses and by type, in any case', async () => {
    const own = await Pair.linked(t);
    const byStatus = {
      Completed: (await own.completed())._id as string,
      Pending: '',
      Cancelled: '',
      Confirmed: '',
    };
    byStatus.Pending = (await own.book(own.patient, { type: 'Online' }))._id;
    byStatus.Cancelled = (await own.book())._id;
    await own.patch(own.patient, byStatus.Cancelled, { status: 'Cancelled' });
    byStatus.Confirmed = (await own.confirmed({ type: 'Online' }))._id;
    const found = async (query: string) =>
      ids((await own.doctor.get(`/doctors/${own.doctor.id}/appointments?${query}`)).body).sort();
    const { Pending, Confirmed, Completed, Cancelled } = byStatus;
    for (const [status, id] of Object.entries(byStatus)) {
      expect(await found(`status=${status}`)).toEqual([id]);
      expect(await found(`status=${status.toUpperCase()}`)).toEqual([id]);
    }
    expect(await found('status=Pending,confirmed')).toEqual([Pending, Confirmed].sort());
    expect(await found('status=Completed,Cancelled,Pending')).toEqual([Completed, Cancelled, Pending].sort());
    expect(await found('status=Pending,Confirmed,Completed,Cancelled')).toHaveLength(4);
    expect(await found('type=ONLINE')).toEqual([Pending, Confirmed].sort());
    expect(await found('type=physical&status=Completed')).toEqual([Completed]);
    expect(await found('type=Physical&status=Pending')).toEqual([]);
  });

  it('keep others out, the same whether or not the id exists', async () => {
    const [strangePatient, strangeDoctor, pharmacist, admin] = await Promise.all([
      t.actors.asPatient(),
      t.actors.asDoctor(),
      t.actors.asPharmacist(),
      t.actors.asAdmin(),
    ]);
    const code = async (actor: TestActor, path: string) => {
      const { status, body } = await actor.get(path);
      return `${status} ${String(body.code)}`;
    };
    for (const path of patientsPaths) {
      expect(await code(strangePatient, path)).toBe('403 FORBIDDEN_SPACE');
      expect(await code(strangeDoctor, path)).toBe('403 FORBIDDEN_SPACE');
      expect(await code(strangeDoctor, path.replace(patient.id, NOBODY))).toBe('403 FORBIDDEN_SPACE');
      expect(await code(patient, path.replace(patient.id, 'xyz'))).toBe('400 INVALID_ID');
    }
    for (const path of doctorsPaths) {
      expect(await code(strangeDoctor, path)).toBe('403 FORBIDDEN_SPACE');
      expect(await code(doctor, path.replace(doctor.id, NOBODY))).toBe('403 FORBIDDEN_SPACE');
      expect(await code(patient, path)).toBe('403 FORBIDDEN_ROLE');
    }
    for (const path of [...patientsPaths, ...doctorsPaths]) {
      for (const actor of [pharmacist, admin]) expect(await code(actor, path)).toBe('403 FORBIDDEN_ROLE');
      expect((await t.http.get(path)).body.code).toBe('UNAUTHENTICATED');
    }
  });

  it('show a linked doctor only what is shared, which is recorded', async () => {
    const second = await t.actors.asDoctor();
    await t.actors.link(patient, second);
    const path = patientsPaths[0] ?? '';
    expect((await second.get(path)).body).toEqual({ data: [], total: 0, page: 1, limit: 100, totalPages: 0 });
    expect((await doctor.get(path)).body.total).toBe(14);
    const trace = await t.db.collection('auditevents').find({ resource: 'appointments' }).toArray();
    const readers = trace.filter((event) => String(event['patientId']) === patient.id);
    expect(readers.map((event) => String(event['actorId']))).toEqual(expect.arrayContaining([doctor.id, second.id]));
    expect(readers.map((event) => String(event['actorId']))).not.toContain(patient.id);
  });
});
