import { Inject, Injectable } from '@nestjs/common';
import { type Actor, CareLinks } from '../../../access';
import { AppError } from '../../../common/errors';
import { Clock, dayBounds } from '../../../common/time';
import { APP_CONFIG, type AppConfig } from '../../../config/app-config';
import { currentContext } from '../../../platform/context/request-context';
import { UnitOfWork } from '../../../platform/database';
import { type AccountRecord, AccountsRepository } from '../../users';
import { BookingRepository, type TakenTime } from '../booking.repository';
import type { AvailabilityBody, AvailabilityResponse, SlotsQuery, SlotsResponse } from '../dto/availability.dto';
import { toAvailability } from './availability.mapper';
import { judgeAvailability } from './availability.policy';
import { AvailabilityRepository } from './availability.repository';
import { DEFAULT_SLOT_MINUTES } from './availability.schema';
import { applies, freeSlots, type OpeningHours } from './slots.policy';
import { searchedRange } from './slot-range.policy';

const DEFAULT_MINUTES = 30;
const MAX_SLOTS = 1_000;
// Every appointment that overlaps the range or counts on one of its days, whatever zones they were booked in.
const AROUND_MS = 2 * 86_400_000;

/** When doctors receive, and what is still free. */
@Injectable()
export class AvailabilityService {
  constructor(
    private readonly availabilities: AvailabilityRepository,
    private readonly accounts: AccountsRepository,
    private readonly booking: BookingRepository,
    private readonly links: CareLinks,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** @throws AppError NOT_FOUND for a doctor whom the caller cannot see */
  async get(actor: Actor, doctorId: string): Promise<AvailabilityResponse> {
    const [doctor, stored] = await Promise.all([this.doctorFor(actor, doctorId), this.availabilities.find(doctorId)]);
    if (stored !== null) return toAvailability(stored);
    const { timeZone } = doctor;
    return { doctorId, timeZone, slotMinutes: DEFAULT_SLOT_MINUTES, published: false, rules: [], exceptions: [] };
  }

  /** Replaces the caller's. @throws AppError VALIDATION_FAILED, OVERLAPPING_RULES */
  async replace(actor: Actor, body: AvailabilityBody): Promise<AvailabilityResponse> {
    const exceptions = judgeAvailability(body.rules, body.exceptions ?? []);
    const content = {
      timeZone: body.timeZone,
      slotMinutes: body.slotMinutes ?? DEFAULT_SLOT_MINUTES,
      published: body.published ?? true,
      rules: body.rules.map((rule) => ({ ...rule })),
      exceptions: exceptions.map(({ intervals, ...rest }) => ({
        ...rest,
        intervals: intervals.map((interval) => ({ ...interval })),
      })),
    };
    const now = this.clock.now();
    return toAvailability(
      await this.work.run((tx) => this.availabilities.replace(tx, actor.id, content, now), {
        lanes: [`availability:${actor.id}`],
      }),
    );
  }

  /** Free slots; a patient's own appointments stand in the way as well. @throws AppError VALIDATION_FAILED, NOT_FOUND */
  async slots(actor: Actor, doctorId: string, query: SlotsQuery): Promise<SlotsResponse> {
    const [doctor, hours] = await Promise.all([this.doctorFor(actor, doctorId), this.availabilities.find(doctorId)]);
    const timeZone = hours?.timeZone ?? doctor.timeZone;
    const range = searchedRange(query.from, query.to, timeZone);
    const durationMinutes = query.durationMinutes ?? DEFAULT_MINUTES;
    const answer = { doctorId, timeZone, durationMinutes };
    if (!applies(hours)) return { ...answer, published: false, slots: [] };
    const slots = await this.search(actor, doctor, hours, { ...range, durationMinutes });
    const context = currentContext();
    if (context !== undefined && slots.length > MAX_SLOTS) context.truncated = true;
    return { ...answer, published: true, slots: slots.slice(0, MAX_SLOTS) };
  }

  private async search(
    actor: Actor,
    doctor: AccountRecord,
    hours: OpeningHours,
    wanted: { readonly from: Date; readonly to: Date; readonly durationMinutes: number },
  ) {
    const now = this.clock.now();
    const from = wanted.from > now ? wanted.from : now;
    if (wanted.to <= from) return [];
    const after = new Date(from.getTime() - AROUND_MS);
    const before = new Date(wanted.to.getTime() + AROUND_MS);
    const [ofDoctor, ofPatient] = await Promise.all([
      this.booking.takenBetween('doctorId', doctor._id.toHexString(), after, before, now),
      actor.role === 'PATIENT' ? this.booking.takenBetween('patientId', actor.id, after, before, now) : [],
    ]);
    const full = fullDays(ofDoctor, this.config.care.maxAppointmentsPerDay, doctor.timeZone);
    return freeSlots(hours, {
      ...wanted,
      from,
      now,
      taken: [...ofDoctor, ...ofPatient].filter(({ blocks }) => blocks),
      isFull: (instant) => full.some(({ start, end }) => instant >= start && instant < end),
      // One more tells that there are more.
      limit: MAX_SLOTS + 1,
    });
  }

  /** Seen as their profile is: all but the linked patients and ADMIN see only ACTIF doctors. @throws AppError NOT_FOUND */
  private async doctorFor(actor: Actor, doctorId: string): Promise<AccountRecord> {
    const doctor = await this.accounts.findByRole(doctorId, 'MEDECIN');
    if (doctor === null) throw new AppError('NOT_FOUND');
    if (doctor.statutCompte === 'ACTIF' || actor.role === 'ADMIN' || actor.id === doctorId) return doctor;
    if (actor.role === 'PATIENT' && (await this.links.find(actor.id, doctorId)) !== null) return doctor;
    throw new AppError('NOT_FOUND');
  }
}

/** The doctor's days on which nothing more fits, from their first instant to that of the next day. */
function fullDays(taken: readonly TakenTime[], maxPerDay: number, zone: string): { start: Date; end: Date }[] {
  const counts = new Map<string, number>();
  for (const { day } of taken) counts.set(day, (counts.get(day) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= maxPerDay).map(([day]) => dayBounds(day, zone));
}
