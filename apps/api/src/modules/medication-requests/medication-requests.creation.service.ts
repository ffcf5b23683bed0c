import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from '../../access';
import { AppError, invalidField } from '../../common/errors';
import { Clock } from '../../common/time';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { LimitLocks, oid, type Tx, UnitOfWork } from '../../platform/database';
import { showsVersion } from '../../platform/http';
import { distanceKm, type FoundPharmacy, PharmacySearch, type Place, shownKm } from '../pharmacists';
import { AccountDirectory, AccountsRepository } from '../users';
import type { ContactedPharmacyResponse, MedicationRequestResponse } from './dto/medication-request.dto';
import type { CreatedForPatient, CreatedMedicationRequest } from './dto/medication-request.dto';
import { type CreateMedicationRequestBody, DEFAULT_RADIUS_KM, MAX_CONTACTED } from './dto/medication-request-input.dto';
import { tellPharmacies } from './medication-request.events';
import { peopleOf, toContacted, toMedicationRequest } from './medication-request.mapper';
import { firstDeadline, isOpen, MAX_OPEN_REQUESTS, MAX_PICKUP_AHEAD_MS } from './medication-request.policy';
import type { PharmacyEntry } from './medication-request.schema';
import { MedicationRequestsRepository, type NewRequest, type RequestRecord } from './medication-requests.repository';
import { RequestLedger } from './request-ledger.service';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Whom a new request goes to. */
interface Audience {
  readonly pharmacies: readonly FoundPharmacy[];
  readonly place: Place | null;
  /** Null when the patient chose the pharmacies. */
  readonly radiusKm: number | null;
}

interface Created {
  readonly request: MedicationRequestResponse;
  readonly contactedPharmacies: ContactedPharmacyResponse[];
  readonly radiusKm: number | null;
}

