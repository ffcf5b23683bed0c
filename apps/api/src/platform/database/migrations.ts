import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectConnection, InjectModel } from '@nestjs/mongoose';
import type { Connection, Model } from 'mongoose';
import { isDuplicateKey } from './driver-errors';
import { IndexBuilder } from './indexes';
import { SchemaMigration } from './migration.schema';

/** One step of taking over or changing stored data: repeatable, counted. */
export interface Migration {
  /** `NNNN-title`; the order of application. */
  readonly name: string;
  /** Applies the step; running it twice changes nothing more. Returns counts of what it did. */
  up(connection: Connection): Promise<Record<string, number>>;
}

/** Injection token of the ordered list of migrations. */
export const MIGRATIONS = Symbol('MIGRATIONS');

const LOCK = 'lock';
const LOCK_MS = 30_000;
const RENEW_MS = 10_000;
const WAIT_MS = 250;

/** What {@link MigrationRunner.run} did. */
export interface MigrationReport {
  readonly applied: readonly { readonly name: string; readonly counts: Record<string, number> }[];
}

/**
 * Applies pending migrations and builds indexes under a lease, so that of several instances starting at once one works
 * and the others wait for it before they take traffic.
 */
@Injectable()
export class MigrationRunner {
  private readonly owner = randomUUID();

  constructor(
    @InjectConnection() private readonly connection: Connection,
    @InjectModel(SchemaMigration.name) private readonly records: Model<SchemaMigration>,
    @Inject(MIGRATIONS) private readonly migrations: readonly Migration[],
    private readonly indexes: IndexBuilder,
  ) {}

  /** Runs everything pending; returns once the database is ready for traffic. */
  async run(): Promise<MigrationReport> {
    await this.records.createIndexes();
    await this.lock();
    const renewal = setInterval(() => void this.renew(), RENEW_MS);
    try {
      const applied = await this.applyPending();
      await this.indexes.build();
      return { applied };
    } finally {
      clearInterval(renewal);
      await this.records.updateOne({ name: LOCK, lockedBy: this.owner }, { $unset: { lockedBy: 1, lockedUntil: 1 } });
    }
  }

  private async applyPending(): Promise<{ name: string; counts: Record<string, number> }[]> {
    const done = new Set(
      (await this.records.find({ appliedAt: { $exists: true } }, { name: 1 }).lean()).map((record) => record.name),
    );
    const applied: { name: string; counts: Record<string, number> }[] = [];
    for (const migration of this.migrations) {
      if (done.has(migration.name)) continue;
      const startedAt = Date.now();
      const counts = await migration.up(this.connection);
      await this.records.create({
        name: migration.name,
        appliedAt: new Date(),
        durationMs: Date.now() - startedAt,
        counts,
      });
      applied.push({ name: migration.name, counts });
    }
    return applied;
  }

  private async lock(): Promise<void> {
    while (!(await this.tryLock())) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }

  private async tryLock(): Promise<boolean> {
    const now = new Date();
    const lease = { lockedBy: this.owner, lockedUntil: new Date(now.getTime() + LOCK_MS) };
    try {
      const result = await this.records.updateOne(
        { name: LOCK, $or: [{ lockedUntil: { $exists: false } }, { lockedUntil: { $lt: now } }] },
        { $set: lease },
        { upsert: true },
      );
      return result.matchedCount + result.upsertedCount === 1;
    } catch (error) {
      // The lock exists and is held: the upsert ran into its unique name.
      if (isDuplicateKey(error, 'schemamigrations_name')) return false;
      throw error;
    }
  }

  private async renew(): Promise<void> {
    await this.records
      .updateOne({ name: LOCK, lockedBy: this.owner }, { $set: { lockedUntil: new Date(Date.now() + LOCK_MS) } })
      .catch(() => undefined);
  }
}
