/** One mail to one person, ready to send. */
export interface Mail {
  /** Stable over repeats of one delivery, so that a mail server or the spool can drop a double. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** The way out for mails. */
export abstract class MailSender {
  /** Resolves once the mail is handed over. @throws when it could not be; the caller tries again later */
  abstract send(mail: Mail): Promise<void>;
}
