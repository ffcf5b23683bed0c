import { Injectable } from '@nestjs/common';
import { type Actor, type AuditFilter, AuditReader, type AuditRow } from '../../access';
import { AppError } from '../../common/errors';
import { displayName } from '../../common/names';
import { type Page, pageOf, pageRequest } from '../../common/pagination';
import { AccountDirectory, AccountsRepository, type AccountSummary } from '../users';
import type { AccessLogItem, AccessLogQuery, AuditEventItem, AuditQuery } from './dto/audit.dto';

const AUDIT_PAGE = 50;
const ACCESS_LOG_PAGE = 20;

/** The audit log for the ADMIN, and each patient's part of it. */
@Injectable()
export class AuditService {
  constructor(
    private readonly reader: AuditReader,
    private readonly accounts: AccountsRepository,
    private readonly directory: AccountDirectory,
  ) {}

  /** Newest first. */
  async list(query: AuditQuery): Promise<Page<AuditEventItem>> {
    const request = pageRequest(query, AUDIT_PAGE);
    const filter = { ...filterOf(query), patientId: query.patientId ?? null, action: query.action ?? null };
    const { rows, total } = await this.reader.page(filter, (request.page - 1) * request.limit, request.limit);
    const names = await this.namesOf(rows);
    return pageOf(
      rows.map((row) => toEvent(row, names)),
      total,
      request,
    );
  }

  /** Who read a patient's data and who changed who may, newest first. @throws AppError NOT_FOUND */
  async accessLog(actor: Actor, patientId: string, query: AccessLogQuery): Promise<Page<AccessLogItem>> {
    if (actor.id !== patientId && (await this.accounts.findByRole(patientId, 'PATIENT')) === null)
      throw new AppError('NOT_FOUND');
    const request = pageRequest(query, ACCESS_LOG_PAGE);
    const filter = { ...filterOf(query), patientId, action: null };
    const { rows, total } = await this.reader.accessLog(filter, (request.page - 1) * request.limit, request.limit);
    const names = await this.namesOf(rows);
    return pageOf(
      rows.map((row) => toAccess(row, names)),
      total,
      request,
    );
  }

  /** A patient's whole access log, oldest first; for the export. */
  async *allOfPatient(patientId: string): AsyncGenerator<AccessLogItem> {
    for await (const row of this.reader.allOfPatient(patientId)) yield toAccess(row, await this.namesOf([row]));
  }

  private async namesOf(rows: readonly AuditRow[]): Promise<Map<string, AccountSummary>> {
    return this.directory.find(rows.flatMap((row) => (row.actorId === undefined ? [] : [row.actorId.toHexString()])));
  }
}

function filterOf(query: AccessLogQuery): Pick<AuditFilter, 'actorId' | 'from' | 'to'> {
  return { actorId: query.actorId ?? null, from: query.from?.date ?? null, to: query.to?.date ?? null };
}

function toAccess(row: AuditRow, names: ReadonlyMap<string, AccountSummary>): AccessLogItem {
  const actorId = row.actorId?.toHexString() ?? null;
  return {
    _id: row._id.toHexString(),
    at: row.at,
    actorId,
    actorName: actorId === null ? null : displayName(names.get(actorId)),
    actorRole: row.actorRole ?? null,
    action: row.action,
    resource: row.resource,
    ...(row.resourceId === undefined ? {} : { resourceId: row.resourceId.toHexString() }),
    count: row.count,
  };
}

function toEvent(row: AuditRow, names: ReadonlyMap<string, AccountSummary>): AuditEventItem {
  return {
    ...toAccess(row, names),
    ...(row.patientId === undefined ? {} : { patientId: row.patientId.toHexString() }),
    outcome: row.outcome,
    ...(row.reason === undefined ? {} : { reason: row.reason }),
    ...(row.ipAddress === undefined ? {} : { ipAddress: row.ipAddress }),
    requestId: row.requestId ?? null,
  };
}
