import { createHash } from 'node:crypto';
import { Types } from 'mongoose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, HOUR, LONG_TOKENS, MINUTE, Pair } from '../support/booking';

/** An event's lines by name, unfolded (RFC 5545 section 3.1). */
type CalendarEvent = Readonly<Record<string, string>>;

function eventsOf(text: string): CalendarEvent[] {
  expect(text.startsWith('BEGIN:VCALENDAR\r\n')).toBe(true);
  expect(text.trimEnd().endsWith('END:VCALENDAR')).toBe(true);
  for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  const blocks = text
    .replace(/\r\n[ \t]/g, '')
    .split('BEGIN:VEVENT\r\n')
    .slice(1);
  return blocks.map((block) =>
    Object.fromEntries(
      (block.split('\r\nEND:VEVENT')[0] ?? '').split('\r\n').map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1)];
      }),
    ),
  );
}

/** `20270225T100000Z` */
const stamp = (instant: string | number): string => new Date(instant).toISOString().replace(/[-:]|\.\d{3}/g, '');

describe('the calendar feed', () => {
  let t: TestApp;
  let pair: Pair;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
  });

  beforeEach(async () => {
    t.clock.release();
    const [doctor, patient] = await Promise.all([
      t.actors.asDoctor({ adresseCabinet: '12, rue du Lac; Annecy' }),
      t.actors.asPatient(),
    ]);
    await t.actors.link(patient, doctor);
    pair = new Pair(t, patient, doctor);
    t.clock.freeze();
  });

  afterAll(async () => {
    await t.close();
  });

  const issue = async (by: TestActor): Promise<string> => (await by.post('/appointments/calendar-token')).body.token;
  const read = (token: string, headers: Record<string, string> = {}) =>
    t.http.get(`/appointments/calendar.ics?token=${token}`, { headers });
  const events = async (token: string): Promise<CalendarEvent[]> => eventsOf((await read(token)).text);

  it('has a token of 32 random bytes, stored as a hash, with its absolute address', async () => {
    const { status, body, headers } = await pair.patient.post('/appointments/calendar-token');
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(['createdAt', 'token', 'url']);
    expect(Buffer.from(body.token, 'base64url')).toHaveLength(32);
    expect(body.createdAt).toBe(t.clock.now().toISOString());
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body.url).toBe(`${t.url.replace('127.0.0.1', 'localhost')}/appointments/calendar.ics?token=${body.token}`);
    const stored = await t.db.collection('calendartokens').findOne({ userId: new Types.ObjectId(pair.patient.id) });
    expect(stored).toMatchObject({ tokenHash: createHash('sha256').update(body.token).digest('hex') });
    expect(JSON.stringify(stored)).not.toContain(body.token);
    const response = await fetch(body.url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
  });

  it('shows an appointment to both, each with the other’s name', async () => {
    const made = await pair.book(pair.doctor, { notes: 'secret words', durationMinutes: 45 });
    const { status, headers, text } = await read(await issue(pair.patient));
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(headers.get('cache-control')).toBe('private, max-age=300');
    expect(text).not.toContain('secret words');
    expect(text).toContain('\r\nVERSION:2.0\r\n');
    const [event] = eventsOf(text);
    expect(event).toMatchObject({
      UID: `${made._id}@diabcare`,
      SEQUENCE: '0',
      DTSTART: stamp(made.dateTime),
      DTEND: stamp(Date.parse(made.dateTime) + 45 * MINUTE),
      DTSTAMP: stamp(made.updatedAt),
      STATUS: 'TENTATIVE',
      SUMMARY: `Appointment with ${made.doctorName}`,
      LOCATION: '12\\, rue du Lac\\; Annecy',
    });
    const [ofDoctor] = await events(await issue(pair.doctor));
    expect(ofDoctor).toEqual({ ...event, SUMMARY: `Appointment with ${made.patientName}` });
  });

  it('follows every change with a higher SEQUENCE and the same UID', async () => {
    const made = await pair.book(pair.patient, { type: 'Online' });
    const token = await issue(pair.patient);
    const seen: CalendarEvent[] = [];
    const look = async (): Promise<void> => {
      const [event] = await events(token);
      if (event !== undefined) seen.push(event);
    };
    await look();
    await pair.patch(pair.doctor, made._id, { status: 'Confirmed' });
    await look();
    await pair.patch(pair.doctor, made._id, { meetingUrl: 'https://meet.example/room' });
    await look();
    const dateTime = new Date(Date.parse(made.dateTime) + HOUR).toISOString();
    await pair.patch(pair.doctor, made._id, { dateTime });
    await look();
    await pair.patient.post(`/appointments/${made._id}/patient-confirm`);
    await look();
    t.clock.freeze(dateTime);
    await pair.patch(pair.doctor, made._id, { status: 'Completed' });
    await look();
    expect(seen.map((event) => event['STATUS'])).toEqual([
      'TENTATIVE',
      'CONFIRMED',
      'CONFIRMED',
      'TENTATIVE',
      'CONFIRMED',
      'CONFIRMED',
    ]);
    expect(seen.map((event) => Number(event['SEQUENCE']))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(seen.map((event) => event['UID']))).toEqual(new Set([`${made._id}@diabcare`]));
    expect(seen[0]).not.toHaveProperty('LOCATION');
    expect(seen[5]).toMatchObject({ LOCATION: 'https://meet.example/room', DTSTART: stamp(dateTime) });
  });

  it('shows cancelled and expired ones as cancelled, hidden ones not at all', async () => {
    const token = await issue(pair.doctor);
    const cancelled = await pair.book();
    await pair.patch(pair.patient, cancelled._id, { status: 'Cancelled' });
    const hidden = await pair.book();
    await pair.delete(pair.patient, hidden._id);
    const expired = await pair.book(pair.doctor);
    t.clock.freeze(expired.expiresAt);
    const states = async () => (await events(token)).map((event) => [event['UID'], event['STATUS'], event['SEQUENCE']]);
    const expected = [
      [`${cancelled._id}@diabcare`, 'CANCELLED', '1'],
      [`${expired._id}@diabcare`, 'CANCELLED', '1'],
    ];
    expect(await states()).toEqual(expected);
    await t.runJob('appointment-expiry');
    expect(await states()).toEqual(expected);
  });

  it('reaches from 30 days ago to 365 days ahead, and holds nobody else’s', async () => {
    const now = t.clock.now().getTime();
    const inside = [365 * DAY, 2 * DAY];
    for (const ms of [...inside, 365 * DAY + MINUTE * 60])
      await pair.book(pair.patient, { dateTime: new Date(now + ms).toISOString() });
    const other = await Pair.linked(t);
    await other.book();
    const token = await issue(pair.patient);
    expect((await events(token)).map((event) => event['DTSTART'])).toEqual(
      [...inside].reverse().map((ms) => stamp(now + ms)),
    );
    t.clock.freeze(new Date(now + 32 * DAY));
    expect((await events(token))[0]?.['DTSTART']).toBe(stamp(now + 2 * DAY));
    t.clock.freeze(new Date(now + 32 * DAY + 1_000));
    expect((await events(token))[0]?.['DTSTART']).toBe(stamp(now + 365 * DAY));
  });

  it('answers 304 to whoever has it already', async () => {
    await pair.book();
    const token = await issue(pair.patient);
    const first = await read(token);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    t.clock.advance(MINUTE);
    const second = await read(token, { 'if-none-match': etag });
    expect([second.status, second.text]).toEqual([304, '']);
    expect(second.headers.get('cache-control')).toBe('private, max-age=300');
    await pair.book();
    const third = await read(token, { 'if-none-match': etag });
    expect(third.status).toBe(200);
    expect(third.headers.get('etag')).not.toBe(etag);
  });

  it('has one token: a new one ends the one before, also when several are made at once', async () => {
    const first = await issue(pair.patient);
    const second = await issue(pair.patient);
    expect((await read(first)).body).toMatchObject({ statusCode: 404, code: 'NOT_FOUND' });
    expect((await read(second)).status).toBe(200);
    const many = await Promise.all([0, 1, 2, 3].map(() => issue(pair.patient)));
    const statuses = await Promise.all(many.map(async (token) => (await read(token)).status));
    expect(statuses.sort()).toEqual([200, 404, 404, 404]);
  });

  it('ends with its token', async () => {
    const token = await issue(pair.patient);
    const { status, body } = await pair.patient.delete('/appointments/calendar-token');
    expect([status, Object.keys(body)]).toEqual([200, ['message']]);
    expect((await read(token)).status).toBe(404);
    expect((await pair.patient.delete('/appointments/calendar-token')).body.code).toBe('NOT_FOUND');
    expect((await pair.doctor.delete('/appointments/calendar-token')).body.code).toBe('NOT_FOUND');
  });

  it('ends for good when the account leaves ACTIF', async () => {
    const admin = await t.actors.asAdmin();
    const token = await issue(pair.doctor);
    await admin.patch(`/users/${pair.doctor.id}`, { statutCompte: 'SUSPENDU', reason: 'test' });
    expect((await read(token)).status).toBe(404);
    await admin.patch(`/users/${pair.doctor.id}`, { statutCompte: 'ACTIF' });
    await t.settle();
    expect((await read(token)).status).toBe(404);
    expect((await read(await issue(pair.patient))).status).toBe(200);
  });

  it('ends with the account', async () => {
    const token = await issue(pair.patient);
    expect((await pair.patient.delete('/users/me', { currentPassword: pair.patient.password })).status).toBe(200);
    expect((await read(token)).status).toBe(404);
    await t.runJob('erasure');
    const own = { userId: new Types.ObjectId(pair.patient.id) };
    expect(await t.db.collection('calendartokens').countDocuments(own)).toBe(0);
  });

  it('is read with a token and nothing else', async () => {
    expect((await t.http.get('/appointments/calendar.ics')).body).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect((await read('')).body.code).toBe('VALIDATION_FAILED');
    expect((await read('x'.repeat(129))).body.code).toBe('VALIDATION_FAILED');
    expect((await read('x'.repeat(128))).body).toMatchObject({ statusCode: 404, code: 'NOT_FOUND' });
    expect((await pair.patient.get('/appointments/calendar.ics')).body.code).toBe('VALIDATION_FAILED');
  });

  it('is for patients and doctors', async () => {
    for (const actor of [await t.actors.asPharmacist(), await t.actors.asAdmin()]) {
      expect((await actor.post('/appointments/calendar-token')).body.code).toBe('FORBIDDEN_ROLE');
      expect((await actor.delete('/appointments/calendar-token')).body.code).toBe('FORBIDDEN_ROLE');
    }
    expect((await t.http.post('/appointments/calendar-token')).body.code).toBe('UNAUTHENTICATED');
    expect((await t.http.delete('/appointments/calendar-token')).body.code).toBe('UNAUTHENTICATED');
  });

  it('ignores an Idempotency-Key: a token is never stored', async () => {
    const options = { headers: { 'idempotency-key': 'calendar-1' } };
    const first = await pair.patient.post('/appointments/calendar-token', {}, options);
    const second = await pair.patient.post('/appointments/calendar-token', {}, options);
    expect(second.body.token).not.toBe(first.body.token);
    expect(second.headers.get('idempotency-replayed')).toBeNull();
  });

  it('is read at most so many times per hour and token, 304 included', async () => {
    const limited = await startTestApp({ config: { rateLimits: { calendarPerHour: 3 } } });
    limited.clock.freeze('2027-02-01T10:10:00.000Z');
    const tokenOf = async (actor: TestActor): Promise<string> =>
      (await actor.post('/appointments/calendar-token')).body.token;
    const get = (token: string, headers: Record<string, string> = {}) =>
      limited.http.get(`/appointments/calendar.ics?token=${token}`, { headers });
    const [one, two] = await Promise.all([limited.actors.asPatient(), limited.actors.asDoctor()]);
    const token = await tokenOf(one);
    const etag = (await get(token)).headers.get('etag') ?? '';
    expect((await get(token, { 'if-none-match': etag })).status).toBe(304);
    expect((await get(token, { 'if-none-match': etag })).status).toBe(304);
    const refused = await get(token, { 'if-none-match': etag });
    expect(refused.body).toMatchObject({ statusCode: 429, code: 'RATE_LIMITED' });
    expect(refused.headers.get('retry-after')).toBe('3000');
    expect((await get(await tokenOf(two))).status).toBe(200);
    limited.clock.advance(HOUR);
    expect((await get(token)).status).toBe(200);
    await limited.close();
  });
});
