import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { PartyScope } from '../../access';
import { findByIdIf, newId, oid, type Tx } from '../../platform/database';
import { entryOf, type RequestState } from './medication-request.policy';
import { MedicationRequest } from './medication-request.schema';

/** A request as stored. */
export type RequestRecord = MedicationRequest;

/** What is stored of a new request. */
export type NewRequest = Omit<RequestRecord, '_id' | '__v' | 'createdAt' | 'updatedAt'>;

function sessionOf(tx: Tx | undefined): { session?: Tx['session'] } {
  return tx === undefined ? {} : { session: tx.session };
}

function isParty(scope: PartyScope): (record: RequestRecord) => boolean {
  if (scope.side === 'patientId') return (record) => record.patientId.equals(scope.userId);
  if (scope.side === 'pharmacistId') return (record) => entryOf(record, scope.userId) !== null;
  return () => false;
}

/** Requests by party: the patient whose they are, and the pharmacies they are addressed to. */
@Injectable()
export class MedicationRequestsRepository {
  constructor(@InjectModel(MedicationRequest.name) private readonly requests: Model<MedicationRequest>) {}

  private get raw() {
    return this.requests.collection;
  }

  async insert(tx: Tx, request: NewRequest, now: Date): Promise<RequestRecord> {
    const record = { ...request, _id: newId(), __v: 0, createdAt: now, updatedAt: now };
    await this.raw.insertOne({ ...record }, { session: tx.session });
    return record;
  }

  /** The request if the caller is its patient or a pharmacy that it is addressed to. */
  async findAsParty(scope: PartyScope, id: string, tx?: Tx): Promise<RequestRecord | null> {
    return findByIdIf<RequestRecord>(this.raw, oid(id), isParty(scope), sessionOf(tx));
  }

  /** By id, for what the system does with it. */
  async findById(id: string, tx: Tx): Promise<RequestRecord | null> {
    return this.raw.findOne<RequestRecord>({ _id: oid(id) }, sessionOf(tx));
  }

  /**
   * Writes the new state of a request that was read in this transaction: somebody who changed it since makes the write
   * conflict, and the transaction runs again.
   */
  async write(tx: Tx, next: RequestRecord, now: Date): Promise<RequestRecord> {
    const { pharmacyResponses, globalStatus, selectedPharmacyId, isPickedUp, pickedUpAt, confirmationDeadline } = next;
    const set: { -readonly [K in keyof RequestState]?: RequestState[K] } = {
      pharmacyResponses,
      globalStatus,
      isPickedUp,
      confirmationDeadline,
    };
    if (selectedPharmacyId !== undefined) set.selectedPharmacyId = selectedPharmacyId;
    if (pickedUpAt !== undefined) set.pickedUpAt = pickedUpAt;
    await this.raw.updateOne(
      { _id: next._id },
      { $set: { ...set, updatedAt: now }, $inc: { __v: 1 } },
      { session: tx.session },
    );
    return { ...next, updatedAt: now, __v: next.__v + 1 };
  }

  /** Those of a patient that are stored as open; some may have expired. */
  async storedOpenOf(tx: Tx, patientId: string): Promise<RequestRecord[]> {
    return this.raw
      .find<RequestRecord>({ patientId: oid(patientId), globalStatus: 'open' }, { session: tx.session })
      .toArray();
  }

  /** Ids of those that time has changed, at most `limit`. */
  async overdue(now: Date, limit: number): Promise<string[]> {
    const find = async (where: Record<string, unknown>): Promise<string[]> => {
      const open = { globalStatus: 'open', ...where };
      const rows = await this.raw
        .find(open, { projection: { _id: 1 } })
        .limit(limit)
        .toArray();
      return rows.map(({ _id }) => _id.toHexString());
    };
    // One that somebody accepted stays open until its deadline: without pending entries there is nothing to do before.
    const unsettled = [{ 'pharmacyResponses.status': 'pending' }, { 'pharmacyResponses.status': { $ne: 'accepted' } }];
    const [byTime, byDeadline] = await Promise.all([
      find({ expiresAt: { $lte: now }, $and: [{ $or: unsettled }] }),
      find({ confirmationDeadline: { $lte: now } }),
    ]);
    return [...new Set([...byTime, ...byDeadline])];
  }

  /** Ids of an erased patient's requests that are open or confirmed and not picked up, at most `limit`. */
  async unfinishedOf(patientId: string, limit: number): Promise<string[]> {
    const where = { patientId: oid(patientId), globalStatus: { $in: ['open', 'confirmed'] }, isPickedUp: false };
    const rows = await this.raw
      .find(where, { projection: { _id: 1 } })
      .limit(limit)
      .toArray();
    return rows.map(({ _id }) => _id.toHexString());
  }

  /** Ids of the requests in which a pharmacy's entry is pending, at most `limit`. */
  async awaiting(pharmacyId: string, limit: number): Promise<string[]> {
    const own = { pharmacyId: oid(pharmacyId) };
    const where = {
      'pharmacyResponses.pharmacyId': own.pharmacyId,
      globalStatus: 'open',
      pharmacyResponses: { $elemMatch: { ...own, status: 'pending' } },
    };
    const rows = await this.raw
      .find(where, { projection: { _id: 1 } })
      .limit(limit)
      .toArray();
    return rows.map(({ _id }) => _id.toHexString());
  }

  /** Takes a patient's note and place out of all requests. */
  async clearTextsOf(patientId: string, now: Date): Promise<void> {
    const fields = ['patientNote', 'patientLocation'] as const;
    for (const field of fields)
      await this.raw.updateMany(
        { patientId: oid(patientId), [field]: { $ne: null } },
        { $unset: { patientNote: 1, patientLocation: 1 }, $set: { updatedAt: now }, $inc: { __v: 1 } },
      );
  }

  /** Takes an erased pharmacy's name, address and place out of all entries. */
  async clearPharmacyOf(pharmacyId: string, now: Date): Promise<void> {
    await this.raw.updateMany(
      { 'pharmacyResponses.pharmacyId': oid(pharmacyId) },
      {
        $unset: {
          'pharmacyResponses.$[own].pharmacyName': 1,
          'pharmacyResponses.$[own].pharmacyAddress': 1,
          'pharmacyResponses.$[own].pharmacyCoordinates': 1,
        },
        $set: { updatedAt: now },
        $inc: { __v: 1 },
      },
      { arrayFilters: [{ 'own.pharmacyId': oid(pharmacyId) }] },
    );
  }

  /** All requests of a patient, the oldest first, one at a time. */
  allOf(patientId: string): AsyncIterable<RequestRecord> {
    return this.raw.find<RequestRecord>({ patientId: oid(patientId) }).sort({ createdAt: 1, _id: 1 });
  }
}
