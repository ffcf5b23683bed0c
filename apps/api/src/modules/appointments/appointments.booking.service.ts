import { Inject, Injectable } from '@nestjs/common';
import { type Actor, CareLinks } from '../../access';
import { AppError, invalidField } from '../../common/errors';
import { Clock, localDay } from '../../common/time';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { oid, type Tx, UnitOfWork } from '../../platform/database';
import { showsVersion } from '../../platform/http';
import { AccountDirectory } from '../users';
import { partiesLanes } from './appointment-lanes.policy';
import { emitAppointment } from './appointment.events';
import { toAppointment } from './appointment.mapper';
import { assertBookable, otherSide, patientDeadline } from './appointment.policy';
import type { AppointmentSide } from './appointment.schema';
import { AppointmentsRepository } from './appointments.repository';
import { AvailabilityRepository } from './availability/availability.repository';
import { allows, applies } from './availability/slots.policy';
import { BookingRepository, type Slot } from './booking.repository';
import type { AppointmentResponse, CreateAppointmentBody } from './dto/appointment.dto';

const DEFAULT_MINUTES = 30;

/** Books appointments, and judges slots for those that move. */
@Injectable()
export class AppointmentsBookingService {
  constructor(
    private readonly appointments: AppointmentsRepository,
    private readonly booking: BookingRepository,
    private readonly availability: AvailabilityRepository,
    private readonly links: CareLinks,
    private readonly directory: AccountDirectory,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Books an appointment; the other party is asked to confirm.
   * @throws AppError VALIDATION_FAILED, IDENTITY_MISMATCH, DATE_*, NO_CARE_RELATION and those of `take`
   */
  async create(actor: Actor, body: CreateAppointmentBody): Promise<AppointmentResponse> {
    const side: AppointmentSide = actor.role === 'PATIENT' ? 'PATIENT' : 'MEDECIN';
    const { patientId, doctorId, type = 'Physical', meetingUrl } = body;
    if (meetingUrl !== undefined && (side === 'PATIENT' || type === 'Physical')) {
      throw invalidField(
        'meetingUrl',
        'onlyOnline',
        'may only be set by the doctor, for an Online appointment',
        'ne peut être donnée que par le médecin, pour un rendez-vous Online',
      );
    }
    if ((side === 'PATIENT' ? patientId : doctorId) !== actor.id) throw new AppError('IDENTITY_MISMATCH');
    const now = this.clock.now();
    const start = body.dateTime.date;
    assertBookable(start, now);
    const durationMinutes = body.durationMinutes ?? DEFAULT_MINUTES;
    const accounts = await this.directory.find([patientId, doctorId]);
    const zone = accounts.get(doctorId)?.timeZone ?? 'UTC';
    const slot: Slot = {
      patientId,
      doctorId,
      start,
      end: new Date(start.getTime() + durationMinutes * 60_000),
      day: localDay(start, zone),
      type,
      ignoreId: null,
    };
    return this.work.respond(
      async (tx) => {
        if (!(await this.links.hold(tx, patientId, doctorId, { needsAccess: side === 'MEDECIN' })))
          throw new AppError('NO_CARE_RELATION');
        await this.take(tx, slot, side, now);
        const record = await this.appointments.insert(
          tx,
          {
            patientId: oid(patientId),
            doctorId: oid(doctorId),
            dateTime: start,
            durationMinutes,
            endTime: slot.end,
            timeZone: body.timeZone ?? zone,
            day: slot.day,
            type,
            status: 'Pending',
            notes: body.notes ?? '',
            createdByRole: side,
            awaiting: otherSide(side),
            ...(side === 'MEDECIN' ? { expiresAt: patientDeadline(start, now) } : {}),
            ...(meetingUrl === undefined ? {} : { meetingUrl }),
          },
          now,
        );
        emitAppointment(tx, record, 'created', actor.id);
        showsVersion(record.__v);
        return toAppointment(record, accounts);
      },
      { lanes: partiesLanes(slot) },
    );
  }

  /**
   * Takes a slot in the transaction, or refuses.
   * @throws AppError SLOT_TAKEN with the side that is not free, DAY_FULL; OUTSIDE_AVAILABILITY for patients
   */
  async take(tx: Tx, slot: Slot, side: AppointmentSide, now: Date): Promise<void> {
    await this.booking.lock(tx, slot);
    const obstacles = await this.booking.obstacles(tx, slot, now);
    const own = side === 'PATIENT' ? 'patientId' : 'doctorId';
    const conflictingStart = obstacles[own]?.toISOString();
    if (conflictingStart !== undefined)
      throw new AppError('SLOT_TAKEN', { details: { side: nameOf(own), conflictingStart } });
    const other = side === 'PATIENT' ? 'doctorId' : 'patientId';
    // Whose appointment stands in the way is nobody else's business.
    if (obstacles[other] !== null) throw new AppError('SLOT_TAKEN', { details: { side: nameOf(other) } });
    if (obstacles.ofDay >= this.config.care.maxAppointmentsPerDay) throw new AppError('DAY_FULL');
    if (side === 'MEDECIN') return;
    const hours = await this.availability.find(slot.doctorId, tx);
    if (applies(hours) && !allows(hours, slot.start, slot.end, slot.type)) throw new AppError('OUTSIDE_AVAILABILITY');
  }

  /** The calendar day of an instant for a doctor. */
  async dayOf(doctorId: string, instant: Date): Promise<string> {
    return localDay(instant, (await this.directory.findOne(doctorId))?.timeZone ?? 'UTC');
  }
}

function nameOf(side: 'patientId' | 'doctorId'): 'patient' | 'doctor' {
  return side === 'patientId' ? 'patient' : 'doctor';
}
