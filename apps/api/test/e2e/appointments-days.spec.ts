import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { Pair } from '../support/booking';

const MINUTE = 60_000;

/** A calendar day of a zone and the instants between which it lies, worked out by hand from the zone's offsets. */
const DAYS = [
  // Clocks go from 02:00 +01 to 03:00 +02: 23 hours.
  { zone: 'Europe/Paris', day: '2027-03-28', start: '2027-03-27T23:00:00.000Z', end: '2027-03-28T22:00:00.000Z' },
  // Back from 03:00 +02 to 02:00 +01: 25 hours.
  { zone: 'Europe/Paris', day: '2027-10-31', start: '2027-10-30T22:00:00.000Z', end: '2027-10-31T23:00:00.000Z' },
  // -05 to -04: 23 hours.
  { zone: 'America/Montreal', day: '2027-03-14', start: '2027-03-14T05:00:00.000Z', end: '2027-03-15T04:00:00.000Z' },
  // -04 to -05: 25 hours.
  { zone: 'America/Montreal', day: '2027-11-07', start: '2027-11-07T04:00:00.000Z', end: '2027-11-08T05:00:00.000Z' },
  // Always +05:30.
  { zone: 'Asia/Kolkata', day: '2027-06-15', start: '2027-06-14T18:30:00.000Z', end: '2027-06-15T18:30:00.000Z' },
  // +14: the first of all zones.
  { zone: 'Pacific/Kiritimati', day: '2027-06-15', start: '2027-06-14T10:00:00.000Z', end: '2027-06-15T10:00:00.000Z' },
  // Clocks go forward at midnight: the day begins at 01:00 -02, 23 hours.
  { zone: 'America/Nuuk', day: '2027-03-27', start: '2027-03-27T02:00:00.000Z', end: '2027-03-28T01:00:00.000Z' },
] as const;

interface Item {
  readonly dateTime: string;
}

const starts = (body: { data: Item[] }): string[] => body.data.map(({ dateTime }) => dateTime);

describe('calendar days of the doctor', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
    t.clock.freeze('2027-03-01T00:00:00.000Z');
  });

  afterAll(async () => {
    await t.close();
  });

  async function pairIn(doctorZone: string, patientZone: string): Promise<Pair> {
    const [doctor, patient] = await Promise.all([
      t.actors.asDoctor({ timeZone: doctorZone }),
      t.actors.asPatient({ timeZone: patientZone }),
    ]);
    await t.actors.link(patient, doctor);
    return new Pair(t, patient, doctor);
  }

  const bothLists = (pair: Pair): [TestActor, string][] => [
    [pair.doctor, `/doctors/${pair.doctor.id}/appointments`],
    [pair.patient, `/patients/${pair.patient.id}/appointments`],
    [pair.doctor, `/patients/${pair.patient.id}/appointments`],
  ];

  it.each(DAYS)('hold what begins between their borders: $day in $zone', async ({ zone, day, start, end }) => {
    const pair = await pairIn(zone, 'Pacific/Auckland');
    const at = (instant: string, minutes: number) => new Date(Date.parse(instant) + minutes * MINUTE).toISOString();
    const inside = [at(start, 0), at(start, 60), at(end, -60), at(end, -5)];
    const outside = { before: at(start, -5), after: at(end, 0) };
    for (const dateTime of [outside.before, ...inside, outside.after])
      await pair.book(pair.patient, { dateTime, durationMinutes: 5 });
    for (const [actor, path] of bothLists(pair)) {
      const found = async (query: string) => starts((await actor.get(`${path}?${query}&sort=asc`)).body);
      expect(await found(`date=${day}`)).toEqual(inside);
      expect(await found(`startDate=${day}&endDate=${day}`)).toEqual(inside);
      expect(await found(`endDate=${day}`)).toEqual([outside.before, ...inside]);
      expect(await found(`startDate=${day}`)).toEqual([...inside, outside.after]);
      expect(await found(`startDate=${start}&endDate=${day}`)).toEqual(inside);
      expect(await found(`startDate=${day}&endDate=${at(end, -5)}`)).toEqual(inside);
      expect((await actor.get(`${path}?date=${day}&limit=1`)).body).toMatchObject({ total: 4, totalPages: 4 });
    }
  });

  it('differ between the doctors of one patient', async () => {
    const pair = await pairIn('Asia/Tokyo', 'Europe/Paris');
    const west = await t.actors.asDoctor({ timeZone: 'America/Los_Angeles' });
    await t.actors.link(pair.patient, west);
    // 2027-06-15 is from 06-14T15:00Z in Tokyo (+09) and from 06-15T07:00Z in Los Angeles (-07).
    await pair.book(pair.patient, { dateTime: '2027-06-14T16:00:00Z' });
    await pair.book(pair.patient, { dateTime: '2027-06-15T16:00:00Z' });
    await pair.book(pair.patient, { doctorId: west.id, dateTime: '2027-06-15T06:00:00Z' });
    await pair.book(pair.patient, { doctorId: west.id, dateTime: '2027-06-16T06:00:00Z' });
    const { body } = await pair.patient.get(`/patients/${pair.patient.id}/appointments?date=2027-06-15&sort=asc`);
    expect(starts(body)).toEqual(['2027-06-14T16:00:00.000Z', '2027-06-16T06:00:00.000Z']);
    const shared = await west.get(`/patients/${pair.patient.id}/appointments?date=2027-06-15`);
    expect(starts(shared.body)).toEqual(['2027-06-16T06:00:00.000Z']);
  });

  it('follow an appointment that moves', async () => {
    const pair = await pairIn('America/Montreal', 'UTC');
    const { _id } = await pair.book(pair.patient, { dateTime: '2027-11-08T04:30:00Z' });
    expect((await pair.patch(pair.patient, _id, { dateTime: '2027-11-08T05:00:00Z' })).status).toBe(200);
    for (const [actor, path] of bothLists(pair)) {
      expect((await actor.get(`${path}?date=2027-11-07`)).body.total).toBe(0);
      expect((await actor.get(`${path}?date=2027-11-08`)).body.total).toBe(1);
    }
  });
});
