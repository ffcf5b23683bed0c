import { Inject, Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { Clock } from '../common/time';
import { APP_CONFIG, type AppConfig } from '../config/app-config';
import {
  oid,
  readNewestWindowed,
  SettledCounts,
  type TimeWindow,
  windowFilter,
  WindowMemory,
} from '../platform/database';
import { AuditEvent } from './audit.schema';
import type { AuditAction } from './audit-trail.repository';

/** An event as stored. */
export type AuditRow = AuditEvent;

/** Which events are wanted; null means all. */
export interface AuditFilter {
  readonly actorId: string | null;
  readonly patientId: string | null;
  readonly action: string | null;
  readonly from: Date | null;
  /** Inclusive. */
  readonly to: Date | null;
}

/** Reads of a patient's data, and changes of who may read it: what the patient's access log shows (contract 20, 4.4). */
const ACCESS_ACTIONS: readonly AuditAction[] = [
  'user.read',
  'patient.read',
  'glucose.read',
  'analytics.read',
  'appointment.read',
  'request.read',
  'link.created',
  'link.ended',
  'access.enabled',
  'access.disabled',
];

const DAY_MS = 86_400_000;
// Another instance's clock may be a little ahead of this one's; more would make the first window of a busy log wide.
const AHEAD_MS = 15 * 60_000;
const SPANS_DAYS = [1 / 24, 1, 7, 30, 365] as const;
/** Pages further back are skipped by the server: what lies before them is not read into memory. */
const DEEP_SKIP = 2_000;

/** A filter in two parts: what an index covers together with the time, and what is judged of its matches. */
interface Lookup {
  readonly keys: Readonly<Record<string, unknown>>;
  readonly rest: Readonly<Record<string, unknown>>;
}

function toLookup({ patientId, actorId, action }: AuditFilter, actions?: readonly AuditAction[]): Lookup {
  const people = {
    ...(patientId === null ? {} : { patientId: oid(patientId) }),
    ...(actorId === null ? {} : { actorId: oid(actorId) }),
  };
  if (actions !== undefined) return { keys: people, rest: { action: { $in: actions } } };
  if (action === null) return { keys: people, rest: {} };
  return Object.keys(people).length === 0 ? { keys: { action }, rest: {} } : { keys: people, rest: { action } };
}

/** Reads the audit log: for the ADMIN, and as a patient's access log. */
@Injectable()
export class AuditReader {
  private readonly windows = new WindowMemory();
  private readonly counts = new SettledCounts();

  constructor(
    @InjectModel(AuditEvent.name) private readonly events: Model<AuditEvent>,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  private get raw() {
    return this.events.collection;
  }

  /** Newest first, with the number of all that match. */
  async page(filter: AuditFilter, skip: number, limit: number): Promise<{ rows: AuditRow[]; total: number }> {
    return this.read(filter, toLookup(filter), skip, limit);
  }

  /** A patient's access log, newest first. */
  async accessLog(
    filter: AuditFilter & { readonly patientId: string },
    skip: number,
    limit: number,
  ): Promise<{ rows: AuditRow[]; total: number }> {
    return this.read(filter, toLookup(filter, ACCESS_ACTIONS), skip, limit);
  }

  /** A patient's whole access log, oldest first, one event at a time. */
  allOfPatient(patientId: string): AsyncIterable<AuditRow> {
    return this.raw
      .find<AuditRow>({ patientId: oid(patientId), action: { $in: ACCESS_ACTIONS } })
      .sort({ at: 1, _id: 1 });
  }

  private async read(
    { from, to }: AuditFilter,
    lookup: Lookup,
    skip: number,
    limit: number,
  ): Promise<{ rows: AuditRow[]; total: number }> {
    const now = this.clock.now();
    const horizon = new Date(now.getTime() + AHEAD_MS);
    const end = to !== null && to < horizon ? new Date(to.getTime() + 1) : horizon;
    if (from !== null && from >= end) return { rows: [], total: 0 };
    const list = JSON.stringify([lookup.keys, lookup.rest, to === null ? null : to.getTime()]);
    const total = this.counts.count(
      {
        key: list,
        from,
        to: end,
        // Expiry takes its time, and what is counted is remembered for a while.
        keptSince: new Date(now.getTime() - (this.config.care.auditRetentionDays - 1) * DAY_MS),
        count: (window) => this.count(lookup, window),
      },
      now,
    );
    const rows =
      skip > DEEP_SKIP
        ? this.matches(lookup, { from, to: end }, limit, skip)
        : this.newest(list, lookup, { from, to: end }, skip + limit).then((found) => found.slice(skip));
    const [page, counted] = await Promise.all([rows, total]);
    // What was written between the two queries is on the page already.
    return { rows: page, total: Math.max(counted, page.length === 0 ? 0 : skip + page.length) };
  }

  private async newest(list: string, lookup: Lookup, { from, to }: TimeWindow, limit: number): Promise<AuditRow[]> {
    const found = await readNewestWindowed({
      before: to,
      limit,
      spansDays: this.windows.spansDays(list, SPANS_DAYS),
      ...(from === null ? {} : { notBefore: from }),
      read: (window, count) => this.matches(lookup, window, count),
    });
    const oldest = found.at(-1);
    if (oldest !== undefined && found.length === limit) this.windows.remember(list, to, oldest.at);
    return found;
  }

  private async matches(lookup: Lookup, window: TimeWindow, limit: number, skip = 0): Promise<AuditRow[]> {
    const stages = [{ $sort: { at: -1, _id: -1 } }, ...(skip === 0 ? [] : [{ $skip: skip }]), { $limit: limit }];
    return this.raw.aggregate<AuditRow>([...matching(lookup, window), ...stages], { batchSize: limit }).toArray();
  }

  private async count(lookup: Lookup, window: TimeWindow): Promise<number> {
    if (Object.keys(lookup.rest).length === 0)
      return this.raw.countDocuments({ ...lookup.keys, at: windowFilter(window) });
    const [counted] = await this.raw
      .aggregate<{ total: number }>([...matching(lookup, window), { $count: 'total' }])
      .toArray();
    return counted?.total ?? 0;
  }
}

/** Two stages: the embedded engine would scan for one filter that holds more than an index does (decision 14). */
function matching({ keys, rest }: Lookup, window: TimeWindow): { $match: Record<string, unknown> }[] {
  const first = { $match: { ...keys, at: windowFilter(window) } };
  return Object.keys(rest).length === 0 ? [first] : [first, { $match: { ...rest } }];
}
