import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AccountDirectory } from './account-directory';
import { AccountPolicy } from './account.policy';
import { Account, AccountSchema } from './account.schema';
import { AccountOutlines } from './account-outlines';
import { AccountSearch } from './account-search.repository';
import { AccountUpdates } from './account-updates.service';
import { AccountsRepository } from './accounts.repository';
import { AccountErasure } from './erasure/account-erasure.service';
import { AccountTracesStep } from './erasure/account-traces.step';
import { ErasureJob } from './erasure/erasure.job';
import { Erasure, ErasureSchema } from './erasure/erasure.schema';
import { ErasureSteps } from './erasure/erasure-steps';
import { ErasuresRepository } from './erasure/erasures.repository';
import { AdminSeeder } from './admin-seeder.service';
import { AccountExporter } from './export/account-export.service';
import { ExportSections } from './export/export-sections';
import { RunningBoosts } from './running-boosts';
import { UsersController } from './users.controller';
import { UsersService } from './users.service';

/** Accounts of every role. */
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: Account.name, schema: AccountSchema },
      { name: Erasure.name, schema: ErasureSchema },
    ]),
  ],
  controllers: [UsersController],
  providers: [
    AccountsRepository,
    AccountSearch,
    AccountOutlines,
    AccountDirectory,
    AccountPolicy,
    AccountUpdates,
    AccountErasure,
    ErasureSteps,
    ErasuresRepository,
    ErasureJob,
    AccountTracesStep,
    ExportSections,
    AccountExporter,
    AdminSeeder,
    RunningBoosts,
    UsersService,
  ],
  exports: [
    MongooseModule,
    AccountsRepository,
    AccountSearch,
    AccountSearch,
    AccountOutlines,
    AccountDirectory,
    AccountPolicy,
    AccountUpdates,
    AccountErasure,
    ErasureSteps,
    ExportSections,
    AdminSeeder,
    RunningBoosts,
    UsersService,
  ],
})
export class UsersModule {}
