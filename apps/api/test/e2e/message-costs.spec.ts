import { getConnectionToken } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DeliveryMarks } from '../../src/modules/conversations/delivery-marks.service';
import { UnitOfWork } from '../../src/platform/database';
import { startTestApp, type TestApp } from '../support/app';
import { Device } from '../support/device';

/** What presence, signs of life and looks for what was left behind do beside it, whenever they like. */
const BACKGROUND =
  /^(?:(?:presences|instances|sessions|jobs)\..+|outbox\.(?:find|findOne|countDocuments)|usercounters\.find)$/;

describe('a message', () => {
  let t: TestApp;
  const devices: Device[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    t = await startTestApp();
    t.app
      .get<Connection>(getConnectionToken())
      .on('operation-start', ({ collectionName, method }: { collectionName: string; method: string }) => {
        const name = `${collectionName}.${method}`;
        if (!BACKGROUND.test(name)) asked.push(name);
      });
  });

  afterEach(() => {
    for (const device of devices.splice(0)) device.close();
  });

  afterAll(async () => {
    await t.close();
  });

  async function talking() {
    const { patient, doctor } = await t.actors.linkedPair();
    const { body } = await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    const [own, other] = [await Device.of(t.url, patient), await Device.of(t.url, doctor)];
    devices.push(own, other);
    return { patient, doctor, own, other, conversationId: String(body._id) };
  }

  it('is told to both and marked as delivered without reading an event or a second round of the outbox', async () => {
    const { own, conversationId } = await talking();
    await own.ask('message:send', { conversationId, content: 'the first one makes what the others renew' });
    await own.until('message:delivered');
    await t.settle();
    asked.length = 0;
    await own.ask('message:send', { conversationId, content: 'hello' });
    await own.until('message:delivered', 2);
    await t.settle();
    const times = (name: string): number => asked.filter((query) => query === name).length;
    expect(times('realtimeevents.find')).toBe(0);
    expect([times('outboxkeys.findOneAndUpdate'), times('outbox.insertMany')]).toEqual([1, 1]);
    expect([times('messages.findOne'), times('carelinks.findOne')]).toEqual([1, 2]);
    // 24 commands with the three commits.
    expect(asked.length).toBeLessThanOrEqual(21);
  });

  it('is marked with the others that devices acknowledge meanwhile, each once', async () => {
    const { patient, doctor, own, other, conversationId } = await talking();
    other.acknowledges = false;
    const ids: string[] = [];
    for (let number = 1; number <= 12; number += 1) {
      const { data } = await own.ask('message:send', { conversationId, content: String(number) });
      ids.push(String(data._id));
    }
    await other.until('message:new', ids.length);
    const marks = t.app.get(DeliveryMarks, { strict: false });
    await Promise.all([...ids, ...ids].map((id) => marks.mark(doctor.id, conversationId, [id])));
    await t.settle();
    const told = await own.until('message:delivered');
    expect(told.length).toBeLessThan(4);
    expect(told.flatMap(({ messageIds }) => messageIds as string[]).sort()).toEqual([...ids].sort());
    const { body } = await patient.get(`/conversations/${conversationId}/messages`);
    expect(body.messages.every(({ deliveredAt }: { deliveredAt: string | null }) => deliveredAt !== null)).toBe(true);
  });

  it('is marked by the next acknowledgement when one could not be stored', async () => {
    const { doctor, own, other, conversationId } = await talking();
    other.acknowledges = false;
    const { data } = await own.ask('message:send', { conversationId, content: 'once more' });
    await other.until('message:new');
    const marks = t.app.get(DeliveryMarks, { strict: false });
    vi.spyOn(t.app.get(UnitOfWork, { strict: false }), 'run').mockRejectedValueOnce(new Error('away'));
    await expect(marks.mark(doctor.id, conversationId, [data._id])).rejects.toThrow('away');
    await marks.mark(doctor.id, conversationId, [data._id]);
    expect((await own.until('message:delivered'))[0]).toMatchObject({ messageIds: [data._id] });
  });

  it('is not marked by anybody but its receiver, nor through another conversation', async () => {
    const { patient, doctor, own, other, conversationId } = await talking();
    const elsewhere = await talking();
    other.acknowledges = false;
    const { data } = await own.ask('message:send', { conversationId, content: 'mine' });
    await other.until('message:new');
    const marks = t.app.get(DeliveryMarks, { strict: false });
    await marks.mark(patient.id, conversationId, [data._id]);
    await marks.mark(doctor.id, elsewhere.conversationId, [data._id]);
    const { body } = await patient.get(`/conversations/${conversationId}/messages`);
    expect(body.messages[0].deliveredAt).toBeNull();
  });
});
