import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnitOfWork } from '../../src/platform/database';
import { OutboxDispatcher, OutboxHandlers } from '../../src/platform/outbox';
import { startTestApp, type TestApp } from '../support/app';

/** Waits for a condition, at most two seconds. */
async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + 2_000;
  while (!(await condition())) {
    if (Date.now() > until) throw new Error('It did not happen');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('stored events', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  const emit = (app: TestApp, topic: string, key: string, payload: Record<string, unknown> = {}, dedupeKey?: string) =>
    app.app.get(UnitOfWork).run((tx) => {
      tx.emit({ topic, key, payload, ...(dedupeKey === undefined ? {} : { dedupeKey }) });
      return Promise.resolve();
    });
  const entries = (topic: string) => t.db.collection('outbox').find({ topic }).sort({ seq: 1 }).toArray();

  it('are delivered in the order of their key, once, and lose their payload', async () => {
    const seen: number[] = [];
    t.app.get(OutboxHandlers).on<{ n: number }>('test.order', ({ payload }, tx) => {
      tx.afterCommit(() => seen.push(payload.n));
      return Promise.resolve();
    });
    for (let n = 0; n < 40; n += 1) await emit(t, 'test.order', 'order', { n });
    await t.settle();
    expect(seen).toEqual(Array.from({ length: 40 }, (_, n) => n));
    const stored = await entries('test.order');
    expect(
      stored.every(
        (entry) => entry['doneAt'] instanceof Date && entry['payload'] === undefined && entry['lockedBy'] === undefined,
      ),
    ).toBe(true);
  });

  it('are stored once per dedupe key', async () => {
    await Promise.all(Array.from({ length: 10 }, () => emit(t, 'test.dedupe', 'dedupe', {}, 'only-once')));
    expect(await entries('test.dedupe')).toHaveLength(1);
  });

  it('vanish with an aborted transaction', async () => {
    await expect(
      t.app.get(UnitOfWork).run((tx) => {
        tx.emit({ topic: 'test.abort', key: 'abort', payload: {} });
        return Promise.reject(new Error('no'));
      }),
    ).rejects.toThrow('no');
    expect(await entries('test.abort')).toEqual([]);
  });

  it('are tried again after a growing delay, hold back their key, and are parked after twenty attempts', async () => {
    let attempts = 0;
    const seen: string[] = [];
    t.app.get(OutboxHandlers).on('test.fails', () => {
      attempts += 1;
      return Promise.reject(new Error('refused'));
    });
    t.app.get(OutboxHandlers).on('test.after', () => {
      seen.push('after');
      return Promise.resolve();
    });
    t.clock.freeze();
    await emit(t, 'test.fails', 'failing');
    await emit(t, 'test.after', 'failing');
    await t.settle();
    expect(attempts).toBe(1);
    const [first] = await entries('test.fails');
    expect(first).toMatchObject({ attempts: 1, lastError: 'Error' });
    expect((first?.['availableAt'] as Date).getTime() - t.clock.now().getTime()).toBe(1_000);
    for (let attempt = 2; attempt <= 20; attempt += 1) {
      t.clock.advance(3_600_000);
      await t.app.get(OutboxDispatcher).poll();
      await t.settle();
      expect(attempts).toBe(attempt);
      // With the twentieth it is parked, and blocks no more.
      if (attempt < 20) expect(seen).toEqual([]);
    }
    expect((await entries('test.fails'))[0]?.['parkedAt']).toBeInstanceOf(Date);
    t.clock.advance(3_600_000);
    await t.app.get(OutboxDispatcher).poll();
    await t.settle();
    expect([attempts, seen]).toEqual([20, ['after']]);
    t.clock.release();
  });

  it('left behind by a dead instance are taken over when its lease has run out', async () => {
    const seen: string[] = [];
    t.app.get(OutboxHandlers).on<{ by: string }>('test.orphan', ({ payload }) => {
      seen.push(payload.by);
      return Promise.resolve();
    });
    const now = t.clock.now();
    await t.db.collection('outbox').insertOne({
      topic: 'test.orphan',
      key: 'orphan',
      seq: 1,
      payload: { by: 'dead' },
      availableAt: now,
      attempts: 0,
      createdAt: now,
      lockedBy: 'dead',
      lockedUntil: new Date(now.getTime() + 30_000),
    });
    await t.app.get(OutboxDispatcher).poll();
    await t.settle();
    expect(seen).toEqual([]);
    t.clock.advance(30_001);
    await t.app.get(OutboxDispatcher).poll();
    await t.settle();
    expect(seen).toEqual(['dead']);
    t.clock.release();
  });

  it('make one notification each, whichever of two instances delivers', async () => {
    const second = await startTestApp({ dbName: t.dbName });
    const doctor = await t.actors.asDoctor();
    await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const app = index % 2 === 0 ? t : second;
        const patient = await app.actors.asPatient();
        await patient.post(`/patients/${patient.id}/request-doctor`, { doctorId: doctor.id });
      }),
    );
    await eventually(async () => (await doctor.get('/notifications/unread-count')).body.count === 12);
    expect((await doctor.get('/notifications?limit=100')).body.notifications).toHaveLength(12);
    await second.close();
  });
});
