import { displayName } from '../../common/names';
import type { AccountSummary } from '../users';
import { breakdownOf } from './medication-request.policy';
import type { MedicationRequest, PharmacyEntry } from './medication-request.schema';
import type {
  ContactedPharmacyResponse,
  MedicationRequestResponse,
  PharmacyEntryResponse,
  PharmacyReference,
} from './dto/medication-request.dto';

type Accounts = ReadonlyMap<string, AccountSummary>;

/** How a route names the selected pharmacy. */
export type SelectedAs = 'id' | 'name' | 'contact';

/** Who looks: the patient, or the pharmacy of that id. */
export type Viewer = { readonly side: 'patient' } | { readonly side: 'pharmacy'; readonly pharmacyId: string };

/** How a request is shown. */
export interface Showing {
  readonly viewer: Viewer;
  readonly accounts: Accounts;
  /** Default: by its id. */
  readonly selectedAs?: SelectedAs;
  /** Pharmacies of the entries as objects (the patient's own list); default by id. */
  readonly pharmaciesAsObjects?: boolean;
}

/** A request as the viewer sees it. @param record the effective one (see `medication-request.policy`) */
export function toMedicationRequest(record: MedicationRequest, showing: Showing): MedicationRequestResponse {
  const { viewer, accounts, selectedAs = 'id' } = showing;
  const patientId = record.patientId.toHexString();
  const entries =
    viewer.side === 'patient'
      ? record.pharmacyResponses
      : record.pharmacyResponses.filter((entry) => entry.pharmacyId.equals(viewer.pharmacyId));
  const selected = record.selectedPharmacyId?.toHexString() ?? null;
  return {
    _id: record._id.toHexString(),
    patientId,
    patientName: displayName(accounts.get(patientId)),
    medicationName: record.medicationName,
    dosage: record.dosage,
    quantity: record.quantity,
    ...(record.format === undefined ? {} : { format: record.format }),
    urgencyLevel: record.urgencyLevel,
    ...(record.patientNote === undefined ? {} : { patientNote: record.patientNote }),
    pharmacyResponses: entries.map((entry) => toEntry(entry, showing)),
    globalStatus: record.globalStatus,
    selectedPharmacyId: selected === null || selectedAs === 'id' ? selected : reference(selected, accounts, selectedAs),
    isPickedUp: record.isPickedUp,
    pickedUpAt: record.pickedUpAt ?? null,
    expiresAt: record.expiresAt,
    confirmationDeadline: record.confirmationDeadline,
    ...(record.patientLocation === undefined || viewer.side === 'pharmacy'
      ? {}
      : { patientLocation: { type: 'Point', coordinates: record.patientLocation.coordinates } }),
    ...(record.requestRadiusKm === undefined ? {} : { requestRadiusKm: record.requestRadiusKm }),
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}

function toEntry(entry: PharmacyEntry, { viewer, accounts, pharmaciesAsObjects }: Showing): PharmacyEntryResponse {
  const id = entry.pharmacyId.toHexString();
  const account = accounts.get(id);
  const erased = account === undefined || account.deletedAt !== null;
  return {
    pharmacyId: pharmaciesAsObjects === true ? reference(id, accounts, 'contact') : id,
    pharmacyName: erased ? displayName(account) : (entry.pharmacyName ?? displayName(account)),
    ...(erased ? {} : placeOf(entry)),
    ...(entry.distanceKm === undefined ? {} : { distanceKm: entry.distanceKm }),
    status: entry.status,
    ...answerOf(entry),
    ...(viewer.side === 'patient'
      ? {}
      : { pointsAwarded: entry.pointsAwarded, pointsBreakdown: { ...breakdownOf(entry) } }),
  };
}

function placeOf({ pharmacyAddress, pharmacyCoordinates }: PharmacyEntry) {
  return {
    ...(pharmacyAddress === undefined ? {} : { pharmacyAddress }),
    ...(pharmacyCoordinates === undefined ? {} : { pharmacyCoordinates }),
  };
}

function answerOf(entry: PharmacyEntry): Partial<PharmacyEntryResponse> {
  const { responseTime, respondedAt, indicativePrice, preparationDelay, pharmacyMessage, pickupDeadline } = entry;
  return {
    ...(responseTime === undefined ? {} : { responseTime }),
    ...(respondedAt === undefined ? {} : { respondedAt }),
    ...(indicativePrice === undefined ? {} : { indicativePrice }),
    ...(preparationDelay === undefined ? {} : { preparationDelay }),
    ...(pharmacyMessage === undefined ? {} : { pharmacyMessage }),
    ...(pickupDeadline === undefined ? {} : { pickupDeadline }),
  };
}

function reference(id: string, accounts: Accounts, as: 'name' | 'contact'): PharmacyReference {
  const account = accounts.get(id);
  const named = { _id: id, nomPharmacie: displayName(account) };
  if (as === 'name' || account === undefined) return named;
  const { adressePharmacie, telephonePharmacie } = account;
  return {
    ...named,
    ...(adressePharmacie === null ? {} : { adressePharmacie }),
    ...(telephonePharmacie === null ? {} : { telephonePharmacie }),
  };
}

/** The pharmacies that a new request was sent to. */
export function toContacted(record: MedicationRequest): ContactedPharmacyResponse[] {
  return record.pharmacyResponses.map((entry) => ({
    pharmacyId: entry.pharmacyId.toHexString(),
    pharmacyName: entry.pharmacyName ?? '',
    ...(entry.pharmacyAddress === undefined ? {} : { pharmacyAddress: entry.pharmacyAddress }),
    distanceKm: entry.distanceKm ?? null,
    status: 'pending',
    ...(entry.pharmacyCoordinates === undefined
      ? {}
      : { latitude: entry.pharmacyCoordinates[1], longitude: entry.pharmacyCoordinates[0] }),
  }));
}

/** Ids of everybody whom the requests name. */
export function peopleOf(records: readonly MedicationRequest[]): Set<string> {
  return new Set(
    records.flatMap((record) => [
      record.patientId.toHexString(),
      ...record.pharmacyResponses.map((entry) => entry.pharmacyId.toHexString()),
      ...(record.selectedPharmacyId === undefined ? [] : [record.selectedPharmacyId.toHexString()]),
    ]),
  );
}
