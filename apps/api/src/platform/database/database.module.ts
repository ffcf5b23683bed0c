import { type DynamicModule, Global, Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { DatabaseState } from './database-state';
import { IndexBuilder } from './indexes';
import { Instances } from './instances';
import { LimitLock, LimitLockSchema } from './limit-lock.schema';
import { LimitLocks } from './limit-locks.repository';
import { ListCount, ListCountSchema } from './list-count.schema';
import { ListCounts } from './list-counts.repository';
import { SchemaMigration, SchemaMigrationSchema } from './migration.schema';
import { manyInTransactions } from './many';
import { type Migration, MigrationRunner, MIGRATIONS } from './migrations';
import { Sharding } from './sharding';
import { UnitOfWork } from './unit-of-work';

// A request must hear of a lost database within 5 s: selection gives up after 3, and a dead socket is noticed in 2.
const SERVER_SELECTION_TIMEOUT_MS = 3_000;
const HEARTBEAT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 2_000;
const MAX_POOL_SIZE = 60;

/** The connection, with every command counted for metrics and for the request that sent it. */
@Global()
@Module({})
export class DatabaseModule {
  /** @param mongoUri replica set to use; @param lazy describe only: never connects (API description) */
  static forRoot(options: { mongoUri: string; lazy: boolean; migrations: readonly Migration[] }): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        MongooseModule.forRootAsync({
          useFactory: () => ({
            uri: options.mongoUri,
            lazyConnection: options.lazy,
            autoIndex: false,
            autoCreate: false,
            bufferCommands: false,
            serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
            heartbeatFrequencyMS: HEARTBEAT_MS,
            connectTimeoutMS: CONNECT_TIMEOUT_MS,
            maxPoolSize: MAX_POOL_SIZE,
            // The process decides about retries at the start (see platform/process), not Nest's own loop.
            retryAttempts: 0,
            connectionFactory: manyInTransactions,
          }),
        }),
        MongooseModule.forFeature([
          { name: SchemaMigration.name, schema: SchemaMigrationSchema },
          { name: LimitLock.name, schema: LimitLockSchema },
          { name: ListCount.name, schema: ListCountSchema },
        ]),
      ],
      providers: [
        UnitOfWork,
        DatabaseState,
        IndexBuilder,
        Instances,
        LimitLocks,
        ListCounts,
        MigrationRunner,
        Sharding,
        { provide: MIGRATIONS, useValue: options.migrations },
      ],
      exports: [UnitOfWork, DatabaseState, Instances, LimitLocks, ListCounts, MigrationRunner, Sharding],
    };
  }
}
