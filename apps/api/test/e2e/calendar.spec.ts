import ICAL from 'ical.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { LONG_TOKENS, Pair } from '../support/booking';

describe('the calendar feed', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  const feed = (token: string, headers: Record<string, string> = {}, app: TestApp = t) =>
    app.http.get(`/appointments/calendar.ics?token=${token}`, { headers });

  /** The events of a feed, read by a parser that knows nothing of how it was written. */
  function eventsOf(text: string) {
    const calendar = new ICAL.Component(ICAL.parse(text) as unknown[] as never);
    return calendar.getAllSubcomponents('vevent').map((component) => {
      const event = new ICAL.Event(component);
      return {
        uid: event.uid,
        sequence: event.sequence,
        summary: event.summary,
        location: event.location,
        start: event.startDate.toJSDate().toISOString(),
        end: event.endDate.toJSDate().toISOString(),
        status: component.getFirstPropertyValue('status'),
        zone: event.startDate.zone.tzid,
      };
    });
  }

  it('shows the own appointments to an independent parser, in UTC, without notes', async () => {
    const doctor = await t.actors.asDoctor({ adresseCabinet: '12, rue des Lilas; Paris\nbâtiment B' });
    const patient = await t.actors.asPatient({ nom: 'Ünïcode, Comma', prenom: 'A;b' });
    await t.actors.link(patient, doctor);
    const pair = new Pair(t, patient, doctor);
    const pending = await pair.book(patient, { notes: 'secret-notes' });
    const confirmed = await pair.confirmed();
    const cancelled = await pair.book();
    await pair.patch(doctor, cancelled._id, { status: 'Cancelled' });
    const hidden = await pair.book();
    await pair.delete(patient, hidden._id);
    const { status, body } = await patient.post('/appointments/calendar-token');
    expect([status, Object.keys(body)]).toEqual([201, ['token', 'url', 'createdAt']]);
    expect(body.url).toMatch(/^http:\/\/localhost:\d+\/api\/appointments\/calendar\.ics\?token=[\w-]{43}$/);
    const response = await t.http.get((body.url as string).replace(/^.*\/api/, ''));
    expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('private, max-age=300');
    expect(response.text).not.toContain('secret-notes');
    expect(response.text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    const events = eventsOf(response.text);
    expect(events.map(({ uid, status: state }) => [uid, state])).toEqual([
      [`${pending._id}@diabcare`, 'TENTATIVE'],
      [`${confirmed._id}@diabcare`, 'CONFIRMED'],
      [`${cancelled._id}@diabcare`, 'CANCELLED'],
    ]);
    expect(events[0]).toMatchObject({
      summary: `Appointment with Dr. ${doctor.prenom} ${doctor.nom}`,
      location: '12, rue des Lilas; Paris\nbâtiment B',
      start: pending.dateTime,
      end: pending.endTime,
      zone: 'UTC',
      sequence: 0,
    });
    expect(events[1]?.sequence).toBeGreaterThan(0);
    const { body: doctors } = await doctor.post('/appointments/calendar-token');
    const seen = eventsOf((await feed(doctors.token)).text);
    expect(seen[0]?.summary).toBe('Appointment with A;b Ünïcode, Comma');
  });

  it('raises SEQUENCE with each change and says by its ETag when there is none', async () => {
    const pair = await Pair.linked(t);
    const booked = await pair.book();
    const { token } = (await pair.patient.post('/appointments/calendar-token')).body;
    const first = await feed(token);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    const same = await feed(token, { 'if-none-match': etag });
    expect([same.status, same.text]).toEqual([304, '']);
    await pair.patch(pair.doctor, booked._id, { status: 'Confirmed' });
    const changed = await feed(token, { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(eventsOf(changed.text)[0]?.sequence).toBe(1);
    expect(eventsOf(changed.text)[0]?.uid).toBe(eventsOf(first.text)[0]?.uid);
  });

  it('is opened by the newest token only, until it is removed or the account leaves ACTIF', async () => {
    const patient = await t.actors.asPatient();
    const first = (await patient.post('/appointments/calendar-token')).body.token as string;
    const second = (await patient.post('/appointments/calendar-token')).body.token as string;
    expect((await feed(first)).body).toMatchObject({ statusCode: 404, code: 'NOT_FOUND' });
    expect((await feed(second)).status).toBe(200);
    expect(JSON.stringify(await t.db.collection('calendartokens').find({}).toArray())).not.toContain(second);
    expect((await patient.delete('/appointments/calendar-token')).status).toBe(200);
    expect((await patient.delete('/appointments/calendar-token')).status).toBe(404);
    expect((await feed(second)).status).toBe(404);
    const third = (await patient.post('/appointments/calendar-token')).body.token as string;
    const admin = await t.actors.asAdmin();
    await admin.patch(`/users/${patient.id}`, { statutCompte: 'SUSPENDU' });
    expect((await feed(third)).status).toBe(404);
    await t.settle();
    await admin.patch(`/users/${patient.id}`, { statutCompte: 'ACTIF' });
    expect((await feed(third)).status).toBe(404);
  });

  it('is for patients and doctors, with a token', async () => {
    for (const actor of [await t.actors.asPharmacist(), await t.actors.asAdmin()]) {
      expect((await actor.post('/appointments/calendar-token')).body.code).toBe('FORBIDDEN_ROLE');
      expect((await actor.delete('/appointments/calendar-token')).body.code).toBe('FORBIDDEN_ROLE');
    }
    expect((await t.http.get('/appointments/calendar.ics')).body.code).toBe('VALIDATION_FAILED');
    expect((await feed('x'.repeat(129))).body.code).toBe('VALIDATION_FAILED');
    expect((await feed('unknown')).status).toBe(404);
  });

  it('is read sixty times an hour', async () => {
    const limited = await startTestApp({ config: { rateLimits: { calendarPerHour: 3 } } });
    const patient = await limited.actors.asPatient();
    // The hours of limits begin on the hour.
    limited.clock.freeze();
    const { token } = (await patient.post('/appointments/calendar-token')).body;
    const etag = (await feed(token, {}, limited)).headers.get('etag') ?? '';
    expect((await feed(token, { 'if-none-match': etag }, limited)).status).toBe(304);
    expect((await feed(token, {}, limited)).status).toBe(200);
    expect((await feed(token, {}, limited)).body).toMatchObject({ statusCode: 429, code: 'RATE_LIMITED' });
    await limited.close();
  });
});
