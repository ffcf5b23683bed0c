import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OutboxHandlers, type RetryPlan } from '../../platform/outbox';
import { GLUCOSE_CORRECTED, GLUCOSE_STORED, type GlucoseCorrected, type GlucoseStored } from '../glucose';
import { AlertEvaluation } from './alert-evaluation.service';
import { ALERT_SETTINGS_CHANGED, type AlertSettingsChanged } from './alert-settings.events';

/** An alert that comes late is worth little: tried again soon and often, and no longer than readings stay fresh. */
const RETRIES: RetryPlan = { delaysMs: [1_000, 2_000, 4_000, 8_000, 15_000], giveUpAfterMs: 900_000 };

/** Evaluates alerts after the commit of what they follow from, in order per patient. */
@Injectable()
export class AlertEvaluationListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly evaluation: AlertEvaluation,
  ) {}

  onModuleInit(): void {
    this.handlers.on<GlucoseStored>(GLUCOSE_STORED, ({ payload }, tx) => this.evaluation.stored(payload, tx));
    this.handlers.on<GlucoseCorrected>(GLUCOSE_CORRECTED, ({ payload }, tx) => this.evaluation.corrected(payload, tx));
    this.handlers.on<AlertSettingsChanged>(ALERT_SETTINGS_CHANGED, ({ payload }, tx) =>
      this.evaluation.timers(payload.patientId, tx),
    );
    for (const topic of [GLUCOSE_STORED, GLUCOSE_CORRECTED, ALERT_SETTINGS_CHANGED])
      this.handlers.retry(topic, RETRIES);
  }
}
