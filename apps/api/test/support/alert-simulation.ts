import {
  type AlertReading,
  type AlertSettings,
  emptyState,
  type Outcome,
} from '../../src/modules/glucose-alerts/engine/alert-types';
import {
  acknowledge,
  evaluateCorrection,
  evaluateLateManual,
  evaluateReadings,
  evaluateTimers,
  snooze,
} from '../../src/modules/glucose-alerts/engine/engine.policy';
import type { EvaluationInput } from '../../src/modules/glucose-alerts/engine/evaluation';
import type { AlertScenario, ScenarioEvent } from './alert-scenarios';

const MINUTE = 60_000;
// Ahead of any machine's clock: the database removes by its own time what has expired (sessions).
const DAY = Date.UTC(2090, 2, 2);

/** Epoch milliseconds of a clock time of the scenarios' day. */
export function clockTime(at: string): number {
  return DAY + (Number(at.slice(0, 2)) * 60 + Number(at.slice(3))) * MINUTE;
}

function asClockTime(instant: number): string {
  return new Date(instant).toISOString().slice(11, 16);
}

interface Arrival {
  readonly at: number;
  readonly readings: readonly AlertReading[];
  readonly lateManual: boolean;
}

/** When the readings of an event arrive: one by one, or all together. */
function arrivalsOf(event: Extract<ScenarioEvent, { kind: string }>, prefix: string): Arrival[] {
  const start = clockTime(event.at);
  const readings = event.values.map((value, index): AlertReading => {
    const t = start + index * (event.every ?? 5) * MINUTE;
    return {
      id: `${prefix}-${String(index)}`,
      t,
      measuredAt: t,
      value,
      unit: event.unit ?? 'mg/dL',
      kind: event.kind,
      intervalMinutes: event.kind === 'cgm' ? (event.every ?? 5) : 0,
      saturated: false,
    };
  });
  if (event.receivedAt === undefined)
    return readings.map((reading) => ({ at: reading.t, readings: [reading], lateManual: false }));
  const at = clockTime(event.receivedAt);
  const late = event.kind === 'capillary' && event.source === 'manual' && at - start > 15 * MINUTE;
  return [{ at, readings, lateManual: late }];
}

/** A patient, a doctor and a clock around the pure rules: feeds them minute by minute as the server does. */
export class AlertSimulation {
  state = emptyState();
  readonly outcomes: Outcome[] = [];
  readonly told: string[] = [];
  readonly keys: string[] = [];
  now = 0;
  private doctorIds: string[] = ['d'];
  private stored: AlertReading[] = [];
  private eatenAt: number | null = null;
  private chains = 0;

  constructor(readonly settings: AlertSettings) {}

  /** What the rules see now. */
  input(): EvaluationInput {
    const history = [...this.stored].sort((a, b) => a.t - b.t);
    const cgm = history.filter(({ kind }) => kind === 'cgm');
    const newest = cgm.at(-1);
    return {
      patientId: 'p',
      state: this.state,
      settings: this.settings,
      history,
      now: this.now,
      doctorIds: this.doctorIds,
      eatenAt: this.eatenAt,
      cgm:
        newest === undefined
          ? null
          : { newest, countOfDay: cgm.filter(({ t }) => newest.t - t <= 1_440 * MINUTE).length },
      newId: () => `chain-${String((this.chains += 1))}`,
    };
  }

  /** Keeps what an evaluation decided. */
  take(outcome: Outcome): void {
    this.state = outcome.state;
    this.outcomes.push(outcome);
    for (const notice of outcome.notices) {
      if (this.keys.includes(notice.dedupeKey)) continue;
      this.keys.push(notice.dedupeKey);
      this.told.push(`${asClockTime(this.now)} ${notice.recipientId} ${notice.code}`);
    }
  }

  /** Readings are stored and evaluated now. */
  receive(readings: readonly AlertReading[], lateManual = false): void {
    this.stored.push(...readings);
    const [first] = readings;
    if (lateManual && first !== undefined) this.take(evaluateLateManual(this.input(), first));
    else
      this.take(
        evaluateReadings(
          this.input(),
          readings.filter(({ t }) => this.now - t <= 15 * MINUTE),
        ),
      );
  }

  /** The scheduler's minute. */
  tick(): void {
    this.take(evaluateTimers(this.input()));
  }

  /** Whatever else can happen. */
  act(event: ScenarioEvent): void {
    const side = this.state.chains.low !== null ? 'low' : 'high';
    if ('acknowledge' in event) this.take(acknowledge(this.input(), side, 'p'));
    if ('snooze' in event) this.take(snooze(this.input(), side, event.snooze));
    if ('meal' in event) this.eatenAt = this.now;
    if ('endLink' in event) this.doctorIds = [];
    if ('correctTo' in event) {
      const [first] = this.stored;
      if (first !== undefined) this.correct(first.id, event.correctTo);
    }
  }

  /** One stored reading gets another value. */
  correct(readingId: string, value: number): void {
    this.stored = this.stored.map((reading) => (reading.id === readingId ? { ...reading, value } : reading));
    this.take(evaluateCorrection(this.input(), readingId));
  }

  /** Plays a scenario minute by minute. @param timersFirst the scheduler comes before what arrives in the same minute */
  play(scenario: AlertScenario, timersFirst = false): void {
    const arrivals = scenario.events.flatMap((event, index) =>
      'kind' in event ? arrivalsOf(event, `r${String(index)}`) : [],
    );
    const end = clockTime(scenario.until);
    const start = Math.min(...scenario.events.map(({ at }) => clockTime(at)));
    for (this.now = start; this.now <= end; this.now += MINUTE) {
      if (timersFirst) this.tick();
      for (const arrival of arrivals) if (arrival.at === this.now) this.receive(arrival.readings, arrival.lateManual);
      for (const event of scenario.events) if (!('kind' in event) && clockTime(event.at) === this.now) this.act(event);
      if (!timersFirst) this.tick();
    }
    this.now = end;
  }
}
