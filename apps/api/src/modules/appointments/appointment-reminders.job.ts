import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UnitOfWork } from '../../platform/database';
import { Scheduler } from '../../platform/scheduler';
import { REMINDERS, type ReminderKind } from './appointment-reminders.policy';
import { emitReminder } from './appointment.events';
import { RemindersRepository } from './reminders.repository';

const BATCH = 200;

/**
 * Reminds, every minute, of what is due. Each reminder is marked as told and handed to the outbox in one transaction:
 * once over all restarts and instances.
 */
@Injectable()
export class AppointmentRemindersJob implements OnModuleInit {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly reminders: RemindersRepository,
    private readonly work: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.scheduler.register({ name: 'appointment-reminders', everySeconds: 60, run: (now) => this.run(now) });
  }

  private async run(now: Date): Promise<void> {
    for (const kind of REMINDERS) {
      for (;;) {
        const due = await this.reminders.due(kind, now, BATCH);
        for (const id of due) await this.remind(id, kind, now);
        if (due.length < BATCH) break;
      }
    }
  }

  private async remind(id: string, kind: ReminderKind, now: Date): Promise<void> {
    await this.work.run(
      async (tx) => {
        const appointment = await this.reminders.take(tx, id, kind, now);
        if (appointment !== null) emitReminder(tx, appointment, kind.hoursBefore);
      },
      { lanes: [`appointment:${id}`] },
    );
  }
}
