import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { parallel } from '../support/booking';

const KEYS = ['_id', 'createdAt', 'measuredAt', 'patientId', 'source', 'unit', 'updatedAt', 'value', 'valueMgdl'];

describe('glucose readings', () => {
  let t: TestApp;
  let patient: TestActor;
  let stranger: TestActor;

  beforeAll(async () => {
    t = await startTestApp();
    stranger = await t.actors.asPatient();
  });

  beforeEach(async () => {
    patient = await t.actors.asPatient({ timeZone: 'Europe/Paris' });
  });

  afterAll(async () => {
    await t.close();
  });

  const at = (minutesAgo: number): string => new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const store = (fields: object = {}, by: TestActor = patient) =>
    by.post('/glucose', { value: 112, measuredAt: at(30), ...fields });

  describe('one by one', () => {
    it('are stored with their defaults', async () => {
      const measuredAt = at(30);
      const { status, body } = await store({ measuredAt });
      expect(status).toBe(201);
      expect(Object.keys(body).sort()).toEqual(KEYS);
      expect(body).toMatchObject({
        patientId: patient.id,
        value: 112,
        unit: 'mg/dL',
        valueMgdl: 112,
        source: 'manual',
        measuredAt,
      });
    });

    it('keep what was entered and show it in mg/dL as well', async () => {
      const { body } = await store({
        value: 5.55,
        unit: 'MMOL/L',
        period: 'Fasting',
        note: ' avant ',
        source: 'CGM',
        intervalMinutes: 15,
        deviceId: 'sensor-1',
      });
      // 5.55 * 18.0182 = 100.00101
      expect(body).toMatchObject({
        value: 5.55,
        unit: 'mmol/L',
        valueMgdl: 100,
        period: 'fasting',
        note: 'avant',
        source: 'cgm',
        intervalMinutes: 15,
        deviceId: 'sensor-1',
      });
      expect((await patient.get(`/glucose/${body._id}`)).body).toEqual(body);
    });

    it.each<[string, object, string, unknown]>([
      ['9.9 mg/dL', { value: 9.9 }, 'GLUCOSE_OUT_OF_RANGE', { unit: 'mg/dL', min: 10, max: 1000 }],
      ['1000.1 mg/dL', { value: 1000.1 }, 'GLUCOSE_OUT_OF_RANGE', { unit: 'mg/dL', min: 10, max: 1000 }],
      ['55.6 mmol/L', { value: 55.6, unit: 'mmol/L' }, 'GLUCOSE_OUT_OF_RANGE', { unit: 'mmol/L', min: 0.6, max: 55.5 }],
      [
        '11 minutes ahead',
        { measuredAt: new Date(Date.now() + 11 * 60_000).toISOString() },
        'MEASURED_AT_IN_FUTURE',
        undefined,
      ],
      [
        '15 h ahead without offset',
        { measuredAt: new Date(Date.now() + 15 * 3_600_000).toISOString().slice(0, -1) },
        'MEASURED_AT_IN_FUTURE',
        undefined,
      ],
      [
        '1999',
        { measuredAt: '1999-12-31T23:59:59Z' },
        'VALIDATION_FAILED',
        [{ field: 'measuredAt', rule: 'earliest' }],
      ],
      ['text', { value: '112' }, 'VALIDATION_FAILED', [{ field: 'value', rule: 'number' }]],
      ['an unknown key', { patientId: 'x' }, 'VALIDATION_FAILED', [{ field: 'patientId', rule: 'unknown' }]],
      [
        'an interval without a sensor',
        { intervalMinutes: 5 },
        'VALIDATION_FAILED',
        [{ field: 'intervalMinutes', rule: 'source' }],
      ],
      ['a device of nothing', { deviceId: 'a' }, 'VALIDATION_FAILED', [{ field: 'deviceId', rule: 'source' }]],
    ])('refuse %s', async (_name, fields, code, details) => {
      const { status, body } = await store(fields);
      expect([status, body.code, body.details]).toEqual([400, code, details]);
    });

    it('may lie 10 minutes ahead, and 14 h without an offset', async () => {
      expect((await store({ measuredAt: new Date(Date.now() + 9 * 60_000).toISOString() })).status).toBe(201);
      expect(
        (await store({ measuredAt: new Date(Date.now() + 13 * 3_600_000).toISOString().slice(0, -1) })).status,
      ).toBe(201);
    });

    it('of a device are stored once; another value at that instant is a contradiction', async () => {
      const reading = { value: 100, source: 'cgm', measuredAt: at(10) };
      const { body } = await store(reading);
      expect(await store({ ...reading, note: 'again' })).toMatchObject({ status: 201, body });
      expect((await store({ ...reading, value: 101 })).body.code).toBe('GLUCOSE_DUPLICATE');
      expect((await store({ ...reading, source: 'glucometer' })).status).toBe(201);
      // manual readings may share an instant
      await store({ ...reading, source: 'manual' });
      await store({ ...reading, source: 'manual' });
      expect((await patient.get('/glucose/my-records')).body.total).toBe(4);
    });

    it('are their patient’s alone', async () => {
      const { body } = await store();
      for (const call of [
        stranger.get(`/glucose/${body._id}`),
        stranger.patch(`/glucose/${body._id}`, { value: 90 }),
        stranger.delete(`/glucose/${body._id}`),
      ])
        expect((await call).body.code).toBe('NOT_FOUND');
      const doctor = await t.actors.asDoctor();
      expect((await doctor.get(`/glucose/${body._id}`)).body.code).toBe('FORBIDDEN_ROLE');
      expect((await patient.get('/glucose/xyz')).body.code).toBe('INVALID_ID');
    });
  });

  describe('changed', () => {
    it('re-read the same number in another unit', async () => {
      const { body } = await store({ value: 20 });
      expect((await patient.patch(`/glucose/${body._id}`, { unit: 'mmol/L' })).body).toMatchObject({
        value: 20,
        unit: 'mmol/L',
        valueMgdl: 360.4,
      });
      expect((await patient.patch(`/glucose/${body._id}`, { value: 200 })).body.code).toBe('GLUCOSE_OUT_OF_RANGE');
    });

    it('clear what null clears, and nothing that is required', async () => {
      const { body } = await store({ note: 'x', period: 'fasting' });
      const cleared = await patient.patch(`/glucose/${body._id}`, { note: null, period: '' });
      expect(Object.keys(cleared.body).sort()).toEqual(KEYS);
      expect((await patient.patch(`/glucose/${body._id}`, { value: null })).body.code).toBe('VALIDATION_FAILED');
      expect((await patient.patch(`/glucose/${body._id}`, { source: 'cgm' })).body.details).toEqual([
        { field: 'source', rule: 'unknown' },
      ]);
    });

    it('keep to their version', async () => {
      const created = await store();
      const etag = created.headers.get('etag') ?? '';
      const path = `/glucose/${created.body._id}`;
      expect((await patient.patch(path, { value: 113 }, { headers: { 'If-Match': etag } })).status).toBe(200);
      expect((await patient.patch(path, { value: 114 }, { headers: { 'If-Match': etag } })).status).toBe(412);
      const same = await patient.get(path);
      expect((await patient.patch(path, { value: 113 })).body.updatedAt).toBe(same.body.updatedAt);
      expect((await patient.get(path, { headers: { 'If-None-Match': same.headers.get('etag') ?? '' } })).status).toBe(
        304,
      );
    });

    it('do not become another reading of the device', async () => {
      const first = await store({ source: 'cgm', measuredAt: at(20) });
      const second = await store({ source: 'cgm', measuredAt: at(10) });
      const path = `/glucose/${second.body._id}`;
      expect((await patient.patch(path, { measuredAt: first.body.measuredAt })).body.code).toBe('GLUCOSE_DUPLICATE');
      await patient.delete(`/glucose/${first.body._id}`);
      expect((await patient.patch(path, { measuredAt: first.body.measuredAt })).status).toBe(200);
      expect((await store({ source: 'cgm', measuredAt: first.body.measuredAt })).body._id).toBe(second.body._id);
    });
  });

  describe('lists', () => {
    it('page, filter and count exactly, in part days too', async () => {
      const days = Array.from({ length: 40 }, (_, index) => ({
        value: 100 + index,
        measuredAt: new Date(Date.UTC(2026, 2, 1, index * 9)).toISOString(),
        ...(index % 2 === 0 ? { source: 'cgm' } : { period: 'fasting' }),
      }));
      expect((await patient.post('/glucose/bulk', { readings: days })).body.inserted).toBe(40);
      const first = await patient.get('/glucose/my-records?limit=3');
      expect(first.body).toMatchObject({ total: 40, page: 1, limit: 3, totalPages: 14 });
      expect(first.body.data.map(({ value }: { value: number }) => value)).toEqual([139, 138, 137]);
      expect((await patient.get('/glucose/my-records?page=14&limit=3')).body.data).toHaveLength(1);
      expect((await patient.get('/glucose/my-records?source=cgm&limit=1')).body.total).toBe(20);
      expect((await patient.get('/glucose/my-records?period=fasting&source=manual&limit=1')).body.total).toBe(20);
      // from the 5th to the 20th reading, both included: part days at both ends
      const [start, end] = [days[4]?.measuredAt ?? '', days[19]?.measuredAt ?? ''];
      expect((await patient.get(`/glucose/my-records?start=${start}&end=${end}&limit=1`)).body.total).toBe(16);
      expect((await patient.get(`/glucose/my-records?start=${start}&end=${start}`)).body.total).toBe(1);
      expect((await patient.get(`/glucose/my-records?start=${end}&end=${start}`)).body).toMatchObject({
        data: [],
        total: 0,
      });
      const range = await patient.get(`/glucose?start=${start}&end=${end}`);
      expect(range.body.map(({ value }: { value: number }) => value)).toEqual(
        Array.from({ length: 16 }, (_, i) => 119 - i),
      );
    });

    it('show the same pages however the readings of a day are spread', async () => {
      // A sensor day with a hole of 14 hours, a day of an hour, an even one; every fifth reading is a manual one.
      const minutes = [
        ...Array.from({ length: 120 }, (_, index) => index * 5),
        ...Array.from({ length: 60 }, (_, index) => 1_440 + 30 + index),
        ...Array.from({ length: 144 }, (_, index) => 2_880 + index * 10),
      ];
      const readings = minutes.map((minute, index) => ({
        value: 80 + index,
        source: index % 5 === 0 ? 'manual' : 'cgm',
        measuredAt: new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString(),
      }));
      const other = await t.actors.asPatient({ timeZone: 'UTC' });
      expect((await other.post('/glucose/bulk', { readings })).body.inserted).toBe(readings.length);
      for (const [source, every] of [
        ['', readings],
        ['&source=manual', readings.filter((_, index) => index % 5 === 0)],
      ] as const) {
        const seen: number[] = [];
        for (let page = 1; seen.length < every.length; page += 1) {
          const { body } = await other.get(`/glucose/my-records?limit=15&page=${page}${source}`);
          expect(body.data).toHaveLength(Math.min(15, every.length - seen.length));
          seen.push(...(body.data as { value: number }[]).map(({ value }) => value));
        }
        expect(seen).toEqual(every.map(({ value }) => value).reverse());
      }
    });

    it('refuse bad ranges', async () => {
      for (const query of [
        '',
        '?start=2026-01-01',
        '?start=2026-01-02&end=2026-01-01',
        '?start=2026-01-01&end=2026-04-04',
      ])
        expect((await patient.get(`/glucose${query}`)).body.code, query).toBe('VALIDATION_FAILED');
      expect((await patient.get('/glucose/my-records?page=0')).status).toBe(400);
      expect((await patient.get('/glucose/my-records?source=none')).status).toBe(400);
    });

    it('are shown to a linked doctor, while access is on, and recorded', async () => {
      const doctor = await t.actors.asDoctor();
      const path = `/glucose/patient/${patient.id}/records`;
      expect((await doctor.get(path)).body.code).toBe('FORBIDDEN_SPACE');
      await t.actors.link(patient, doctor);
      const { body } = await store();
      expect((await doctor.get(path)).body).toEqual({ data: [body], total: 1, page: 1, limit: 10, totalPages: 1 });
      const log = await patient.get(`/patients/${patient.id}/access-log`);
      expect(log.body.data[0]).toMatchObject({ action: 'glucose.read' });
      await patient.patch(`/patients/${patient.id}/doctors/${doctor.id}/access`, { enabled: false });
      expect((await doctor.get(path)).body.code).toBe('ACCESS_DISABLED');
      expect((await patient.get(path)).body.code).toBe('FORBIDDEN_ROLE');
    });
  });

  describe('in bulk', () => {
    it('are judged one by one', async () => {
      const measuredAt = at(60);
      const { status, body } = await patient.post('/glucose/bulk', [
        { value: 100, measuredAt },
        { value: 100, measuredAt },
        { value: 5, measuredAt },
        { value: 100, measuredAt: '2036-01-01T00:00:00Z' },
        { value: 100 },
        'x',
        null,
        { value: 100, measuredAt, source: 'Glucometer', note: '  ' },
      ]);
      expect(status).toBe(201);
      expect(body).toMatchObject({ inserted: 2, duplicates: 1, rejected: 5 });
      expect(body.results.map(({ status: verdict, code }: Record<string, string>) => code ?? verdict)).toEqual([
        'inserted',
        'duplicate',
        'GLUCOSE_OUT_OF_RANGE',
        'MEASURED_AT_IN_FUTURE',
        'VALIDATION_FAILED',
        'VALIDATION_FAILED',
        'VALIDATION_FAILED',
        'inserted',
      ]);
      expect(body.results[1]._id).toBe(body.results[0]._id);
      expect(body.results[2]).toEqual({
        index: 2,
        status: 'rejected',
        code: 'GLUCOSE_OUT_OF_RANGE',
        message: 'value must be between 10 and 1000 mg/dL',
      });
    });

    it('find manual readings that were posted singly', async () => {
      const { body: single } = await store({ measuredAt: at(45) });
      const { body } = await patient.post('/glucose/bulk', {
        readings: [{ value: 150, measuredAt: single.measuredAt }],
      });
      expect(body).toMatchObject({ inserted: 0, duplicates: 1, results: [{ status: 'duplicate', _id: single._id }] });
    });

    it('refuse only a bad envelope as a whole', async () => {
      for (const body of [
        {},
        { readings: [] },
        [],
        { readings: 'x' },
        { readings: [{}], other: 1 },
        { readings: Array.from({ length: 1_001 }, () => ({})) },
      ])
        expect((await patient.post('/glucose/bulk', body)).body.code).toBe('VALIDATION_FAILED');
      expect((await patient.post('/glucose/bulk', { readings: [{}] })).body).toMatchObject({
        inserted: 0,
        rejected: 1,
      });
    });

    it('store each reading once, however many equal and overlapping calls come at once', async () => {
      const start = Date.now() - 6 * 3_600_000;
      const readings = (from: number) =>
        Array.from({ length: 40 }, (_, index) => ({
          value: 120,
          source: 'cgm',
          measuredAt: new Date(start + (from + index) * 300_000).toISOString(),
        }));
      const answers = await parallel(50, (index) =>
        patient.post('/glucose/bulk', { readings: readings(index % 2 === 0 ? 0 : 20) }),
      );
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
      expect(answers.reduce((sum, { body }) => sum + (body.inserted as number), 0)).toBe(60);
      expect((await patient.get('/glucose/my-records?limit=1')).body.total).toBe(60);
      expect((await patient.get('/glucose/stats/time-in-range?days=2')).body).toMatchObject({
        total: 60,
        inRange: 100,
      });
    });
  });
});
