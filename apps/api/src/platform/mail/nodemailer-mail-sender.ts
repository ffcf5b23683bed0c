import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { Clock } from '../../common/time';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { type Mail, MailSender } from './mail-sender';

// Together well below the lease of an outbox entry: a hanging server must not lead to a second delivery.
const CONNECT_MS = 8_000;
const ANSWER_MS = 12_000;

/** Sends by SMTP, or without SMTP_URL writes one RFC 822 file per mail into MAIL_SPOOL_DIR. */
@Injectable()
export class NodemailerMailSender extends MailSender implements OnApplicationShutdown {
  private readonly smtp: ReturnType<typeof smtpTransport> | null;
  private readonly writer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  constructor(
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {
    super();
    this.smtp = config.mail.smtpUrl === null ? null : smtpTransport(config.mail.smtpUrl);
  }

  override async send(mail: Mail): Promise<void> {
    const message: SendMailOptions = {
      from: this.config.mail.from,
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      messageId: `<${mail.id}@diabcare>`,
      date: this.clock.now(),
      headers: { 'Auto-Submitted': 'auto-generated' },
      // What is in a mail comes from names that people chose: never a path or a URL to read.
      disableFileAccess: true,
      disableUrlAccess: true,
    };
    if (this.smtp !== null) await this.smtp.sendMail(message);
    else await this.spool(mail.id, message);
  }

  onApplicationShutdown(): void {
    this.smtp?.close();
  }

  /** Written beside its name first: whoever watches the folder never sees half a mail. */
  private async spool(id: string, message: SendMailOptions): Promise<void> {
    const { message: content } = await this.writer.sendMail(message);
    const folder = this.config.data.mailSpoolDir;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const partial = join(folder, `.${randomUUID()}.part`);
    await writeFile(partial, content, { mode: 0o600 });
    await rename(partial, join(folder, `${id}.eml`));
  }
}

function smtpTransport(url: string) {
  return createTransport({
    url,
    pool: true,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: ANSWER_MS,
  });
}
