import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

/** A mail as its reader sees it. */
export interface SpooledMail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The one-time token in its link, or null. */
  readonly token: string | null;
}

/** The mails that a server without SMTP has written. */
export class MailSpool {
  constructor(readonly folder: string) {}

  /** All of them, or those to one address; the oldest first. */
  async read(to?: string): Promise<SpooledMail[]> {
    const files = await readdir(this.folder).catch(() => [] as string[]);
    // Named by outbox id, which grows with time.
    const mails = await Promise.all(
      files
        .filter((file) => file.endsWith('.eml'))
        .sort()
        .map(async (file) => parse(await readFile(join(this.folder, file)))),
    );
    return mails.filter((mail) => to === undefined || mail.to === to);
  }

  /** The newest mail to an address. @throws Error when there is none */
  async newest(to: string): Promise<SpooledMail> {
    const mail = (await this.read(to)).at(-1);
    if (mail === undefined) throw new Error(`No mail to ${to}`);
    return mail;
  }
}

async function parse(content: Buffer): Promise<SpooledMail> {
  const mail = await PostalMime.parse(content);
  const text = mail.text ?? '';
  return {
    from: mail.from?.address ?? '',
    to: mail.to?.[0]?.address ?? '',
    subject: mail.subject ?? '',
    text,
    html: mail.html ?? '',
    token: /[?&]token=([\w-]+)/.exec(text)?.[1] ?? null,
  };
}
