import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { findByIdIf, newId, oid, rewriteOne, type Tx } from '../../platform/database';
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

/** Which side of a request asks for it. */
export type RequestSide = { readonly doctorId: string } | { readonly patientId: string };

/** Requests, always by one of their two sides. */
@Injectable()
export class PatientRequestsRepository {
  constructor(@InjectModel(PatientRequest.name) private readonly requests: Model<PatientRequest>) {}

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

  private close(
    tx: Tx,
    request: RequestRecord,
    answer: Partial<RequestAnswer> & { respondedAt: Date },
  ): Promise<RequestRecord> {
    // Rewritten and not updated: the pair may ask again (see rewriteOne).
    return rewriteOne(
      this.raw,
      request,
      (stored) => ({ ...stored, ...answer, updatedAt: answer.respondedAt }),
      tx.session,
    );
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
    const filter = { doctorId: oid(doctorId), status: 'pending', requestType: 'patient_link' };
    const requests = await this.raw
      .find<RequestRecord>(filter)
      .sort({ requestDate: -1, _id: -1 })
      .skip(skip)
      .limit(limit)
      .toArray();
    // A first page that is not full has told the number already.
    const total = skip === 0 && requests.length < limit ? requests.length : await this.raw.countDocuments(filter);
    return { requests, total };
  }

  /** A patient's requests, newest first; waiting ones of a type, or all. */
  async ofPatient(patientId: string, limit: number, pending?: RequestType): Promise<RequestRecord[]> {
    const filter = {
      patientId: oid(patientId),
      ...(pending === undefined ? {} : { status: 'pending', requestType: pending }),
    };
    return this.raw
      .find<RequestRecord>(filter)
      .sort({ requestDate: -1, _id: -1 })
      .limit(limit)
      .batchSize(limit)
      .toArray();
  }

  /** Removes everything that a patient asked for or was asked. */
  async deleteOfPatient(patientId: string): Promise<void> {
    await this.raw.deleteMany({ patientId: oid(patientId) });
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
