import { Injectable } from '@nestjs/common';
import { type Actor, AuditTrail, CareLinks, type PartyScope, partyScope, type PatientScope } from '../../access';
import { AppError, invalidField } from '../../common/errors';
import { pageOf, pageRequest } from '../../common/pagination';
import { Clock, dayBounds, type ParsedInstant } from '../../common/time';
import { oid, UnitOfWork } from '../../platform/database';
import { assertVersion, demandedVersion, showsVersion } from '../../platform/http';
import { AccountDirectory } from '../users';
import { AppointmentExpiry } from './appointment-expiry.service';
import { changeLanes } from './appointment-lanes.policy';
import { emitAppointment } from './appointment.events';
import { partiesOf, toAppointment } from './appointment.mapper';
import {
  type AppointmentPatch,
  type AppointmentPlan,
  effective,
  hasExpired,
  planDelete,
  planUpdate,
} from './appointment.policy';
import type { AppointmentSide } from './appointment.schema';
import { AppointmentsBookingService } from './appointments.booking.service';
import { type AppointmentRecord, AppointmentsRepository } from './appointments.repository';
import type {
  AppointmentPage,
  AppointmentResponse,
  AppointmentsQuery,
  UpdateAppointmentBody,
} from './dto/appointment.dto';
import { AppointmentLists } from './lists/appointment-lists.service';
import type { AppointmentFilter, AppointmentListScope } from './lists/list-filter.policy';

const LIST_LIMIT = 100;
const MAX_ATTEMPTS = 8;

/** Reads, changes and removes appointments. */
@Injectable()
export class AppointmentsService {
  constructor(
    private readonly appointments: AppointmentsRepository,
    private readonly lists: AppointmentLists,
    private readonly booking: AppointmentsBookingService,
    private readonly expiry: AppointmentExpiry,
    private readonly links: CareLinks,
    private readonly directory: AccountDirectory,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError NOT_FOUND for everybody but its parties */
  async get(actor: Actor, id: string): Promise<AppointmentResponse> {
    return this.show(await this.find(partyScope(actor), id));
  }

  /** A doctor's own list. */
  async listOfDoctor(actor: Actor, query: AppointmentsQuery): Promise<AppointmentPage> {
    const zone = (await this.directory.findOne(actor.id))?.timeZone ?? 'UTC';
    return this.page({ side: 'doctorId', userId: actor.id }, this.filterOf(query, zone), query);
  }

  /** A patient's list; a linked doctor sees those with the caller, which is recorded. */
  async listOfPatient(scope: PatientScope, query: AppointmentsQuery): Promise<AppointmentPage> {
    const { actor, patientId, via } = scope;
    if (via === 'self') return this.page({ side: 'patientId', userId: patientId }, this.filterOf(query, null), query);
    const [page] = await Promise.all([
      this.page({ side: 'patientId', userId: patientId, onlyWithDoctor: actor.id }, this.filterOf(query, null), query),
      this.audit.recordRead(actor, patientId, 'appointment.read', 'appointments'),
    ]);
    return page;
  }

  /**
   * The patient confirms; one that is confirmed already is answered unchanged.
   * @throws AppError NOT_FOUND, ILLEGAL_TRANSITION, CONFIRMATION_EXPIRED
   */
  async confirm(actor: Actor, id: string): Promise<AppointmentResponse> {
    return this.update(actor, id, { status: 'Confirmed' });
  }

  /**
   * Changes an appointment by the rules of its state and the caller's side.
   * @throws AppError NOT_FOUND, PRECONDITION_FAILED and those of `planUpdate` and `AppointmentsBookingService.take`
   */
  async update(actor: Actor, id: string, body: UpdateAppointmentBody): Promise<AppointmentResponse> {
    const side = sideOf(actor);
    const patch = toPatch(body);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const stored = await this.find(partyScope(actor), id);
      assertVersion(stored.__v);
      const plan = await this.judge(side, stored, patch);
      if (plan === null) return this.show(stored);
      await this.assertDoctorMay(side, stored);
      const updated = await this.apply(actor, side, stored, plan);
      if (updated !== null) return this.show(updated);
      if (demandedVersion() !== null) throw new AppError('PRECONDITION_FAILED');
    }
    throw new AppError('CONCURRENT_UPDATE');
  }

