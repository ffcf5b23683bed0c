import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { newId, oid, type Tx } from '../../platform/database';
import { stateRecord, toDate } from './alert-records.mapper';
import type { AlertState } from './engine/alert-types';
import { GlucoseAlertState } from './glucose-alert.schema';

const DAY_MS = 86_400_000;

/** What is remembered of each patient; the timers; the pushes that count towards the cap. */
@Injectable()
export class AlertStatesRepository {
  constructor(@InjectModel(GlucoseAlertState.name) private readonly states: Model<GlucoseAlertState>) {}

  private get raw() {
    return this.states.collection;
  }

  async find(tx: Tx, patientId: string): Promise<GlucoseAlertState | null> {
    return this.raw.findOne<GlucoseAlertState>({ patientId: oid(patientId) }, { session: tx.session });
  }

  /**
   * Writes the state after an evaluation. Always a write, so that two evaluations of one patient conflict and one is run
   * again on what the other left.
   */
  async save(
    tx: Tx,
    patientId: string,
    stored: GlucoseAlertState | null,
    state: AlertState,
    nextTimerAt: number | null,
  ): Promise<void> {
    const record = { ...stateRecord(state, oid), nextTimerAt: toDate(nextTimerAt) };
    const { session } = tx;
    if (stored === null) {
      const fresh = {
        _id: newId(),
        patientId: oid(patientId),
        pushes: [],
        lockedUntil: null,
        lockedBy: null,
        version: 1,
      };
      await this.raw.insertOne({ ...fresh, ...record }, { session });
    } else await this.raw.updateOne({ _id: stored._id }, { $set: record, $inc: { version: 1 } }, { session });
  }

  /** Nothing is due any more. */
  async stopTimers(tx: Tx, patientId: string): Promise<void> {
    await this.raw.updateOne({ patientId: oid(patientId) }, { $set: { nextTimerAt: null } }, { session: tx.session });
  }

  /** Patients with a timer that is due and whom nobody works on, the longest due first. */
  async due(now: Date, limit: number): Promise<string[]> {
    const found = await this.raw
      .find<Pick<GlucoseAlertState, 'patientId' | 'lockedUntil'>>(
        { nextTimerAt: { $lte: now } },
        { projection: { patientId: 1, lockedUntil: 1 }, batchSize: limit },
      )
      .sort({ nextTimerAt: 1 })
      .limit(limit)
      .toArray();
    return found
      .filter(({ lockedUntil }) => lockedUntil === null || lockedUntil <= now)
      .map(({ patientId }) => patientId.toHexString());
  }

  /** Leases the timers of a patient; false when another process has them. */
  async claim(patientId: string, owner: string, now: Date, lockedUntil: Date): Promise<boolean> {
    const isFree = { $not: [{ $gt: ['$lockedUntil', now] }] };
    const result = await this.raw.updateOne({ patientId: oid(patientId) }, [
      {
        $set: {
          lockedBy: orStays('lockedBy', isFree, owner),
          lockedUntil: orStays('lockedUntil', isFree, lockedUntil),
        },
      },
    ]);
    return result.modifiedCount === 1;
  }

  /** Gives the lease back. */
  async release(patientId: string, owner: string): Promise<void> {
    const isOwn = { $eq: ['$lockedBy', owner] };
    await this.raw.updateOne({ patientId: oid(patientId) }, [
      { $set: { lockedBy: orStays('lockedBy', isOwn, null), lockedUntil: orStays('lockedUntil', isOwn, null) } },
    ]);
  }

  /** Pushes below critical that a recipient got of a patient in the 24 hours before. */
  async pushesOf(tx: Tx, patientId: string, userId: string, now: Date): Promise<number> {
    const stored = await this.find(tx, patientId);
    const since = now.getTime() - DAY_MS;
    return (stored?.pushes ?? []).filter((push) => push.userId.equals(userId) && push.at.getTime() > since).length;
  }

  /** Counts a push and forgets those of more than a day ago. */
  async notePush(tx: Tx, patientId: string, userId: string, at: Date): Promise<void> {
    const stored = await this.find(tx, patientId);
    if (stored === null) return;
    const since = at.getTime() - DAY_MS;
    const pushes = [...stored.pushes.filter((push) => push.at.getTime() > since), { userId: oid(userId), at }];
    await this.raw.updateOne({ _id: stored._id }, { $set: { pushes } }, { session: tx.session });
  }

  async deleteOf(patientId: string): Promise<void> {
    await this.raw.deleteMany({ patientId: oid(patientId) });
  }
}

/**
 * In an update: the new value of a field where a condition on the stored document holds. In a filter beside the key it
 * would make the embedded engine scan the collection (decision 14).
 */
function orStays(field: string, condition: object, value: string | Date | null): object {
  return { $cond: [condition, { $literal: value }, `$${field}`] };
}
