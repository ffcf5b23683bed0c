import { ApiProperty } from '@nestjs/swagger';
import { Bool, Int, OneOf, Str } from '../../../common/validation';

/** Kinds of report. */
export const REPORTS = ['summary', 'agp', 'daily', 'episodes', 'compare'] as const;
export type ReportName = (typeof REPORTS)[number];

/** Query of the clinical reports (glucose metrics section 15). Names that have codes of their own are judged later. */
export class ReportQuery {
  @Int({
    optional: true,
    min: 1,
    max: 366,
    default: 14,
    description: 'Local days, today included; not with start, end',
  })
  days?: number;

  @Str({ optional: true, max: 40, description: 'Local day, or an instant for the day that contains it; with end' })
  start?: string;

  @Str({ optional: true, max: 40, description: 'Local day, included; with start' })
  end?: string;

  @Str({ optional: true, max: 40, description: "standard, older, pregnancy-t1 or gestational; default the patient's" })
  population?: string;

  @OneOf(['cgm', 'smbg'], { optional: true, description: 'Default smbg with less than 24 h of sensor data' })
  basis?: 'cgm' | 'smbg';

  @Str({ optional: true, max: 64, description: "IANA zone; another than the patient's allows 31 days" })
  tz?: string;

  @Str({ optional: true, max: 20, description: 'mg/dL (default) or mmol/L for concentrations' })
  unit?: string;

  @OneOf(['variability'], { optional: true, description: 'summary: adds CONGA, MODD, MAG, MAGE; 90 days at most' })
  include?: 'variability';

  @Int({ optional: true, min: 5, max: 60, description: 'agp: 5 for five-minute percentiles; 90 days at most' })
  resolution?: number;

  @OneOf(['hypo', 'hyper'], { optional: true, description: 'episodes: only these' })
  type?: 'hypo' | 'hyper';

  @OneOf(['1', '2', 'extended'], { optional: true, description: 'episodes: only these' })
  level?: '1' | '2' | 'extended';

  @Bool({ optional: true, description: 'episodes: only those that began at night, or only the others' })
  nocturnal?: boolean;
}

/** The days that a report speaks of. */
export class ReportPeriodResponse {
  @ApiProperty({ type: 'string', format: 'date' })
  start!: string;

  @ApiProperty({ type: 'string', format: 'date', description: 'Included' })
  end!: string;

  @ApiProperty({ type: 'integer' })
  days!: number;

  @ApiProperty({ type: 'string', format: 'date-time' })
  from!: Date;

  @ApiProperty({ type: 'string', format: 'date-time', description: 'Excluded' })
  to!: Date;

  @ApiProperty({ type: 'integer', description: 'Elapsed minutes, to now when the end lies ahead' })
  minutes!: number;
}

/**
 * What every report begins with; the rest depends on the report and stands in docs/glucose.md. Undefined values are
 * null and never 0.
 */
export class ReportResponse {
  @ApiProperty({ type: 'string', enum: ['glucose-metrics/1'] })
  spec!: string;

  @ApiProperty({ type: 'string' })
  patientId!: string;

  @ApiProperty({ type: 'string', example: 'Europe/Paris' })
  timeZone!: string;

  @ApiProperty({ type: 'string', enum: ['standard', 'older', 'pregnancy-t1', 'gestational'] })
  population!: string;

  @ApiProperty({ type: 'string', enum: ['cgm', 'smbg'] })
  basis!: string;

  @ApiProperty({ type: 'string', enum: ['mg/dL', 'mmol/L'] })
  unit!: string;

  @ApiProperty({ type: ReportPeriodResponse })
  period!: ReportPeriodResponse;

  @ApiProperty({ type: 'string', format: 'date-time' })
  generatedAt!: Date;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, description: 'Unit of each numeric key' })
  units!: Record<string, string>;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Why a metric is null',
  })
  refused!: Record<string, string>;
}
