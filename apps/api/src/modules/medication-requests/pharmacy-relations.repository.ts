import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { findByIdIf, oid, type Tx } from '../../platform/database';
import { MedicationRequest } from './medication-request.schema';
import type { RequestRecord } from './medication-requests.repository';

const ANSWERED = ['accepted', 'unavailable'] as const;

/** What a request keeps of its relation to one pharmacy. */
const RELATION = {
  patientId: 1,
  globalStatus: 1,
  selectedPharmacyId: 1,
  isPickedUp: 1,
  pickedUpAt: 1,
  expiresAt: 1,
  confirmationDeadline: 1,
  createdAt: 1,
  pharmacyResponses: 1,
} as const;

/** What has been between a patient and a pharmacy: the base of notes, reviews, ratings and conversations. */
@Injectable()
export class PharmacyRelationsRepository {
  constructor(@InjectModel(MedicationRequest.name) private readonly requests: Model<MedicationRequest>) {}

  private get raw() {
    return this.requests.collection;
  }

  /** Was a request of the patient ever addressed to the pharmacy? */
  async addressed(patientId: string, pharmacyId: string): Promise<boolean> {
    const pair = { patientId: oid(patientId), 'pharmacyResponses.pharmacyId': oid(pharmacyId) };
    return (await this.raw.findOne(pair, { projection: { _id: 1 } })) !== null;
  }

  /** Has the pharmacy ever answered a request of the patient with accepted or unavailable? */
  async answered(patientId: string, pharmacyId: string): Promise<boolean> {
    const entry = { pharmacyId: oid(pharmacyId), status: { $in: ANSWERED } };
    const pair = { patientId: oid(patientId), pharmacyResponses: { $elemMatch: entry } };
    return (await this.raw.findOne(pair, { projection: { _id: 1 } })) !== null;
  }

  /** The requests of the patient that were addressed to the pharmacy. */
  async between(patientId: string, pharmacyId: string): Promise<RequestRecord[]> {
    const pair = { patientId: oid(patientId), 'pharmacyResponses.pharmacyId': oid(pharmacyId) };
    return this.raw.find<RequestRecord>(pair, { projection: RELATION, batchSize: 1_000 }).toArray();
  }

  /** The request if it is the patient's. */
  async findOwn(patientId: string, requestId: string, tx: Tx): Promise<RequestRecord | null> {
    const own = (record: RequestRecord): boolean => record.patientId.equals(patientId);
    return findByIdIf<RequestRecord>(this.raw, oid(requestId), own, { session: tx.session });
  }

  /** Ids of the patient's requests that were picked up at the pharmacy, the last pick-up first. */
  async pickedUp(patientId: string, pharmacyId: string, tx: Tx): Promise<string[]> {
    const where = { patientId: oid(patientId), selectedPharmacyId: oid(pharmacyId), isPickedUp: true };
    const rows = await this.raw
      .find<RequestRecord>(where, { projection: { pickedUpAt: 1 }, session: tx.session, batchSize: 1_000 })
      .toArray();
    const at = (row: RequestRecord): number => row.pickedUpAt?.getTime() ?? 0;
    return rows
      .sort((a, b) => at(b) - at(a) || (a._id.toHexString() < b._id.toHexString() ? 1 : -1))
      .map(({ _id }) => _id.toHexString());
  }
}
