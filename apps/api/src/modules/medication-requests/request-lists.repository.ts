import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { accentInsensitivePattern } from '../../common/text';
import { atOrAfter, oid, readNewestWindowed, windowFilter, WindowMemory } from '../../platform/database';
import { MedicationRequest, type ResponseStatus } from './medication-request.schema';
import type { RequestRecord } from './medication-requests.repository';

/** Which requests of a history are wanted; null means any. */
export interface HistoryFilter {
  /** The pharmacy's own response. */
  readonly status: ResponseStatus | null;
  readonly from: Date | null;
  /** Exclusive. */
  readonly until: Date | null;
  readonly medicationName: string | null;
  /** Decides which pending ones have expired. */
  readonly now: Date;
}

const DAY_MS = 86_400_000;
const SPANS_DAYS = [1, 7, 30, 365] as const;

/** Lists of requests, newest first. */
@Injectable()
export class RequestListsRepository {
  private readonly windows = new WindowMemory();

  constructor(@InjectModel(MedicationRequest.name) private readonly requests: Model<MedicationRequest>) {}

  private get raw() {
    return this.requests.collection;
  }

  /** The newest of a patient that were not cancelled. */
  async notClosedOf(patientId: string, limit: number, now: Date): Promise<RequestRecord[]> {
    const where = { patientId: oid(patientId), globalStatus: { $ne: 'closed' } };
    return this.newest(`my:${patientId}`, where, limit, null, horizonOf(now));
  }

  /** The open ones that wait for a pharmacy's response, each with its entry only. */
  async pendingOf(pharmacyId: string, now: Date): Promise<RequestRecord[]> {
    const { pharmacyResponses, ...where } = pendingFilter(pharmacyId, now);
    return this.raw
      .find<RequestRecord>(
        { ...where, pharmacyResponses },
        { projection: { ...SHOWN, pharmacyResponses }, batchSize: BATCH },
      )
      .toArray();
  }

  /** How many those are. */
  async pendingCountOf(pharmacyId: string, now: Date): Promise<number> {
    return this.raw.countDocuments(pendingFilter(pharmacyId, now));
  }

  /** A page of the requests that were addressed to a pharmacy, newest first, with the number of all that match. */
  async historyOf(
    pharmacyId: string,
    filter: HistoryFilter,
    skip: number,
    limit: number,
  ): Promise<{ data: RequestRecord[]; total: number }> {
    const where = historyFilter(pharmacyId, filter);
    const counted = skip === 0 ? null : this.raw.countDocuments({ ...where, ...rangeOf(filter) });
    const horizon = horizonOf(filter.now);
    const before = filter.until !== null && filter.until < horizon ? filter.until : horizon;
    const list = `history:${pharmacyId}:${filter.status ?? ''}:${filter.medicationName ?? ''}`;
    const found = await this.newest(list, where, skip + limit, filter.from, before);
    const data = found.slice(skip);
    // A page that is not full has told the number already, unless it lies past the end.
    const known = data.length < limit && (data.length > 0 || skip === 0);
    const count = () => counted ?? this.raw.countDocuments({ ...where, ...rangeOf(filter) });
    return { data, total: known ? skip + data.length : await count() };
  }

  private async newest(
    list: string,
    where: Record<string, unknown>,
    limit: number,
    notBefore: Date | null,
    before: Date,
  ): Promise<RequestRecord[]> {
    const found = await readNewestWindowed({
      before,
      limit,
      spansDays: this.windows.spansDays(list, SPANS_DAYS),
      ...(notBefore === null ? {} : { notBefore }),
      read: (window, count) =>
        this.raw
          .find<RequestRecord>({ ...where, createdAt: windowFilter(window) }, { batchSize: BATCH })
          .sort({ createdAt: -1, _id: -1 })
          .limit(count)
          .toArray(),
    });
    const oldest = found.at(-1);
    if (oldest !== undefined && found.length === limit) this.windows.remember(list, before, oldest.createdAt);
    return found;
  }
}

const BATCH = 1_000;

/** What a list shows of a request; the entries are added per query. */
const SHOWN = {
  patientId: 1,
  medicationName: 1,
  dosage: 1,
  quantity: 1,
  format: 1,
  urgencyLevel: 1,
  patientNote: 1,
  globalStatus: 1,
  selectedPharmacyId: 1,
  isPickedUp: 1,
  pickedUpAt: 1,
  expiresAt: 1,
  confirmationDeadline: 1,
  requestRadiusKm: 1,
  createdAt: 1,
  updatedAt: 1,
  __v: 1,
} as const;

/** Nothing is newer, also where another instance's clock is ahead. */
function horizonOf(now: Date): Date {
  return new Date(now.getTime() + DAY_MS);
}

function pendingFilter(pharmacyId: string, now: Date) {
  const own = oid(pharmacyId);
  return {
    'pharmacyResponses.pharmacyId': own,
    globalStatus: 'open',
    expiresAt: { $gt: now },
    pharmacyResponses: { $elemMatch: { pharmacyId: own, status: 'pending' } },
  };
}

function rangeOf({ from, until }: HistoryFilter): Record<string, unknown> {
  if (from === null && until === null) return {};
  return { createdAt: { ...(from === null ? {} : atOrAfter(from)), ...(until === null ? {} : { $lt: until }) } };
}

function historyFilter(pharmacyId: string, filter: HistoryFilter): Record<string, unknown> {
  const { status, medicationName, now } = filter;
  return {
    'pharmacyResponses.pharmacyId': oid(pharmacyId),
    ...(status === null ? {} : ownStatus(pharmacyId, status, now)),
    ...(medicationName === null
      ? {}
      : { medicationName: { $regex: accentInsensitivePattern(medicationName), $options: 'i' } }),
  };
}

/** The own response as it counts now: pending ones whose time has run out are expired, written down or not. */
function ownStatus(pharmacyId: string, status: ResponseStatus, now: Date): Record<string, unknown> {
  const own = (stored: ResponseStatus) => ({
    pharmacyResponses: { $elemMatch: { pharmacyId: oid(pharmacyId), status: stored } },
  });
  if (status === 'pending') return { ...own('pending'), expiresAt: { $gt: now } };
  if (status !== 'expired') return own(status);
  return { $and: [{ $or: [own('expired'), { ...own('pending'), expiresAt: { $lte: now } }] }] };
}
