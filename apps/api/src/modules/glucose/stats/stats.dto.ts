import { ApiProperty } from '@nestjs/swagger';
import { Int, OneOf } from '../../../common/validation';

/** `days` of the statistics that take one. */
export class DaysQuery {
  @Int({ optional: true, min: 1, max: 365, default: 30, description: 'Local days, today included' })
  days?: number;
}

/** Query of the chart. */
export class ChartQuery {
  @OneOf(['7d', '30d', '90d'], { optional: true, default: '7d' })
  period?: '7d' | '30d' | '90d';
}

const MGDL = { type: 'number', description: 'mg/dL, 1 decimal', example: 132.4 } as const;
const COUNT = { type: 'integer', description: 'Readings' } as const;
const PERCENT = { type: 'number', description: '% of readings, 1 decimal' } as const;
const UNIT = { type: 'string', enum: ['mg/dL'] } as const;

/** Mean and extremes of a window; all 0 without readings. */
export class GlucoseSummaryResponse {
  @ApiProperty(MGDL)
  average!: number;

  @ApiProperty(MGDL)
  min!: number;

  @ApiProperty(MGDL)
  max!: number;

  @ApiProperty(COUNT)
  count!: number;

  @ApiProperty(UNIT)
  unit!: string;
}

/** One local day of the chart. */
export class ChartDayResponse extends GlucoseSummaryResponse {
  @ApiProperty({ type: 'string', format: 'date', description: "Day in the patient's zone" })
  date!: string;
}

/** Mean of one local day. */
export class DailyAverageResponse {
  @ApiProperty({ type: 'string', format: 'date', description: "Day in the patient's zone" })
  date!: string;

  @ApiProperty(MGDL)
  average!: number;

  @ApiProperty(COUNT)
  count!: number;

  @ApiProperty(UNIT)
  unit!: string;
}

/** Readings outside the target in the last 30 days. */
export class AlertCountsResponse {
  @ApiProperty({ ...COUNT, description: 'Readings below the target' })
  hypoCount!: number;

  @ApiProperty({ ...COUNT, description: 'Readings above the target' })
  hyperCount!: number;

  @ApiProperty({ ...COUNT, description: 'All readings' })
  total!: number;
}

/** Estimated HbA1c; not a laboratory value. */
export class Hba1cResponse {
  @ApiProperty({ type: 'number', description: '% (Nathan 2008), 1 decimal; 0 without readings' })
  estimatedHbA1c!: number;

  @ApiProperty({ type: 'number', description: 'The same value' })
  estimatedHba1c!: number;

  @ApiProperty(MGDL)
  averageGlucose!: number;

  @ApiProperty(COUNT)
  count!: number;

  @ApiProperty(UNIT)
  unit!: string;
}

/** Shares of readings by class. */
export class TimeInRangeResponse {
  @ApiProperty(PERCENT)
  inRangePercent!: number;

  @ApiProperty(PERCENT)
  aboveRangePercent!: number;

  @ApiProperty(PERCENT)
  belowRangePercent!: number;

  @ApiProperty(PERCENT)
  inRange!: number;

  @ApiProperty(PERCENT)
  aboveRange!: number;

  @ApiProperty(PERCENT)
  belowRange!: number;

  @ApiProperty(COUNT)
  inRangeCount!: number;

  @ApiProperty(COUNT)
  aboveRangeCount!: number;

  @ApiProperty(COUNT)
  belowRangeCount!: number;

  @ApiProperty(COUNT)
  total!: number;

  @ApiProperty(UNIT)
  unit!: string;
}

/** The last week against the one before. */
export class TrendResponse {
  @ApiProperty({ type: 'string', enum: ['improving', 'worsening', 'stable'] })
  trend!: string;

  @ApiProperty({ ...MGDL, description: 'Last week minus the week before, mg/dL' })
  difference!: number;

  @ApiProperty(MGDL)
  lastWeekAverage!: number;

  @ApiProperty(MGDL)
  previousWeekAverage!: number;

  @ApiProperty(UNIT)
  unit!: string;
}
