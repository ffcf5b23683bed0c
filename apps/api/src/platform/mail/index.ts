export { type MailText, writeLetter } from './letter';
export { MailSender } from './mail-sender';
export { MailModule } from './mail.module';
