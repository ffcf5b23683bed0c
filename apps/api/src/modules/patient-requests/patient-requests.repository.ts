import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { Clock } from '../../common/time';
import {
  type CountedList,
  findByIdIf,
  ListCounts,
  newId,
  oid,
  readNewestWindowed,
  rewriteOne,
  type Tx,
  windowFilter,
  WindowMemory,
} from '../../platform/database';
import { REQUEST_MACHINE } from './patient-request.machine';
import { PatientRequest, REQUEST_TYPES, type RequestType } from './patient-request.schema';

/** A request as stored. */
export type RequestRecord = PatientRequest;

/** How a pending request is answered. */
export interface RequestAnswer {
  readonly status: 'accepted' | 'declined';
  readonly declineReason: string;
  readonly respondedByRole: string;
  readonly respondedAt: Date;
}

const WITHDRAWN = 'withdrawn';
/** Name of a doctor's waiting requests among the counted lists. */
export const WAITING_LIST = 'waitingRequests';
const DAY_MS = 86_400_000;
const SPANS_DAYS = [7, 30, 365] as const;
const BATCH = 10_000;

/** Which side of a request asks for it. */
export type RequestSide = { readonly doctorId: string } | { readonly patientId: string };

/** Requests, always by one of their two sides. */
@Injectable()
export class PatientRequestsRepository {
  private readonly windows = new WindowMemory();

  constructor(
    @InjectModel(PatientRequest.name) private readonly requests: Model<PatientRequest>,
    private readonly counts: ListCounts,
    private readonly clock: Clock,
  ) {}

  private get raw() {
    return this.requests.collection;
  }

  /** Stores a request. @throws duplicate key: REQUEST_PENDING */
  async insert(
    tx: Tx,
    request: { patientId: string; doctorId: string; requestType: RequestType; urgentNote?: string; now: Date } & (
      { status: 'pending' } | { status: 'accepted'; respondedByRole: string; authorizationEnabled: boolean }
    ),
  ): Promise<RequestRecord> {
    const { patientId, doctorId, requestType, urgentNote = '', now, ...state } = request;
    const record = {
      _id: newId(),
      patientId: oid(patientId),
      doctorId: oid(doctorId),
      requestType,
      requestDate: now,
      urgentNote,
      declineReason: '',
      createdAt: now,
      updatedAt: now,
      ...state,
      ...(state.status === 'accepted' ? { respondedAt: now } : {}),
    };
    await this.raw.insertOne(record, { session: tx.session });
    await this.followWaiting(tx, record, 1);
    return record;
  }

  async hasPending(tx: Tx, patientId: string, doctorId: string, requestType: RequestType): Promise<boolean> {
    const filter = { patientId: oid(patientId), doctorId: oid(doctorId), requestType, status: 'pending' };
    return (await this.raw.findOne(filter, { projection: { _id: 1 }, session: tx.session })) !== null;
  }

  /** How many requests of the patient to doctors wait. */
  async countPending(tx: Tx, patientId: string): Promise<number> {
    return this.raw.countDocuments(
      { patientId: oid(patientId), status: 'pending', requestType: 'patient_link' },
      { session: tx.session },
    );
  }

  /** Answers a pending request of that side and type; null when it is not pending, not theirs or of another type. */
  async answer(
    tx: Tx,
    id: string,
    side: RequestSide,
    requestType: RequestType,
    answer: RequestAnswer,
  ): Promise<RequestRecord | null> {
    const request = await this.findAs(tx, id, side, requestType);
    if (request === null || !REQUEST_MACHINE.can(request.status, answer.status)) return null;
    return this.close(tx, request, answer);
  }

  /** Answers what waits between the pair; null when nothing of that type does. */
  async answerPair(
    tx: Tx,
    patientId: string,
    doctorId: string,
    requestType: RequestType,
    answer: RequestAnswer,
  ): Promise<RequestRecord | null> {
    const filter = { patientId: oid(patientId), doctorId: oid(doctorId), requestType, status: 'pending' };
    const request = await this.raw.findOne<RequestRecord>(filter, { session: tx.session });
    return request === null ? null : this.close(tx, request, answer);
  }

  private async findAs(tx: Tx, id: string, side: RequestSide, requestType: RequestType): Promise<RequestRecord | null> {
    const [key, owner] =
      'doctorId' in side ? (['doctorId', side.doctorId] as const) : (['patientId', side.patientId] as const);
    return findByIdIf<RequestRecord>(
      this.raw,
      oid(id),
      (request) => request[key].equals(owner) && request.requestType === requestType,
      { session: tx.session },
    );
  }

  private async close(
    tx: Tx,
    request: RequestRecord,
    answer: Partial<RequestAnswer> & { respondedAt: Date },
  ): Promise<RequestRecord> {
    // Rewritten and not updated: the pair may ask again (see rewriteOne).
    const closed = await rewriteOne(
      this.raw,
      request,
      (stored) => ({ ...stored, ...answer, updatedAt: answer.respondedAt }),
      tx.session,
    );
    await this.followWaiting(tx, request, -1);
    return closed;
  }

