import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Connection, Types } from 'mongoose';
import type { Tx } from '../platform/database';

/** Id of a demo document; see {@link demoId}. */
export type DemoId = Types.ObjectId;

/** A document with a fixed id, in exactly the stored shape. */
export type DemoDocument = Record<string, unknown> & { readonly _id: DemoId };

/** The id of a demo thing: always the same, so a second load changes nothing and other data are never touched. */
export function demoId(key: string): DemoId {
  return new Types.ObjectId(createHash('sha256').update(`diabcare-demo:${key}`).digest('hex').slice(0, 24));
}

/** Writes demo documents where they are missing. */
@Injectable()
export class DemoRepository {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Is there any account besides an ADMIN? */
  async hasAccounts(): Promise<boolean> {
    const other = { role: { $ne: 'ADMIN' } };
    return (await this.connection.collection('users').findOne(other, { projection: { _id: 1 } })) !== null;
  }

  /** An e-mail of the demo accounts that somebody else has taken, or null. */
  async foreignEmail(accounts: readonly DemoDocument[]): Promise<string | null> {
    const ids = new Set(accounts.map((account) => account._id.toHexString()));
    const found = await this.connection
      .collection('users')
      .find({ email: { $in: accounts.map((account) => account['email']) } }, { projection: { email: 1 } })
      .toArray();
    const foreign = found.find((account) => !ids.has(account._id.toHexString()));
    return foreign === undefined ? null : String(foreign['email']);
  }

  /** Inserts the documents that are not there yet; returns these. */
  async insertMissing(tx: Tx, collection: string, documents: readonly DemoDocument[]): Promise<DemoDocument[]> {
    const target = this.connection.collection(collection);
    const present = await target
      .find(
        { _id: { $in: documents.map((document) => document._id) } },
        { projection: { _id: 1 }, session: tx.session },
      )
      .toArray();
    const known = new Set(present.map((document) => document._id.toHexString()));
    const missing = documents.filter((document) => !known.has(document._id.toHexString()));
    if (missing.length > 0) await target.insertMany(missing, { session: tx.session });
    return missing;
  }

  /** When the demo's people are busy, by what stands in the database. */
  async openAppointments(tx: Tx, people: readonly DemoId[], from: Date): Promise<DemoDocument[]> {
    const open = { status: { $in: ['Pending', 'Confirmed'] }, dateTime: { $gt: from } };
    const appointments = this.connection.collection('appointments');
    const sides = [{ doctorId: { $in: people } }, { patientId: { $in: people } }];
    const found: DemoDocument[] = [];
    for (const side of sides)
      found.push(...(await appointments.find<DemoDocument>({ ...side, ...open }, { session: tx.session }).toArray()));
    return found;
  }

  /** Forgets how many appointments people have, since some were written past the server: counted anew when asked for. */
  async forgetAppointmentCounts(tx: Tx, people: readonly DemoId[]): Promise<void> {
    const counts = this.connection.collection('appointmentcounts');
    await counts.deleteMany({ ownerId: { $in: people } }, { session: tx.session });
  }

  /** Forgets what was counted of lists of these accounts: it is counted anew when somebody asks. */
  async forgetCounts(tx: Tx, owners: readonly DemoId[]): Promise<void> {
    await this.connection
      .collection('listcounts')
      .deleteMany({ ownerId: { $in: [...owners] } }, { session: tx.session });
  }

  /** Raises the unread counters of accounts by what was inserted for them. */
  async addUnread(tx: Tx, counts: ReadonlyMap<string, number>): Promise<void> {
    if (counts.size === 0) return;
    await this.connection.collection('usercounters').bulkWrite(
      [...counts].map(([userId, unread]) => ({
        updateOne: {
          filter: { userId: new Types.ObjectId(userId) },
          update: { $inc: { unreadNotifications: unread, touched: 1 }, $setOnInsert: { eventSeq: 0 } },
          upsert: true,
        },
      })),
      { session: tx.session },
    );
  }
}