/** Makes requests and sends them to pharmacies. */
@Injectable()
export class MedicationRequestCreation {
  constructor(
    private readonly requests: MedicationRequestsRepository,
    private readonly pharmacies: PharmacySearch,
    private readonly accounts: AccountsRepository,
    private readonly directory: AccountDirectory,
    private readonly ledger: RequestLedger,
    private readonly locks: LimitLocks,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws AppError as `make` */
  async create(actor: Actor, body: CreateMedicationRequestBody): Promise<CreatedMedicationRequest> {
    return this.make(actor, body, ({ request, ...rest }) => ({ ...request, ...rest }));
  }

  /** The same under a key of its own. @throws AppError as `make` */
  async createForPatient(actor: Actor, body: CreateMedicationRequestBody): Promise<CreatedForPatient> {
    return this.make(actor, body, (created) => ({ success: true, ...created }));
  }

  /**
   * Sends a request to the chosen pharmacies, or to the nearest 20 within the radius.
   * @throws AppError VALIDATION_FAILED, LOCATION_REQUIRED, NOT_FOUND with the ids of pharmacies that cannot be
   * addressed, NO_PHARMACY_IN_RADIUS, TOO_MANY_OPEN_REQUESTS
   */
  private async make<T>(actor: Actor, body: CreateMedicationRequestBody, answer: (created: Created) => T): Promise<T> {
    // The search comes first: geospatial queries do not run inside a transaction.
    const audience = await this.audienceOf(actor, body);
    const lanes = [`medication-requests:${actor.id}`, ...audience.pharmacies.map(({ id }) => `account:${id}`)];
    return this.work.respond(
      async (tx) => {
        const now = this.clock.now();
        await this.assertFewOpen(tx, actor.id, now);
        const record = await this.requests.insert(tx, this.newRequest(actor.id, body, audience, now), now);
        await this.ledger.received(tx, record);
        const ids = record.pharmacyResponses.map((entry) => entry.pharmacyId.toHexString());
        tellPharmacies(tx, record, 'medication_requested', ids);
        return answer(await this.show(record, audience.radiusKm));
      },
      { lanes },
    );
  }

  private async show(record: RequestRecord, radiusKm: number | null): Promise<Created> {
    const accounts = await this.directory.find(peopleOf([record]));
    showsVersion(record.__v);
    return {
      request: toMedicationRequest(record, { viewer: { side: 'patient' }, accounts }),
      contactedPharmacies: toContacted(record),
      radiusKm,
    };
  }

  private async assertFewOpen(tx: Tx, patientId: string, now: Date): Promise<void> {
    await this.locks.take(tx, `open-requests:${patientId}`);
    // No promise reaches further than seven days after the last moment to respond; one more day for clocks that differ.
    const ttlMs = this.config.care.medicationRequestTtlMinutes * MINUTE_MS;
    const since = new Date(now.getTime() - ttlMs - MAX_PICKUP_AHEAD_MS - DAY_MS);
    const open = (await this.requests.storedOpenOf(tx, patientId, since)).filter((record) => isOpen(record, now));
    if (open.length >= MAX_OPEN_REQUESTS) throw new AppError('TOO_MANY_OPEN_REQUESTS');
  }

  private async audienceOf(actor: Actor, body: CreateMedicationRequestBody): Promise<Audience> {
    const place = await this.placeOf(actor, body);
    const { targetPharmacyIds, radiusKm = DEFAULT_RADIUS_KM } = body;
    if (targetPharmacyIds !== undefined) {
      const pharmacies = await this.pharmacies.activeByIds(targetPharmacyIds);
      const found = new Set(pharmacies.map(({ id }) => id));
      const missing = targetPharmacyIds.filter((id) => !found.has(id));
      if (missing.length > 0) throw new AppError('NOT_FOUND', { details: { pharmacyIds: missing } });
      return { pharmacies, place, radiusKm: null };
    }
    if (place === null) throw new AppError('LOCATION_REQUIRED');
    const pharmacies = await this.pharmacies.nearest(place, radiusKm, MAX_CONTACTED);
    if (pharmacies.length === 0) throw new AppError('NO_PHARMACY_IN_RADIUS');
    return { pharmacies, place, radiusKm };
  }

  /** The place that was sent, else the account's. @throws AppError VALIDATION_FAILED when one coordinate is missing */
  private async placeOf(actor: Actor, body: CreateMedicationRequestBody): Promise<Place | null> {
    const { patientLatitude, patientLongitude } = body;
    if ((patientLatitude === undefined) !== (patientLongitude === undefined))
      throw invalidField(
        patientLatitude === undefined ? 'patientLatitude' : 'patientLongitude',
        'both',
        'is required together with the other coordinate',
        "est requis avec l'autre coordonnée",
      );
    if (patientLatitude !== undefined && patientLongitude !== undefined)
      return { latitude: patientLatitude, longitude: patientLongitude };
    const account = await this.accounts.findById(actor.id);
    const { latitude, longitude } = account ?? {};
    return latitude === undefined || longitude === undefined ? null : { latitude, longitude };
  }

  private newRequest(patientId: string, body: CreateMedicationRequestBody, to: Audience, now: Date): NewRequest {
    const { medicationName, dosage, quantity, format, urgencyLevel = 'normal', patientNote } = body;
    const { place, radiusKm } = to;
    const expiresAt = new Date(now.getTime() + this.config.care.medicationRequestTtlMinutes * MINUTE_MS);
    return {
      patientId: oid(patientId),
      medicationName,
      dosage,
      quantity,
      ...(format === undefined ? {} : { format }),
      urgencyLevel,
      ...(patientNote === undefined ? {} : { patientNote }),
      pharmacyResponses: to.pharmacies.map((pharmacy) => toEntry(pharmacy, place)),
      globalStatus: 'open',
      isPickedUp: false,
      expiresAt,
      dueAt: expiresAt,
      confirmationDeadline: firstDeadline(now),
      ...(place === null ? {} : { patientLocation: { type: 'Point', coordinates: [place.longitude, place.latitude] } }),
      ...(radiusKm === null ? {} : { requestRadiusKm: radiusKm }),
    };
  }
}

function toEntry(pharmacy: FoundPharmacy, from: Place | null): PharmacyEntry {
  const { id, nomPharmacie, adressePharmacie, place } = pharmacy;
  return {
    pharmacyId: oid(id),
    status: 'pending',
    pointsAwarded: 0,
    pharmacyName: nomPharmacie,
    ...(adressePharmacie === null ? {} : { pharmacyAddress: adressePharmacie }),
    ...(place === null ? {} : { pharmacyCoordinates: [place.longitude, place.latitude] as const }),
    ...(place === null || from === null ? {} : { distanceKm: shownKm(distanceKm(from, place)) }),
  };
}
