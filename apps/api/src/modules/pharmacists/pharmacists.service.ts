import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail } from '../../access';
import { AppError } from '../../common/errors';
import { type Page, pageOf, pageRequest } from '../../common/pagination';
import { fold } from '../../common/text';
import { currentContext } from '../../platform/context/request-context';
import { showsVersion } from '../../platform/http';
import { BoostsService } from '../boosts';
import {
  type AccountRecord,
  AccountsRepository,
  type AccountView,
  PHARMACY_DEFAULTS,
  RunningBoosts,
  toPharmacyView,
  UsersService,
  withoutImages,
} from '../users';
import { distanceKm, type Place, shownKm } from './distance.policy';
import type { MedicineQuery, NearbyPharmacy, NearbyQuery, PharmaciesQuery } from './dto/pharmacist.dto';
import { PharmaciesRepository } from './pharmacies.repository';
import { PharmacyFacts } from './pharmacy-facts';
import { type HeldPharmacy, PharmacyOutlines } from './pharmacy-outlines.service';
import { nearestOf } from './pharmacy-search.service';

const DEFAULT_RADIUS_KM = 5;
const MAX_NEARBY = 20;

/** Pharmacies as others find and see them. */
@Injectable()
export class PharmacistsService {
  constructor(
    private readonly pharmacies: PharmaciesRepository,
    private readonly outlines: PharmacyOutlines,
    private readonly accounts: AccountsRepository,
    private readonly users: UsersService,
    private readonly boosts: BoostsService,
    private readonly running: RunningBoosts,
    private readonly facts: PharmacyFacts,
    private readonly audit: AuditTrail,
  ) {}

  /** ACTIF pharmacies around a place, nearest first, at most 20; one with a running boost from as far as that reaches. */
  async nearby(query: NearbyQuery): Promise<NearbyPharmacy[]> {
    const point: Place = { latitude: query.lat, longitude: query.lng };
    const radius = query.radius ?? DEFAULT_RADIUS_KM;
    const [all, boosts] = await Promise.all([this.outlines.all(), this.boosts.allRunning()]);
    const radiusOf = (id: string): number => Math.max(radius, boosts.get(id)?.radiusKm ?? 0);
    const widestKm = [...boosts.values()].reduce((widest, { radiusKm }) => Math.max(widest, radiusKm), radius);
    const near = nearestOf(all, point, { widestKm, of: radiusOf });
    const context = currentContext();
    if (context !== undefined && near.length > MAX_NEARBY) context.truncated = true;
    const ids = near.slice(0, MAX_NEARBY).map(({ pharmacy }) => pharmacy.id);
    // As stored now: what the outlines have not heard of yet is not shown as if it were so.
    return (await this.pharmacies.inOrder(ids, false)).flatMap((record) => {
      const { latitude, longitude } = record;
      if (record.statutCompte !== 'ACTIF' || latitude === undefined || longitude === undefined) return [];
      const km = distanceKm(point, { latitude, longitude });
      const id = record._id.toHexString();
      return km <= radiusOf(id) ? [toNearby(record, { latitude, longitude }, km, boosts.get(id)?.boostType)] : [];
    });
  }

  async list(actor: Actor, query: PharmaciesQuery): Promise<Page<AccountView>> {
    const name = query.nomPharmacie === undefined ? null : fold(query.nomPharmacie);
    const found = (await this.outlines.all()).filter(
      (pharmacy) =>
        isListed(actor, pharmacy) &&
        (name === null || pharmacy.name.includes(name)) &&
        (query.isOnDuty === undefined || pharmacy.isOnDuty === query.isOnDuty),
    );
    return this.page(found, query, () => ({}));
  }

  /** Pharmacies with a matching medicine; of the inventory the matching entries are shown. */
  async searchMedicine(actor: Actor, query: MedicineQuery): Promise<Page<AccountView>> {
    const wanted = fold(query.medicament);
    const found = (await this.outlines.offering(wanted)).filter((pharmacy) => isListed(actor, pharmacy));
    return this.page(found, query, ({ listeMedicamentsDisponibles = [] }) => ({
      listeMedicamentsDisponibles: listeMedicamentsDisponibles.filter((entry) => fold(entry).includes(wanted)),
    }));
  }

  /**
   * A pharmacy; the private view for itself and ADMIN. One that is not ACTIF is seen by these and by patients with a
   * request addressed to it.
   * @throws AppError NOT_FOUND
   */
  async get(actor: Actor, id: string): Promise<AccountView> {
    const pharmacy = await this.accounts.findByRole(id, 'PHARMACIEN');
    if (pharmacy === null) throw new AppError('NOT_FOUND');
    if (actor.id === id) return this.users.view(pharmacy);
    if (actor.role === 'ADMIN') {
      await this.audit.record({ action: 'user.read', actor, resource: 'user', resourceId: id });
      return this.users.view(pharmacy);
    }
    if (!(await this.isVisible(actor, pharmacy))) throw new AppError('NOT_FOUND');
    return this.publicView(pharmacy);
  }

  /** The public view with the running boost; names the version for the ETag. */
  async publicView(pharmacy: AccountRecord): Promise<AccountView> {
    const id = pharmacy._id.toHexString();
    showsVersion(pharmacy.__v);
    return toPharmacyView(pharmacy, (await this.running.of([id])).get(id));
  }

  /** May the caller, neither the pharmacy itself nor ADMIN, see it? */
  async isVisible(actor: Actor, pharmacy: AccountRecord): Promise<boolean> {
    if (pharmacy.statutCompte === 'ACTIF') return true;
    return actor.role === 'PATIENT' && (await this.facts.addressed(actor.id, pharmacy._id.toHexString()));
  }

  private async page(
    found: readonly HeldPharmacy[],
    query: { page?: number; limit?: number },
    inventoryOf: (pharmacy: AccountRecord) => object,
  ): Promise<Page<AccountView>> {
    const request = pageRequest(query);
    const skip = (request.page - 1) * request.limit;
    const ids = found.slice(skip, skip + request.limit).map(({ id }) => id);
    const [records, boosts] = await Promise.all([this.pharmacies.inOrder(ids, true), this.running.of(ids)]);
    const data = records.map((record) => {
      const { listeMedicamentsDisponibles: _inventory, ...view } = withoutImages(
        toPharmacyView(record, boosts.get(record._id.toHexString())),
      );
      return { ...view, ...inventoryOf(record) };
    });
    return pageOf(data, found.length, request);
  }
}

function isListed(actor: Actor, { statutCompte }: HeldPharmacy): boolean {
  return statutCompte === 'ACTIF' || actor.role === 'ADMIN';
}

function toNearby(record: AccountRecord, place: Place, km: number, boostType = 'free'): NearbyPharmacy {
  const { adressePharmacie, telephonePharmacie } = record;
  return {
    _id: record._id.toHexString(),
    nomPharmacie: record.nomPharmacie ?? '',
    ...(adressePharmacie === undefined ? {} : { adressePharmacie }),
    ...(telephonePharmacie === undefined ? {} : { telephonePharmacie }),
    ...place,
    distance: shownKm(km),
    badgeLevel: record.badgeLevel ?? PHARMACY_DEFAULTS.badgeLevel,
    averageRating: record.averageRating ?? 0,
    averageResponseTime: record.averageResponseTime ?? 0,
    isOnDuty: record.isOnDuty ?? false,
    boostType,
    workingHours: record.workingHours ?? PHARMACY_DEFAULTS.workingHours,
  };
}
