import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/time';
import { type Tx, UnitOfWork } from '../../platform/database';
import { type ErasedAccount, ErasureSteps } from '../users';
import { REQUEST_MACHINE } from './medication-request.machine';
import { effective, planWithdrawal } from './medication-request.policy';
import { MedicationRequestAnswers } from './medication-requests.answers.service';
import { MedicationRequestsRepository, type RequestRecord } from './medication-requests.repository';

/**
 * Closes what an erased patient has open and takes the patient's words and place out of all requests; ends what an
 * erased pharmacy has not answered, without loss of points, and takes its profile out of the entries.
 */
@Injectable()
export class MedicationRequestsErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly requests: MedicationRequestsRepository,
    private readonly answers: MedicationRequestAnswers,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.steps.register({ name: 'medication-requests', run: (account) => this.run(account) });
  }

  private async run({ userId, role }: ErasedAccount): Promise<void> {
    if (role === 'PATIENT') {
      await this.each(
        () => this.requests.unfinishedOf(userId),
        (tx, stored) => this.close(tx, stored),
      );
      await this.requests.clearTextsOf(userId, this.clock.now());
    }
    if (role === 'PHARMACIEN') {
      await this.each(
        () => this.requests.awaiting(userId),
        (tx, stored) => this.withdraw(tx, stored, userId),
      );
      await this.requests.clearPharmacyOf(userId, this.clock.now());
    }
  }

  /** Works off what is found until nothing new is. */
  private async each(
    find: () => Promise<string[]>,
    step: (tx: Tx, stored: RequestRecord) => Promise<void>,
  ): Promise<void> {
    const seen = new Set<string>();
    for (;;) {
      const fresh = (await find()).filter((id) => !seen.has(id));
      if (fresh.length === 0) return;
      for (const id of fresh) {
        await this.work.run(
          async (tx) => {
            const stored = await this.requests.findById(id, tx);
            if (stored !== null) await step(tx, stored);
          },
          { lanes: [`medication-request:${id}`] },
        );
        // One that changed meanwhile and cannot be ended any more is not looked at for ever.
        seen.add(id);
      }
    }
  }

  private async close(tx: Tx, stored: RequestRecord): Promise<void> {
    const now = this.clock.now();
    const { globalStatus, isPickedUp } = effective(stored, now);
    // One that time has ended is left to the expiry job.
    if (!isPickedUp && REQUEST_MACHINE.can(globalStatus, 'closed')) await this.answers.close(tx, stored, now);
  }

  private async withdraw(tx: Tx, stored: RequestRecord, pharmacyId: string): Promise<void> {
    const now = this.clock.now();
    const next = planWithdrawal(stored, pharmacyId, now);
    if (next !== null) await this.requests.write(tx, next, now);
  }
}
