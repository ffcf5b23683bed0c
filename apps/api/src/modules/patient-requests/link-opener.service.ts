import { Inject, Injectable } from '@nestjs/common';
import { type Actor, type ActiveLink, AuditTrail, CareLinks } from '../../access';
import { AppError } from '../../common/errors';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { LimitLocks, type Tx } from '../../platform/database';
import { ConversationOpener } from '../conversations';

/** What a link is opened for. */
export interface LinkOpening {
  readonly patientId: string;
  readonly doctorId: string;
  readonly origin: 'request' | 'invitation';
  readonly now: Date;
}

/** Opens care links: one step with what caused it, within the doctor's limit, together with their conversation. */
@Injectable()
export class LinkOpener {
  constructor(
    private readonly links: CareLinks,
    private readonly conversations: ConversationOpener,
    private readonly locks: LimitLocks,
    private readonly audit: AuditTrail,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * An active link of the pair with access on; made, or switched on, or found as it is.
   * @throws AppError PATIENT_LIMIT_REACHED
   */
  async open(tx: Tx, actor: Actor, opening: LinkOpening): Promise<ActiveLink> {
    const { patientId, doctorId, now } = opening;
    await this.locks.take(tx, `patients:${doctorId}`);
    const existing = await this.links.find(patientId, doctorId, tx);
    if (existing === null && (await this.links.countOfDoctor(doctorId, tx)) >= this.config.care.maxPatientsPerDoctor)
      throw new AppError('PATIENT_LIMIT_REACHED');
    const link = existing ?? (await this.links.open(tx, opening));
    const record = { actor, resource: 'carelink', resourceId: link.id, patientId };
    if (existing === null) await this.audit.record({ ...record, action: 'link.created' }, tx);
    else if (!existing.accessEnabled) {
      await this.links.setAccess(tx, patientId, doctorId, true, now);
      await this.audit.record({ ...record, action: 'access.enabled' }, tx);
    }
    await this.conversations.ensure(tx, { patientId, doctorId, now });
    return { ...link, accessEnabled: true };
  }
}
