import { AppError } from '../../common/errors';
import { REQUEST_MACHINE, RESPONSE_MACHINE } from './medication-request.machine';
import type {
  Answer,
  GlobalStatus,
  MedicationRequest,
  PharmacyEntry,
  PointsBreakdown,
  PreparationDelay,
} from './medication-request.schema';

type ObjectId = MedicationRequest['_id'];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Pick-up may be promised at most this far ahead, ms. */
export const MAX_PICKUP_AHEAD_MS = 7 * DAY_MS;

/** More open requests than this a patient may not have. */
export const MAX_OPEN_REQUESTS = 10;

const EXPIRY_POINTS: PointsBreakdown = { basePoints: -2, bonusPoints: 0, reason: 'left to expire' };
const NO_POINTS: PointsBreakdown = { basePoints: 0, bonusPoints: 0, reason: '' };

/** What changes of a request; everything else stays as it is stored. */
export type RequestState = Pick<
  MedicationRequest,
  | 'pharmacyResponses'
  | 'globalStatus'
  | 'selectedPharmacyId'
  | 'isPickedUp'
  | 'pickedUpAt'
  | 'confirmationDeadline'
  | 'dueAt'
>;

/** A pending entry that ended without a response. */
export interface ExpiredEntry {
  readonly pharmacyId: string;
  /** Points by the table: -2 when its time ran out, 0 when the request ended before. */
  readonly points: number;
}

/** A change that was found legal: the request as it will be, and whose entries ended with it. */
export interface RequestPlan {
  readonly next: MedicationRequest;
  readonly expired: readonly ExpiredEntry[];
}

/** What a pharmacy answers. */
export interface PharmacyAnswer {
  readonly status: Answer;
  readonly indicativePrice?: number;
  readonly preparationDelay?: PreparationDelay;
  readonly pharmacyMessage?: string;
  readonly pickupDeadline?: Date;
}

/** The entry of a pharmacy, if the request is addressed to it. */
export function entryOf(record: MedicationRequest, pharmacyId: string): PharmacyEntry | null {
  return record.pharmacyResponses.find((entry) => entry.pharmacyId.equals(pharmacyId)) ?? null;
}

/** First deadline of a new request: 24 hours, in which an accepted offer can be confirmed. */
export function firstDeadline(createdAt: Date): Date {
  return new Date(createdAt.getTime() + DAY_MS);
}

/** Whole minutes from creation to response; a started minute does not count. */
function responseMinutes(createdAt: Date, respondedAt: Date): number {
  return Math.max(0, Math.floor((respondedAt.getTime() - createdAt.getTime()) / MINUTE_MS));
}

/** Points of a response (contract 40 section 4.1). */
function pointsOf(status: Answer, minutes: number): PointsBreakdown {
  if (status === 'unavailable') return { basePoints: 5, bonusPoints: 0, reason: 'unavailable' };
  if (status !== 'accepted') return { basePoints: 0, bonusPoints: 0, reason: status };
  const [bonusPoints, reason] =
    minutes < 30
      ? [20, 'accepted within 30 minutes']
      : minutes < 60
        ? [15, 'accepted within 60 minutes']
        : minutes < 120
          ? [5, 'accepted within 120 minutes']
          : [0, 'accepted'];
  return { basePoints: 10, bonusPoints, reason };
}

/** The breakdown that is shown of an entry. */
export function breakdownOf(entry: PharmacyEntry): PointsBreakdown {
  return entry.pointsBreakdown ?? NO_POINTS;
}

/** Pending entries ended: by time with loss of points, at the end of their time; otherwise now and without. */
function withoutPending(record: MedicationRequest, now: Date): RequestPlan {
  const late = record.expiresAt <= now;
  const expired: ExpiredEntry[] = [];
  const pharmacyResponses = record.pharmacyResponses.map((entry): PharmacyEntry => {
    if (!RESPONSE_MACHINE.can(entry.status, 'expired')) return entry;
    const points = late ? EXPIRY_POINTS.basePoints : 0;
    expired.push({ pharmacyId: entry.pharmacyId.toHexString(), points });
    return {
      ...entry,
      status: 'expired',
      expiredAt: late ? record.expiresAt : now,
      pointsAwarded: points,
      ...(late ? { pointsBreakdown: EXPIRY_POINTS } : {}),
    };
  });
  return { next: { ...record, pharmacyResponses }, expired };
}

function hasAccepted(record: MedicationRequest): boolean {
  return record.pharmacyResponses.some((entry) => entry.status === 'accepted');
}

/** What time alone has changed since the request was stored; null when that is nothing. */
export function planExpiry(record: MedicationRequest, now: Date): RequestPlan | null {
  if (record.globalStatus !== 'open' || record.expiresAt > now) return null;
  const { next, expired } = withoutPending(record, now);
  const over = !hasAccepted(record) || record.confirmationDeadline <= now;
  if (over) return { next: { ...next, globalStatus: 'expired' }, expired };
  // Settled until the deadline; an entry that needs nothing else is looked at no more before.
  const settled = record.dueAt === undefined || record.dueAt >= record.confirmationDeadline;
  return expired.length === 0 && settled ? null : { next: { ...next, dueAt: record.confirmationDeadline }, expired };
}

/** The request as it counts at `now`, whether or not the job has written it down. */
export function effective(record: MedicationRequest, now: Date): MedicationRequest {
  return planExpiry(record, now)?.next ?? record;
}