  private async followWaiting(
    tx: Tx,
    { status, requestType, doctorId, requestDate }: RequestRecord,
    by: 1 | -1,
  ): Promise<void> {
    if (status !== 'pending' || requestType !== 'patient_link') return;
    await this.counts.follow(tx, WAITING_LIST, doctorId.toHexString(), [{ at: requestDate, by }]);
  }

  async exists(tx: Tx, id: string, side: RequestSide, requestType: RequestType): Promise<boolean> {
    return (await this.findAs(tx, id, side, requestType)) !== null;
  }

  /** Declines everything that waits between the pair: nobody can answer it any more. */
  async withdrawPair(tx: Tx, patientId: string, doctorId: string, now: Date): Promise<void> {
    // One of each type at most.
    for (const requestType of REQUEST_TYPES) {
      const filter = { patientId: oid(patientId), doctorId: oid(doctorId), requestType, status: 'pending' };
      const request = await this.raw.findOne<RequestRecord>(filter, { session: tx.session });
      if (request !== null)
        await this.close(tx, request, { status: 'declined', declineReason: WITHDRAWN, respondedAt: now });
    }
  }

  /** A doctor's waiting requests, newest first, with their number. */
  async pageOfDoctor(
    doctorId: string,
    skip: number,
    limit: number,
  ): Promise<{ requests: RequestRecord[]; total: number }> {
    const [found, total] = await Promise.all([
      this.newest(WAITING_LIST, waitingOf(doctorId), skip + limit),
      this.counts.count(this.countedOf(doctorId), { from: null, to: null }),
    ]);
    return { requests: found.slice(skip), total };
  }

  /** How a doctor's waiting requests are counted. */
  countedOf(doctorId: string): CountedList {
    const filter = waitingOf(doctorId);
    return {
      list: WAITING_LIST,
      ownerId: doctorId,
      instants: async (tx) => {
        const found = await this.raw
          .find<RequestRecord>(filter, { projection: { requestDate: 1 }, batchSize: BATCH, session: tx.session })
          .toArray();
        return found.map(({ requestDate }) => requestDate);
      },
      countPart: (window) => this.raw.countDocuments({ ...filter, requestDate: windowFilter(window) }),
    };
  }

  private async newest(name: string, filter: Record<string, unknown>, limit: number): Promise<RequestRecord[]> {
    // Another instance's clock may be a little ahead of this one's.
    const before = new Date(this.clock.now().getTime() + DAY_MS);
    const list = `${name}:${String(filter['doctorId'] ?? filter['patientId'])}`;
    const found = await readNewestWindowed({
      before,
      limit,
      spansDays: this.windows.spansDays(list, SPANS_DAYS),
      read: (window, count) =>
        this.raw
          .find<RequestRecord>({ ...filter, requestDate: windowFilter(window) })
          .sort({ requestDate: -1, _id: -1 })
          .limit(count)
          .batchSize(count)
          .toArray(),
    });
    const oldest = found.at(-1);
    if (oldest !== undefined && found.length === limit) this.windows.remember(list, before, oldest.requestDate);
    return found;
  }

  /** A patient's requests, newest first; waiting ones of a type, or all. */
  async ofPatient(patientId: string, limit: number, pending?: RequestType): Promise<RequestRecord[]> {
    const filter = {
      patientId: oid(patientId),
      ...(pending === undefined ? {} : { status: 'pending', requestType: pending }),
    };
    return this.newest(pending ?? 'all', filter, limit);
  }

  /** Removes everything that an erased patient asked for or was asked. */
  async deleteOfPatient(tx: Tx, patientId: string): Promise<void> {
    const waiting = await this.raw
      .find<RequestRecord>({ patientId: oid(patientId), status: 'pending' }, { session: tx.session })
      .toArray();
    await this.raw.deleteMany({ patientId: oid(patientId) }, { session: tx.session });
    for (const request of waiting) await this.followWaiting(tx, request, -1);
  }

  /** Ids of what waits for or by a doctor, at most `limit`. */
  async pendingOfDoctor(doctorId: string, limit: number): Promise<string[]> {
    const filter = { doctorId: oid(doctorId), status: 'pending' };
    const found = await this.raw
      .find<RequestRecord>(filter, { projection: { _id: 1 } })
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id.toHexString());
  }

  /** Declines one that waits, on nobody's behalf; null when it was answered meanwhile. */
  async withdraw(tx: Tx, id: string, now: Date): Promise<RequestRecord | null> {
    const request = await findByIdIf<RequestRecord>(this.raw, oid(id), (found) => found.status === 'pending', {
      session: tx.session,
    });
    if (request === null) return null;
    return this.close(tx, request, { status: 'declined', declineReason: WITHDRAWN, respondedAt: now });
  }

  /** Every request of one side, oldest first, one at a time. */
  allOf(side: 'patientId' | 'doctorId', userId: string): AsyncIterable<RequestRecord> {
    return this.raw.find<RequestRecord>({ [side]: oid(userId) }).sort({ requestDate: 1, _id: 1 });
  }
}

function waitingOf(doctorId: string): Record<string, unknown> {
  return { doctorId: oid(doctorId), status: 'pending', requestType: 'patient_link' };
}
