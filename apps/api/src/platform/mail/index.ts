export { MailSender } from './mail-sender';
export { MailModule } from './mail.module';