/** Is it open at `now`? */
export function isOpen(record: MedicationRequest, now: Date): boolean {
  return effective(record, now).globalStatus === 'open';
}

/** @throws AppError ILLEGAL_TRANSITION, ALREADY_PICKED_UP */
function assertMay(record: MedicationRequest, to: GlobalStatus): void {
  if (record.isPickedUp) throw new AppError('ALREADY_PICKED_UP');
  if (!REQUEST_MACHINE.can(record.globalStatus, to)) throw new AppError('ILLEGAL_TRANSITION');
}

/**
 * A pharmacy's one response.
 * @throws AppError NOT_FOUND (not addressed), ALREADY_ANSWERED, REQUEST_NOT_OPEN
 */
export function planResponse(
  record: MedicationRequest,
  pharmacyId: string,
  answer: PharmacyAnswer,
  now: Date,
): { readonly next: MedicationRequest; readonly entry: PharmacyEntry } {
  const own = entryOf(record, pharmacyId);
  if (own === null) throw new AppError('NOT_FOUND');
  if (own.status !== 'pending' && own.status !== 'expired') throw new AppError('ALREADY_ANSWERED');
  if (record.globalStatus !== 'open' || record.expiresAt <= now || !RESPONSE_MACHINE.can(own.status, answer.status))
    throw new AppError('REQUEST_NOT_OPEN');
  const responseTime = responseMinutes(record.createdAt, now);
  const pointsBreakdown = pointsOf(answer.status, responseTime);
  const entry: PharmacyEntry = {
    ...own,
    ...answer,
    responseTime,
    respondedAt: now,
    pointsBreakdown,
    pointsAwarded: pointsBreakdown.basePoints + pointsBreakdown.bonusPoints,
  };
  const promised = answer.status === 'accepted' ? answer.pickupDeadline : undefined;
  const moves = promised !== undefined && promised > record.confirmationDeadline;
  return {
    entry,
    next: {
      ...record,
      pharmacyResponses: record.pharmacyResponses.map((other) => (other === own ? entry : other)),
      ...(moves ? { confirmationDeadline: promised } : {}),
    },
  };
}

/**
 * The patient takes the offer of a pharmacy.
 * @throws AppError ALREADY_PICKED_UP, ILLEGAL_TRANSITION, PHARMACY_NOT_ACCEPTED
 */
export function planConfirm(record: MedicationRequest, pharmacyId: ObjectId, now: Date): RequestPlan {
  assertMay(effective(record, now), 'confirmed');
  if (entryOf(record, pharmacyId.toHexString())?.status !== 'accepted') throw new AppError('PHARMACY_NOT_ACCEPTED');
  const { next, expired } = withoutPending(record, now);
  return { next: { ...next, globalStatus: 'confirmed', selectedPharmacyId: pharmacyId }, expired };
}

/**
 * The patient fetches the medication at a pharmacy; without a selection before, this is one.
 * @throws AppError NOT_FOUND (not addressed), ALREADY_PICKED_UP, PICKUP_NOT_ALLOWED, ILLEGAL_TRANSITION
 */
export function planPickup(record: MedicationRequest, pharmacyId: ObjectId, now: Date): RequestPlan {
  const own = entryOf(record, pharmacyId.toHexString());
  if (own === null) throw new AppError('NOT_FOUND');
  if (record.isPickedUp) throw new AppError('ALREADY_PICKED_UP');
  const { selectedPharmacyId } = record;
  if (own.status !== 'accepted' || (selectedPharmacyId !== undefined && !selectedPharmacyId.equals(pharmacyId)))
    throw new AppError('PICKUP_NOT_ALLOWED');
  const current = effective(record, now);
  if (current.globalStatus !== 'confirmed') assertMay(current, 'confirmed');
  const { next, expired } = withoutPending(record, now);
  return {
    next: { ...next, globalStatus: 'confirmed', selectedPharmacyId: pharmacyId, isPickedUp: true, pickedUpAt: now },
    expired,
  };
}

/** The patient gives the request up. @throws AppError ALREADY_PICKED_UP, ILLEGAL_TRANSITION */
export function planCancel(record: MedicationRequest, now: Date): RequestPlan {
  assertMay(effective(record, now), 'closed');
  const { next, expired } = withoutPending(record, now);
  return { next: { ...next, globalStatus: 'closed' }, expired };
}

/** Ends the pending entry of an erased pharmacy without loss of points; null when there is none. */
export function planWithdrawal(record: MedicationRequest, pharmacyId: string, now: Date): MedicationRequest | null {
  const own = entryOf(record, pharmacyId);
  if (own === null || !RESPONSE_MACHINE.can(own.status, 'expired')) return null;
  const ended: PharmacyEntry = { ...own, status: 'expired', expiredAt: now };
  return {
    ...record,
    pharmacyResponses: record.pharmacyResponses.map((entry) => (entry === own ? ended : entry)),
  };
}

/** Ids of the pharmacies that accepted, but for one. */
export function acceptedBut(record: MedicationRequest, pharmacyId: ObjectId | null): string[] {
  return record.pharmacyResponses
    .filter((entry) => entry.status === 'accepted' && (pharmacyId === null || !entry.pharmacyId.equals(pharmacyId)))
    .map((entry) => entry.pharmacyId.toHexString());
}
