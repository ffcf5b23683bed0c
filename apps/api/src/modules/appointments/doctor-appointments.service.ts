import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access';
import { Clock } from '../../common/time';
import { AccountDirectory } from '../users';
import { toStats } from './counts/appointment-stats.mapper';
import { partiesOf, toAppointment } from './appointment.mapper';
import { DoctorAppointmentsRepository } from './doctor-appointments.repository';
import type { AppointmentStatsResponse } from './dto/appointment-stats.dto';
import type { AppointmentResponse } from './dto/appointment.dto';
import { AppointmentLists } from './lists/appointment-lists.service';

const UPCOMING_LIMIT = 10;
const UPCOMING_MS = 7 * 24 * 3_600_000;

/** A doctor's dashboard. */
@Injectable()
export class DoctorAppointmentsService {
  constructor(
    private readonly appointments: DoctorAppointmentsRepository,
    private readonly lists: AppointmentLists,
    private readonly directory: AccountDirectory,
    private readonly clock: Clock,
  ) {}

  /** The caller's next 10 within 7 x 24 h that are not cancelled, earliest first. */
  async upcoming(actor: Actor): Promise<AppointmentResponse[]> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + UPCOMING_MS);
    const found = await this.appointments.upcoming(actor.id, now, until, UPCOMING_LIMIT);
    const accounts = await this.directory.find(partiesOf(found));
    return found.map((record) => toAppointment(record, accounts));
  }

  /** How many appointments the caller has, by status and by type. */
  async stats(actor: Actor): Promise<AppointmentStatsResponse> {
    const scope = { side: 'doctorId', userId: actor.id } as const;
    return toStats(await this.lists.weeksOf(scope, this.clock.now(), true));
  }
}
