import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, partyScope } from '../../access';
import { AppError } from '../../common/errors';
import { pageOf, pageRequest } from '../../common/pagination';
import { Clock, dayBounds } from '../../common/time';
import { currentContext } from '../../platform/context/request-context';
import { showsVersion } from '../../platform/http';
import { AccountDirectory } from '../users';
import type { MedicationRequestPage, MedicationRequestResponse } from './dto/medication-request.dto';
import type { RequestHistoryQuery } from './dto/medication-request-input.dto';
import { peopleOf, type SelectedAs, toMedicationRequest, type Viewer } from './medication-request.mapper';
import { effective } from './medication-request.policy';
import { MedicationRequestsRepository, type RequestRecord } from './medication-requests.repository';
import { RequestListsRepository } from './request-lists.repository';

const MAX_OWN = 100;
const MAX_PENDING = 200;
const HISTORY_LIMIT = 20;

/** Reads requests, each caller's side of them. */
@Injectable()
export class MedicationRequestsService {
  constructor(
    private readonly requests: MedicationRequestsRepository,
    private readonly lists: RequestListsRepository,
    private readonly directory: AccountDirectory,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError NOT_FOUND for everybody but its patient and the pharmacies it is addressed to */
  async get(actor: Actor, id: string): Promise<MedicationRequestResponse> {
    const record = await this.requests.findAsParty(partyScope(actor), id);
    if (record === null) throw new AppError('NOT_FOUND');
    const [shown] = await Promise.all([
      this.show(actor, record, 'contact'),
      this.audit.recordRead(actor, record.patientId.toHexString(), 'request.read', 'medication-requests'),
    ]);
    return shown;
  }

  /** A request as the actor sees it now. */
  async show(actor: Actor, record: RequestRecord, selectedAs: SelectedAs = 'id'): Promise<MedicationRequestResponse> {
    const accounts = await this.directory.find(peopleOf([record]));
    showsVersion(record.__v);
    return toMedicationRequest(effective(record, this.clock.now()), { viewer: viewerOf(actor), accounts, selectedAs });
  }

  /** The patient's own requests that were not cancelled, newest first, at most 100. */
  async listOwn(actor: Actor): Promise<MedicationRequestResponse[]> {
    const now = this.clock.now();
    const listed = capped(await this.lists.notClosedOf(actor.id, MAX_OWN + 1, now), MAX_OWN);
    const accounts = await this.directory.find(peopleOf(listed));
    const showing = { viewer: viewerOf(actor), accounts, pharmaciesAsObjects: true };
    return listed.map((record) => toMedicationRequest(effective(record, now), showing));
  }

  /** What waits for the pharmacy's response, urgent first, then newest, at most 200. */
  async listPending(actor: Actor): Promise<MedicationRequestResponse[]> {
    const pending = (await this.lists.pendingOf(actor.id, this.clock.now())).sort(byUrgencyThenNewest);
    const listed = capped(pending, MAX_PENDING);
    const accounts = await this.directory.find(peopleOf(listed));
    return listed.map((record) => toMedicationRequest(record, { viewer: viewerOf(actor), accounts }));
  }

  /** A page of what was ever addressed to the pharmacy, newest first. */
  async listHistory(actor: Actor, query: RequestHistoryQuery): Promise<MedicationRequestPage> {
    const now = this.clock.now();
    const request = pageRequest(query, HISTORY_LIMIT);
    const { startDate, endDate } = query;
    const filter = {
      status: query.status ?? null,
      from: startDate?.date ?? null,
      until: endDate === undefined ? null : endOf(endDate.date, endDate.dayOnly),
      medicationName: query.medicationName ?? null,
      now,
    };
    const { data, total } = await this.lists.historyOf(
      actor.id,
      filter,
      (request.page - 1) * request.limit,
      request.limit,
    );
    const accounts = await this.directory.find(peopleOf(data));
    const showing = { viewer: viewerOf(actor), accounts, selectedAs: 'name' } as const;
    return pageOf(
      data.map((record) => toMedicationRequest(effective(record, now), showing)),
      total,
      request,
    );
  }
}

function viewerOf(actor: Actor): Viewer {
  return actor.role === 'PATIENT' ? { side: 'patient' } : { side: 'pharmacy', pharmacyId: actor.id };
}

/** The first `max`; the header says so when there were more. */
function capped(records: RequestRecord[], max: number): RequestRecord[] {
  const context = currentContext();
  if (context !== undefined && records.length > max) context.truncated = true;
  return records.slice(0, max);
}

function byUrgencyThenNewest(a: RequestRecord, b: RequestRecord): number {
  if (a.urgencyLevel !== b.urgencyLevel) return a.urgencyLevel === 'urgent' ? -1 : 1;
  return b.createdAt.getTime() - a.createdAt.getTime() || (a._id.toHexString() < b._id.toHexString() ? 1 : -1);
}

/** The first instant after an inclusive end; of a bare day, after the whole day (UTC). */
function endOf(date: Date, dayOnly: boolean): Date {
  if (dayOnly) return dayBounds(date.toISOString().slice(0, 10), 'UTC').end;
  return new Date(date.getTime() + 1);
}
