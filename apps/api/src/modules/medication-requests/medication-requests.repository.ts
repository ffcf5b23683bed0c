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

const BATCH = 1_000;

/**
 * Requests by party: the patient whose they are, and the pharmacies they are addressed to. Filters name indexed fields only, the rest is
 * judged in code: the embedded engine uses an index only for filters that it covers (decision 14).
 */
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
    const { pharmacyResponses, globalStatus, selectedPharmacyId, isPickedUp, pickedUpAt } = next;
    const { confirmationDeadline, dueAt } = next;
    const set: { -readonly [K in keyof RequestState]?: RequestState[K] } = {
      pharmacyResponses,
      globalStatus,
      isPickedUp,
      confirmationDeadline,
    };
    if (selectedPharmacyId !== undefined) set.selectedPharmacyId = selectedPharmacyId;
    if (pickedUpAt !== undefined) set.pickedUpAt = pickedUpAt;
    if (dueAt !== undefined) set.dueAt = dueAt;
    await this.raw.updateOne(
      { _id: next._id },
      { $set: { ...set, updatedAt: now }, $inc: { __v: 1 } },
      { session: tx.session },
    );
    return { ...next, updatedAt: now, __v: next.__v + 1 };
  }

  /** Those of a patient, made after an instant, that are stored as open; some may have expired. */
  async storedOpenOf(tx: Tx, patientId: string, since: Date): Promise<RequestRecord[]> {
    const recent = { patientId: oid(patientId), createdAt: { $gt: since } };
    const found = await this.raw.find<RequestRecord>(recent, { session: tx.session, batchSize: BATCH }).toArray();
    return found.filter((record) => record.globalStatus === 'open');
  }

  /** Ids of those that time has changed, at most `limit` of each kind. */
  async overdue(now: Date, limit: number): Promise<string[]> {
    const find = async (field: 'dueAt' | 'confirmationDeadline'): Promise<string[]> => {
      const due = { globalStatus: 'open', [field]: { $lte: now } };
      const rows = await this.raw
        .find(due, { projection: { _id: 1 } })
        .limit(limit)
        .toArray();
      return rows.map(({ _id }) => _id.toHexString());
    };
    // Requests of older versions have no dueAt: they end with their deadline.
    const [byTime, byDeadline] = await Promise.all([find('dueAt'), find('confirmationDeadline')]);
    return [...new Set([...byTime, ...byDeadline])];
  }

  /** Ids of a patient's requests that are stored as open or confirmed and not picked up. */
  async unfinishedOf(patientId: string): Promise<string[]> {
    const projection = { globalStatus: 1, isPickedUp: 1 };
    const all = await this.raw
      .find<RequestRecord>({ patientId: oid(patientId) }, { projection, batchSize: BATCH })
      .toArray();
    return all
      .filter(
        ({ globalStatus, isPickedUp }) => globalStatus === 'open' || (globalStatus === 'confirmed' && !isPickedUp),
      )
      .map(({ _id }) => _id.toHexString());
  }

  /** Ids of the requests in which a pharmacy's entry is pending. */
  async awaiting(pharmacyId: string): Promise<string[]> {
    const open = { 'pharmacyResponses.pharmacyId': oid(pharmacyId), globalStatus: 'open' };
    const found = await this.raw.find<RequestRecord>(open, { batchSize: BATCH }).toArray();
    return found
      .filter((record) => entryOf(record, pharmacyId)?.status === 'pending')
      .map(({ _id }) => _id.toHexString());
  }

  /** Takes a patient's note and place out of all requests. */
  async clearTextsOf(patientId: string, now: Date): Promise<void> {
    await this.raw.updateMany(
      { patientId: oid(patientId) },
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
