import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CareLinks } from '../../../access';
import { displayName } from '../../../common/names';
import { Clock } from '../../../common/time';
import { MailSender } from '../../../platform/mail';
import { type DeliveredEvent, OutboxHandlers } from '../../../platform/outbox';
import { PushSender } from '../../../platform/push';
import { AccountDirectory, type AccountRecord, AccountsRepository } from '../../users';
import { DeviceTokensRepository } from '../devices/device-tokens.repository';
import { type NotificationRecord, NotificationsRepository } from '../notifications.repository';
import { DeliveryChannels } from './delivery-channels.service';
import { type Headline, notificationMail, pushTitle } from './delivery-texts';
import { type Delivery, MAIL_TOPIC, PUSH_TOPIC, type PushOrder } from './notification-deliveries.service';
import { type CurrentNotification, isAlertStillRelevant, isLate, isStillRelevant } from './push-relevance.policy';

type Addressee = Pick<AccountRecord, 'email' | 'prenom' | 'locale'>;

/** Hands pushes and mails over, judging once more whether they may leave: a retry may come hours later. */
@Injectable()
export class NotificationDeliveriesListener implements OnModuleInit {
  constructor(
    private readonly handlers: OutboxHandlers,
    private readonly channels: DeliveryChannels,
    private readonly accounts: AccountsRepository,
    private readonly directory: AccountDirectory,
    private readonly devices: DeviceTokensRepository,
    private readonly links: CareLinks,
    private readonly notifications: NotificationsRepository,
    private readonly pushes: PushSender,
    private readonly mails: MailSender,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.handlers.onOutside<PushOrder>(PUSH_TOPIC, (event) => this.push(event));
    this.handlers.onOutside<Delivery>(MAIL_TOPIC, (event) => this.mail(event));
  }

  private async push({ payload, at }: DeliveredEvent<PushOrder>): Promise<void> {
    const { userId, deviceTokenId, notificationId, type, severity } = payload;
    const account = await this.recipientOf(payload, 'push');
    if (account === null) return;
    const token = await this.devices.tokenOf(userId, deviceTokenId);
    if (token === null || !(await this.isRelevant(payload, at))) return;
    const title = pushTitle(account.locale, await this.headlineOf(payload));
    const urgent = severity !== 'info' || type === 'message';
    const outcome = await this.pushes.send({ token, title, type, collapseId: notificationId, urgent });
    if (outcome === 'gone') await this.devices.removeById(deviceTokenId);
  }

  private async isRelevant(order: PushOrder, at: Date): Promise<boolean> {
    const ageMs = this.clock.now().getTime() - at.getTime();
    if (!isLate(ageMs)) return true;
    const { userId, notificationId, occurrence = 1 } = order;
    const stored = await this.notifications.findOwn(userId, notificationId);
    const current = stored === null ? null : currentOf(stored);
    if (typeof occurrence === 'string') return isAlertStillRelevant(ageMs, current);
    return isStillRelevant({ ageMs, occurrence }, current);
  }

  private async mail({ id, payload }: DeliveredEvent<Delivery>): Promise<void> {
    const account = await this.recipientOf(payload, 'email');
    if (account === null) return;
    const mail = notificationMail(account.locale, account.prenom, await this.headlineOf(payload));
    await this.mails.send({ id, to: account.email, ...mail });
  }

  /** The account, if it is one that may sign in and still wants this now; nothing is made up for later. */
  private async recipientOf(delivery: Delivery, channel: 'push' | 'email'): Promise<Addressee | null> {
    const { userId, type, severity, passesQuietHours, patientId } = delivery;
    const account = await this.accounts.findById(userId);
    if (account?.statutCompte !== 'ACTIF') return null;
    if (patientId !== undefined && patientId !== userId && !(await this.mayHearOf(patientId, userId))) return null;
    // Accounts of an older database have neither zone nor language; the directory knows what counts as theirs.
    const known = await this.directory.findOne(userId);
    if (known === null) return null;
    const occasion = { type, severity, passesQuietHours, instants: [this.clock.now()] };
    const channels = await this.channels.of(known, occasion);
    return channels[channel] ? { email: account.email, prenom: account.prenom, locale: known.locale } : null;
  }

  /** A link that has ended since, or access that was switched off, stops what is still on its way. */
  private async mayHearOf(patientId: string, doctorId: string): Promise<boolean> {
    const [link, active] = await Promise.all([
      this.links.find(patientId, doctorId),
      this.accounts.isActive(patientId, 'PATIENT'),
    ]);
    return active && link?.accessEnabled === true;
  }

  private async headlineOf({ type, event, severity, actorId }: Delivery): Promise<Headline> {
    const headline = { type, event, severity };
    if (actorId === null) return headline;
    return { ...headline, actor: displayName(await this.directory.findOne(actorId)) };
  }
}

/** What the stored notification says of itself now. */
function currentOf({ isRead, data }: Pick<NotificationRecord, 'isRead' | 'data'>): CurrentNotification {
  const { count, hoursBefore, resolvedAt } = data;
  return {
    isRead,
    count: typeof count === 'number' ? count : 1,
    hoursBefore: typeof hoursBefore === 'number' ? hoursBefore : null,
    isResolved: resolvedAt !== undefined,
  };
}
