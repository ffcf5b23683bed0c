import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { oid } from '../../platform/database';
import { Account } from '../users';

/** A pharmacy that a request can go to. */
export interface ContactPharmacy {
  readonly id: string;
  readonly nomPharmacie: string;
  readonly adressePharmacie: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly distanceKm: number | null;
}

interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Pharmacies to address. */
@Injectable()
export class ContactPharmacies {
  constructor(@InjectModel(Account.name) private readonly accounts: Model<Account>) {}

  async activeByIds(ids: readonly string[], from: Place | null): Promise<ContactPharmacy[]> {
    const rows = await this.accounts.collection.find<Account>({ _id: { $in: ids.map(oid) } }).toArray();
    const active = new Map(rows.filter(isActive).map((row) => [row._id.toHexString(), row]));
    return ids.flatMap((id) => {
      const row = active.get(id);
      return row === undefined ? [] : [toContact(row, from)];
    });
  }

  async nearest(from: Place, radiusKm: number, limit: number): Promise<ContactPharmacy[]> {
    const rows = await this.accounts.collection
      .find<Account>({
        role: 'PHARMACIEN',
        statutCompte: 'ACTIF',
        location: {
          $nearSphere: {
            $geometry: { type: 'Point', coordinates: [from.longitude, from.latitude] },
            $maxDistance: radiusKm * 1_010,
          },
        },
      })
      .toArray();
    return rows
      .map((row) => toContact(row, from))
      .filter((row) => (row.distanceKm ?? 0) <= radiusKm)
      .sort((a, b) => (a.distanceKm ?? 0) - (b.distanceKm ?? 0))
      .slice(0, limit);
  }
}

function isActive(row: Account): boolean {
  return row.role === 'PHARMACIEN' && row.statutCompte === 'ACTIF' && row.deletedAt === undefined;
}

function toContact(row: Account, from: Place | null): ContactPharmacy {
  const { latitude = null, longitude = null } = row;
  return {
    id: row._id.toHexString(),
    nomPharmacie: row.nomPharmacie ?? '',
    adressePharmacie: row.adressePharmacie ?? null,
    latitude,
    longitude,
    distanceKm:
      from === null || latitude === null || longitude === null
        ? null
        : Math.round(distance(from, { latitude, longitude }) * 10) / 10,
  };
}

function distance(a: Place, b: Place): number {
  const rad = (deg: number): number => (deg * Math.PI) / 180;
  const h =
    Math.sin(rad(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * Math.sin(rad(b.longitude - a.longitude) / 2) ** 2;
  return 2 * 6_371 * Math.asin(Math.min(1, Math.sqrt(h)));
}
