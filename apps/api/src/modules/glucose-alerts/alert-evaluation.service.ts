import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/time';
import type { Tx } from '../../platform/database';
import { Metrics } from '../../platform/metrics';
import { type GlucoseCorrected, GlucoseReadings, type GlucoseStored } from '../glucose';
import { AccountsRepository } from '../users';
import { emitEnding, emitNotice } from './alert-notice.events';
import { AlertsRepository } from './alerts.repository';
import { AlertSituations, toAlertReading } from './alert-situations.service';
import { AlertStatesRepository } from './alert-states.repository';
import type { Outcome } from './engine/alert-types';
import { evaluateCorrection, evaluateLateManual, evaluateReadings, evaluateTimers } from './engine/engine.policy';
import type { EvaluationInput } from './engine/evaluation';
import { FRESH_MS, MINUTE_MS } from './engine/levels.policy';

const DAY_MS = 1_440 * MINUTE_MS;
/** What is evaluated this soon after its reception is not late, even if its last fresh moment passed meanwhile. */
const AT_ONCE_MS = MINUTE_MS;

/** Applies the rules to a patient in a transaction and stores what they decide. */
@Injectable()
export class AlertEvaluation {
  constructor(
    private readonly situations: AlertSituations,
    private readonly states: AlertStatesRepository,
    private readonly alerts: AlertsRepository,
    private readonly readings: GlucoseReadings,
    private readonly accounts: AccountsRepository,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  /** Readings were stored. Those that are no longer fresh, because the server was away, are not told any more. */
  async stored({ patientId, readingIds, receivedAt, single }: GlucoseStored, tx: Tx): Promise<void> {
    const now = this.clock.now().getTime();
    const received = receivedAt.getTime();
    const found = await this.readings.byIds(patientId, readingIds);
    const fresh = found.filter(
      ({ t }) => received - t <= FRESH_MS && (now - received <= AT_ONCE_MS || now - t <= FRESH_MS),
    );
    const late = single && now - received <= FRESH_MS ? found.filter((reading) => isLateManual(reading, received)) : [];
    if (fresh.length === 0 && late.length === 0) return;
    await this.evaluate(tx, patientId, {}, (input) => {
      const [manual] = late;
      if (manual !== undefined) return evaluateLateManual(input, toAlertReading(manual));
      const counted = new Set(fresh.map(({ id }) => id));
      return evaluateReadings(
        input,
        input.history.filter(({ id }) => counted.has(id)),
      );
    });
  }

  /** A stored reading was changed or deleted. */
  async corrected({ patientId, readingId }: GlucoseCorrected, tx: Tx): Promise<void> {
    await this.evaluate(tx, patientId, { whole: true }, (input) => evaluateCorrection(input, readingId));
  }

  /** Whatever is due by the clock, or follows from new settings. */
  async timers(patientId: string, tx: Tx): Promise<void> {
    await this.evaluate(tx, patientId, {}, evaluateTimers);
  }

  /** Applies a decision of the rules; of a patient who is no longer active nothing more is told. */
  private async evaluate(
    tx: Tx,
    patientId: string,
    options: { readonly whole?: boolean },
    decide: (input: EvaluationInput) => Outcome,
  ): Promise<void> {
    if (!(await this.accounts.isActive(patientId, 'PATIENT'))) {
      await this.states.stopTimers(tx, patientId);
      return;
    }
    await this.apply(tx, patientId, options, decide);
  }

  /** Applies a decision to the situation of a patient and stores state, chains, notices and endings with it. */
  async apply(
    tx: Tx,
    patientId: string,
    options: { readonly whole?: boolean },
    decide: (input: EvaluationInput) => Outcome,
  ): Promise<void> {
    const now = this.clock.now();
    const { stored, input, population } = await this.situations.load(tx, patientId, now, options);
    const outcome = decide(input);
    await this.states.save(tx, patientId, stored, outcome.state, outcome.nextTimerAt);
    await this.alerts.save(tx, patientId, outcome.chains, now);
    for (const notice of outcome.notices) emitNotice(tx, patientId, notice, { settings: input.settings, population });
    for (const ending of outcome.endings) emitEnding(tx, patientId, ending);
    const told = outcome.notices.length;
    tx.afterCommit(() => {
      for (let count = 0; count < told; count += 1) this.metrics.alertSent();
    });
  }
}

function isLateManual(reading: { readonly t: number; readonly source: string }, received: number): boolean {
  const age = received - reading.t;
  return reading.source === 'manual' && age > FRESH_MS && age <= DAY_MS;
}
