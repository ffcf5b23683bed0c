import type { Tx } from '../../platform/database';
import type { MedicationRequest } from './medication-request.schema';

/** `data.event` of the notifications of type medication (contract 70 section 3). */
export type MedicationEvent =
  | 'medication_requested'
  | 'medication_accepted'
  | 'medication_unavailable'
  | 'medication_declined'
  | 'medication_confirmed'
  | 'medication_cancelled'
  | 'medication_not_selected'
  | 'medication_expired';

/** Payload of {@link MEDICATION_CHANGED}. */
export interface MedicationChanged {
  readonly requestId: string;
  readonly patientId: string;
  readonly event: MedicationEvent;
  readonly urgent: boolean;
  /** The pharmacies that are told; without any, the patient is. */
  readonly pharmacyIds: readonly string[];
  /** What the patient is told of: the pharmacy that answered. */
  readonly byPharmacyId: string | null;
}

/** Topic of {@link MedicationChanged}. */
export const MEDICATION_CHANGED = 'medication-request.changed';

/** Stores what happened to a request; one request's events are delivered in order. */
function emit(
  tx: Tx,
  record: MedicationRequest,
  event: MedicationEvent,
  about: Pick<MedicationChanged, 'pharmacyIds' | 'byPharmacyId'>,
): void {
  const requestId = record._id.toHexString();
  const payload: MedicationChanged = {
    requestId,
    patientId: record.patientId.toHexString(),
    event,
    urgent: record.urgencyLevel === 'urgent',
    ...about,
  };
  tx.emit({ topic: MEDICATION_CHANGED, key: `medication-request:${requestId}`, payload: { ...payload } });
}

/** Tells pharmacies; nothing is stored when there is none to tell. */
export function tellPharmacies(
  tx: Tx,
  record: MedicationRequest,
  event: MedicationEvent,
  pharmacyIds: readonly string[],
): void {
  if (pharmacyIds.length > 0) emit(tx, record, event, { pharmacyIds, byPharmacyId: null });
}

/** Tells the patient. @param byPharmacyId the pharmacy that acted; null for the system */
export function tellPatient(
  tx: Tx,
  record: MedicationRequest,
  event: MedicationEvent,
  byPharmacyId: string | null,
): void {
  emit(tx, record, event, { pharmacyIds: [], byPharmacyId });
}
