import { Injectable } from '@nestjs/common';
import type { AccountRecord } from '../users';
import { beyondLatitude, distanceKm, type Place } from './distance.policy';
import { PharmaciesRepository } from './pharmacies.repository';
import { type HeldPharmacy, PharmacyOutlines } from './pharmacy-outlines.service';

/** A pharmacy that a patient may turn to. */
export interface FoundPharmacy {
  readonly id: string;
  readonly nomPharmacie: string;
  readonly adressePharmacie: string | null;
  readonly telephonePharmacie: string | null;
  /** Null without coordinates. */
  readonly place: Place | null;
}

/** A pharmacy and how far it is. */
export interface NearPharmacy extends FoundPharmacy {
  readonly place: Place;
  /** Great-circle distance, not rounded. */
  readonly distanceKm: number;
}

/** ACTIF pharmacies by place and by id. */
@Injectable()
export class PharmacySearch {
  constructor(
    private readonly outlines: PharmacyOutlines,
    private readonly pharmacies: PharmaciesRepository,
  ) {}

  /**
   * The ACTIF pharmacies at most `radiusKm` away, nearest first, at most `limit`. Status and place of those found are as
   * stored now. Not for use inside a transaction.
   */
  async nearest(point: Place, radiusKm: number, limit: number): Promise<NearPharmacy[]> {
    const all = await this.outlines.all();
    const near = nearestOf(all, point, { widestKm: radiusKm, of: () => radiusKm }).slice(0, limit);
    const stored = await this.activeByIds(near.map(({ pharmacy }) => pharmacy.id));
    return stored
      .flatMap((pharmacy) => {
        const { place } = pharmacy;
        return place === null ? [] : [{ ...pharmacy, place, distanceKm: distanceKm(point, place) }];
      })
      .filter((pharmacy) => pharmacy.distanceKm <= radiusKm)
      .sort((a, b) => a.distanceKm - b.distanceKm || (a.id < b.id ? -1 : 1));
  }

  /** The ACTIF pharmacies among some ids, in their order. One database read. */
  async activeByIds(ids: readonly string[]): Promise<FoundPharmacy[]> {
    const records = await this.pharmacies.inOrder(ids, false);
    return records.filter((record) => record.statutCompte === 'ACTIF').map(toFound);
  }
}

/** How far each pharmacy reaches, and the farthest that any does: most are passed over without asking. */
export interface Reach {
  readonly widestKm: number;
  readonly of: (id: string) => number;
}

/** ACTIF pharmacies that reach a place, nearest first; ties by id. */
export function nearestOf(
  all: readonly HeldPharmacy[],
  point: Place,
  reach: Reach,
): { pharmacy: HeldPharmacy; km: number }[] {
  const found: { pharmacy: HeldPharmacy; km: number }[] = [];
  for (const pharmacy of all) {
    const place = placeOfOutline(pharmacy);
    if (pharmacy.statutCompte !== 'ACTIF' || place === null || beyondLatitude(point, place, reach.widestKm)) continue;
    const km = distanceKm(point, place);
    if (km <= reach.of(pharmacy.id)) found.push({ pharmacy, km });
  }
  return found.sort((a, b) => a.km - b.km || (a.pharmacy.id < b.pharmacy.id ? -1 : 1));
}

function placeOfOutline({ latitude, longitude }: HeldPharmacy): Place | null {
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

function toFound(record: AccountRecord): FoundPharmacy {
  const { latitude, longitude } = record;
  return {
    id: record._id.toHexString(),
    nomPharmacie: record.nomPharmacie ?? '',
    adressePharmacie: record.adressePharmacie ?? null,
    telephonePharmacie: record.telephonePharmacie ?? null,
    place: latitude === undefined || longitude === undefined ? null : { latitude, longitude },
  };
}
