import { Inject, Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { accentInsensitivePatterns } from '../../common/text';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import {
  matchesAll,
  oid,
  readNewestWindowed,
  SettledCounts,
  windowFilter,
  WindowMemory,
} from '../../platform/database';
import { entryOf } from './medication-request.policy';
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

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SPANS_DAYS = [1, 7, 30, 365] as const;

/** Lists of requests, newest first. */
@Injectable()
export class RequestListsRepository {
  private readonly windows = new WindowMemory();
  private readonly counts = new SettledCounts();
  private readonly settledAfterMs: number;

  constructor(
    @InjectModel(MedicationRequest.name) private readonly requests: Model<MedicationRequest>,
    @Inject(APP_CONFIG) { care }: AppConfig,
  ) {
    // A day more: requests may have been made with a longer time to live.
    this.settledAfterMs = care.medicationRequestTtlMinutes * MINUTE_MS + DAY_MS;
  }

  private get raw() {
    return this.requests.collection;
  }

  /** The newest of a patient that were not cancelled. */
  async notClosedOf(patientId: string, limit: number, now: Date): Promise<RequestRecord[]> {
    return readNewestWindowed({
      before: horizonOf(now),
      limit,
      spansDays: SPANS_DAYS,
      read: async (window, count) => {
        const found = await this.raw
          .find<RequestRecord>({ patientId: oid(patientId), createdAt: windowFilter(window) }, { batchSize: BATCH })
          .sort({ createdAt: -1, _id: -1 })
          .toArray();
        return found.filter((record) => record.globalStatus !== 'closed').slice(0, count);
      },
    });
  }

  /** The open ones that wait for a pharmacy's response. */
  async pendingOf(pharmacyId: string, now: Date): Promise<RequestRecord[]> {
    const open = { 'pharmacyResponses.pharmacyId': oid(pharmacyId), globalStatus: 'open' };
    const found = await this.raw.find<RequestRecord>(open, { batchSize: BATCH }).toArray();
    return found.filter((record) => record.expiresAt > now && entryOf(record, pharmacyId)?.status === 'pending');
  }

  /** A page of the requests that were addressed to a pharmacy, newest first, with the number of all that match. */
  async historyOf(
    pharmacyId: string,
    filter: HistoryFilter,
    skip: number,
    limit: number,
  ): Promise<{ data: RequestRecord[]; total: number }> {
    const [found, counted] = await Promise.all([
      this.newestOf(pharmacyId, filter, skip + limit),
      this.count(pharmacyId, filter),
    ]);
    const data = found.slice(skip);
    // What was written between the two queries is on the page already.
    return { data, total: Math.max(counted, data.length === 0 ? 0 : skip + data.length) };
  }

  private async newestOf(pharmacyId: string, filter: HistoryFilter, limit: number): Promise<RequestRecord[]> {
    const before = endOf(filter);
    const list = JSON.stringify([pharmacyId, filter.status, filter.medicationName]);
    const found = await readNewestWindowed({
      before,
      limit,
      spansDays: this.windows.spansDays(list, SPANS_DAYS),
      ...(filter.from === null ? {} : { notBefore: filter.from }),
      read: (window, count) =>
        this.raw
          .aggregate<RequestRecord>(
            [
              { $match: { 'pharmacyResponses.pharmacyId': oid(pharmacyId), createdAt: windowFilter(window) } },
              ...furtherMatch(pharmacyId, filter),
              { $sort: { createdAt: -1, _id: -1 } },
              { $limit: count },
            ],
            { batchSize: BATCH },
          )
          .toArray(),
    });
    const oldest = found.at(-1);
    if (oldest !== undefined && found.length === limit) this.windows.remember(list, before, oldest.createdAt);
    return found;
  }

  /** How many match. An own response does not change after the request has expired: it is counted once (decision 23). */
  private async count(pharmacyId: string, filter: HistoryFilter): Promise<number> {
    const further = furtherMatch(pharmacyId, filter);
    const { from, until, status, medicationName, now } = filter;
    return this.counts.count(
      {
        key: JSON.stringify([pharmacyId, status, medicationName, until]),
        from,
        to: endOf(filter),
        keptSince: null,
        settledAfterMs: this.settledAfterMs,
        count: async (window) => {
          const addressed = { 'pharmacyResponses.pharmacyId': oid(pharmacyId), createdAt: windowFilter(window) };
          if (further.length === 0) return this.raw.countDocuments(addressed);
          const [counted] = await this.raw
            .aggregate<{ total: number }>([{ $match: addressed }, ...further, { $count: 'total' }])
            .toArray();
          return counted?.total ?? 0;
        },
      },
      now,
    );
  }
}

const BATCH = 1_000;

/** Nothing is newer, also where another instance's clock is ahead. */
function horizonOf(now: Date): Date {
  return new Date(now.getTime() + DAY_MS);
}

/** Exclusive end of a history. */
function endOf({ until, now }: HistoryFilter): Date {
  const horizon = horizonOf(now);
  return until !== null && until < horizon ? until : horizon;
}

/**
 * What no index covers, as a stage of its own: MongoDB joins both, the embedded engine reads the first by its index and
 * would scan the collection for one filter that holds more than an index does.
 */
function furtherMatch(pharmacyId: string, filter: HistoryFilter): { $match: Record<string, unknown> }[] {
  const { status, medicationName, now } = filter;
  if (status === null && medicationName === null) return [];
  const $match = {
    ...(status === null ? {} : ownStatus(pharmacyId, status, now)),
    ...(medicationName === null ? {} : matchesAll('medicationName', accentInsensitivePatterns(medicationName))),
  };
  return [{ $match }];
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
