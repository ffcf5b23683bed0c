import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { LONG_TOKENS, Pair } from '../support/booking';

type Side = 'patient' | 'doctor';
type State = 'Pending' | 'Confirmed' | 'Completed' | 'Cancelled';

const URL_A = 'https://meet.example.org/a';
const URL_B = 'https://meet.example.org/b';
const CLOSED = '409 APPOINTMENT_CLOSED';
const NOT_YOURS = '403 FIELD_NOT_ALLOWED';
const INVALID = '400 VALIDATION_FAILED';

describe('fields of an appointment', () => {
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

  /** An Online appointment with an address, brought into a state. */
  async function make(state: State): Promise<string> {
    const { _id, dateTime } = await pair.book(pair.doctor, { type: 'Online', meetingUrl: URL_A });
    if (state === 'Pending') return _id as string;
    const first = state === 'Cancelled' ? 'Cancelled' : 'Confirmed';
    expect((await pair.patch(pair.patient, _id, { status: first })).status).toBe(200);
    if (state === 'Completed') {
      t.clock.freeze(dateTime);
      expect((await pair.patch(pair.doctor, _id, { status: 'Completed' })).status).toBe(200);
    }
    return _id as string;
  }

  /** `200`, or status and code of a refusal that changed nothing. */
  async function answer(side: Side, id: string, body: object): Promise<string> {
    const before = (await pair.get(pair.patient, id)).body;
    const response = await pair.patch(by(side), id, body);
    if (response.status === 200) {
      for (const [key, value] of Object.entries(body)) expect(response.body[key]).toEqual(value);
      return '200';
    }
    expect((await pair.get(pair.patient, id)).body).toEqual(before);
    return `${response.status} ${String(response.body.code)}`;
  }

  it.each<[State, Side, string]>([
    ['Pending', 'patient', '200'],
    ['Pending', 'doctor', '200'],
    ['Confirmed', 'patient', '200'],
    ['Confirmed', 'doctor', '200'],
    ['Completed', 'patient', CLOSED],
    ['Completed', 'doctor', '200'],
    ['Cancelled', 'patient', CLOSED],
    ['Cancelled', 'doctor', CLOSED],
  ])('notes, %s, by the %s: %s', async (state, side, expected) => {
    expect(await answer(side, await make(state), { notes: 'Apporter le carnet' })).toBe(expected);
  });

  it.each<[State, Side, string]>([
    ['Pending', 'patient', '200'],
    ['Pending', 'doctor', '200'],
    ['Confirmed', 'patient', NOT_YOURS],
    ['Confirmed', 'doctor', '200'],
    ['Completed', 'patient', CLOSED],
    ['Completed', 'doctor', CLOSED],
    ['Cancelled', 'patient', CLOSED],
    ['Cancelled', 'doctor', CLOSED],
  ])('type, %s, by the %s: %s', async (state, side, expected) => {
    expect(await answer(side, await make(state), { type: 'Physical' })).toBe(expected);
  });

  it.each<[State, Side, string]>([
    ['Pending', 'patient', NOT_YOURS],
    ['Pending', 'doctor', '200'],
    ['Confirmed', 'patient', NOT_YOURS],
    ['Confirmed', 'doctor', '200'],
    ['Completed', 'patient', NOT_YOURS],
    ['Completed', 'doctor', CLOSED],
    ['Cancelled', 'patient', NOT_YOURS],
    ['Cancelled', 'doctor', CLOSED],
  ])('meetingUrl and timeZone, %s, by the %s: %s', async (state, side, expected) => {
    const id = await make(state);
    expect(await answer(side, id, { timeZone: 'Asia/Tokyo' })).toBe(expected);
    expect(await answer(side, id, { meetingUrl: URL_B })).toBe(expected);
    expect(await answer(side, id, { meetingUrl: null })).toBe(expected);
  });

  it('a change to Physical clears the address, and a Physical one takes none', async () => {
    const id = await make('Pending');
    expect((await pair.patch(pair.patient, id, { type: 'physical' })).body).toMatchObject({
      type: 'Physical',
      meetingUrl: null,
    });
    expect(await answer('doctor', id, { meetingUrl: URL_B })).toBe(INVALID);
    expect(await answer('doctor', id, { type: 'Online' })).toBe('200');
    expect((await pair.get(pair.doctor, id)).body.meetingUrl).toBeNull();
    expect(await answer('doctor', id, { type: 'Physical', meetingUrl: URL_B })).toBe(INVALID);
    expect(await answer('doctor', id, { meetingUrl: URL_B })).toBe('200');
    expect(await answer('doctor', id, { type: 'Physical' })).toBe('200');
    expect(await answer('doctor', id, { type: 'Online', meetingUrl: URL_A })).toBe('200');
  });

  it('null and the empty text clear what is optional, null is refused where something is required', async () => {
    const id = await make('Pending');
    await pair.patch(pair.doctor, id, { notes: 'something' });
    expect((await pair.patch(pair.patient, id, { notes: null })).body.notes).toBe('');
    await pair.patch(pair.doctor, id, { notes: 'again' });
    expect((await pair.patch(pair.patient, id, { notes: '  ' })).body.notes).toBe('');
    expect((await pair.patch(pair.doctor, id, { meetingUrl: '' })).body.meetingUrl).toBeNull();
    for (const field of ['status', 'dateTime', 'durationMinutes', 'type', 'timeZone'])
      expect(await answer('doctor', id, { [field]: null }), field).toBe(INVALID);
  });

  it.each([
    { notes: 'x'.repeat(2_001) },
    { notes: 5 },
    { notes: { $set: 'x' } },
    { type: 'Phone' },
    { meetingUrl: 'ftp://meet.example.org' },
    { meetingUrl: `https://meet.example.org/${'x'.repeat(2_048)}` },
    { timeZone: 'Nowhere/Land' },
    { status: 'Done' },
    { durationMinutes: 4 },
    { durationMinutes: 241 },
    { dateTime: 'soon' },
    { patientId: '507f1f77bcf86cd799439011' },
    { doctorId: '507f1f77bcf86cd799439011' },
    { awaiting: 'PATIENT' },
    { cancelledBy: 'SYSTEM' },
    { expiresAt: null },
    { createdAt: '2020-01-01' },
    { __v: 7 },
  ])('are validated (case %#)', async (body) => {
    const id = await make('Pending');
    const response = await pair.patch(pair.doctor, id, body);
    expect([response.status, response.body.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(response.body.details[0].field).toBe(Object.keys(body)[0]);
  });

  it('equal to the stored ones count as absent, also where the caller may not change them', async () => {
    const id = await make('Confirmed');
    await pair.patch(pair.doctor, id, { notes: 'n' });
    const { body: before, headers } = await pair.get(pair.patient, id);
    t.clock.advance(1_000);
    const { type, meetingUrl, timeZone, notes, dateTime, durationMinutes } = before;
    for (const body of [{ type, meetingUrl, timeZone, notes, dateTime, durationMinutes }, {}, { notes: ' n ' }]) {
      const response = await pair.patch(pair.patient, id, body);
      expect([response.status, response.body]).toEqual([200, before]);
      expect(response.headers.get('etag')).toBe(headers.get('etag'));
    }
    t.clock.freeze(dateTime);
    expect((await pair.patch(pair.patient, id, { dateTime, durationMinutes })).status).toBe(200);
  });

  it('are told to the other party as one change, with the strongest event', async () => {
    const plain = await make('Pending');
    await pair.patch(pair.doctor, plain, { notes: 'a', timeZone: 'Asia/Tokyo', meetingUrl: URL_B });
    expect(await pair.events(pair.patient, plain)).toEqual(['created', 'changed']);
    await pair.patch(pair.patient, plain, { status: 'Confirmed', notes: 'b', type: 'Physical' });
    expect(await pair.told(pair.doctor, plain)).toMatchObject([{ event: 'confirmed', severity: 'info' }]);
    await pair.patch(pair.doctor, plain, { dateTime: pair.slot(), notes: 'c' });
    expect(await pair.events(pair.patient, plain)).toEqual(['created', 'changed', 'rescheduled']);
    await pair.patch(pair.patient, plain, { status: 'Cancelled', notes: 'd' });
    expect(await pair.told(pair.doctor, plain)).toMatchObject([{ event: 'confirmed' }, { event: 'cancelled' }]);
    const done = await make('Completed');
    await pair.patch(pair.doctor, done, { notes: 'after' });
    expect(await pair.events(pair.patient, done)).toEqual(['created', 'completed', 'changed']);
  });

  it('change with the status in one step', async () => {
    const id = await make('Pending');
    const { body } = await pair.patch(pair.patient, id, { status: 'Confirmed', notes: 'à jeun', type: 'Physical' });
    expect(body).toMatchObject({ status: 'Confirmed', notes: 'à jeun', type: 'Physical', meetingUrl: null });
    const other = await make('Pending');
    expect(await answer('patient', other, { status: 'Confirmed', timeZone: 'Asia/Tokyo' })).toBe(NOT_YOURS);
  });

  it('carry versions: 304 for the same, 412 for a stale change, whichever way it changed', async () => {
    const id = await make('Pending');
    const etag = async (actor: TestActor) => (await pair.get(actor, id)).headers.get('etag') ?? '';
    const first = await etag(pair.patient);
    expect(first).not.toBe('');
    expect(await etag(pair.doctor)).toBe(first);
    const cached = await pair.patient.get(`/appointments/${id}`, { headers: { 'if-none-match': first } });
    expect([cached.status, cached.text]).toEqual([304, '']);
    const changed = await pair.patch(pair.doctor, id, { notes: 'a' }, { 'if-match': first });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).toBe(await etag(pair.patient));
    for (const body of [{ notes: 'b' }, { status: 'Confirmed' }, { dateTime: pair.slot() }]) {
      const stale = await pair.patch(pair.patient, id, body, { 'if-match': first });
      expect([stale.status, stale.body.code]).toEqual([412, 'PRECONDITION_FAILED']);
    }
    expect((await pair.get(pair.patient, id)).body).toEqual(changed.body);
    const fresh = await pair.patient.get(`/appointments/${id}`, { headers: { 'if-none-match': first } });
    expect(fresh.status).toBe(200);
    const stranger = await t.actors.asPatient();
    expect((await pair.patch(stranger, id, { notes: 'x' }, { 'if-match': first })).status).toBe(404);
    expect((await pair.patch(pair.patient, id, { notes: 'b' }, { 'if-match': await etag(pair.doctor) })).status).toBe(
      200,
    );
  });
});
