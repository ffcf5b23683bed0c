import { getConnectionToken } from '@nestjs/mongoose';
import { type Connection, mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { Device } from '../support/device';

interface SyncedEvent {
  readonly name: string;
  readonly eventId: string;
}

interface Operation {
  readonly collectionName: string;
  readonly method: string;
  readonly params: readonly unknown[];
}

describe('sync', () => {
  let t: TestApp;
  const devices: Device[] = [];
  const asked: { readonly name: string; readonly about: string }[] = [];

  beforeAll(async () => {
    t = await startTestApp();
    t.app
      .get<Connection>(getConnectionToken())
      .on('operation-start', ({ collectionName, method, params }: Operation) => {
        asked.push({ name: `${collectionName}.${method}`, about: JSON.stringify(params[0] ?? null) });
      });
  });

  afterEach(() => {
    for (const device of devices.splice(0)) device.close();
  });

  afterAll(async () => {
    await t.close();
  });

  /** Somebody with six events, whom nothing else happens to, and a socket of theirs. */
  async function withEvents(): Promise<{ user: TestActor; device: Device; userId: mongo.ObjectId }> {
    const user = await t.actors.asPatient();
    const userId = new mongo.ObjectId(user.id);
    const events = [1, 2, 3, 4, 5, 6].map((seq) => ({ userId, seq, name: 'n', payload: { seq }, at: new Date() }));
    await t.db.collection('realtimeevents').insertMany(events);
    await t.db.collection('usercounters').updateOne({ userId }, { $set: { eventSeq: 6 } }, { upsert: true });
    const device = await Device.of(t.url, user);
    devices.push(device);
    await device.ask('sync', {});
    return { user, device, userId };
  }

  const id = (seq: number): string => String(seq).padStart(12, '0');
  const numbers = (events: SyncedEvent[]): number[] => events.map(({ eventId }) => Number(eventId));
  const remove = (userId: mongo.ObjectId, ...seq: number[]) =>
    t.db.collection('realtimeevents').deleteMany({ userId, seq: { $in: seq } });

  it('costs one query, also where nothing is new', async () => {
    const { device, userId } = await withEvents();
    const queries = async (since: number, limit: number): Promise<[number[], boolean, string[]]> => {
      asked.length = 0;
      const { data } = await device.ask('sync', { since: id(since), limit });
      // Others stand there too: whom presence is told to, checks of everybody's counters.
      const own = asked.filter(
        ({ name, about }) => /^(realtimeevents|usercounters)/.test(name) && about.includes(userId.toHexString()),
      );
      return [numbers(data.events), data.hasMore, own.map(({ name }) => name)];
    };
    expect(await queries(2, 3)).toEqual([[3, 4, 5], true, ['realtimeevents.find']]);
    expect(await queries(3, 3)).toEqual([[4, 5, 6], false, ['realtimeevents.find']]);
    expect(await queries(0, 501)).toEqual([[1, 2, 3, 4, 5, 6], false, ['realtimeevents.find']]);
    expect(await queries(6, 500)).toEqual([[], false, ['realtimeevents.find']]);
  });

  it('goes on after the oldest event that is kept, and from the newest when that has expired', async () => {
    const { device, userId } = await withEvents();
    await remove(userId, 1, 2, 3);
    expect(numbers((await device.ask('sync', { since: id(3) })).data.events)).toEqual([4, 5, 6]);
    expect((await device.ask('sync', { since: id(2) })).data).toEqual({
      events: [],
      next: id(6),
      hasMore: false,
      resync: true,
    });
    await remove(userId, 4, 5, 6);
    const { data } = await device.ask('sync', { since: id(6) });
    expect(data).toEqual({ events: [], next: id(6), hasMore: false, resync: false });
    expect((await device.ask('sync', { since: id(7) })).data).toMatchObject({ resync: true, next: id(6) });
  });

  it('tells of a gap in what it answers: what is before it comes first, then everything is read again', async () => {
    const { device, userId } = await withEvents();
    await remove(userId, 4);
    const { data } = await device.ask('sync', { since: id(1) });
    expect([numbers(data.events), data.next, data.hasMore, data.resync]).toEqual([[2, 3], id(3), true, false]);
    expect((await device.ask('sync', { since: data.next })).data).toMatchObject({ resync: true, next: id(6) });
  });
});
