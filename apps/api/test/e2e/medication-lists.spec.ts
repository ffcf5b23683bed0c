import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oid } from '../../src/platform/database';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, MINUTE } from '../support/booking';
import { Counter } from '../support/pharmacy';

interface Listed {
  readonly _id: string;
}
const ids = (list: Listed[]): string[] => list.map(({ _id }) => _id);

describe('lists of medication requests, and their end', () => {
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

  const pending = async (index: number) =>
    (await c.pharmacy(index).get(`/medication-request/pharmacy/${c.pharmacy(index).id}/pending`)).body as Listed[];
  const history = async (query = '', index = 0) =>
    (await c.pharmacy(index).get(`/medication-request/pharmacy/${c.pharmacy(index).id}/history${query}`)).body;
  const one = async (id: string, by = c.patient) => (await by.get(`/medication-request/${id}`)).body;

  it('show a pharmacy what waits for it, urgent first, then newest', async () => {
    const made: string[] = [];
    for (const urgencyLevel of ['normal', 'urgent', 'normal', 'urgent']) {
      made.push(await c.request({ urgencyLevel, patientLatitude: 1, patientLongitude: 2 }));
      t.clock.advance(MINUTE);
    }
    const [a, b, d, e] = made;
    expect(ids(await pending(0))).toEqual([e, b, d, a]);
    const [first] = (await pending(0)) as unknown as Record<string, unknown>[];
    const single = (await one(e ?? '', c.pharmacy(0))) as Record<string, unknown>;
    expect(first).toEqual(single);
    expect(Object.keys(first ?? {})).not.toContain('patientLocation');
    await c.respond(b ?? '', 0, 'ignored');
    await c.cancel(d ?? '');
    expect(ids(await pending(0))).toEqual([e, a]);
    expect(ids(await pending(1))).toEqual([e, b, a]);
    t.clock.advance(2 * HOUR - 4 * MINUTE);
    expect(ids(await pending(0))).toEqual([e]);
  });

  it('show a patient the own requests but the cancelled, with the pharmacies', async () => {
    const [a, b, d] = [await c.request(), await c.request(), await c.request()];
    t.clock.advance(MINUTE);
    const e = await c.request();
    await c.cancel(b);
    await c.respond(d, 0, 'accepted');
    await c.confirm(d, 0);
    const { body } = await c.patient.get('/medication-request/patient/my');
    expect(ids(body)).toEqual([e, d, a]);
    expect(body[1].selectedPharmacyId).toBe(c.pharmacy(0).id);
    expect(body[1].pharmacyResponses[0].pharmacyId).toEqual({ _id: c.pharmacy(0).id, nomPharmacie: 'Pharmacie 0' });
    const other = await t.actors.asPatient();
    expect((await other.get('/medication-request/patient/my')).body).toEqual([]);
  });

  it('show a pharmacy everything it was ever asked, by response, time and name', async () => {
    const a = await c.request({ medicationName: 'Insuline Élevée (100%)' });
    await c.respond(a, 0, 'accepted');
    await c.confirm(a, 0);
    t.clock.advance(DAY);
    const b = await c.request({ medicationName: 'Métformine' });
    await c.respond(b, 0, 'declined');
    t.clock.advance(DAY);
    const d = await c.request({ medicationName: 'Glucagon' });
    const page = await history();
    expect(ids(page.data)).toEqual([d, b, a]);
    expect(page).toMatchObject({ total: 3, page: 1, limit: 20, totalPages: 1 });
    expect(page.data.map((item: { selectedPharmacyId: unknown }) => item.selectedPharmacyId)).toEqual([
      null,
      null,
      { _id: c.pharmacy(0).id, nomPharmacie: 'Pharmacie 0' },
    ]);
    for (const item of page.data) expect(item.pharmacyResponses).toHaveLength(1);
    expect(ids((await history('?page=2&limit=2')).data)).toEqual([a]);
    expect(await history('?page=9&limit=2')).toMatchObject({ data: [], total: 3, totalPages: 2 });
    for (const [status, expected] of [
      ['accepted', [a]],
      ['DECLINED', [b]],
      ['pending', [d]],
      ['expired', []],
    ] as const)
      expect(ids((await history(`?status=${status}`)).data)).toEqual(expected);
    expect(ids((await history('?medicationName=metfor')).data)).toEqual([b]);
    expect(ids((await history('?medicationName=élevee%20(100%25)')).data)).toEqual([a]);
    expect(ids((await history('?medicationName=.*')).data)).toEqual([]);
    const day = (await one(b)).createdAt.slice(0, 10) as string;
    const at = encodeURIComponent((await one(b)).createdAt as string);
    expect(ids((await history(`?endDate=${day}`)).data)).toEqual([b, a]);
    expect(ids((await history(`?startDate=${at}`)).data)).toEqual([d, b]);
    expect(ids((await history(`?startDate=${at}&endDate=${at}`)).data)).toEqual([b]);
    expect((await history('?status=none')).statusCode).toBe(400);
    t.clock.advance(2 * HOUR);
    expect(ids((await history('?status=expired')).data)).toEqual([d]);
    expect((await history('?status=expired')).total).toBe(1);
    expect(ids((await history('?status=pending')).data)).toEqual([]);
    const chosen = await history('', 1);
    expect(chosen.data[2]).toMatchObject({ selectedPharmacyId: { nomPharmacie: 'Pharmacie 0' } });
  });

  it('tell the number of all that match, also of hundreds that were counted before', async () => {
    const first = await c.request({ medicationName: 'Glucagon' });
    await c.respond(first, 0, 'declined');
    const requests = t.db.collection('medicationrequests');
    const { _id, ...fields } = (await requests.findOne({ _id: oid(first) })) ?? {};
    expect(String(_id)).toBe(first);
    const createdAt = (n: number): Date => new Date(t.clock.now().getTime() - (3 + n) * DAY);
    const old = (n: number) => ({
      ...fields,
      createdAt: createdAt(n),
      expiresAt: createdAt(n - 1),
      medicationName: n % 3 === 0 ? 'Insuline' : 'Glucagon',
    });
    await requests.insertMany(Array.from({ length: 300 }, (_, n) => old(n)));
    const totals = async () =>
      Promise.all(
        ['', '?status=declined', '?status=pending', '?medicationName=insul', '?medicationName=gluca&page=3'].map(
          async (query) => (await history(query)).total as number,
        ),
      );
    expect(await totals()).toEqual([301, 301, 0, 100, 201]);
    const second = await c.request({ medicationName: 'Insuline' });
    expect(await totals()).toEqual([302, 301, 1, 101, 201]);
    await c.respond(second, 0, 'accepted');
    expect(await totals()).toEqual([302, 301, 0, 101, 201]);
    const from = encodeURIComponent(createdAt(149).toISOString());
    expect((await history(`?startDate=${from}`)).total).toBe(152);
    expect((await history(`?endDate=${from}`)).total).toBe(151);
    // Days later the last ones belong to what is counted once.
    t.clock.advance(3 * DAY);
    expect(await totals()).toEqual([302, 301, 0, 101, 201]);
    expect((await history('?status=accepted')).total).toBe(1);
  });

  it('end without any acceptance: for reads at once, in the ledger once', async () => {
    const id = await c.request();
    await c.respond(id, 0, 'declined');
    await t.db.collection('users').updateMany({ role: 'PHARMACIEN' }, { $set: { points: 1 } });
    t.clock.advance(2 * HOUR - 1);
    expect(await one(id)).toMatchObject({ globalStatus: 'open' });
    t.clock.advance(1);
    const before = await one(id);
    expect(before.globalStatus).toBe('expired');
    const statuses = (item: { pharmacyResponses: { status: string }[] }) =>
      item.pharmacyResponses.map(({ status }) => status);
    expect(statuses(before)).toEqual(['declined', 'expired', 'expired']);
    expect((await c.respond(id, 1, 'accepted')).body).toMatchObject({ statusCode: 409, code: 'REQUEST_NOT_OPEN' });
    expect((await c.respond(id, 0, 'accepted')).body).toMatchObject({ statusCode: 409, code: 'ALREADY_ANSWERED' });
    expect((await c.cancel(id)).body).toMatchObject({ statusCode: 409, code: 'ILLEGAL_TRANSITION' });
    expect((await c.confirm(id, 0)).body).toMatchObject({ statusCode: 409, code: 'ILLEGAL_TRANSITION' });
    await Promise.all([t.runJob('medication-request-expiry'), t.runJob('medication-request-expiry')]);
    await t.runJob('medication-request-expiry');
    const { updatedAt: _written, ...after } = await one(id);
    expect(before).toMatchObject(after);
    // One point was there, so one is lost; the entry shows the -2 of the table.
    expect(await c.ledger(1)).toEqual(['request_received:', 'request_expired:-1']);
    expect(await c.figures(1)).toMatchObject({ points: 0 });
    expect((await one(id, c.pharmacy(1))).pharmacyResponses[0]).toMatchObject({
      status: 'expired',
      pointsAwarded: -2,
      pointsBreakdown: { basePoints: -2, bonusPoints: 0 },
    });
    expect(await c.ledger(0)).toEqual(['request_received:', 'request_declined:0']);
    expect(await c.events(c.patient, id)).toEqual(['medication_declined', 'medication_expired']);
    expect(ids((await c.patient.get('/medication-request/patient/my')).body)).toEqual([id]);
  });

  it('stay open for what was accepted, until the time to confirm has passed', async () => {
    const [id, late] = [await c.request(), await c.request()];
    for (const request of [id, late]) await c.respond(request, 0, 'accepted');
    t.clock.advance(3 * HOUR);
    await t.runJob('medication-request-expiry');
    expect(await one(id)).toMatchObject({ globalStatus: 'open' });
    expect((await one(id)).pharmacyResponses.map((entry: { status: string }) => entry.status)).toEqual([
      'accepted',
      'expired',
      'expired',
    ]);
    expect(await c.ledger(1)).toEqual([
      'request_received:',
      'request_received:',
      'request_expired:0',
      'request_expired:0',
    ]);
    t.clock.advance(21 * HOUR - 1);
    expect((await c.confirm(id, 0)).status).toBe(200);
    t.clock.advance(1);
    expect(await one(late)).toMatchObject({ globalStatus: 'expired' });
    expect((await c.confirm(late, 0)).body).toMatchObject({ statusCode: 409, code: 'ILLEGAL_TRANSITION' });
    expect((await c.pickUp(late, 0)).body).toMatchObject({ statusCode: 409, code: 'ILLEGAL_TRANSITION' });
    await t.runJob('medication-request-expiry');
    expect((await c.pickUp(id, 0)).status).toBe(200);
    expect(await c.events(c.patient, late)).toEqual(['medication_accepted', 'medication_expired']);
    expect(await c.events(c.patient, id)).toEqual(['medication_accepted']);
  });

  it('cost the late pharmacies their points also where the choice comes before the job', async () => {
    const id = await c.request();
    await c.respond(id, 0, 'accepted');
    await t.db.collection('users').updateMany({ role: 'PHARMACIEN' }, { $set: { points: 9 } });
    t.clock.advance(2 * HOUR);
    await c.confirm(id, 0);
    expect(await c.ledger(1)).toEqual(['request_received:', 'request_expired:-2']);
    await t.runJob('medication-request-expiry');
    expect(await c.figures(1)).toMatchObject({ points: 7 });
    expect(await c.events(c.patient, id)).toEqual(['medication_accepted']);
  });

  it('tell in the owner’s language', async () => {
    const patient = await t.actors.asPatient({ locale: 'fr' });
    const french = new Counter(t, patient, [c.pharmacy(0)]);
    const id = await french.request();
    await french.respond(id, 0, 'accepted');
    expect((await french.told(patient, id))[0]).toMatchObject({
      title: 'Demande de médicament acceptée',
      message: 'Pharmacie 0 peut préparer votre médicament',
    });
  });
});
