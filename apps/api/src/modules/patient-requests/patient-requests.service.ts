import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Actor, CareLinks } from '../../access';
import { AppError } from '../../common/errors';
import { pageRequest } from '../../common/pagination';
import type { PagingQuery } from '../../common/paging.dto';
import { Clock } from '../../common/time';
import { currentContext } from '../../platform/context/request-context';
import { LimitLocks, type Tx, UnitOfWork } from '../../platform/database';
import { ListCountChecks } from '../../platform/scheduler';
import { AccountDirectory, AccountsRepository } from '../users';
import type {
  DeclineBody,
  DoctorRequestsResponse,
  OwnRequestResponse,
  PatientRequestResponse,
  RequestAnswerResponse,
  RequestDoctorBody,
} from './dto/patient-request.dto';
import { emitRequest } from './patient-request.events';
import { LinkOpener } from './link-opener.service';
import { toAnswer, toDoctorItem, toOwnRequest, toRequest } from './patient-request.mapper';
import type { RequestType } from './patient-request.schema';
import {
  PatientRequestsRepository,
  type RequestAnswer,
  type RequestRecord,
  type RequestSide,
  WAITING_LIST,
} from './patient-requests.repository';

const MAX_PENDING = 20;
const MAX_OWN = 200;
const MAX_ACCESS_REQUESTS = 100;
const DOCTOR_PAGE = 100;

/** Patients asking doctors for a link, doctors asking patients for access. */
@Injectable()
export class PatientRequestsService implements OnModuleInit {
  constructor(
    private readonly requests: PatientRequestsRepository,
    private readonly opener: LinkOpener,
    private readonly links: CareLinks,
    private readonly accounts: AccountsRepository,
    private readonly directory: AccountDirectory,
    private readonly locks: LimitLocks,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    private readonly checks: ListCountChecks,
  ) {}

  onModuleInit(): void {
    this.checks.register(WAITING_LIST, (doctorId) => this.requests.countedOf(doctorId));
  }

  /** @throws AppError NOT_FOUND, ALREADY_LINKED, REQUEST_PENDING, TOO_MANY_PENDING_REQUESTS */
  async requestDoctor(actor: Actor, body: RequestDoctorBody): Promise<PatientRequestResponse> {
    const { doctorId } = body;
    if (!(await this.accounts.isActive(doctorId, 'MEDECIN'))) throw new AppError('NOT_FOUND');
    return this.work.respond(
      async (tx) => {
        await this.locks.take(tx, `requests:${actor.id}`);
        if ((await this.links.find(actor.id, doctorId, tx)) !== null) throw new AppError('ALREADY_LINKED');
        if (await this.requests.hasPending(tx, actor.id, doctorId, 'patient_link'))
          throw new AppError('REQUEST_PENDING');
        if ((await this.requests.countPending(tx, actor.id)) >= MAX_PENDING)
          throw new AppError('TOO_MANY_PENDING_REQUESTS');
        const request = await this.requests.insert(tx, {
          patientId: actor.id,
          doctorId,
          requestType: 'patient_link',
          urgentNote: body.urgentNote ?? '',
          status: 'pending',
          now: this.clock.now(),
        });
        emitRequest(tx, 'request.created', request);
        return toRequest(request);
      },
      { lanes: [`requests:${actor.id}`] },
    );
  }

  /** The doctor's waiting requests, newest first. */
  async listForDoctor(actor: Actor, query: PagingQuery): Promise<DoctorRequestsResponse> {
    const { page, limit } = pageRequest(query, DOCTOR_PAGE);
    const { requests, total } = await this.requests.pageOfDoctor(actor.id, (page - 1) * limit, limit);
    const patients = await this.directory.find(requests.map((request) => request.patientId.toHexString()));
    const now = this.clock.now();
    return {
      requests: requests.map((request) => toDoctorItem(request, patients.get(request.patientId.toHexString()), now)),
      total,
      page,
      limit,
      totalPages: Math.ceil(total / limit),
    };
  }

  /** Accepts in one step: request, link, conversation. @throws AppError NOT_FOUND, ALREADY_ANSWERED, PATIENT_LIMIT_REACHED */
  async acceptPatient(actor: Actor, requestId: string): Promise<RequestAnswerResponse> {
    return this.accept(actor, requestId, { doctorId: actor.id }, 'patient_link', 'Patient request accepted');
  }

  /** @throws AppError NOT_FOUND, ALREADY_ANSWERED */
  async declinePatient(actor: Actor, requestId: string, body: DeclineBody): Promise<RequestAnswerResponse> {
    return this.decline(actor, requestId, { doctorId: actor.id }, 'patient_link', body, 'Patient request declined');
  }

