import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CounterChecks } from '../../src/platform/scheduler';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

describe('the number of requests that wait for a doctor', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  const ask = async (patient: TestActor, doctor: TestActor): Promise<string> => {
    const { status, body } = await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id });
    expect(status).toBe(201);
    return (body as { _id: string })._id;
  };
  const waiting = async (doctor: TestActor, query = '') =>
    (await doctor.get(`/doctors/${doctor.id}/patient-requests${query}`)).body as { total: number; requests: unknown[] };

  it('follows asking, answers of both kinds and repetition, also at once', async () => {
    const doctor = await t.actors.asDoctor();
    const patients = await Promise.all(Array.from({ length: 6 }, () => t.actors.asPatient()));
    const [first, second, third] = patients as [TestActor, TestActor, TestActor];
    const ids = await Promise.all([first, second, third].map((patient) => ask(patient, doctor)));
    expect(await waiting(doctor)).toMatchObject({ total: 3, requests: [{}, {}, {}] });
    expect(await waiting(doctor, '?limit=2&page=2')).toMatchObject({ total: 3, requests: [{}] });

    const answer = (id: string | undefined, verb: string) =>
      doctor.post(`/doctors/${doctor.id}/patient-requests/${id ?? ''}/${verb}`, {});
    await Promise.all([
      answer(ids[0], 'accept'),
      answer(ids[1], 'decline'),
      ...patients.slice(3).map((patient) => ask(patient, doctor)),
      waiting(doctor),
    ]);
    expect((await waiting(doctor)).total).toBe(4);
    await ask(second, doctor);
    expect((await waiting(doctor)).total).toBe(5);
    expect((await answer(ids[1], 'decline')).status).toBe(409);
    expect((await waiting(doctor, '?page=9')).total).toBe(5);
    const differences = await t.app.get(CounterChecks).run();
    expect(differences.filter(({ counter }) => counter.startsWith('listcounts'))).toEqual([]);
  });
});
