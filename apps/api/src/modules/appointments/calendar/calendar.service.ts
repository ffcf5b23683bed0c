import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Actor } from '../../../access';
import { AppError } from '../../../common/errors';
import { Clock } from '../../../common/time';
import { APP_CONFIG, type AppConfig } from '../../../config/app-config';
import { UnitOfWork } from '../../../platform/database';
import { PublicAddress, RateLimits, showsVersion } from '../../../platform/http';
import { OutboxHandlers } from '../../../platform/outbox';
import { type AccountChanged, AccountDirectory, AccountsRepository, ErasureSteps } from '../../users';
import { partiesOf } from '../appointment.mapper';
import { effective } from '../appointment.policy';
import { type AppointmentRecord, AppointmentsRepository } from '../appointments.repository';
import { CalendarTokens } from './calendar-tokens.repository';
import { toCalendar } from './calendar-feed.mapper';
import type { CalendarTokenResponse } from '../dto/calendar.dto';

const TOKEN_BYTES = 32;
const DAY_MS = 86_400_000;
const DAYS_BACK = 30;
const DAYS_AHEAD = 365;
const HOUR_SECONDS = 3_600;

/** The calendar feed of an account: its appointments at an address that calendar apps can subscribe to. */
@Injectable()
export class CalendarService implements OnModuleInit {
  constructor(
    private readonly tokens: CalendarTokens,
    private readonly appointments: AppointmentsRepository,
    private readonly accounts: AccountsRepository,
    private readonly directory: AccountDirectory,
    private readonly limits: RateLimits,
    private readonly address: PublicAddress,
    private readonly handlers: OutboxHandlers,
    private readonly steps: ErasureSteps,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  onModuleInit(): void {
    // The token ends for good with the account's activity, not only until it comes back. One made after that stays.
    this.handlers.on<AccountChanged>('account.changed', async ({ payload, at }, tx) => {
      if (payload.status !== null && payload.status !== 'ACTIF')
        await this.tokens.removeMadeUntil(payload.userId, at, tx);
    });
    this.steps.register({
      name: 'calendar-token',
      run: async ({ userId }) => {
        await this.tokens.remove(userId);
      },
    });
  }

  /** A new address; the one before stops working. */
  async createToken(actor: Actor): Promise<CalendarTokenResponse> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const createdAt = this.clock.now();
    await this.work.run((tx) => this.tokens.replace(tx, actor.id, token, createdAt), {
      lanes: [`calendar:${actor.id}`],
    });
    return { token, url: `${this.address.url}/api/appointments/calendar.ics?token=${token}`, createdAt };
  }

  /** @throws AppError NOT_FOUND without a token */
  async removeToken(actor: Actor): Promise<{ message: string }> {
    if (!(await this.tokens.remove(actor.id))) throw new AppError('NOT_FOUND');
    return { message: 'Calendar address removed' };
  }

  /** The feed. @throws AppError NOT_FOUND, RATE_LIMITED */
  async feed(token: string): Promise<string> {
    const found = await this.tokens.find(token);
    const owner = found === null ? null : await this.accounts.findById(found.userId);
    if (found === null || owner?.statutCompte !== 'ACTIF') throw new AppError('NOT_FOUND');
    const limit = { name: 'calendar', max: this.config.rateLimits.calendarPerHour, windowSeconds: HOUR_SECONDS };
    await this.limits.hitShared(limit, found.tokenHash);
    const now = this.clock.now();
    const [from, until] = [-DAYS_BACK, DAYS_AHEAD].map((days) => new Date(now.getTime() + days * DAY_MS));
    const side = owner.role === 'PATIENT' ? 'patientId' : 'doctorId';
    const records = await this.appointments.between(side, found.userId, from ?? now, until ?? now);
    const accounts = await this.directory.find(partiesOf(records));
    showsVersion(0);
    return toCalendar(
      found.userId,
      records.map((record) => asShown(record, now)),
      accounts,
    );
  }
}

/** As it counts now. Of an expired one the end is a change like any other, also before the job has written it. */
function asShown(record: AppointmentRecord, now: Date): AppointmentRecord {
  const shown = effective(record, now);
  return shown === record ? record : { ...shown, sequence: record.sequence + 1 };
}
