import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import type { Model } from 'mongoose';
import { atOrAfter, oid } from '../platform/database';
import { AuditEvent } from './audit.schema';
import type { AuditAction } from './audit-trail.repository';

/** An event as stored. */
export type AuditRow = AuditEvent;

/** Which events are wanted; null means all. */
export interface AuditFilter {
  readonly actorId: string | null;
  readonly patientId: string | null;
  readonly action: string | null;
  readonly from: Date | null;
  /** Inclusive. */
  readonly to: Date | null;
}

/** Reads of a patient's data, and changes of who may read it: what the patient's access log shows (contract 20, 4.4). */
const ACCESS_ACTIONS: readonly AuditAction[] = [
  'user.read',
  'patient.read',
  'glucose.read',
  'analytics.read',
  'appointment.read',
  'request.read',
  'link.created',
  'link.ended',
  'access.enabled',
  'access.disabled',
];

function toFilter(filter: AuditFilter): Record<string, unknown> {
  const at = {
    ...(filter.from === null ? {} : atOrAfter(filter.from)),
    ...(filter.to === null ? {} : { $lte: filter.to }),
  };
  return {
    ...(filter.patientId === null ? {} : { patientId: oid(filter.patientId) }),
    ...(filter.actorId === null ? {} : { actorId: oid(filter.actorId) }),
    ...(filter.action === null ? {} : { action: filter.action }),
    ...(Object.keys(at).length === 0 ? {} : { at }),
  };
}

/** Reads the audit log: for the ADMIN, and as a patient's access log. */
@Injectable()
export class AuditReader {
  constructor(@InjectModel(AuditEvent.name) private readonly events: Model<AuditEvent>) {}

  private get raw() {
    return this.events.collection;
  }

  /** Newest first, with the number of all that match. */
  async page(filter: AuditFilter, skip: number, limit: number): Promise<{ rows: AuditRow[]; total: number }> {
    return this.read(toFilter(filter), skip, limit);
  }

  /** A patient's access log, newest first. */
  async accessLog(
    filter: AuditFilter & { readonly patientId: string },
    skip: number,
    limit: number,
  ): Promise<{ rows: AuditRow[]; total: number }> {
    return this.read({ ...toFilter(filter), action: { $in: ACCESS_ACTIONS } }, skip, limit);
  }

  /** A patient's whole access log, oldest first, one event at a time. */
  allOfPatient(patientId: string): AsyncIterable<AuditRow> {
    return this.raw
      .find<AuditRow>({ patientId: oid(patientId), action: { $in: ACCESS_ACTIONS } })
      .sort({ at: 1, _id: 1 });
  }

  private async read(
    where: Record<string, unknown>,
    skip: number,
    limit: number,
  ): Promise<{ rows: AuditRow[]; total: number }> {
    const rows = await this.raw.find<AuditRow>(where).sort({ at: -1, _id: -1 }).skip(skip).limit(limit).toArray();
    const known = rows.length < limit && (rows.length > 0 || skip === 0);
    return { rows, total: known ? skip + rows.length : await this.raw.countDocuments(where) };
  }
}
