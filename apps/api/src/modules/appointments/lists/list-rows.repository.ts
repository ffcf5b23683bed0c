import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { atOrAfter, oid } from '../../../platform/database';
import { Appointment } from '../appointment.schema';
import type { AppointmentListScope, Judged, Span } from './list-filter.policy';
import type { Overdue } from './list-weeks.policy';

const JUDGED = { doctorId: 1, dateTime: 1, day: 1, status: 1, type: 1, expiresAt: 1 } as const;
const OVERDUE = { patientId: 1, doctorId: 1, dateTime: 1, type: 1, deletedAt: 1 } as const;
// Below every date and above absence, so that an index is not walked through all that never expire.
const BEGINNING = new Date(0);

/**
 * What lists read of appointments: spans of time along the index of their owner, and nothing but that. Whoever wants
 * less judges the rows; a further condition would make the embedded engine read the whole collection (decision 14).
 */
@Injectable()
export class ListRowsRepository {
  constructor(@InjectModel(Appointment.name) private readonly appointments: Model<Appointment>) {}

  private get raw() {
    return this.appointments.collection;
  }

  /** The appointments of a span in the order of the list. */
  async rows(
    scope: AppointmentListScope,
    span: Span,
    ascending: boolean,
    part?: { readonly skip: number; readonly limit: number },
  ): Promise<Appointment[]> {
    const order = ascending ? 1 : -1;
    const rows = this.raw.find<Appointment>(spanFilter(scope, span)).sort({ dateTime: order, _id: order });
    return (part === undefined ? rows : rows.skip(part.skip).limit(part.limit)).toArray();
  }

  /** What has to be known of the appointments of a span to judge them, in no order. */
  async judged(scope: AppointmentListScope, span: Span): Promise<Judged[]> {
    return this.raw.find<Judged>(spanFilter(scope, span), { projection: JUDGED }).toArray();
  }

  /** How many appointments a span has. */
  async count(scope: AppointmentListScope, span: Span): Promise<number> {
    return this.raw.countDocuments(spanFilter(scope, span));
  }

  /** Everybody's Pending ones whose time has run out: few, since a job writes that down every minute. */
  async overdue(now: Date): Promise<Overdue[]> {
    const found = await Promise.all(
      [
        { status: 'Pending', dateTime: { $lte: now } },
        { status: 'Pending', expiresAt: { $gt: BEGINNING, $lte: now } },
      ].map((filter) =>
        this.raw.find<Overdue & Pick<Appointment, '_id' | 'deletedAt'>>(filter, { projection: OVERDUE }).toArray(),
      ),
    );
    const shown = found.flat().filter(({ deletedAt }) => deletedAt === undefined);
    return [...new Map(shown.map((row) => [row._id.toHexString(), row])).values()];
  }
}

function spanFilter({ side, userId }: AppointmentListScope, { from, to }: Span): Record<string, unknown> {
  const dateTime = {
    ...(from === null ? {} : atOrAfter(new Date(from))),
    ...(to === null ? {} : { $lt: new Date(to) }),
  };
  return { [side]: oid(userId), deletedAt: null, ...(from === null && to === null ? {} : { dateTime }) };
}
