import { Injectable } from '@nestjs/common';
import { type Actor, CareLinks } from '../../access';
import { AppError } from '../../common/errors';
import { Clock } from '../../common/time';
import { type Tx, UnitOfWork } from '../../platform/database';
import { emitRequest, LinkOpener, PatientRequestsRepository } from '../patient-requests';
import { AccountsRepository, type AccountView, UsersService } from '../users';

type Outcome = 'pending' | 'active';

const MESSAGES: Readonly<Record<Outcome, string>> = {
  active: 'The patient is in your care',
  pending: "The patient's consent is awaited",
};

/** Doctors who add a patient of their own accord: with the patient's request at once, without it after their consent. */
@Injectable()
export class AddingPatients {
  constructor(
    private readonly links: CareLinks,
    private readonly requests: PatientRequestsRepository,
    private readonly opener: LinkOpener,
    private readonly accounts: AccountsRepository,
    private readonly users: UsersService,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Repeating it changes nothing. @throws AppError NOT_FOUND, PATIENT_LIMIT_REACHED */
  async add(actor: Actor, patientId: string): Promise<AccountView & { message: string; status: Outcome }> {
    if (!(await this.accounts.isActive(patientId, 'PATIENT'))) throw new AppError('NOT_FOUND');
    const status = await this.work
      .run((tx) => this.addIn(tx, actor, patientId), { lanes: [`pair:${patientId}:${actor.id}`] })
      .catch((error: unknown) => {
        // The same call through another instance was first.
        if (error instanceof AppError && error.code === 'REQUEST_PENDING') return 'pending' as const;
        throw error;
      });
    const doctor = await this.accounts.findByRole(actor.id, 'MEDECIN');
    if (doctor === null) throw new AppError('SESSION_REVOKED');
    return { ...(await this.users.view(doctor)), message: MESSAGES[status], status };
  }

  private async addIn(tx: Tx, actor: Actor, patientId: string): Promise<Outcome> {
    const doctorId = actor.id;
    if ((await this.links.find(patientId, doctorId, tx)) !== null) return 'active';
    const now = this.clock.now();
    const answer = { status: 'accepted', declineReason: '', respondedByRole: actor.role, respondedAt: now } as const;
    const accepted = await this.requests.answerPair(tx, patientId, doctorId, 'patient_link', answer);
    if (accepted !== null) {
      await this.opener.open(tx, actor, { patientId, doctorId, origin: 'request', now });
      emitRequest(tx, 'request.accepted', accepted);
      return 'active';
    }
    if (!(await this.requests.hasPending(tx, patientId, doctorId, 'access_renewal'))) {
      const asked = { patientId, doctorId, requestType: 'access_renewal', status: 'pending', now } as const;
      emitRequest(tx, 'request.created', await this.requests.insert(tx, asked));
    }
    return 'pending';
  }
}
