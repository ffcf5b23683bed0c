export { AccountMailsModule } from './account-mails.module';
