export { DatabaseModule } from './database.module';
export { DatabaseState } from './database-state';
export {
  duplicateKeyMeans,
  duplicateKeyMeansRetry,
  isDuplicateKey,
  isUnavailable,
  mapDriverError,
} from './driver-errors';
export { KeyedMutex } from './keyed-mutex';
export { LimitLocks } from './limit-locks.repository';
export { type Migration, type MigrationReport, MigrationRunner } from './migrations';
export { newId, type ObjectId, oid } from './object-id';
export { type OutboxEvent, OutboxWriter, type StoredEvent } from './outbox-writer';
export { rewriteOne } from './rewrite';
export { Tx, UnitOfWork } from './unit-of-work';
export { waitForDatabase } from './wait-for-database';
export { atOrAfter, readNewestWindowed, type TimeWindow, windowFilter } from './windows';
