import { Injectable } from '@nestjs/common';
import { AuditTrail, type PatientScope } from '../../access';
import { parseCursor } from '../../common/cursor';
import { AppError } from '../../common/errors';
import { pageRequest } from '../../common/pagination';
import { Clock } from '../../common/time';
import { type Tx, UnitOfWork } from '../../platform/database';
import { AlertEvaluation } from './alert-evaluation.service';
import { stateFor, toAlert } from './alert.mapper';
import { type AlertCursor, AlertsRepository, isBefore } from './alerts.repository';
import type { AlertListResponse, AlertResponse, AlertsQuery } from './dto/alert.dto';
import { chainMachine } from './engine/chain.machine';
import { acknowledge, snooze } from './engine/engine.policy';
import { LEVELS } from './engine/levels.policy';
import type { GlucoseAlert } from './glucose-alert.schema';

const DEFAULT_LIMIT = 20;

/** Alerts of a patient as the caller sees and answers them. */
@Injectable()
export class AlertsService {
  constructor(
    private readonly alerts: AlertsRepository,
    private readonly evaluation: AlertEvaluation,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Newest first, with a cursor. A doctor's look is recorded. @throws AppError INVALID_CURSOR, NOT_FOUND */
  async list(scope: PatientScope, query: AlertsQuery): Promise<AlertListResponse> {
    const { limit } = pageRequest(query, DEFAULT_LIMIT);
    const now = this.clock.now();
    const cursor = query.before === undefined ? null : await this.cursorOf(scope, query.before);
    const [found] = await Promise.all([
      query.state === 'active'
        ? this.alerts.open(scope).then((open) => open.filter((alert) => isBefore(alert, cursor)))
        : this.alerts.list(scope, cursor, limit + 1, now),
      this.audit.recordRead(scope.actor, scope.patientId, 'glucose.read', 'alerts'),
    ]);
    const alerts = found.slice(0, limit).map((alert) => toAlert(alert, scope.actor.id, now));
    return { alerts, hasMore: found.length > limit, nextCursor: alerts.at(-1)?._id ?? null };
  }

  /** The caller has seen it; twice is no error. @throws AppError NOT_FOUND, ALERT_CLOSED */
  async acknowledge(scope: PatientScope, alertId: string): Promise<AlertResponse> {
    const alert = await this.answer(scope, alertId, 'acknowledged', async (tx, { side }) =>
      this.evaluation.apply(tx, scope.patientId, {}, (input) => acknowledge(input, side, scope.actor.id)),
    );
    await this.audit.recordRead(scope.actor, scope.patientId, 'glucose.read', 'alerts');
    return alert;
  }

  /** Silence for a while, at the level reached and below. @throws AppError NOT_FOUND, ALERT_CLOSED, SNOOZE_TOO_LONG */
  async snooze(scope: PatientScope, alertId: string, minutes: number | undefined): Promise<AlertResponse> {
    return this.answer(scope, alertId, 'snoozed', async (tx, { side, code }) => {
      const { usual, longest } = LEVELS[code].snooze;
      const wanted = minutes ?? usual;
      if (wanted > longest) throw new AppError('SNOOZE_TOO_LONG', { details: { maxMinutes: longest } });
      await this.evaluation.apply(tx, scope.patientId, {}, (input) => snooze(input, side, wanted));
    });
  }

  private async answer(
    scope: PatientScope,
    alertId: string,
    to: 'acknowledged' | 'snoozed',
    act: (tx: Tx, alert: GlucoseAlert) => Promise<void>,
  ): Promise<AlertResponse> {
    const lanes = [`alert:${scope.patientId}`];
    return this.work.run(
      async (tx) => {
        const alert = await this.alerts.find(scope, alertId, tx);
        if (alert === null) throw new AppError('NOT_FOUND');
        const from = stateFor(alert, scope.actor.id, this.clock.now());
        if (!chainMachine.can(from, to)) throw new AppError('ALERT_CLOSED');
        await act(tx, alert);
        const answered = await this.alerts.find(scope, alertId, tx);
        return toAlert(answered ?? alert, scope.actor.id, this.clock.now());
      },
      { lanes },
    );
  }

  private async cursorOf(scope: PatientScope, before: string): Promise<AlertCursor> {
    const cursor = parseCursor(before);
    if (cursor.kind === 'instant') return { openedAt: cursor.at, id: null };
    const found = await this.alerts.find(scope, cursor.id);
    if (found === null) throw new AppError('NOT_FOUND');
    return { openedAt: found.openedAt, id: cursor.id };
  }
}
