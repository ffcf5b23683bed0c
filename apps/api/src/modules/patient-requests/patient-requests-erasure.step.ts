import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../common/time';
import { UnitOfWork } from '../../platform/database';
import { type ErasedAccount, ErasureSteps } from '../users';
import { emitRequest } from './patient-request.events';
import { PatientRequestsRepository } from './patient-requests.repository';

const BATCH = 100;

/** A patient's requests are deleted with the account; what waits for a doctor is withdrawn, and its patients hear it. */
@Injectable()
export class PatientRequestsErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly requests: PatientRequestsRepository,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.steps.register({ name: 'patient-requests', run: (account) => this.run(account) });
  }

  private async run({ userId, role }: ErasedAccount): Promise<void> {
    if (role === 'PATIENT') await this.work.run((tx) => this.requests.deleteOfPatient(tx, userId));
    if (role !== 'MEDECIN') return;
    for (;;) {
      const waiting = await this.requests.pendingOfDoctor(userId, BATCH);
      for (const id of waiting)
        await this.work.run(async (tx) => {
          const request = await this.requests.withdraw(tx, id, this.clock.now());
          if (request?.requestType === 'patient_link') emitRequest(tx, 'request.declined', request);
        });
      if (waiting.length < BATCH) return;
    }
  }
}
