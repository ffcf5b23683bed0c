import { ApiProperty } from '@nestjs/swagger';
import { Int, OneOf, Str } from '../../../common/validation';
import { MAX_LIMIT } from '../../../common/pagination';
import { CHAIN_CODES, SIDES } from '../engine/alert-types';

/** Query of lists of alerts. */
export class AlertsQuery {
  @OneOf(['active', 'all'], { optional: true, default: 'all', description: 'active: every open one' })
  state?: 'active' | 'all';

  @Int({ optional: true, min: 1, default: 20, description: `Elements; values above ${MAX_LIMIT} are clamped` })
  limit?: number;

  @Str({ optional: true, max: 64, description: 'Only what is strictly older: an alert id, or an instant' })
  before?: string;
}

/** Body of a snooze. */
export class SnoozeBody {
  @Int({ optional: true, min: 1, description: 'Default and maximum depend on the level' })
  minutes?: number;
}

/** A reading of an alert. */
export class AlertReadingResponse {
  @ApiProperty({ type: 'number' })
  value!: number;

  @ApiProperty({ type: 'string', enum: ['mg/dL', 'mmol/L'] })
  unit!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  measuredAt!: Date;

  @ApiProperty({ type: 'string', enum: ['cgm', 'capillary'] })
  kind!: string;
}

/** One excursion below or above the limits, as it stands for the caller. */
export class AlertResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  patientId!: string;

  @ApiProperty({ type: 'string', enum: SIDES })
  side!: string;

  @ApiProperty({ type: 'string', enum: ['active', 'acknowledged', 'snoozed', 'closed'] })
  state!: string;

  @ApiProperty({ type: 'string', enum: CHAIN_CODES, description: 'The highest level reached' })
  code!: string;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'The reading that opened it' })
  openedAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  closedAt!: Date | null;

  @ApiProperty({ type: 'string', enum: ['cleared', 'expired', 'withdrawn', null], nullable: true })
  closedBy!: string | null;

  @ApiProperty({ type: AlertReadingResponse })
  first!: AlertReadingResponse;

  @ApiProperty({ type: AlertReadingResponse })
  latest!: AlertReadingResponse;

  @ApiProperty({ type: AlertReadingResponse })
  extreme!: AlertReadingResponse;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'When the caller was last told' })
  notifiedAt!: Date | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  acknowledgedAt!: Date | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  snoozedUntil!: Date | null;
}

/** Alerts, the newest first. */
export class AlertListResponse {
  @ApiProperty({ type: [AlertResponse] })
  alerts!: AlertResponse[];

  @ApiProperty({ type: 'boolean' })
  hasMore!: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: '_id of the last alert of the page' })
  nextCursor!: string | null;
}
