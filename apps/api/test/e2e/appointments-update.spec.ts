import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { APPOINTMENT_KEYS, DAY, HOUR, LONG_TOKENS, NOBODY, Pair } from '../support/booking';

type Side = 'patient' | 'doctor';

describe('states of an appointment', () => {
  let t: TestApp;
  let pair: Pair;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
  });

  beforeEach(async () => {
    pair = await Pair.linked(t);
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  const by = (side: Side): TestActor => pair[side];
  const other = (side: Side): TestActor => pair[side === 'patient' ? 'doctor' : 'patient'];

  async function refused(actor: TestActor, id: string, body: object): Promise<unknown[]> {
    const before = (await pair.get(pair.patient, id)).body;
    const answer = await pair.patch(actor, id, body);
    expect((await pair.get(pair.patient, id)).body).toEqual(before);
    return [answer.status, answer.body.code, answer.body.details];
  }

  describe('Pending', () => {
    it.each<[Side, string]>([
      ['patient', 'MEDECIN'],
      ['doctor', 'PATIENT'],
    ])('made by the %s is confirmed by the other only', async (creator, awaiting) => {
      const { _id } = await pair.book(by(creator));
      expect(await refused(by(creator), _id, { status: 'Confirmed' })).toEqual([
        409,
        'ILLEGAL_TRANSITION',
        { from: 'Pending', to: 'Confirmed', awaiting },
      ]);
      t.clock.freeze();
      const confirmed = await pair.patch(other(creator), _id, { status: 'confirmed' });
      expect(confirmed.status).toBe(200);
      expect(Object.keys(confirmed.body).sort()).toEqual(APPOINTMENT_KEYS);
      const now = t.clock.now().toISOString();
      expect(confirmed.body).toMatchObject({
        status: 'Confirmed',
        awaiting: null,
        expiresAt: null,
        patientConfirmedAt: creator === 'doctor' ? now : null,
        cancelledBy: null,
        reason: null,
        updatedAt: now,
      });
      expect((await pair.get(by(creator), _id)).body).toEqual(confirmed.body);
      expect(await pair.events(by(creator), _id)).toEqual(['confirmed']);
      expect(await pair.events(other(creator), _id)).toEqual(['created']);
    });

    it.each<[Side, Side]>([
      ['patient', 'patient'],
      ['patient', 'doctor'],
      ['doctor', 'patient'],
      ['doctor', 'doctor'],
    ])('made by the %s is cancelled by the %s', async (creator, canceller) => {
      const { _id } = await pair.book(by(creator));
      const { status, body } = await pair.patch(by(canceller), _id, { status: 'CANCELLED', reason: '  en voyage ' });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        status: 'Cancelled',
        cancelledBy: canceller === 'patient' ? 'PATIENT' : 'MEDECIN',
        reason: 'en voyage',
        awaiting: null,
        expiresAt: null,
      });
      const told = await pair.told(other(canceller), _id);
      expect(told.at(-1)).toMatchObject({ event: 'cancelled', severity: 'warning' });
      expect(await pair.events(by(canceller), _id)).not.toContain('cancelled');
    });

    it('is never completed', async () => {
      const { _id } = await pair.book();
      expect(await refused(pair.doctor, _id, { status: 'Completed' })).toEqual([
        409,
        'ILLEGAL_TRANSITION',
        { from: 'Pending', to: 'Completed', awaiting: 'MEDECIN' },
      ]);
      expect((await refused(pair.patient, _id, { status: 'Completed' })).slice(0, 2)).toEqual([
        403,
        'FIELD_NOT_ALLOWED',
      ]);
    });
  });

  describe('Confirmed', () => {
    it('is completed by the doctor, from its start on', async () => {
      const { _id, dateTime } = await pair.confirmed();
      const early = [409, 'ILLEGAL_TRANSITION', { from: 'Confirmed', to: 'Completed', awaiting: null }];
      expect(await refused(pair.doctor, _id, { status: 'Completed' })).toEqual(early);
      t.clock.freeze(new Date(Date.parse(dateTime) - 1));
      expect(await refused(pair.doctor, _id, { status: 'Completed' })).toEqual(early);
      t.clock.freeze(dateTime);
      expect((await refused(pair.patient, _id, { status: 'Completed' })).slice(0, 2)).toEqual([
        403,
        'FIELD_NOT_ALLOWED',
      ]);
      const { body } = await pair.patch(pair.doctor, _id, { status: 'Completed' });
      expect(body).toMatchObject({ status: 'Completed', awaiting: null, cancelledBy: null, updatedAt: dateTime });
      expect((await pair.told(pair.patient, _id)).at(-1)).toMatchObject({ event: 'completed', severity: 'info' });
    });

    it.each<[Side, string]>([
      ['patient', 'PATIENT'],
      ['doctor', 'MEDECIN'],
    ])('is cancelled by the %s, before and after its start', async (side, cancelledBy) => {
      const [before, after] = [await pair.confirmed(), await pair.confirmed()];
      expect((await pair.patch(by(side), before._id, { status: 'Cancelled' })).body).toMatchObject({
        status: 'Cancelled',
        cancelledBy,
        reason: null,
      });
      t.clock.freeze(new Date(Date.parse(after.dateTime) + HOUR));
      expect((await pair.patch(by(side), after._id, { status: 'Cancelled' })).body.status).toBe('Cancelled');
    });

    it('does not go back to Pending without a move', async () => {
      const { _id } = await pair.confirmed();
      for (const actor of [pair.patient, pair.doctor]) {
        expect(await refused(actor, _id, { status: 'Pending' })).toEqual([
          409,
          'ILLEGAL_TRANSITION',
          { from: 'Confirmed', to: 'Pending', awaiting: null },
        ]);
      }
    });
  });

  describe('Completed and Cancelled', () => {
    it.each(['Pending', 'Confirmed', 'Cancelled'])('Completed does not become %s', async (to) => {
      const { _id } = await pair.completed();
      for (const actor of [pair.patient, pair.doctor]) {
        expect(await refused(actor, _id, { status: to })).toEqual([
          409,
          'ILLEGAL_TRANSITION',
          { from: 'Completed', to, awaiting: null },
        ]);
      }
    });

    it.each(['Pending', 'Confirmed', 'Completed'])('Cancelled does not become %s', async (to) => {
      const { _id } = await pair.book();
      await pair.patch(pair.patient, _id, { status: 'Cancelled' });
      const illegal = [409, 'ILLEGAL_TRANSITION', { from: 'Cancelled', to, awaiting: null }];
      expect(await refused(pair.doctor, _id, { status: to })).toEqual(illegal);
      if (to === 'Completed') expect((await refused(pair.patient, _id, { status: to }))[1]).toBe('FIELD_NOT_ALLOWED');
      else expect(await refused(pair.patient, _id, { status: to })).toEqual(illegal);
    });
  });

  it('sent again changes nothing and tells nobody', async () => {
    // The clock stands at the start of the completed one: made first, or the pending one would have expired by then
    // and the expiry job, which runs every minute, could write that down between two reads.
    const completed = await pair.completed();
    const pending = await pair.book();
    const confirmed = await pair.confirmed();
    const cancelled = await pair.book();
    await pair.patch(pair.doctor, cancelled._id, { status: 'Cancelled', reason: 'first' });
    for (const { _id } of [pending, confirmed, cancelled, completed]) {
      const { body: before, headers } = await pair.get(pair.patient, _id);
      await t.settle();
      const unread = (await pair.patient.get('/notifications/unread-count')).body.count as number;
      t.clock.advance(1_000);
      const again = await pair.patch(pair.doctor, _id, { status: before.status.toUpperCase() });
      expect([again.status, again.body]).toEqual([200, before]);
      expect(again.headers.get('etag')).toBe(headers.get('etag'));
      await t.settle();
      expect((await pair.patient.get('/notifications/unread-count')).body.count).toBe(unread);
    }
    expect((await pair.patch(pair.patient, completed._id, { status: 'Completed' })).status).toBe(200);
    expect((await pair.patch(pair.doctor, cancelled._id, { status: 'Cancelled', reason: 'second' })).body.reason).toBe(
      'first',
    );
  });

  it('judges the status before other fields', async () => {
    const { _id } = await pair.book(pair.patient, { type: 'Online' });
    expect((await refused(pair.patient, _id, { status: 'Confirmed', timeZone: 'Asia/Tokyo' }))[1]).toBe(
      'ILLEGAL_TRANSITION',
    );
    await pair.patch(pair.patient, _id, { status: 'Cancelled' });
    expect((await refused(pair.doctor, _id, { status: 'Confirmed', notes: 'late' }))[1]).toBe('ILLEGAL_TRANSITION');
    expect((await refused(pair.patient, _id, { status: 'Completed', notes: 'late' }))[1]).toBe('FIELD_NOT_ALLOWED');
  });

  it('refuses a reason without cancelling', async () => {
    const { _id } = await pair.book();
    for (const body of [
      { reason: 'x' },
      { reason: 'x', notes: 'y' },
      { reason: 'x', status: 'Confirmed' },
      { reason: 'x'.repeat(501), status: 'Cancelled' },
      { reason: 5, status: 'Cancelled' },
    ])
      expect((await refused(pair.doctor, _id, body)).slice(0, 2)).toEqual([400, 'VALIDATION_FAILED']);
    const longest = await pair.patch(pair.doctor, _id, { reason: 'é'.repeat(500), status: 'Cancelled' });
    expect(longest.body.reason).toBe('é'.repeat(500));
  });

  it('are nobody else’s, not even to learn that the appointment exists', async () => {
    const { _id } = await pair.book();
    const [strangePatient, strangeDoctor, pharmacist, admin] = await Promise.all([
      t.actors.asPatient(),
      t.actors.asDoctor(),
      t.actors.asPharmacist(),
      t.actors.asAdmin(),
    ]);
    await t.actors.link(pair.patient, strangeDoctor);
    for (const stranger of [strangePatient, strangeDoctor]) {
      const foreign = await pair.patch(stranger, _id, { status: 'Cancelled' });
      const absent = await pair.patch(stranger, NOBODY, { status: 'Cancelled' });
      expect([foreign.status, foreign.body.code]).toEqual([404, 'NOT_FOUND']);
      expect({ ...foreign.body, requestId: '' }).toEqual({ ...absent.body, requestId: '' });
      expect((await pair.get(stranger, _id)).status).toBe(404);
    }
    for (const stranger of [pharmacist, admin])
      expect((await pair.patch(stranger, _id, { status: 'Cancelled' })).body.code).toBe('FORBIDDEN_ROLE');
    expect((await t.http.patch(`/appointments/${_id}`, { status: 'Cancelled' })).status).toBe(401);
    expect((await pair.patch(pair.patient, 'nonsense', {})).body.code).toBe('INVALID_ID');
    expect((await pair.get(pair.patient, _id)).body.status).toBe('Pending');
  });

  it('needs no access, only the link', async () => {
    const { _id } = await pair.book();
    await pair.patient.patch(`/patients/${pair.patient.id}/doctors/${pair.doctor.id}/access`, { enabled: false });
    expect((await pair.patch(pair.doctor, _id, { status: 'Confirmed' })).status).toBe(200);
    const moved = await pair.patch(pair.doctor, _id, { dateTime: new Date(Date.now() + 9 * DAY).toISOString() });
    expect(moved.body).toMatchObject({ status: 'Pending', awaiting: 'PATIENT' });
    expect((await pair.get(pair.doctor, _id)).status).toBe(200);
    expect((await pair.delete(pair.doctor, _id)).status).toBe(200);
  });
});
