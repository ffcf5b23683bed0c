import { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Instances, UnitOfWork } from '../../src/platform/database';
import { OutboxHandlers } from '../../src/platform/outbox';
import { startTestApp, type TestApp } from '../support/app';

const FAR = new Date('2100-01-01T00:00:00Z');
// One look that sees the number first, four that find it unmoved.
const LOOKS = 5;

interface Row {
  _id: string;
  n?: number;
  beat?: number;
  sessions?: unknown[];
}

describe('servers on one database', () => {
  let t: TestApp;
  let dead: mongo.MongoClient;

  beforeAll(async () => {
    t = await startTestApp();
    dead = new mongo.MongoClient(inject('mongoUri'));
  });

  afterAll(async () => {
    await dead.close();
    await t.close();
  });

  const rows = (name: string) => t.db.getClient().db(t.dbName).collection<Row>(name);
  const look = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) await t.app.get(Instances).tick();
  };

  /** A client that stands in the middle of a transaction, as a server that was killed there leaves it. */
  async function openTransaction(name: string): Promise<mongo.ClientSession> {
    await rows(name).insertOne({ _id: 'locked', n: 0 });
    const session = dead.startSession();
    session.startTransaction();
    await dead
      .db(t.dbName)
      .collection<Row>(name)
      .updateOne({ _id: 'locked' }, { $inc: { n: 1 } }, { session });
    return session;
  }

  it('end the transactions of one that died, so that its locks hold nobody up', async () => {
    const session = await openTransaction('held');
    await rows('instances').insertOne({ _id: 'dead', beat: 7, sessions: [session.id] });
    const write = rows('held').updateOne({ _id: 'locked' }, { $inc: { n: 10 } });
    await look(LOOKS);
    await write;
    expect(await rows('held').findOne({ _id: 'locked' })).toEqual({ _id: 'locked', n: 10 });
    expect(await rows('instances').findOne({ _id: 'dead' })).toBeNull();
    await expect(session.commitTransaction()).rejects.toMatchObject({ code: 251 });
    await session.endSession();
  });

  it('leave alone one whose number moves', async () => {
    const session = await openTransaction('moving');
    await rows('instances').insertOne({ _id: 'alive', beat: 0, sessions: [session.id] });
    for (let beat = 1; beat < 10; beat += 1) {
      await rows('instances').updateOne({ _id: 'alive' }, { $set: { beat } });
      // The server looks by itself meanwhile, once or twice.
      await look(LOOKS - 3);
    }
    await session.commitTransaction();
    expect((await rows('moving').findOne({ _id: 'locked' }))?.n).toBe(1);
    await session.endSession();
    await rows('instances').deleteOne({ _id: 'alive' });
  });

  it('run again what a wrong guess has ended', async () => {
    const instances = t.app.get(Instances);
    let runs = 0;
    await t.app.get(UnitOfWork).run(async ({ session }) => {
      runs += 1;
      await rows('guessed').updateOne({ _id: 'a' }, { $inc: { n: 1 } }, { upsert: true, session });
      if (runs > 1) return;
      const own = await rows('instances').findOne({ _id: instances.id });
      expect(own?.sessions).toContainEqual(session.id);
      await dead.db('admin').command({ killSessions: own?.sessions });
    });
    expect([runs, (await rows('guessed').findOne({ _id: 'a' }))?.n]).toEqual([2, 1]);
  });

  it('deliver at once what a dead one held, and not when its leases end', async () => {
    let delivered = 0;
    t.app.get(OutboxHandlers).on('test.inherited', () => {
      delivered += 1;
      return Promise.resolve();
    });
    const event = { topic: 'test.inherited', key: 'inherited', payload: {}, availableAt: FAR };
    await t.app.get(UnitOfWork).run((tx) => {
      tx.emit(event);
      return Promise.resolve();
    });
    await t.settle();
    await t.db
      .collection('outbox')
      .updateOne({ key: 'inherited' }, { $set: { lockedBy: 'gone', lockedUntil: FAR, availableAt: new Date(0) } });
    await rows('instances').insertOne({ _id: 'gone', beat: 1, sessions: [] });
    await t.settle();
    expect(delivered).toBe(0);
    await look(LOOKS);
    await t.settle();
    expect(delivered).toBe(1);
  });

  it('say goodbye when they end in order', async () => {
    const second = await startTestApp({ dbName: t.dbName });
    const { id } = second.app.get(Instances);
    await second.app.get(Instances).tick();
    expect(await rows('instances').findOne({ _id: id })).toMatchObject({ _id: id });
    await second.close();
    expect(await rows('instances').findOne({ _id: id })).toBeNull();
  });
});
