import type { Collection, ObjectId } from 'mongodb';
import { oid, rewriteOne, type Tx } from '../../platform/database';

/** What reviews and ratings share: a patient's words and stars about a pharmacy, once for each occasion. */
interface AuthoredOpinion {
  readonly _id: ObjectId;
  readonly patientId?: ObjectId;
  readonly comment?: string;
  readonly onceKey?: string;
  readonly updatedAt: Date;
}

/** Opinions by their author, for the author's export and erasure. */
export abstract class AuthoredOpinions<T extends AuthoredOpinion> {
  protected abstract get raw(): Collection;

  /** All opinions of an author, the oldest first, one at a time. */
  allOf(patientId: string): AsyncIterable<T> {
    return this.raw.find<T>({ patientId: oid(patientId) }).sort({ createdAt: 1, _id: 1 });
  }

  /** Some opinions of an author. */
  async someOf(tx: Tx, patientId: string, limit: number): Promise<T[]> {
    return this.raw
      .find<T>({ patientId: oid(patientId) }, { session: tx.session })
      .limit(limit)
      .toArray();
  }

  /** Takes author and comment out of an opinion; it still counts. */
  async anonymise(tx: Tx, record: T, now: Date): Promise<void> {
    // Without the two optional keys it is a T still, which the compiler cannot know of a type parameter.
    const nameless = ({ patientId: _author, comment: _comment, ...rest }: T): T =>
      ({ ...rest, onceKey: record._id.toHexString(), updatedAt: now }) as unknown as T;
    await rewriteOne<T>(this.raw, record, nameless, tx.session);
  }
}
