import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, CareLinks } from '../../access';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { UnitOfWork } from '../../platform/database';
import { PairAppointments } from '../appointments';
import { PatientRequestsRepository } from '../patient-requests';
import { AccountsRepository, type AccountView, toDoctorView, UsersService } from '../users';
import type { AccessStatusResponse } from './dto/care-access.dto';

/** Payload of `link.ended`. */
export interface LinkEnded {
  readonly patientId: string;
  readonly doctorId: string;
  readonly endedBy: string;
  /** Absent when an account was erased: each of them is told on its own. */
  readonly cancelledAppointments?: number;
}

/** Payload of `access.changed`. */
export interface AccessChanged {
  readonly patientId: string;
  readonly doctorId: string;
  readonly enabled: boolean;
}

const ENDED_REASON = 'care link ended';

/** Consent and the end of care relations. */
@Injectable()
export class CareRelationsService {
  constructor(
    private readonly links: CareLinks,
    private readonly requests: PatientRequestsRepository,
    private readonly appointments: PairAppointments,
    private readonly accounts: AccountsRepository,
    private readonly users: UsersService,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Never 404: who has no link has no access. */
  async status(patientId: string, doctorId: string): Promise<AccessStatusResponse> {
    const link = await this.links.find(patientId, doctorId);
    return { enabled: link?.accessEnabled ?? false, linked: link !== null };
  }

  /**
   * Switches a doctor's access; takes effect on the doctor's next request. The value that is already set records nothing.
   * @throws AppError LINK_NOT_FOUND
   */
  async setAccess(actor: Actor, doctorId: string, enabled: boolean): Promise<AccessStatusResponse> {
    const patientId = actor.id;
    await this.work.run(
      async (tx) => {
        const link = await this.links.find(patientId, doctorId, tx);
        if (link === null) throw new AppError('LINK_NOT_FOUND');
        const now = this.clock.now();
        if (!(await this.links.setAccess(tx, patientId, doctorId, enabled, now))) return;
        await this.requests.insert(tx, {
          patientId,
          doctorId,
          requestType: 'access_confirmation',
          status: 'accepted',
          respondedByRole: actor.role,
          authorizationEnabled: enabled,
          now,
        });
        await this.audit.record(
          {
            action: enabled ? 'access.enabled' : 'access.disabled',
            actor,
            resource: 'carelink',
            resourceId: link.id,
            patientId,
          },
          tx,
        );
        const payload: AccessChanged = { patientId, doctorId, enabled };
        tx.emit({ topic: 'access.changed', key: `pair:${patientId}:${doctorId}`, payload: { ...payload } });
      },
      { lanes: [`pair:${patientId}:${doctorId}`] },
    );
    return { enabled, linked: true };
  }

  /**
   * Ends a link from either side, with everything that hangs on it: future appointments, waiting requests; the
   * conversation becomes read-only by itself.
   * @throws AppError LINK_NOT_FOUND
   */
  async end(actor: Actor, doctorId: string, patientId: string): Promise<AccountView> {
    await this.work.run(
      async (tx) => {
        const now = this.clock.now();
        const link = await this.links.find(patientId, doctorId, tx);
        if (link === null || !(await this.links.end(tx, patientId, doctorId, actor.id, now)))
          throw new AppError('LINK_NOT_FOUND');
        const cancelledAppointments = await this.appointments.cancelFuture(tx, patientId, doctorId, ENDED_REASON, now);
        await this.requests.withdrawPair(tx, patientId, doctorId, now);
        await this.audit.record(
          { action: 'link.ended', actor, resource: 'carelink', resourceId: link.id, patientId },
          tx,
        );
        const payload: LinkEnded = { patientId, doctorId, endedBy: actor.id, cancelledAppointments };
        tx.emit({ topic: 'link.ended', key: `pair:${patientId}:${doctorId}`, payload: { ...payload } });
      },
      { lanes: [`pair:${patientId}:${doctorId}`] },
    );
    const doctor = await this.accounts.findByRole(doctorId, 'MEDECIN');
    if (doctor === null) throw new AppError('NOT_FOUND');
    return actor.role === 'MEDECIN' ? this.users.view(doctor) : toDoctorView(doctor);
  }
}
