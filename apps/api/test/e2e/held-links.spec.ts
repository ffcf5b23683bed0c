import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

/** A doctor's lists are asked of one instance, what changes them of the other: memory must never outlive consent. */
describe('lists over the links of a doctor', () => {
  let t: TestApp;
  let other: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
    other = await startTestApp({ dbName: t.dbName, clock: t.clock });
  });

  afterAll(async () => {
    await other.close();
    await t.close();
  });

  const elsewhere = (actor: TestActor) => ({
    get: async (path: string) => other.http.get(path, { token: actor.token }),
    patch: async (path: string, body: object) => other.http.patch(path, body, { token: actor.token }),
  });

  /** Who is on each list, and for my-patients whether with access. */
  async function lists(doctor: TestActor) {
    const asked = elsewhere(doctor);
    const [patients, mine, population] = await Promise.all([
      asked.get('/patients'),
      asked.get(`/medecins/${doctor.id}/my-patients`),
      asked.get(`/doctors/${doctor.id}/population`),
    ]);
    return {
      patients: (patients.body.data as { _id: string }[]).map(({ _id }) => _id),
      mine: (mine.body.data as { _id: string; accessEnabled: boolean }[]).map(
        ({ _id, accessEnabled }) => `${_id} ${accessEnabled}`,
      ),
      population: (population.body.data as { patientId: string }[]).map(({ patientId }) => patientId),
    };
  }

  it('follow consent, links and erasures of another instance in the very next request', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const all = { patients: [patient.id], mine: [`${patient.id} true`], population: [patient.id] };
    const none = { patients: [], mine: [], population: [] };
    for (let round = 0; round < 5; round += 1) {
      expect(await lists(doctor)).toEqual(all);
      expect(await lists(doctor)).toEqual(all);
      const access = `/patients/${patient.id}/doctors/${doctor.id}/access`;
      expect((await patient.patch(access, { enabled: false })).status).toBe(200);
      expect(await lists(doctor)).toEqual({ ...none, mine: [`${patient.id} false`] });
      expect((await patient.patch(access, { enabled: true })).status).toBe(200);
    }
    const second = await t.actors.asPatient();
    await t.actors.link(second, doctor);
    expect((await lists(doctor)).patients.sort()).toEqual([patient.id, second.id].sort());
    expect((await doctor.delete(`/medecins/${doctor.id}/patients/${patient.id}`)).status).toBe(200);
    expect((await lists(doctor)).mine).toEqual([`${second.id} true`]);
    expect((await second.delete('/users/me', { currentPassword: second.password })).status).toBe(200);
    expect(await lists(doctor)).toEqual(none);
  });

  it('never show more than was allowed when they were asked for', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const access = `/patients/${patient.id}/doctors/${doctor.id}/access`;
    for (let round = 0; round < 10; round += 1) {
      // While it is switched, lists are read on both instances and held.
      const enabled = round % 2 === 1;
      await Promise.all([
        patient.patch(access, { enabled }),
        ...Array.from({ length: 4 }, () => lists(doctor)),
        ...Array.from({ length: 4 }, () => doctor.get('/patients')),
      ]);
      const expected = enabled ? [patient.id] : [];
      expect((await lists(doctor)).patients).toEqual(expected);
      expect(((await doctor.get('/patients')).body.data as { _id: string }[]).map(({ _id }) => _id)).toEqual(expected);
    }
  });
});
