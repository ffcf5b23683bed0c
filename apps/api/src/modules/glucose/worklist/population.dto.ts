import { ApiProperty } from '@nestjs/swagger';
import { PageResponse } from '../../../common/page-response';
import { PagingQuery } from '../../../common/paging.dto';
import { Int, OneOf } from '../../../common/validation';

/** Query of the worklist. */
export class PopulationQuery extends PagingQuery {
  @OneOf(['7', '14'], { optional: true, default: '7', description: 'Local days of the period' })
  days?: '7' | '14';

  @Int({ optional: true, min: 1, max: 6, description: 'Only this group' })
  group?: number;
}

/** The newest reading of a patient, in the unit it was entered in. */
export class WorklistReading {
  @ApiProperty({ type: 'number' })
  value!: number;

  @ApiProperty({ type: 'string', enum: ['mg/dL', 'mmol/L'] })
  unit!: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  measuredAt!: Date;
}

const PERCENT = { type: 'number', nullable: true, description: '% of analysed time (smbg: of readings)' } as const;

/** A patient of the worklist. */
export class WorklistItem {
  @ApiProperty({ type: 'integer', description: 'Place in the whole list, from 1' })
  rank!: number;

  @ApiProperty({ type: 'string' })
  patientId!: string;

  @ApiProperty({ type: 'string' })
  patientName!: string;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 6 })
  group!: number;

  @ApiProperty({ type: 'string', enum: ['very-low', 'low', 'tir-drop', 'low-tir', 'insufficient', 'on-track'] })
  code!: string;

  @ApiProperty({ type: 'string', enum: ['cgm', 'smbg'] })
  basis!: string;

  @ApiProperty({ type: 'string', enum: ['standard', 'older', 'pregnancy-t1', 'gestational'] })
  population!: string;

  @ApiProperty({ type: 'number', nullable: true, description: '%; null for smbg' })
  activePercent!: number | null;

  @ApiProperty(PERCENT)
  veryLowPercent!: number | null;

  @ApiProperty(PERCENT)
  belowTargetPercent!: number | null;

  @ApiProperty(PERCENT)
  targetPercent!: number | null;

  @ApiProperty({ type: 'number', nullable: true, description: 'Points; null where the earlier period does not count' })
  targetDelta!: number | null;

  @ApiProperty({ ...PERCENT, description: '%; null for pregnancy populations' })
  veryHighPercent!: number | null;

  @ApiProperty({ type: 'number', nullable: true, description: 'Index points; not for pregnancy and smbg' })
  gri!: number | null;

  @ApiProperty({ type: 'number', nullable: true, description: 'mg/dL' })
  mean!: number | null;

  @ApiProperty({ type: WorklistReading, nullable: true })
  lastReading!: WorklistReading | null;

  @ApiProperty({ type: 'integer', description: 'Local days with data' })
  days!: number;
}

/** A page of the worklist, with the size of each group. */
export class WorklistPage extends PageResponse(WorklistItem) {
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' }, example: { '1': 2, '6': 40 } })
  groups!: Record<string, number>;
}
