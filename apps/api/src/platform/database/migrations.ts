import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectConnection, InjectModel } from '@nestjs/mongoose';
import type { Connection, Model } from 'mongoose';
import { isDuplicateKey } from './driver-errors';
import { IndexBuilder } from './indexes';
import { SchemaMigration } from './migration.schema';

/** How a migration runs. */
export interface MigrationRun {
  /** Count what would be done, write nothing. */
  readonly dryRun: boolean;
  readonly now: Date;
}

/** One step of taking over or changing stored data: repeatable, counted. */
export interface Migration {
  /** `NNNN-title`; the order of application. */
  readonly name: string;
  /** Applies the step; running it twice changes nothing more. Returns counts of what it did, or would do. */
  up(connection: Connection, run: MigrationRun): Promise<Record<string, number>>;
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

  /**
   * What {@link run} would do now, without writing anything. Each step is judged by the data as they are, so a later one
   * may find more once the earlier ones are applied.
   */
  async preview(): Promise<MigrationReport> {
    const applied: { name: string; counts: Record<string, number> }[] = [];
    for (const migration of await this.pending())
      applied.push({
        name: migration.name,
        counts: await migration.up(this.connection, { dryRun: true, now: new Date() }),
      });
    return { applied };
  }

  private async pending(): Promise<Migration[]> {
    const records = await this.records.find({}, { name: 1 }).lean();
    const done = new Set(records.map((record) => record.name));
    return this.migrations.filter((migration) => !done.has(migration.name));
  }

  private async applyPending(): Promise<{ name: string; counts: Record<string, number> }[]> {
    const pending = await this.pending();
    if (pending.length === 0) return [];
    const now = new Date();
    if (await this.isEmpty()) {
      // Nothing was made by an older version: the steps are remembered in one write and none looks at anything.
      await this.records.insertMany(pending.map(({ name }) => ({ name, appliedAt: now, durationMs: 0, counts: {} })));
      return pending.map(({ name }) => ({ name, counts: {} }));
    }
    const applied: { name: string; counts: Record<string, number> }[] = [];
    for (const migration of pending) {
      const startedAt = Date.now();
      const counts = await migration.up(this.connection, { dryRun: false, now });
      const durationMs = Date.now() - startedAt;
      await this.records.create({ name: migration.name, appliedAt: new Date(), durationMs, counts });
      applied.push({ name: migration.name, counts });
    }
    return applied;
  }

  /** Does the database hold nothing but the record of migrations? */
  private async isEmpty(): Promise<boolean> {
    const collections = await this.connection.listCollections();
    return collections.every(({ name }) => name === 'schemamigrations' || name.startsWith('system.'));
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
