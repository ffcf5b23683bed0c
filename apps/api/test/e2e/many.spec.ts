import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnitOfWork } from '../../src/platform/database';
import { startTestApp, type TestApp } from '../support/app';

describe('a write to many documents', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  const things = () => t.db.collection('things');
  /** Long enough for what was sent before to have arrived. */
  const arrived = async () => {
    for (let i = 0; i < 20; i += 1) await t.db.db?.admin().ping();
  };

  it.each([
    ['an update', () => things().updateMany({ of: 'a' }, { $set: { seen: true } })],
    ['a deletion', () => things().deleteMany({ of: 'a' })],
  ])('waits for an open transaction without stopping it: %s', async (_name, write) => {
    await things().insertMany([1, 2, 3].map((n) => ({ of: 'a', n })));
    let waiting: Promise<unknown> = Promise.resolve();
    await t.app.get(UnitOfWork).run(async ({ session }) => {
      await things().updateOne({ of: 'a', n: 1 }, { $set: { held: true } }, { session });
      waiting = write();
      await arrived();
      await things().insertOne({ of: 'b' }, { session });
    });
    await waiting;
    expect(await things().countDocuments({ of: 'a', seen: null })).toBe(0);
    expect(await things().countDocuments({ of: 'b' })).toBe(1);
    await things().deleteMany({});
  });

  it('is the same through every model', () => {
    const models = Object.values(t.db.models);
    expect(models.length).toBeGreaterThan(20);
    for (const { collection } of models)
      expect(Object.keys(collection)).toEqual(expect.arrayContaining(['updateMany', 'deleteMany']));
  });

  it('stands still for nobody when erasures and sign-ups, messages and readings meet', async () => {
    const pairs = await Promise.all(Array.from({ length: 6 }, () => t.actors.linkedPair()));
    const answers = await Promise.all(
      pairs.flatMap(({ patient, doctor }) => [
        patient.post('/glucose', { value: 300, measuredAt: t.clock.now().toISOString() }),
        patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id }),
        doctor.patch('/notifications/read-all'),
        patient.delete('/users/me', { currentPassword: patient.password }),
        doctor.delete('/users/me', { currentPassword: doctor.password }),
      ]),
    );
    for (const { status } of answers) expect(status).toBeLessThan(500);
    await t.settle();
  });
});
