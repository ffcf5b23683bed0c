import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import { type Connection, Types } from 'mongoose';

/** A document with a fixed id, in exactly the stored shape. */
export type DemoDocument = Record<string, unknown> & { readonly _id: Types.ObjectId };

/** The id of a demo thing: always the same, so a second load changes nothing and other data are never touched. */
export function demoId(key: string): Types.ObjectId {
  return new Types.ObjectId(createHash('sha256').update(`diabcare-demo:${key}`).digest('hex').slice(0, 24));
}

/** Writes demo documents where they are missing. */
@Injectable()
export class DemoRepository {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Is there any account besides an ADMIN? */
  async hasAccounts(): Promise<boolean> {
    return (
      (await this.connection.collection('users').findOne({ role: { $ne: 'ADMIN' } }, { projection: { _id: 1 } })) !==
      null
    );
  }

  /** Inserts the documents that are not there yet; returns how many. */
  async insertMissing(collection: string, documents: readonly DemoDocument[]): Promise<number> {
    const target = this.connection.collection(collection);
    const present = await target
      .find({ _id: { $in: documents.map((document) => document._id) } }, { projection: { _id: 1 } })
      .toArray();
    const known = new Set(present.map((document) => document._id.toHexString()));
    const missing = documents.filter((document) => !known.has(document._id.toHexString()));
    if (missing.length > 0) await target.insertMany(missing, { ordered: false });
    return missing.length;
  }

  /** Brings the unread counter of demo accounts to what was inserted for them. */
  async addUnread(counts: ReadonlyMap<string, number>): Promise<void> {
    for (const [userId, unread] of counts) {
      await this.connection
        .collection('usercounters')
        .updateOne(
          { userId: new Types.ObjectId(userId) },
          { $inc: { unreadNotifications: unread }, $setOnInsert: { eventSeq: 0 } },
          { upsert: true },
        );
    }
  }
}
