import { ApiProperty } from '@nestjs/swagger';
import { PageResponse } from '../../../common/page-response';
import { PagingQuery } from '../../../common/paging.dto';
import type { ParsedInstant } from '../../../common/time';
import { Instant, Int, Num, OneOf, PatchBody, Str } from '../../../common/validation';
import {
  GLUCOSE_PERIODS,
  GLUCOSE_SOURCES,
  GLUCOSE_UNITS,
  type GlucosePeriod,
  type GlucoseSource,
  type GlucoseUnit,
} from '../glucose.schema';

const INTERVAL = { min: 1, max: 30 } as const;

/** Body of POST /glucose, and each element of a bulk call. */
export class ReadingBody {
  @Num({ description: '10 to 1000 mg/dL, or 0.6 to 55.5 mmol/L', example: 112 })
  value!: number;

  @Instant({ example: '2026-11-27T08:15:00Z' })
  measuredAt!: ParsedInstant;

  @OneOf(GLUCOSE_UNITS, { optional: true, default: 'mg/dL' })
  unit?: GlucoseUnit;

  @OneOf(GLUCOSE_PERIODS, { optional: true, description: 'Meal context' })
  period?: GlucosePeriod;

  @Str({ optional: true, max: 500 })
  note?: string;

  @OneOf(GLUCOSE_SOURCES, { optional: true, default: 'manual' })
  source?: GlucoseSource;

  @Int({ ...INTERVAL, optional: true, description: 'Sampling interval of the sensor, minutes; source cgm only' })
  intervalMinutes?: number;

  @Str({ optional: true, min: 1, max: 64, description: 'One value per device; sources cgm and glucometer only' })
  deviceId?: string;
}

/** Body of PATCH /glucose/:id. */
@PatchBody()
export class ReadingPatch {
  @Num({ description: '10 to 1000 mg/dL, or 0.6 to 55.5 mmol/L' })
  value?: number;

  @OneOf(GLUCOSE_UNITS, { description: 'Alone: re-reads the same number in the new unit' })
  unit?: GlucoseUnit;

  @Instant()
  measuredAt?: ParsedInstant;

  @OneOf(GLUCOSE_PERIODS, { optional: true })
  period?: GlucosePeriod | null;

  @Str({ optional: true, max: 500 })
  note?: string | null;
}

/** Query of a patient's own list. */
export class ReadingsQuery extends PagingQuery {
  @Instant({ optional: true, description: 'Inclusive' })
  start?: ParsedInstant;

  @Instant({ optional: true, description: 'Inclusive' })
  end?: ParsedInstant;

  @OneOf(GLUCOSE_PERIODS, { optional: true })
  period?: GlucosePeriod;

  @OneOf(GLUCOSE_SOURCES, { optional: true })
  source?: GlucoseSource;
}

/** Query of a doctor's view of a patient's readings. */
export class PatientReadingsQuery extends PagingQuery {
  @Instant({ optional: true, description: 'Inclusive' })
  start?: ParsedInstant;

  @Instant({ optional: true, description: 'Inclusive' })
  end?: ParsedInstant;
}

/** Query of GET /glucose. */
export class ReadingRangeQuery {
  @Instant({ description: 'Inclusive' })
  start!: ParsedInstant;

  @Instant({ description: 'Inclusive, at most 92 days after start' })
  end!: ParsedInstant;
}

/** A reading. */
export class ReadingResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  patientId!: string;

  @ApiProperty({ type: 'number', description: 'As entered', example: 112 })
  value!: number;

  @ApiProperty({ type: 'string', enum: GLUCOSE_UNITS })
  unit!: GlucoseUnit;

  @ApiProperty({ type: 'number', description: 'mg/dL to 1 decimal, factor 18.0182', example: 112 })
  valueMgdl!: number;

  @ApiProperty({ type: 'string', format: 'date-time' })
  measuredAt!: Date;

  @ApiProperty({ type: 'string', enum: GLUCOSE_PERIODS, required: false })
  period?: GlucosePeriod;

  @ApiProperty({ type: 'string', required: false })
  note?: string;

  @ApiProperty({ type: 'string', enum: GLUCOSE_SOURCES })
  source!: GlucoseSource;

  @ApiProperty({ type: 'integer', required: false, description: 'Minutes' })
  intervalMinutes?: number;

  @ApiProperty({ type: 'string', required: false })
  deviceId?: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** A page of readings. */
export class ReadingPage extends PageResponse(ReadingResponse) {}
