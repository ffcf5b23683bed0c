import { Injectable, type OnModuleInit } from '@nestjs/common';
import { OneTimeTokens } from '../../access';
import type { AccountStatus } from '../../common/enums';
import { displayName } from '../../common/names';
import type { Tx } from '../../platform/database';
import { PublicAddress } from '../../platform/http';
import { MailSender } from '../../platform/mail';
import { type DeliveredEvent, OutboxHandlers } from '../../platform/outbox';
import { type AccountChanged, type AccountRecord, AccountsRepository, type InvitedAccount } from '../users';
import { type MailFacts, type MailTemplate, writeMail } from './mail-templates';

const MAIL = 'mail.send';

/** A mail on its way; names and tokens are looked up when it is written, so that none of them is stored. */
interface MailOrder {
  readonly template: MailTemplate;
  readonly userId: string;
  /** Another address than the account's own: the one it had before. */
  readonly to?: string;
  readonly doctorId?: string;
  readonly status?: AccountStatus;
  readonly reason?: string;
}

/** Writes to people about their accounts. Each mail is an outbox entry of its own: one that fails holds up no other. */
@Injectable()
export class AccountMails implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly accounts: AccountsRepository,
    private readonly tokens: OneTimeTokens,
    private readonly sender: MailSender,
    private readonly address: PublicAddress,
  ) {}

  onModuleInit(): void {
    this.handlers.on<AccountChanged>('account.changed', (event, tx) => this.accountChanged(event, tx));
    this.handlers.on<InvitedAccount>('account.invited', (event, tx) => this.invited(event, tx));
    this.handlers.on<{ email: string }>('password.forgotten', (event, tx) => this.forgotten(event, tx));
    this.handlers.onOutside<MailOrder>(MAIL, (event) => this.send(event));
  }

  private accountChanged(event: DeliveredEvent<AccountChanged>, tx: Tx): Promise<void> {
    const { userId, changes, oldEmail, status, reason } = event.payload;
    if (changes.includes('motDePasse')) order(tx, event.id, { template: 'password_changed', userId });
    if (oldEmail !== null) {
      order(tx, event.id, { template: 'email_changed_old', userId, to: oldEmail });
      order(tx, event.id, { template: 'email_changed_new', userId });
    }
    if (status !== null)
      order(tx, event.id, { template: 'status_changed', userId, status, ...(reason === null ? {} : { reason }) });
    return Promise.resolve();
  }

  private invited(event: DeliveredEvent<InvitedAccount>, tx: Tx): Promise<void> {
    order(tx, event.id, { template: 'invitation', userId: event.payload.userId, doctorId: event.payload.doctorId });
    return Promise.resolve();
  }

  /** Only here is looked up whether the address belongs to anybody: the request has long been answered. */
  private async forgotten(event: DeliveredEvent<{ email: string }>, tx: Tx): Promise<void> {
    const account = await this.accounts.findByEmail(event.payload.email);
    if (account !== null) order(tx, event.id, { template: 'password_reset', userId: account._id.toHexString() });
  }

  private async send(event: DeliveredEvent<MailOrder>): Promise<void> {
    const { template, userId, to } = event.payload;
    const account = await this.accounts.findById(userId);
    // Erased meanwhile: there is nobody to write to.
    if (account === null) return;
    const mail = writeMail(template, account.locale, await this.factsOf(event.payload, account));
    await this.sender.send({ id: event.id, to: to ?? account.email, ...mail });
  }

  private async factsOf(mail: MailOrder, account: AccountRecord): Promise<MailFacts> {
    const { template, userId, doctorId, status, reason } = mail;
    const facts = {
      name: account.prenom,
      ...(status === undefined ? {} : { status }),
      ...(reason === undefined ? {} : { reason }),
    };
    if (template !== 'password_reset' && template !== 'invitation') return facts;
    const code = await this.tokens.issue(userId, template);
    const doctor = doctorId === undefined ? null : await this.accounts.findById(doctorId);
    return {
      ...facts,
      code,
      link: `${this.address.url}/reset-password?token=${code}`,
      ...(doctor === null ? {} : { doctor: displayName(doctor) }),
    };
  }
}

function order(tx: Tx, eventId: string, mail: MailOrder): void {
  tx.emit({ topic: MAIL, key: `mail:${eventId}:${mail.template}`, payload: { ...mail } });
}