  /** A patient's requests of all types and states, newest first. */
  async listOwn(actor: Actor): Promise<OwnRequestResponse[]> {
    return this.ownList(await this.requests.ofPatient(actor.id, MAX_OWN + 1), MAX_OWN);
  }

  /** Doctors who wait for the patient's consent, newest first. */
  async listAccessRequests(actor: Actor): Promise<OwnRequestResponse[]> {
    return this.ownList(
      await this.requests.ofPatient(actor.id, MAX_ACCESS_REQUESTS + 1, 'access_renewal'),
      MAX_ACCESS_REQUESTS,
    );
  }

  /** @throws AppError NOT_FOUND, ACCESS_ALREADY_ENABLED, REQUEST_PENDING */
  async requestAccess(actor: Actor, patientId: string): Promise<PatientRequestResponse> {
    if (!(await this.accounts.isActive(patientId, 'PATIENT'))) throw new AppError('NOT_FOUND');
    return this.work.respond(async (tx) => {
      const link = await this.links.find(patientId, actor.id, tx);
      if (link?.accessEnabled === true) throw new AppError('ACCESS_ALREADY_ENABLED');
      if (await this.requests.hasPending(tx, patientId, actor.id, 'access_renewal'))
        throw new AppError('REQUEST_PENDING');
      const request = await this.requests.insert(tx, {
        patientId,
        doctorId: actor.id,
        requestType: 'access_renewal',
        status: 'pending',
        now: this.clock.now(),
      });
      emitRequest(tx, 'request.created', request);
      return toRequest(request);
    });
  }

  /** Sets access on, and makes the link if there was none. @throws AppError NOT_FOUND, ALREADY_ANSWERED, PATIENT_LIMIT_REACHED */
  async acceptAccess(actor: Actor, requestId: string): Promise<RequestAnswerResponse> {
    return this.accept(actor, requestId, { patientId: actor.id }, 'access_renewal', 'Access request accepted');
  }

  /** @throws AppError NOT_FOUND, ALREADY_ANSWERED */
  async declineAccess(actor: Actor, requestId: string, body: DeclineBody): Promise<RequestAnswerResponse> {
    return this.decline(actor, requestId, { patientId: actor.id }, 'access_renewal', body, 'Access request declined');
  }

  private async accept(
    actor: Actor,
    requestId: string,
    side: RequestSide,
    type: RequestType,
    message: string,
  ): Promise<RequestAnswerResponse> {
    return this.work.respond(
      async (tx) => {
        const now = this.clock.now();
        const request = await this.answer(tx, requestId, side, type, {
          status: 'accepted',
          declineReason: '',
          respondedByRole: actor.role,
          respondedAt: now,
        });
        await this.opener.open(tx, actor, {
          patientId: request.patientId.toHexString(),
          doctorId: request.doctorId.toHexString(),
          origin: 'request',
          now,
        });
        emitRequest(tx, 'request.accepted', request);
        return toAnswer(request, message);
      },
      { lanes: [`request:${requestId}`] },
    );
  }

  private async decline(
    actor: Actor,
    requestId: string,
    side: RequestSide,
    type: RequestType,
    body: DeclineBody,
    message: string,
  ): Promise<RequestAnswerResponse> {
    return this.work.respond(
      async (tx) => {
        const declineReason = body.reason ?? body.declineReason ?? '';
        const request = await this.answer(tx, requestId, side, type, {
          status: 'declined',
          declineReason,
          respondedByRole: actor.role,
          respondedAt: this.clock.now(),
        });
        emitRequest(tx, 'request.declined', request);
        return toAnswer(request, message);
      },
      { lanes: [`request:${requestId}`] },
    );
  }

  private async answer(
    tx: Tx,
    requestId: string,
    side: RequestSide,
    type: RequestType,
    answer: RequestAnswer,
  ): Promise<RequestRecord> {
    const answered = await this.requests.answer(tx, requestId, side, type, answer);
    if (answered !== null) return answered;
    throw new AppError((await this.requests.exists(tx, requestId, side, type)) ? 'ALREADY_ANSWERED' : 'NOT_FOUND');
  }

  private async ownList(found: readonly RequestRecord[], cap: number): Promise<OwnRequestResponse[]> {
    const context = currentContext();
    if (context !== undefined && found.length > cap) context.truncated = true;
    const requests = found.slice(0, cap);
    const doctors = await this.directory.find(requests.map((request) => request.doctorId.toHexString()));
    return requests.map((request) => toOwnRequest(request, doctors.get(request.doctorId.toHexString())));
  }
}
