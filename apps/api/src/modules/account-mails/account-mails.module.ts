import { Module } from '@nestjs/common';
import { UsersModule } from '../users';
import { AccountMails } from './account-mails.service';

/** Mails about accounts. */
@Module({ imports: [UsersModule], providers: [AccountMails] })
export class AccountMailsModule {}
