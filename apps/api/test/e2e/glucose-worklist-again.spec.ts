import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { DAY, ENDLESS_TOKENS, HOUR, MINUTE } from '../support/booking';

describe('a worklist that was read before', () => {
  let first: TestApp;
  let doctor: TestActor;
  let patients: TestActor[];
  /** How many day documents were asked for by their ids. */
  const read: number[] = [];

  beforeAll(async () => {
    first = await startTestApp({ config: { auth: ENDLESS_TOKENS } });
    first.app
      .get<Connection>(getConnectionToken())
      .on('operation-start', ({ collectionName, params: [filter] }: { collectionName: string; params: unknown[] }) => {
        const ids = (filter as { _id?: { $in?: unknown[] } } | undefined)?._id?.$in;
        if (collectionName === 'glucosedays' && ids !== undefined) read.push(ids.length);
      });
    doctor = await first.actors.asDoctor();
    patients = await Promise.all([0, 1, 2].map(() => first.actors.asPatient()));
    for (const patient of patients) {
      await first.actors.link(patient, doctor);
      await patient.post('/glucose/bulk', { readings: sensor(900, 40 * MINUTE) });
    }
  });

  afterAll(async () => {
    await first.close();
  });

  const ago = (ms: number): string => new Date(first.clock.now().getTime() - ms).toISOString();
  const sensor = (count: number, step: number, from = 0): object[] =>
    Array.from({ length: count }, (_, index) => ({
      value: 90 + (index % 60),
      source: 'cgm',
      intervalMinutes: 30,
      measuredAt: ago(from + (index + 1) * step),
    }));
  const lists = async (by: TestActor) =>
    Promise.all(
      ['?days=14', '?days=7'].map(async (query) => (await by.get(`/doctors/${by.id}/population${query}`)).body),
    );
  /** What a server says that has read nothing before. */
  async function fresh() {
    const second = await startTestApp({ config: { auth: ENDLESS_TOKENS }, dbName: first.dbName, clock: first.clock });
    const { id, role, email, password, token, refreshToken, nom, prenom } = doctor;
    const answer = await lists(new TestActor(second.http, id, role, email, password, token, refreshToken, nom, prenom));
    await second.close();
    return answer;
  }

  it('reads the days that changed again, and no others', async () => {
    const [one, two] = patients;
    const before = await lists(doctor);
    await doctor.get(`/medecins/${doctor.id}/my-patients`);
    read.length = 0;
    await one?.post('/glucose', { value: 45, source: 'cgm', measuredAt: ago(MINUTE) });
    await two?.post('/glucose/bulk', { readings: sensor(20, 30 * MINUTE, 3 * DAY + 7 * MINUTE) });
    const after = await lists(doctor);
    expect(after).not.toEqual(before);
    // Today and two days of the upload, for either list: of some 25 days of each patient.
    expect(read.length).toBeGreaterThan(0);
    expect(Math.max(...read)).toBeLessThanOrEqual(4);
    expect(after).toEqual(await fresh());
  });

  it('misses no day that began, ended or began anew', async () => {
    const [one, two, three] = patients;
    await lists(doctor);
    // Three days without any reading, one of them with a new one then.
    const span = `start=${ago(9 * DAY)}&end=${ago(6 * DAY)}`;
    for (const { _id } of (await three?.get(`/glucose?${span}`))?.body ?? []) await three?.delete(`/glucose/${_id}`);
    await three?.post('/glucose', { value: 300, source: 'cgm', measuredAt: ago(8 * DAY) });
    await two?.post('/glucose', { value: 60, measuredAt: ago(-5 * MINUTE) });
    first.clock.advance(DAY + HOUR);
    await one?.post('/glucose/bulk', { readings: sensor(30, 20 * MINUTE) });
    expect(await lists(doctor)).toEqual(await fresh());
    expect(await lists(doctor)).toEqual(await fresh());
  });

  it('shows the newest reading of long ago of somebody whose recent ones are gone', async () => {
    const quiet = await first.actors.asPatient();
    await first.actors.link(quiet, doctor);
    await quiet.post('/glucose', { value: 111, measuredAt: ago(120 * DAY) });
    const { body } = await quiet.post('/glucose', { value: 222, measuredAt: ago(HOUR) });
    const lastOf = async () =>
      (await lists(doctor))[0].data.find(({ patientId }: { patientId: string }) => patientId === quiet.id).lastReading
        .value;
    expect(await lastOf()).toBe(222);
    await quiet.delete(`/glucose/${body._id}`);
    expect(await lastOf()).toBe(111);
  });
});
