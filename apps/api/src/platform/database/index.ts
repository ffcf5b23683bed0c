export { findByIdIf, updateByIdIf } from './by-id';
export { ChangeWatch } from './change-watch';
export { DatabaseModule } from './database.module';
export { DatabaseState } from './database-state';
export { duplicateKeyMeans, duplicateKeyMeansRetry, isDuplicateKey } from './driver-errors';
export { Instances } from './instances';
export { KeyedMutex } from './keyed-mutex';
export { LimitLocks } from './limit-locks.repository';
export { type CountedList, ListCounts } from './list-counts.repository';
export { matchesAll } from './matches-all';
export { type Migration, type MigrationRun, MigrationRunner } from './migrations';
export { byAge, dateOf, grouped, idOf, keyOf, madeAt, spelled, textOf } from './migrating/values';
export {
  type Database,
  dropOldIndexes,
  existing,
  type Old,
  rewriteEach,
  setting,
  unlessConflict,
  Writes,
} from './migrating/rewrite';
export { newId, type ObjectId, oid } from './object-id';
export { rewriteOne } from './rewrite';
export { SettledCounts, type SettledList } from './settled-counts';
export { Sharding } from './sharding';
export { Tx, UnitOfWork } from './unit-of-work';
export { waitForDatabase } from './wait-for-database';
export { atOrAfter, readNewestWindowed, type TimeWindow, windowFilter, WindowMemory } from './windows';
