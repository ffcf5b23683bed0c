import type { TestActor } from './actors';
import type { AlertScenario, ScenarioEvent } from './alert-scenarios';
import { clockTime } from './alert-simulation';
import type { TestApp } from './app';

const MINUTE = 60_000;

/** A patient, a linked doctor and a frozen clock around the running server. */
export class AlertStage {
  private constructor(
    private readonly t: TestApp,
    readonly patient: TestActor,
    readonly doctor: TestActor,
  ) {}

  /** Freezes the clock and makes both accounts. */
  static async open(t: TestApp, at: string): Promise<AlertStage> {
    t.clock.freeze(new Date(clockTime(at)));
    const { patient, doctor } = await t.actors.linkedPair();
    await t.settle();
    return new AlertStage(t, patient, doctor);
  }

  /** Sets the clock. */
  goTo(at: string | number): void {
    this.t.clock.freeze(new Date(typeof at === 'string' ? clockTime(at) : at));
  }

  /** Delivers what is stored, then does what is due by the clock, and delivers that. */
  async tick(): Promise<void> {
    await this.t.settle();
    await this.t.runJob('glucose-alert-timers');
    await this.t.settle();
  }

  /** Would the scheduler find anything? Asked first, since most minutes of a long scenario have nothing due. */
  private async isTimerDue(): Promise<boolean> {
    const due = { nextTimerAt: { $lte: this.t.clock.now() } };
    return (await this.t.db.collection('glucosealertstates').findOne(due)) !== null;
  }

  /** Lets the minutes pass up to and including one. */
  async passTo(at: string): Promise<void> {
    for (let now = this.t.clock.now().getTime() + MINUTE; now <= clockTime(at); now += MINUTE) {
      this.goTo(now);
      await this.tick();
    }
  }

  /** One reading, received now unless measured at another clock time; returns its id. */
  async measure(value: number, fields: Record<string, unknown> = {}, measuredAt?: string): Promise<string> {
    const at = measuredAt === undefined ? this.t.clock.now() : new Date(clockTime(measuredAt));
    const { status, body, text } = await this.patient.post('/glucose', {
      value,
      measuredAt: at.toISOString(),
      ...fields,
    });
    if (status !== 201) throw new Error(`Not stored: ${text}`);
    await this.t.settle();
    return (body as { _id: string })._id;
  }

  /** A sensor's value, five minutes after the one before. */
  async sense(value: number, measuredAt?: string): Promise<string> {
    return this.measure(value, { source: 'cgm', intervalMinutes: 5 }, measuredAt);
  }

  /** The newest open alert of the patient. */
  async openAlert(): Promise<Record<string, unknown> & { _id: string }> {
    const { body } = await this.patient.get('/glucose/alerts?state=active');
    return body.alerts[0];
  }

  /** `HH:MM who code` of every notice since the beginning, in order. */
  async told(): Promise<string[]> {
    const rows = await this.t.db.collection('realtimeevents').find({ name: 'alert:new' }).sort({ at: 1 }).toArray();
    const names = new Map([
      [this.patient.id, 'p'],
      [this.doctor.id, 'd'],
    ]);
    return rows.flatMap((row) => {
      const who = names.get((row['userId'] as { toHexString(): string }).toHexString());
      const { event } = (row['payload'] as { data: { event: string } }).data;
      return who === undefined ? [] : [`${(row['at'] as Date).toISOString().slice(11, 16)} ${who} ${event}`];
    });
  }

  /** Plays a scenario minute by minute. */
  async play(scenario: AlertScenario): Promise<void> {
    const steps = scenario.events.flatMap((event) => this.stepsOf(event));
    for (let now = clockTime(scenario.events[0]?.at ?? '00:00'); now <= clockTime(scenario.until); now += MINUTE) {
      this.goTo(now);
      const here = steps.filter(({ at }) => at === now);
      for (const step of here) await step.run();
      if (here.length > 0 || (await this.isTimerDue())) await this.tick();
    }
  }

  private stepsOf(event: ScenarioEvent): { at: number; run: () => Promise<unknown> }[] {
    if ('kind' in event) return this.arrivalsOf(event);
    return [{ at: clockTime(event.at), run: () => this.act(event) }];
  }

  private arrivalsOf(event: Extract<ScenarioEvent, { kind: string }>): { at: number; run: () => Promise<unknown> }[] {
    const every = event.every ?? 5;
    const bodies = event.values.map((value, index) => ({
      value,
      unit: event.unit ?? 'mg/dL',
      measuredAt: new Date(clockTime(event.at) + index * every * MINUTE).toISOString(),
      ...(event.kind === 'cgm' ? { source: 'cgm', intervalMinutes: every } : { source: event.source ?? 'manual' }),
    }));
    const single = async (body: object): Promise<void> => {
      const { status, text } = await this.patient.post('/glucose', body);
      if (status !== 201) throw new Error(`Not stored: ${text}`);
      await this.t.settle();
    };
    if (event.receivedAt === undefined)
      return bodies.map((body) => ({ at: Date.parse(body.measuredAt), run: () => single(body) }));
    const at = clockTime(event.receivedAt);
    const [only] = bodies;
    if (bodies.length === 1 && only !== undefined) return [{ at, run: () => single(only) }];
    return [{ at, run: () => this.patient.post('/glucose/bulk', { readings: bodies }) }];
  }

  private async act(event: Exclude<ScenarioEvent, { kind: string }>): Promise<void> {
    if ('acknowledge' in event) await this.patient.post(`/glucose/alerts/${(await this.openAlert())._id}/acknowledge`);
    if ('snooze' in event)
      await this.patient.post(`/glucose/alerts/${(await this.openAlert())._id}/snooze`, { minutes: event.snooze });
    if ('meal' in event)
      await this.patient.post('/nutrition/meals', {
        name: 'Snack',
        carbs: 20,
        eatenAt: this.t.clock.now().toISOString(),
      });
    if ('endLink' in event) await this.patient.delete(`/medecins/${this.doctor.id}/patients/${this.patient.id}`);
    if ('correctTo' in event) {
      const { body } = await this.patient.get('/glucose/my-records?limit=1');
      await this.patient.patch(`/glucose/${body.data[0]._id}`, { value: event.correctTo });
    }
    await this.t.settle();
  }
}
