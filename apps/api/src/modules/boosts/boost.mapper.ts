import { effectiveStatus } from './boost.policy';
import type { BoostRecord } from './boosts.repository';
import type { BoostResponse } from './dto/boost.dto';

/** A boost as its pharmacy sees it. */
export function toBoost(boost: BoostRecord, now: Date): BoostResponse {
  return {
    _id: boost._id.toHexString(),
    pharmacyId: boost.pharmacyId.toHexString(),
    boostType: boost.boostType,
    price: boost.price,
    radiusKm: boost.radiusKm,
    startsAt: boost.startsAt,
    expiresAt: boost.expiresAt,
    status: effectiveStatus(boost, now),
    paymentStatus: boost.paymentStatus,
    createdAt: boost.createdAt,
    updatedAt: boost.updatedAt,
  };
}
