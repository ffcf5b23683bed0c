import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AlertSituations } from '../../src/modules/glucose-alerts/alert-situations.service';
import { OutboxDispatcher } from '../../src/platform/outbox';
import { UnitOfWork } from '../../src/platform/database';
import { AlertStage } from '../support/alert-stage';
import { startTestApp, type TestApp } from '../support/app';

const STORED = 'glucose.stored';

describe('glucose alerts under failure and concurrency', () => {
  let t: TestApp;
  let twin: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
    twin = await startTestApp({ dbName: t.dbName, clock: t.clock });
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await twin.close();
    await t.close();
  });

  /** The evaluation entry of the patient as it stands in the outbox. */
  async function entryOf(patientId: string) {
    const found = await t.db
      .collection('outbox')
      .find({ topic: STORED, key: `alert:${patientId}` })
      .toArray();
    return found.at(-1);
  }

  async function poll(): Promise<void> {
    await t.app.get(OutboxDispatcher).poll();
    await t.settle();
  }

  it('an evaluation that fails delays no write and is tried again soon', async () => {
    const stage = await AlertStage.open(t, '10:00');
    const broken = vi.spyOn(t.app.get(AlertSituations), 'load').mockRejectedValue(new Error('out of order'));
    const twinBroken = vi.spyOn(twin.app.get(AlertSituations), 'load').mockRejectedValue(new Error('out of order'));
    await stage.measure(52);
    expect(await stage.told()).toEqual([]);
    let previous = t.clock.now().getTime();
    for (const seconds of [1, 2, 4, 8, 15, 15, 15]) {
      const entry = await entryOf(stage.patient.id);
      const due = (entry?.['availableAt'] as Date).getTime();
      expect(due - previous).toBe(seconds * 1_000);
      previous = due;
      stage.goTo(due);
      await poll();
    }
    broken.mockRestore();
    twinBroken.mockRestore();
    stage.goTo(previous + 15_000);
    await poll();
    expect(await stage.told()).toEqual(['10:01 p urgent_low', '10:01 d urgent_low']);
  });

  it('what is no longer fresh when the server comes back is closed without a notice', async () => {
    const stage = await AlertStage.open(t, '10:00');
    const broken = vi.spyOn(t.app.get(AlertSituations), 'load').mockRejectedValue(new Error('out of order'));
    await stage.sense(52);
    broken.mockRestore();
    stage.goTo('10:16');
    await poll();
    expect(await stage.told()).toEqual([]);
    expect((await entryOf(stage.patient.id))?.['doneAt']).toBeInstanceOf(Date);
    // Up to 15 minutes it is evaluated.
    stage.goTo('10:20');
    const again = vi.spyOn(t.app.get(AlertSituations), 'load').mockRejectedValue(new Error('out of order'));
    await stage.sense(52);
    again.mockRestore();
    stage.goTo('10:35');
    await poll();
    expect(await stage.told()).toContain('10:35 p urgent_low');
  });

  it('the same reading evaluated again, in another process as well, tells nothing new', async () => {
    const stage = await AlertStage.open(t, '10:00');
    const id = await stage.measure(52);
    const before = await stage.told();
    expect(before).toHaveLength(2);
    const payload = { patientId: stage.patient.id, readingIds: [id], receivedAt: t.clock.now(), single: true };
    const emit = (app: TestApp) =>
      app.app.get(UnitOfWork).run((tx) => {
        tx.emit({ topic: STORED, key: `alert:${stage.patient.id}`, payload });
        return Promise.resolve();
      });
    await emit(t);
    await emit(twin);
    // As after a crash that lost the state but not what was told: the keys are the same.
    await t.db.collection('glucosealertstates').deleteMany({});
    await emit(t);
    await t.settle();
    await t.db.collection('glucosealertstates').deleteMany({});
    await t.db.collection('glucosealerts').deleteMany({});
    await emit(t);
    await t.settle();
    await twin.settle();
    expect(await stage.told()).toEqual(before);
    expect((await stage.patient.get('/notifications')).body.notifications).toHaveLength(1);
  });

  it('twenty runs of the timers in two processes tell what is due once', async () => {
    const stage = await AlertStage.open(t, '10:00');
    await stage.sense(52);
    stage.goTo('10:05');
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? t : twin).runJob('glucose-alert-timers')),
    );
    await t.settle();
    await twin.settle();
    expect(await stage.told()).toEqual(['10:00 p urgent_low', '10:05 p urgent_low']);
  });

  it('twenty acknowledgements at once are one, and twenty readings at once open one alert', async () => {
    const stage = await AlertStage.open(t, '10:00');
    const { patient } = stage;
    const posts = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        patient.post('/glucose', {
          value: 50,
          measuredAt: new Date(t.clock.now().getTime() - index * 1_000).toISOString(),
        }),
      ),
    );
    expect(posts.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
    await t.settle();
    const { alerts } = (await patient.get('/glucose/alerts')).body;
    expect(alerts).toHaveLength(1);
    expect((await stage.told()).filter((line) => line.includes(' p '))).toHaveLength(1);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => patient.post(`/glucose/alerts/${alerts[0]._id}/acknowledge`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.acknowledgedAt)).size).toBe(1);
  });

  it('settings put twenty times at once leave one document', async () => {
    const patient = await t.actors.asPatient();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => patient.put('/glucose/alert-settings', { noDataMinutes: 20 + index })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const stored = await t.db.collection('glucosealertsettings').find({}).toArray();
    expect(stored.filter((row) => String(row['patientId']) === patient.id)).toHaveLength(1);
  });
});