  /** Cancels and hides, or only hides. @throws AppError NOT_FOUND, APPOINTMENT_CLOSED */
  async remove(actor: Actor, id: string): Promise<{ message: string }> {
    const side = sideOf(actor);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const stored = await this.find(partyScope(actor), id);
      await this.assertDoctorMay(side, stored);
      const now = this.clock.now();
      if (hasExpired(stored, now)) {
        // Its end is written first, as the job would: a hidden one must not stay Pending for ever.
        await this.expiry.expire(stored, now);
        continue;
      }
      const { change, freesSlot } = planDelete(effective(stored, now), side, now);
      const hidden = await this.work.run(
        async (tx) => {
          const record = await this.appointments.update(
            tx,
            id,
            stored.__v,
            { ...change, deletedAt: now, deletedBy: oid(actor.id) },
            now,
          );
          if (record !== null && freesSlot) emitAppointment(tx, record, 'deleted', actor.id);
          return record;
        },
        { lanes: changeLanes(stored) },
      );
      if (hidden !== null) return { message: 'Appointment deleted successfully' };
    }
    throw new AppError('CONCURRENT_UPDATE');
  }

  private async judge(
    side: AppointmentSide,
    stored: AppointmentRecord,
    patch: AppointmentPatch,
  ): Promise<AppointmentPlan | null> {
    const now = this.clock.now();
    try {
      return planUpdate(effective(stored, now), side, patch, now);
    } catch (error) {
      // For a doctor whose link has ended everything is closed, whichever rule of the state would refuse it too.
      if (error instanceof AppError && error.status === 409) await this.assertDoctorMay(side, stored);
      throw error;
    }
  }

  private async apply(
    actor: Actor,
    side: AppointmentSide,
    stored: AppointmentRecord,
    plan: AppointmentPlan,
  ): Promise<AppointmentRecord | null> {
    const id = stored._id.toHexString();
    const ids = { patientId: stored.patientId.toHexString(), doctorId: stored.doctorId.toHexString() };
    const day =
      plan.moves && plan.change.dateTime !== undefined
        ? await this.booking.dayOf(ids.doctorId, plan.change.dateTime)
        : stored.day;
    return this.work.run(
      async (tx) => {
        const now = this.clock.now();
        if (plan.moves) {
          // A move is a booking: it must not slip past the end of the link either.
          if (!(await this.links.hold(tx, ids.patientId, ids.doctorId, { needsAccess: false })))
            throw new AppError('APPOINTMENT_CLOSED');
          await this.booking.take(
            tx,
            {
              ...ids,
              start: plan.change.dateTime ?? stored.dateTime,
              end: plan.change.endTime ?? stored.endTime,
              day,
              type: plan.change.type ?? stored.type,
              ignoreId: id,
            },
            side,
            now,
          );
        }
        const record = await this.appointments.update(
          tx,
          id,
          stored.__v,
          plan.moves ? { ...plan.change, day } : plan.change,
          now,
        );
        if (record !== null) emitAppointment(tx, record, plan.event, actor.id);
        return record;
      },
      { lanes: changeLanes(stored) },
    );
  }

  private async find(scope: PartyScope, id: string): Promise<AppointmentRecord> {
    const record = await this.appointments.findAsParty(scope, id);
    if (record === null) throw new AppError('NOT_FOUND');
    return record;
  }

  /** Once the link has ended the doctor changes nothing any more. @throws AppError APPOINTMENT_CLOSED */
  private async assertDoctorMay(side: AppointmentSide, record: AppointmentRecord): Promise<void> {
    if (side === 'PATIENT') return;
    if ((await this.links.find(record.patientId.toHexString(), record.doctorId.toHexString())) === null)
      throw new AppError('APPOINTMENT_CLOSED');
  }

  private async show(record: AppointmentRecord): Promise<AppointmentResponse> {
    const accounts = await this.directory.find(partiesOf([record]));
    showsVersion(record.__v);
    return toAppointment(effective(record, this.clock.now()), accounts);
  }

  private async page(
    scope: AppointmentListScope,
    filter: AppointmentFilter,
    query: AppointmentsQuery,
  ): Promise<AppointmentPage> {
    const request = pageRequest(query, LIST_LIMIT);
    const startsAhead = query.startDate !== undefined && (filter.from ?? query.startDate.date) >= filter.now;
    const ascending = query.sort === undefined ? startsAhead : query.sort === 'asc';
    const { data, total } = await this.lists.page(scope, filter, {
      ascending,
      skip: (request.page - 1) * request.limit,
      limit: request.limit,
    });
    const accounts = await this.directory.find(partiesOf(data));
    return pageOf(
      data.map((record) => toAppointment(effective(record, filter.now), accounts)),
      total,
      request,
    );
  }

  /** @throws AppError VALIDATION_FAILED when `date` comes together with a range */
  private filterOf(query: AppointmentsQuery, zone: string | null): AppointmentFilter {
    return { statuses: query.status ?? null, type: query.type ?? null, ...rangeOf(query, zone), now: this.clock.now() };
  }
}

type DateRange = Pick<AppointmentFilter, 'from' | 'until' | 'untilInclusive' | 'fromDay' | 'untilDay'>;

/**
 * The dates of a list. Bare days are days of the doctor: of `zone` in a doctor's own list; in a patient's, whose doctors
 * live in several zones, the day that each appointment was given at booking.
 */
function rangeOf(query: AppointmentsQuery, zone: string | null): DateRange {
  const { date, startDate, endDate } = query;
  if (date !== undefined && (startDate !== undefined || endDate !== undefined)) {
    throw invalidField(
      'date',
      'exclusive',
      'cannot be combined with startDate or endDate',
      'ne peut pas être combiné avec startDate ou endDate',
    );
  }
  const fromDay = date ?? dayOf(startDate);
  const untilDay = date ?? dayOf(endDate);
  const from = fromDay === null ? (startDate?.date ?? null) : null;
  const until = untilDay === null ? (endDate?.date ?? null) : null;
  if (zone === null) return { from, until, untilInclusive: true, fromDay, untilDay };
  return {
    from: fromDay === null ? from : dayBounds(fromDay, zone).start,
    until: untilDay === null ? until : dayBounds(untilDay, zone).end,
    untilInclusive: untilDay === null,
    fromDay: null,
    untilDay: null,
  };
}

/** The calendar day that was sent, or null when a time came with it. */
function dayOf(instant: ParsedInstant | undefined): string | null {
  return instant?.dayOnly === true ? instant.date.toISOString().slice(0, 10) : null;
}

function sideOf(actor: Actor): AppointmentSide {
  return actor.role === 'PATIENT' ? 'PATIENT' : 'MEDECIN';
}

function toPatch(body: UpdateAppointmentBody): AppointmentPatch {
  const { dateTime, notes, ...rest } = body;
  return {
    ...rest,
    ...(dateTime === undefined ? {} : { dateTime: dateTime.date }),
    ...(notes === undefined ? {} : { notes: notes ?? '' }),
  };
}
