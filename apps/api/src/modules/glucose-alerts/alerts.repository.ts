import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import type { PatientScope } from '../../access';
import {
  findByIdIf,
  oid,
  readNewestWindowed,
  rewriteOne,
  type Tx,
  windowFilter,
  WindowMemory,
} from '../../platform/database';
import { chainOf, chainRecord } from './alert-records.mapper';
import type { Chain } from './engine/alert-types';
import { GlucoseAlert } from './glucose-alert.schema';

/** Where a page of alerts begins: strictly before this place in the order (openedAt, _id) descending; without an id before the instant. */
export interface AlertCursor {
  readonly openedAt: Date;
  readonly id: string | null;
}

const SPANS_DAYS = [7, 60] as const;
const DAY_MS = 86_400_000;
// Two chains of a patient may open with one reading, one on each side.
const MAX_TIES = 10;

/** Chains of alerts. */
@Injectable()
export class AlertsRepository {
  private readonly windows = new WindowMemory();

  constructor(@InjectModel(GlucoseAlert.name) private readonly alerts: Model<GlucoseAlert>) {}

  private get raw() {
    return this.alerts.collection;
  }

  /** The open chains of a patient: one per side at most. */
  async openOf(tx: Tx, patientId: string): Promise<GlucoseAlert[]> {
    return this.raw.find<GlucoseAlert>({ patientId: oid(patientId), state: 'open' }, { session: tx.session }).toArray();
  }

  /** Writes chains after an evaluation; a closed one makes room for the next of its side. */
  async save(tx: Tx, patientId: string, chains: readonly Chain[], now: Date): Promise<void> {
    const { session } = tx;
    // The closed ones first: the next chain of the side may stand in the same list.
    for (const chain of [...chains].sort((a, b) => Number(a.closedAt === null) - Number(b.closedAt === null))) {
      const record = { ...chainRecord(chain, oid), updatedAt: now };
      const stored = await this.raw.findOne<GlucoseAlert>({ _id: oid(chain.id) }, { session });
      if (stored === null)
        await this.raw.insertOne(
          { _id: oid(chain.id), patientId: oid(patientId), createdAt: now, ...record },
          { session },
        );
      else if (chain.closedAt === null) await this.raw.updateOne({ _id: stored._id }, { $set: record }, { session });
      else await rewriteOne(this.raw, stored, (before) => ({ ...before, ...record }), session);
    }
  }

  /** One of the patient's. */
  async find(scope: PatientScope, id: string, tx?: Tx): Promise<GlucoseAlert | null> {
    return findByIdIf<GlucoseAlert>(
      this.raw,
      oid(id),
      (found) => found.patientId.equals(scope.patientId),
      tx === undefined ? {} : { session: tx.session },
    );
  }

  /** The open ones, newest first. */
  async open(scope: PatientScope): Promise<GlucoseAlert[]> {
    const found = await this.raw.find<GlucoseAlert>({ patientId: oid(scope.patientId), state: 'open' }).toArray();
    return found.sort(newestFirst);
  }

  /** The newest `limit` strictly before the cursor, open and closed. */
  async list(scope: PatientScope, cursor: AlertCursor | null, limit: number, now: Date): Promise<GlucoseAlert[]> {
    const before =
      cursor === null
        ? new Date(now.getTime() + DAY_MS)
        : new Date(cursor.openedAt.getTime() + (cursor.id === null ? 0 : 1));
    const found = await readNewestWindowed({
      before,
      limit: limit + (cursor === null || cursor.id === null ? 0 : MAX_TIES),
      spansDays: this.windows.spansDays(scope.patientId, SPANS_DAYS),
      read: (window, count) =>
        this.raw
          .find<GlucoseAlert>({ patientId: oid(scope.patientId), openedAt: windowFilter(window) })
          .sort({ openedAt: -1, _id: -1 })
          .limit(count)
          .toArray(),
    });
    const page = found.filter((alert) => isBefore(alert, cursor)).slice(0, limit);
    const oldest = page.at(-1);
    if (oldest !== undefined && page.length === limit) this.windows.remember(scope.patientId, before, oldest.openedAt);
    return page;
  }

  /** All of a patient, oldest first, one at a time. */
  allOf(patientId: string): AsyncIterable<GlucoseAlert> {
    return this.raw.find<GlucoseAlert>({ patientId: oid(patientId) }).sort({ openedAt: 1, _id: 1 });
  }

  async deleteOf(patientId: string): Promise<void> {
    await this.raw.deleteMany({ patientId: oid(patientId) });
  }
}

/** The chains of stored alerts. */
export function chainsOf(alerts: readonly GlucoseAlert[]): Chain[] {
  return alerts.map(chainOf);
}

/** Strictly after the cursor in the order (openedAt, _id) descending. */
export function isBefore(alert: GlucoseAlert, cursor: AlertCursor | null): boolean {
  if (cursor === null) return true;
  const [one, other] = [alert.openedAt.getTime(), cursor.openedAt.getTime()];
  return one < other || (one === other && cursor.id !== null && alert._id.toHexString() < cursor.id);
}

function newestFirst(a: GlucoseAlert, b: GlucoseAlert): number {
  return b.openedAt.getTime() - a.openedAt.getTime() || (a._id.toHexString() < b._id.toHexString() ? 1 : -1);
}
