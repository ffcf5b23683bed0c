import { Global, Module } from '@nestjs/common';
import { MailSender } from './mail-sender';
import { NodemailerMailSender } from './nodemailer-mail-sender';

/** Mails to people. */
@Global()
@Module({ providers: [{ provide: MailSender, useClass: NodemailerMailSender }], exports: [MailSender] })
export class MailModule {}
