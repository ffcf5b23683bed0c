import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { LONG_TOKENS, MINUTE, NOBODY, Pair } from '../support/booking';

const KEYS = ['doctorId', 'exceptions', 'published', 'rules', 'slotMinutes', 'timeZone', 'updatedAt'];
// A Monday; Paris is at +01.
const MONDAY = '2027-02-22';
const at = (time: string, day = MONDAY): string => `${day}T${time}:00.000Z`;

describe('availability', () => {
  let t: TestApp;
  let pair: Pair;
  const path = (of: TestActor = pair.doctor): string => `/doctors/${of.id}/availability`;
  const put = (body: object, by: TestActor = pair.doctor) => by.put(path(), body);

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
    t.clock.freeze('2027-02-01T00:00:00.000Z');
  });

  beforeEach(async () => {
    const [doctor, patient] = await Promise.all([
      t.actors.asDoctor({ timeZone: 'Europe/Paris' }),
      t.actors.asPatient({ timeZone: 'Asia/Tokyo' }),
    ]);
    await t.actors.link(patient, doctor);
    pair = new Pair(t, patient, doctor);
  });

  afterAll(async () => {
    await t.close();
  });

  it('is empty and unpublished before the first PUT, for every role', async () => {
    const empty = {
      doctorId: pair.doctor.id,
      timeZone: 'Europe/Paris',
      slotMinutes: 30,
      published: false,
      rules: [],
      exceptions: [],
    };
    const others = [await t.actors.asPatient(), await t.actors.asPharmacist(), await t.actors.asAdmin()];
    for (const actor of [pair.doctor, pair.patient, ...others]) {
      const { status, body } = await actor.get(path());
      expect([status, body]).toEqual([200, empty]);
    }
  });

  it('is replaced whole by PUT and shown to everybody as it was set', async () => {
    const first = {
      timeZone: 'Europe/Paris',
      slotMinutes: 20,
      published: false,
      rules: [{ weekday: 1, start: '09:00', end: '24:00', type: 'online' }],
      exceptions: [
        { date: '2027-12-24', closed: true },
        { date: '2027-12-31', intervals: [{ start: '09:00', end: '12:00' }] },
      ],
    };
    const { status, body } = await put(first);
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual(KEYS);
    expect(body).toEqual({
      ...first,
      doctorId: pair.doctor.id,
      rules: [{ weekday: 1, start: '09:00', end: '24:00', type: 'Online' }],
      exceptions: [
        { date: '2027-12-24', closed: true, intervals: [] },
        { date: '2027-12-31', closed: false, intervals: [{ start: '09:00', end: '12:00' }] },
      ],
      updatedAt: t.clock.now().toISOString(),
    });
    expect((await (await t.actors.asPatient()).get(path())).body).toEqual(body);
    const second = await put({ timeZone: 'Asia/Kolkata', rules: [] });
    expect(second.body).toEqual({
      doctorId: pair.doctor.id,
      timeZone: 'Asia/Kolkata',
      slotMinutes: 30,
      published: true,
      rules: [],
      exceptions: [],
      updatedAt: t.clock.now().toISOString(),
    });
    expect((await pair.doctor.get(path())).body).toEqual(second.body);
    expect(await t.db.collection('doctoravailabilities').countDocuments({ timeZone: 'Asia/Kolkata' })).toBe(1);
  });

  it('has one document, however many PUTs run at once', async () => {
    const answers = await Promise.all(
      [5, 10, 15, 20].map((slotMinutes) => put({ timeZone: 'UTC', rules: [], slotMinutes })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const stored = await t.db.collection('doctoravailabilities').find({}).toArray();
    expect(stored.filter((one) => String(one['doctorId']) === pair.doctor.id)).toHaveLength(1);
  });

  it.each([
    [{ rules: [] }, ['timeZone']],
    [{ timeZone: 'Mars/Base', rules: [] }, ['timeZone']],
    [{ timeZone: 'UTC' }, ['rules']],
    [{ timeZone: 'UTC', rules: 'all' }, ['rules']],
    [
      { timeZone: 'UTC', rules: Array.from({ length: 51 }, () => ({ weekday: 1, start: '09:00', end: '10:00' })) },
      ['rules'],
    ],
    [{ timeZone: 'UTC', rules: [], slotMinutes: 4 }, ['slotMinutes']],
    [{ timeZone: 'UTC', rules: [], slotMinutes: 241 }, ['slotMinutes']],
    [{ timeZone: 'UTC', rules: [], published: 'yes' }, ['published']],
    [{ timeZone: 'UTC', rules: [], doctorId: NOBODY }, ['doctorId']],
    [
      { timeZone: 'UTC', rules: [{ weekday: 0, start: '9:00', end: '24:01' }] },
      ['rules[0].weekday', 'rules[0].start', 'rules[0].end'],
    ],
    [
      { timeZone: 'UTC', rules: [{ weekday: 8, start: '24:00', end: '24:00', type: 'Phone' }] },
      ['rules[0].weekday', 'rules[0].start', 'rules[0].type'],
    ],
    [{ timeZone: 'UTC', rules: [{ weekday: 1, start: '10:00', end: '10:00' }] }, ['rules[0].end']],
    [{ timeZone: 'UTC', rules: [{ weekday: 1, start: '10:00', end: '11:00', room: 1 }] }, ['rules[0].room']],
    [{ timeZone: 'UTC', rules: [null] }, ['rules[0]']],
    [{ timeZone: 'UTC', rules: [], exceptions: [{ date: '2027-02-30', closed: true }] }, ['exceptions[0].date']],
    [{ timeZone: 'UTC', rules: [], exceptions: [{ date: MONDAY }] }, ['exceptions[0]']],
    [{ timeZone: 'UTC', rules: [], exceptions: [{ date: MONDAY, closed: false, intervals: [] }] }, ['exceptions[0]']],
    [
      {
        timeZone: 'UTC',
        rules: [],
        exceptions: [{ date: MONDAY, closed: true, intervals: [{ start: '09:00', end: '10:00' }] }],
      },
      ['exceptions[0]'],
    ],
    [
      {
        timeZone: 'UTC',
        rules: [],
        exceptions: [
          { date: MONDAY, closed: true },
          { date: MONDAY, closed: true },
        ],
      },
      ['exceptions[1].date'],
    ],
  ])('refuses %j', async (body, fields) => {
    const response = await put(body);
    expect(response.body).toMatchObject({ statusCode: 400, code: 'VALIDATION_FAILED' });
    const named = response.body.details.map(({ field }: { field: string }) => field);
    expect(named.sort()).toEqual([...fields].sort());
    expect((await pair.doctor.get(path())).body).not.toHaveProperty('updatedAt');
  });

  it('refuses overlapping rules and intervals, whatever their types', async () => {
    const rules = [
      { weekday: 1, start: '09:00', end: '12:00', type: 'Online' },
      { weekday: 1, start: '11:00', end: '13:00', type: 'Physical' },
    ];
    const intervals = rules.map(({ weekday: _weekday, ...hours }) => hours);
    for (const body of [
      { timeZone: 'UTC', rules },
      { timeZone: 'UTC', rules: [], exceptions: [{ date: MONDAY, intervals }] },
    ])
      expect((await put(body)).body).toMatchObject({ statusCode: 400, code: 'OVERLAPPING_RULES' });
  });

  it('is set by its doctor alone', async () => {
    const body = { timeZone: 'UTC', rules: [] };
    for (const [actor, code] of [
      [await t.actors.asDoctor(), 'FORBIDDEN_SPACE'],
      [pair.patient, 'FORBIDDEN_ROLE'],
      [await t.actors.asPharmacist(), 'FORBIDDEN_ROLE'],
      [await t.actors.asAdmin(), 'FORBIDDEN_ROLE'],
    ] as const)
      expect((await put(body, actor)).body).toMatchObject({ statusCode: 403, code });
    expect((await t.http.put(path(), body)).body.code).toBe('UNAUTHENTICATED');
    expect((await t.http.get(path())).body.code).toBe('UNAUTHENTICATED');
  });

  it('exists for doctors whom the caller can see', async () => {
    const admin = await t.actors.asAdmin();
    const stranger = await t.actors.asPatient();
    for (const what of ['availability', `slots?from=${MONDAY}&to=${MONDAY}`]) {
      expect((await pair.patient.get(`/doctors/${NOBODY}/${what}`)).body.code).toBe('NOT_FOUND');
      expect((await pair.patient.get(`/doctors/${pair.patient.id}/${what}`)).body.code).toBe('NOT_FOUND');
      expect((await pair.patient.get(`/doctors/nobody/${what}`)).body.code).toBe('INVALID_ID');
    }
    await admin.patch(`/users/${pair.doctor.id}`, { statutCompte: 'SUSPENDU', reason: 'test' });
    expect((await stranger.get(path())).status).toBe(404);
    expect((await stranger.get(`/doctors/${pair.doctor.id}/slots?from=${MONDAY}&to=${MONDAY}`)).status).toBe(404);
    expect((await pair.patient.get(path())).status).toBe(200);
    expect((await admin.get(path())).status).toBe(200);
  });

  it('goes with an erased doctor', async () => {
    await put({ timeZone: 'UTC', rules: [] });
    expect((await pair.doctor.delete('/users/me', { currentPassword: pair.doctor.password })).status).toBe(200);
    await t.runJob('erasure');
    const stored = await t.db.collection('doctoravailabilities').find({}).toArray();
    expect(stored.filter((one) => String(one['doctorId']) === pair.doctor.id)).toEqual([]);
    expect((await pair.patient.get(path())).status).toBe(404);
  });

  describe('of a doctor who publishes', () => {
    const HOURS = {
      timeZone: 'Europe/Paris',
      rules: [
        { weekday: 1, start: '09:00', end: '11:00' },
        { weekday: 1, start: '11:00', end: '12:00', type: 'Online' },
      ],
    };

    it('binds bookings of patients, not those of the doctor', async () => {
      const before = await pair.book(pair.patient, { dateTime: at('15:00') });
      await put(HOURS);
      const asks = async (by: TestActor, start: string, more: object = {}) => {
        const { status, body } = await pair.request(by, { dateTime: at(start), ...more });
        return status === 201 ? status : `${status} ${body.code}`;
      };
      expect(await asks(pair.patient, '07:45')).toBe('409 OUTSIDE_AVAILABILITY');
      expect(await asks(pair.patient, '08:00')).toBe(201);
      expect(await asks(pair.patient, '09:45', { type: 'Online' })).toBe('409 OUTSIDE_AVAILABILITY');
      expect(await asks(pair.patient, '10:00')).toBe('409 OUTSIDE_AVAILABILITY');
      expect(await asks(pair.patient, '10:00', { type: 'Online' })).toBe(201);
      expect(await asks(pair.doctor, '18:00')).toBe(201);
      // What was there stays, and what is taken is said first.
      expect((await pair.get(pair.patient, before._id)).body.status).toBe('Pending');
      expect(await asks(pair.patient, '15:00')).toBe('409 SLOT_TAKEN');
      await put({ ...HOURS, published: false });
      expect(await asks(pair.patient, '20:00')).toBe(201);
      await put({ timeZone: 'Europe/Paris', rules: [] });
      expect(await asks(pair.patient, '21:00')).toBe(201);
    });

    it('binds moves of patients, with the type they will have', async () => {
      await put(HOURS);
      const made = await pair.book(pair.patient, { dateTime: at('08:00') });
      const move = async (by: TestActor, change: object) => {
        const { status, body } = await pair.patch(by, made._id, change);
        return status === 200 ? status : `${status} ${body.code}`;
      };
      expect(await move(pair.patient, { dateTime: at('16:00') })).toBe('409 OUTSIDE_AVAILABILITY');
      expect(await move(pair.patient, { durationMinutes: 121 })).toBe('409 OUTSIDE_AVAILABILITY');
      expect(await move(pair.patient, { dateTime: at('10:00') })).toBe('409 OUTSIDE_AVAILABILITY');
      expect(await move(pair.patient, { dateTime: at('10:00'), type: 'Online' })).toBe(200);
      expect(await move(pair.doctor, { dateTime: at('16:00') })).toBe(200);
      expect((await pair.get(pair.doctor, made._id)).body.dateTime).toBe(at('16:00'));
    });
  });

  describe('slots', () => {
    const slots = (query: string, by: TestActor = pair.patient) => by.get(`/doctors/${pair.doctor.id}/slots?${query}`);
    const startsOf = async (query: string, by: TestActor = pair.patient): Promise<string[]> =>
      (await slots(query, by)).body.slots.map(({ start }: { start: string }) => start);

    it('are those of the published hours', async () => {
      const query = `from=${MONDAY}&to=${MONDAY}&durationMinutes=60`;
      expect((await slots(query)).body).toEqual({
        doctorId: pair.doctor.id,
        timeZone: 'Europe/Paris',
        durationMinutes: 60,
        published: false,
        slots: [],
      });
      await put({
        timeZone: 'America/New_York',
        slotMinutes: 60,
        rules: [{ weekday: 1, start: '09:00', end: '11:00', type: 'Online' }],
        exceptions: [{ date: '2027-02-23', intervals: [{ start: '09:00', end: '10:00' }] }],
      });
      const { status, body, headers } = await slots(`from=${MONDAY}&to=2027-02-23&durationMinutes=60`);
      expect(status).toBe(200);
      expect(headers.get('x-truncated')).toBeNull();
      // New York is at -05.
      expect(body).toEqual({
        doctorId: pair.doctor.id,
        timeZone: 'America/New_York',
        durationMinutes: 60,
        published: true,
        slots: [
          { start: at('14:00'), end: at('15:00'), type: 'Online' },
          { start: at('15:00'), end: at('16:00'), type: 'Online' },
          { start: at('14:00', '2027-02-23'), end: at('15:00', '2027-02-23'), type: null },
        ],
      });
      expect((await slots(`from=${MONDAY}&to=${MONDAY}`)).body.durationMinutes).toBe(30);
    });

    it('leave out the appointments of the doctor, and those of the patient who asks', async () => {
      await put({ timeZone: 'UTC', rules: [{ weekday: 1, start: '08:00', end: '10:00' }] });
      const query = `from=${MONDAY}&to=${MONDAY}`;
      const other = await t.actors.asPatient();
      await t.actors.link(other, pair.doctor);
      const otherDoctor = await t.actors.asDoctor();
      await t.actors.link(pair.patient, otherDoctor);
      const made = await pair.book(pair.patient, { dateTime: at('08:00') });
      await new Pair(t, pair.patient, otherDoctor).book(pair.patient, { dateTime: at('09:15') });
      expect(await startsOf(query)).toEqual([at('08:30')]);
      for (const actor of [other, pair.doctor, await t.actors.asPharmacist()])
        expect(await startsOf(query, actor)).toEqual([at('08:30'), at('09:00'), at('09:30')]);
      await pair.patch(pair.doctor, made._id, { status: 'Cancelled' });
      expect(await startsOf(query)).toEqual([at('08:00'), at('08:30')]);
    });

    it('fall on no full day of the doctor, and can be booked', async () => {
      const small = await startTestApp({ config: { care: { maxAppointmentsPerDay: 2 } }, clock: t.clock });
      const own = await Pair.linked(small);
      await own.doctor.put(`/doctors/${own.doctor.id}/availability`, {
        timeZone: 'UTC',
        rules: [1, 2].map((weekday) => ({ weekday, start: '08:00', end: '09:30' })),
      });
      const find = async (): Promise<string[]> => {
        const { body } = await own.patient.get(`/doctors/${own.doctor.id}/slots?from=${MONDAY}&to=2027-02-23`);
        return body.slots.map(({ start }: { start: string }) => start);
      };
      expect(await find()).toHaveLength(6);
      for (const dateTime of (await find()).slice(0, 2)) await own.book(own.patient, { dateTime });
      expect(await find()).toEqual(['08:00', '08:30', '09:00'].map((time) => at(time, '2027-02-23')));
      expect((await own.request(own.patient, { dateTime: at('09:00') })).body.code).toBe('DAY_FULL');
      await small.close();
    });

    it('lie in the future', async () => {
      await put({ timeZone: 'UTC', rules: [{ weekday: 1, start: '08:00', end: '10:00' }] });
      t.clock.freeze(at('08:30'));
      expect(await startsOf(`from=${MONDAY}&to=${MONDAY}`)).toEqual([at('09:00'), at('09:30')]);
      t.clock.freeze('2027-02-01T00:00:00.000Z');
    });

    it('show the earliest 1,000 and say so', async () => {
      const rules = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start: '00:00', end: '24:00' }));
      await put({ timeZone: 'Europe/Paris', slotMinutes: 5, rules });
      const { body, headers } = await slots('from=2027-03-15&to=2027-04-14&durationMinutes=5');
      expect(body.slots).toHaveLength(1_000);
      expect(headers.get('x-truncated')).toBe('true');
      const gaps = body.slots.slice(1).map(({ start }: { start: string }, index: number) => {
        return Date.parse(start) - Date.parse(body.slots[index].start);
      });
      expect(new Set(gaps)).toEqual(new Set([5 * MINUTE]));
    });

    it.each([
      ['', ['from', 'to']],
      [`from=${MONDAY}`, ['to']],
      [`from=${MONDAY}&to=soon`, ['to']],
      ['from=2027-02-23&to=2027-02-22', ['from']],
      ['from=2027-03-01&to=2027-04-01', ['to']],
      [`from=${MONDAY}&to=${MONDAY}&durationMinutes=4`, ['durationMinutes']],
      [`from=${MONDAY}&to=${MONDAY}&durationMinutes=241`, ['durationMinutes']],
    ])('refuse the query "%s"', async (query, fields) => {
      const { body } = await slots(query);
      expect(body).toMatchObject({ statusCode: 400, code: 'VALIDATION_FAILED' });
      expect([...new Set(body.details.map(({ field }: { field: string }) => field))].sort()).toEqual(
        [...fields].sort(),
      );
    });

    it('want a signed-in caller', async () => {
      const { body } = await t.http.get(`/doctors/${pair.doctor.id}/slots?from=${MONDAY}&to=${MONDAY}`);
      expect(body.code).toBe('UNAUTHENTICATED');
    });
  });
});
