import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Connection } from 'mongoose';
import { oid, type Tx } from '../../../platform/database';

interface Row {
  readonly userId: { toHexString(): string };
  readonly eventSeq?: number;
  readonly touched?: number;
}

/** A doctor's patients in one batch as a rule. */
const BATCH = 4_000;

/**
 * Says whether anything was written to a patient's readings, without looking at them. New readings raise the number of
 * the account's real-time events in their transaction (`glucose:new`); changes and deletions raise `touched`. Other
 * events raise it, too, which costs a look more and never hides one.
 */
@Injectable()
export class PatientVersions {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  private get raw() {
    return this.connection.collection('usercounters');
  }

  /** Versions by patient; who has none has to be looked at. */
  async of(patientIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.raw
      .find<Row>(
        { userId: { $in: patientIds.map(oid) } },
        { projection: { _id: 0, userId: 1, eventSeq: 1, touched: 1 }, batchSize: BATCH },
      )
      .toArray();
    return new Map(
      rows.map(({ userId, eventSeq, touched }) => [userId.toHexString(), `${eventSeq ?? 0}:${touched ?? 0}`]),
    );
  }

  /** The version of one patient; null: the patient's days have to be looked at. */
  async one(patientId: string): Promise<string | null> {
    return (await this.of([patientId])).get(patientId) ?? null;
  }

  /** Says that something was written: in the transaction of a change or deletion, or after days were repaired. */
  async raise(patientId: string, tx?: Tx): Promise<void> {
    await this.raw.updateOne(
      { userId: oid(patientId) },
      { $inc: { touched: 1, unreadNotifications: 0, eventSeq: 0 } },
      tx === undefined ? { upsert: true } : { upsert: true, session: tx.session },
    );
  }
}
