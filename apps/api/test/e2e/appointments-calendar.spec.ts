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

describe('what the calendar feed shows, and until when', () => {
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

  it('has one token: a new one ends the one before, also when several are made at once', async () => {
    const first = await issue(pair.patient);
    const second = await issue(pair.patient);
    expect((await read(first)).body).toMatchObject({ statusCode: 404, code: 'NOT_FOUND' });
    expect((await read(second)).status).toBe(200);
    const many = await Promise.all([0, 1, 2, 3].map(() => issue(pair.patient)));
    const statuses = await Promise.all(many.map(async (token) => (await read(token)).status));
    expect(statuses.sort()).toEqual([200, 404, 404, 404]);
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

  it('keeps a token that was made after the account came back', async () => {
    const admin = await t.actors.asAdmin();
    await admin.patch(`/users/${pair.doctor.id}`, { statutCompte: 'SUSPENDU', reason: 'test' });
    await t.settle();
    await admin.patch(`/users/${pair.doctor.id}`, { statutCompte: 'ACTIF' });
    const { email, password: motDePasse } = pair.doctor;
    pair.doctor.token = (await t.http.post('/auth/login', { email, motDePasse })).body.accessToken;
    const token = await issue(pair.doctor);
    await t.settle();
    expect((await read(token)).status).toBe(200);
  });

  it('ends with the account', async () => {
    const token = await issue(pair.patient);
    expect((await pair.patient.delete('/users/me', { currentPassword: pair.patient.password })).status).toBe(200);
    expect((await read(token)).status).toBe(404);
    await t.runJob('erasure');
    const own = { userId: new Types.ObjectId(pair.patient.id) };
    expect(await t.db.collection('calendartokens').countDocuments(own)).toBe(0);
  });

  it('ignores an Idempotency-Key: a token is never stored', async () => {
    const options = { headers: { 'idempotency-key': 'calendar-1' } };
    const first = await pair.patient.post('/appointments/calendar-token', {}, options);
    const second = await pair.patient.post('/appointments/calendar-token', {}, options);
    expect(second.body.token).not.toBe(first.body.token);
    expect(second.headers.get('idempotency-replayed')).toBeNull();
  });
});
