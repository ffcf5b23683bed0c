import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { findByIdIf, oid, type Tx } from '../../platform/database';
import { entryOf } from './medication-request.policy';
import { MedicationRequest } from './medication-request.schema';
import type { RequestRecord } from './medication-requests.repository';

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

  /** The requests of the patient that were addressed to the pharmacy. */
  async between(patientId: string, pharmacyId: string): Promise<RequestRecord[]> {
    return (await this.ofPatient(patientId)).filter((record) => entryOf(record, pharmacyId) !== null);
  }

  /** Ids of all patients of requests that were addressed to the pharmacy. */
  async patientsOf(pharmacyId: string): Promise<string[]> {
    const ids = await this.raw.distinct('patientId', { 'pharmacyResponses.pharmacyId': oid(pharmacyId) });
    return ids.map(String);
  }

  /** The request if it is the patient's. */
  async findOwn(patientId: string, requestId: string, tx: Tx): Promise<RequestRecord | null> {
    const own = (record: RequestRecord): boolean => record.patientId.equals(patientId);
    return findByIdIf<RequestRecord>(this.raw, oid(requestId), own, { session: tx.session });
  }

  /** Ids of the patient's requests that were picked up at the pharmacy, the last pick-up first. */
  async pickedUp(patientId: string, pharmacyId: string, tx: Tx): Promise<string[]> {
    const rows = (await this.ofPatient(patientId, tx)).filter(
      (record) => record.isPickedUp && record.selectedPharmacyId?.equals(pharmacyId) === true,
    );
    const at = (row: RequestRecord): number => row.pickedUpAt?.getTime() ?? 0;
    return rows
      .sort((a, b) => at(b) - at(a) || (a._id.toHexString() < b._id.toHexString() ? 1 : -1))
      .map(({ _id }) => _id.toHexString());
  }

  /** All requests of a patient. What is wanted of them is judged in code (see `MedicationRequestsRepository`). */
  private async ofPatient(patientId: string, tx?: Tx): Promise<RequestRecord[]> {
    const options = { projection: RELATION, batchSize: 1_000, ...(tx === undefined ? {} : { session: tx.session }) };
    return this.raw.find<RequestRecord>({ patientId: oid(patientId) }, options).toArray();
  }
}
