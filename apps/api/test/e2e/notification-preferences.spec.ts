import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

const TYPES = ['patient_alert', 'new_request', 'appointment', 'message', 'medication'];
const ALL_DEFAULT = Object.fromEntries(TYPES.map((type) => [type, { inApp: true, push: true, email: false }]));
const PATH = '/notifications/preferences';

describe('notification preferences', () => {
  let t: TestApp;
  let patient: TestActor;

  beforeAll(async () => {
    t = await startTestApp();
    patient = await t.actors.asPatient({ timeZone: 'Asia/Kolkata' });
  });

  afterAll(async () => {
    await t.close();
  });

  it('have defaults for every role, in the zone of the account', async () => {
    const expected = {
      quietHours: { enabled: false, start: '22:00', end: '07:00' },
      types: ALL_DEFAULT,
    };
    expect((await patient.get(PATH)).body).toEqual({ timeZone: 'Asia/Kolkata', ...expected });
    for (const actor of [await t.actors.asDoctor(), await t.actors.asPharmacist(), await t.actors.asAdmin()])
      expect((await actor.get(PATH)).body).toEqual({ timeZone: 'UTC', ...expected });
  });

  it('are replaced as a whole, by their owner only', async () => {
    const stranger = await t.actors.asPatient();
    const put = await patient.put(PATH, {
      timeZone: 'Europe/Paris',
      quietHours: { enabled: true, start: '21:30', end: '06:00' },
      types: { patient_alert: { inApp: false, push: false }, message: { inApp: false, email: true }, appointment: {} },
    });
    expect(put.status).toBe(200);
    const expected = {
      timeZone: 'Europe/Paris',
      quietHours: { enabled: true, start: '21:30', end: '06:00' },
      types: {
        ...ALL_DEFAULT,
        patient_alert: { inApp: true, push: false, email: false },
        message: { inApp: false, push: true, email: true },
      },
    };
    expect(put.body).toEqual(expected);
    expect((await patient.get(PATH)).body).toEqual(expected);
    expect((await stranger.get(PATH)).body).toMatchObject({ timeZone: 'UTC', types: ALL_DEFAULT });

    const again = await patient.put(PATH, { quietHours: { enabled: true } });
    expect(again.body).toEqual({
      timeZone: 'Asia/Kolkata',
      quietHours: { enabled: true, start: '22:00', end: '07:00' },
      types: ALL_DEFAULT,
    });
    expect((await patient.get(PATH)).body).toEqual(again.body);
  });

  it('follow the zone of the account unless they have their own', async () => {
    const moving = await t.actors.asPatient({ timeZone: 'Europe/Paris' });
    await moving.put(PATH, {});
    await moving.patch(`/patients/${moving.id}`, { timeZone: 'America/New_York' });
    expect((await moving.get(PATH)).body.timeZone).toBe('America/New_York');
  });

  it('are one document however often they are put at once', async () => {
    const hurried = await t.actors.asDoctor();
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => hurried.put(PATH, { types: { message: { push: false } } })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const stored = await t.db.collection('notificationpreferences').find({}).toArray();
    expect(stored.filter((row) => String(row['userId']) === hurried.id)).toHaveLength(1);
  });

  it.each([
    [{ timeZone: 'Europe/Nowhere' }, 'timeZone'],
    [{ quietHours: { start: '24:00' } }, 'quietHours.start'],
    [{ quietHours: { end: '7:00' } }, 'quietHours.end'],
    [{ quietHours: { start: '07:00' } }, 'quietHours.end'],
    [{ quietHours: { enabled: false, start: '10:00', end: '10:00' } }, 'quietHours.end'],
    [{ quietHours: [] }, 'quietHours'],
    [{ quietHours: { enabled: 'true' } }, 'quietHours.enabled'],
    [{ types: { glucose: {} } }, 'types.glucose'],
    [{ types: { message: { sms: true } } }, 'types.message.sms'],
    [{ types: { message: { push: 1 } } }, 'types.message.push'],
    [{ types: { message: true } }, 'types.message'],
    [{ userId: '507f1f77bcf86cd799439011' }, 'userId'],
  ])('refuse %j', async (body, field) => {
    const before = (await patient.get(PATH)).body;
    const refused = await patient.put(PATH, body);
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ code: 'VALIDATION_FAILED', details: [{ field }] });
    expect((await patient.get(PATH)).body).toEqual(before);
  });

  it('are for the signed-in', async () => {
    for (const method of ['GET', 'PUT'])
      expect((await t.http.call(method, PATH, undefined, {})).body).toMatchObject({
        statusCode: 401,
        code: 'UNAUTHENTICATED',
      });
  });
});
