import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CareLinks } from '../../access';
import { UnitOfWork } from '../../platform/database';
import { type ErasedAccount, ErasureSteps } from '../users';
import type { LinkEnded } from './care-relations.service';

/** The links of an erased account have ended with it; here the other side of each is told, once. */
@Injectable()
export class CareRelationsErasureStep implements OnModuleInit {
  constructor(
    private readonly steps: ErasureSteps,
    private readonly links: CareLinks,
    private readonly work: UnitOfWork,
  ) {}

  onModuleInit(): void {
    this.steps.register({ name: 'care-links', run: (account) => this.run(account) });
  }

  private async run({ userId, role, erasedAt }: ErasedAccount): Promise<void> {
    if (role !== 'PATIENT' && role !== 'MEDECIN') return;
    for await (const link of this.links.allOf(userId, role === 'PATIENT' ? 'patientId' : 'doctorId')) {
      if (link.endedAt?.getTime() !== erasedAt.getTime()) continue;
      const [patientId, doctorId] = [link.patientId.toHexString(), link.doctorId.toHexString()];
      const payload: LinkEnded = { patientId, doctorId, endedBy: userId };
      await this.work.run((tx) => {
        tx.emit({
          topic: 'link.ended',
          key: `pair:${patientId}:${doctorId}`,
          payload: { ...payload },
          dedupeKey: `link-ended:${link._id.toHexString()}`,
        });
        return Promise.resolve();
      });
    }
  }
}
