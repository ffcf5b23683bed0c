import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../../access';
import { AppError } from '../../../common/errors';
import { Clock } from '../../../common/time';
import { APP_CONFIG, type AppConfig } from '../../../config/app-config';
import { type Tx, UnitOfWork } from '../../../platform/database';
import { PublicAddress, RateLimits, showsVersion } from '../../../platform/http';
import { type DeliveredEvent, OutboxHandlers } from '../../../platform/outbox';
import { type AccountChanged, AccountDirectory, AccountsRepository } from '../../users';
import { partiesOf } from '../appointment.mapper';
import { AppointmentsRepository } from '../appointments.repository';
import type { CalendarTokenResponse } from '../dto/calendar.dto';
import { CalendarTokensRepository } from './calendar-tokens.repository';
import { toCalendar } from './calendar.mapper';

const TOKEN_BYTES = 32;
const HOUR_SECONDS = 3_600;
const DAY_MS = 86_400_000;
const PAST_DAYS = 30;
const AHEAD_DAYS = 365;

/** Appointments for calendar applications, which know nothing but an address with a token in it. */
@Injectable()
export class CalendarService implements OnModuleInit {
  constructor(
    private readonly tokens: CalendarTokensRepository,
    private readonly appointments: AppointmentsRepository,
    private readonly accounts: AccountsRepository,
    private readonly directory: AccountDirectory,
    private readonly limits: RateLimits,
    private readonly address: PublicAddress,
    private readonly handlers: OutboxHandlers,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  onModuleInit(): void {
    this.handlers.on<AccountChanged>('account.changed', (event, tx) => this.accountChanged(event, tx));
  }

  /** A new token of the caller; the one before stops working. */
  async issue(actor: Actor): Promise<CalendarTokenResponse> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const now = this.clock.now();
    await this.work.run((tx) => this.tokens.replace(tx, actor.id, hashOf(token), now), {
      lanes: [`calendar:${actor.id}`],
    });
    return { token, url: `${this.address.url}/api/appointments/calendar.ics?token=${token}`, createdAt: now };
  }

  /** Ends the caller's token. @throws AppError NOT_FOUND when there is none */
  async revoke(actor: Actor): Promise<{ message: string }> {
    if (!(await this.tokens.deleteOf(actor.id))) throw new AppError('NOT_FOUND');
    return { message: 'Calendar token deleted successfully' };
  }

  /**
   * The calendar of a token's owner, from 30 days ago to 365 days ahead.
   * @throws AppError NOT_FOUND for a token that nobody has (any more), RATE_LIMITED
   */
  async read(token: string): Promise<string> {
    const tokenHash = hashOf(token);
    const ownerId = await this.tokens.ownerOf(tokenHash);
    if (ownerId === null) throw new AppError('NOT_FOUND');
    const max = this.config.rateLimits.calendarPerHour;
    await this.limits.hitShared({ name: 'calendar', max, windowSeconds: HOUR_SECONDS }, tokenHash);
    const role = (await this.directory.findOne(ownerId))?.role;
    // Whoever may not sign in has no calendar either, also before the event that ends the token is delivered.
    if (role === undefined || !(await this.accounts.isActive(ownerId, role))) throw new AppError('NOT_FOUND');
    const now = this.clock.now();
    const side = role === 'PATIENT' ? 'patientId' : 'doctorId';
    const found = await this.appointments.between(
      side,
      ownerId,
      new Date(now.getTime() - PAST_DAYS * DAY_MS),
      new Date(now.getTime() + AHEAD_DAYS * DAY_MS),
    );
    const people = await this.directory.find(partiesOf(found));
    // A calendar has no version of its own: its ETag is that of its text.
    showsVersion(0);
    return toCalendar(found, side, people, now);
  }

  /** The token ends for good when the account leaves ACTIF. */
  private async accountChanged({ payload, at }: DeliveredEvent<AccountChanged>, tx: Tx): Promise<void> {
    if (payload.status !== null && payload.status !== 'ACTIF')
      await this.tokens.deleteMadeUntil(tx, payload.userId, at);
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
