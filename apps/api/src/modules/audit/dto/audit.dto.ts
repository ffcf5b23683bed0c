import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ROLES } from '../../../common/enums';
import { PageResponse } from '../../../common/page-response';
import { PagingQuery } from '../../../common/paging.dto';
import type { ParsedInstant } from '../../../common/time';
import { Id, Instant, Str } from '../../../common/validation';

/** Query of GET /patients/:id/access-log. */
export class AccessLogQuery extends PagingQuery {
  @Instant({ optional: true, description: 'Not before' })
  from?: ParsedInstant;

  @Instant({ optional: true, description: 'Not after' })
  to?: ParsedInstant;

  @Id({ optional: true })
  actorId?: string;
}

/** Query of GET /audit-events. */
export class AuditQuery extends AccessLogQuery {
  @Id({ optional: true })
  patientId?: string;

  @Str({ optional: true, min: 1, max: 60, example: 'patient.read' })
  action?: string;
}

/** Who did what to a patient's data. */
export class AccessLogItem {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'Of the first of equal reads within five minutes' })
  at!: Date;

  @ApiProperty({ type: 'string', nullable: true, description: 'null for the system and for callers nobody knows' })
  actorId!: string | null;

  @ApiProperty({ type: 'string', nullable: true })
  actorName!: string | null;

  @ApiProperty({ type: 'string', enum: [...ROLES, null], nullable: true })
  actorRole!: string | null;

  @ApiProperty({ type: 'string', example: 'patient.read' })
  action!: string;

  @ApiProperty({ type: 'string', example: 'patient' })
  resource!: string;

  @ApiPropertyOptional({ type: 'string' })
  resourceId?: string;

  @ApiProperty({ type: 'integer' })
  count!: number;
}

/** An event of the audit log. */
export class AuditEventItem extends AccessLogItem {
  @ApiPropertyOptional({ type: 'string' })
  patientId?: string;

  @ApiProperty({ type: 'string', enum: ['success', 'denied'] })
  outcome!: string;

  @ApiPropertyOptional({ type: 'string' })
  reason?: string;

  @ApiPropertyOptional({ type: 'string' })
  ipAddress?: string;

  @ApiProperty({ type: 'string', nullable: true, description: 'null for the system' })
  requestId!: string | null;
}

/** A page of the access log. */
export class AccessLogPage extends PageResponse(AccessLogItem) {}

/** A page of the audit log. */
export class AuditPage extends PageResponse(AuditEventItem) {}
