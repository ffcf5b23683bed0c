import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { AccountDirectory } from './account-directory';
import { AccountPolicy } from './account.policy';
import { Account, AccountSchema } from './account.schema';
import { AccountUpdates } from './account-updates.service';
import { AccountsRepository } from './accounts.repository';
import { AdminSeeder } from './admin-seeder.service';
import { UsersController } from './users.controller';
import { UsersService } from './users.service';

/** Accounts of every role. */
@Module({
  imports: [MongooseModule.forFeature([{ name: Account.name, schema: AccountSchema }])],
  controllers: [UsersController],
  providers: [AccountsRepository, AccountDirectory, AccountPolicy, AccountUpdates, AdminSeeder, UsersService],
  exports: [
    MongooseModule,
    AccountsRepository,
    AccountDirectory,
    AccountPolicy,
    AccountUpdates,
    AdminSeeder,
    UsersService,
  ],
})
export class UsersModule {}
