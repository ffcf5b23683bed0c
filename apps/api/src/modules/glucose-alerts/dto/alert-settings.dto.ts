import { ApiProperty } from '@nestjs/swagger';
import { Bool, Ignored, Int, Nested, Num } from '../../../common/validation';

const LIMIT = 'One unit is enough; both must be the same limit';

/** A limit in a body. */
export class LimitInput {
  @Num({ optional: true, min: 1, max: 1_000, description: 'mg/dL' })
  mgdl?: number;

  @Num({ optional: true, min: 0.1, max: 55.5, description: 'mmol/L' })
  mmol?: number;
}

/** Limits in a body. */
export class ThresholdsInput {
  @Nested(() => LimitInput, { optional: true, description: `54 to 60 mg/dL. ${LIMIT}` })
  urgentLow?: LimitInput;

  @Nested(() => LimitInput, { optional: true, description: `60 to 100 mg/dL. ${LIMIT}` })
  low?: LimitInput;

  @Nested(() => LimitInput, { optional: true, description: `120 to 300 mg/dL. ${LIMIT}` })
  high?: LimitInput;

  @Nested(() => LimitInput, { optional: true, description: `200 to 400 mg/dL. ${LIMIT}` })
  veryHigh?: LimitInput;
}

/** How long sensor readings must persist, in a body. */
export class PersistenceInput {
  @Int({ optional: true, min: 0, max: 30, default: 0 })
  low?: number;

  @Int({ optional: true, min: 0, max: 240, default: 60 })
  high?: number;

  @Int({ optional: true, min: 0, max: 120, default: 15 })
  veryHigh?: number;
}

/** Levels on or off, in a body. Urgent low has no switch. */
export class LevelsInput {
  @Bool({ optional: true, default: true })
  low?: boolean;

  @Bool({ optional: true, default: true })
  predictedLow?: boolean;

  @Bool({ optional: true, default: true })
  high?: boolean;

  @Bool({ optional: true, default: true })
  veryHigh?: boolean;

  @Bool({ optional: true, default: true })
  noData?: boolean;

  @Bool({ optional: true, default: false })
  rapidFall?: boolean;

  @Bool({ optional: true, default: false })
  rapidRise?: boolean;
}

/** Body of PUT alert-settings: what is absent takes its default. */
export class AlertSettingsBody {
  @Nested(() => ThresholdsInput, { optional: true })
  thresholds?: ThresholdsInput;

  @Nested(() => PersistenceInput, { optional: true, description: 'Minutes' })
  persistenceMinutes?: PersistenceInput;

  @Nested(() => LevelsInput, { optional: true })
  levels?: LevelsInput;

  @Int({ optional: true, min: 20, max: 30, default: 20, description: '20 or 30' })
  horizonMinutes?: number;

  @Int({ optional: true, min: 20, max: 240, default: 30 })
  noDataMinutes?: number;

  @Int({ optional: true, min: 2, max: 3, default: 3, description: 'mg/dL per minute' })
  rapidRate?: number;

  @Bool({ optional: true, default: false, description: 'A silent sensor is told in quiet hours, too' })
  noDataAtNight?: boolean;

  @Ignored({ description: 'Ignored' })
  updatedAt?: never;
}

/** A limit in both units. */
export class LimitResponse {
  @ApiProperty({ type: 'number' })
  mgdl!: number;

  @ApiProperty({ type: 'number' })
  mmol!: number;
}

/** Limits. */
export class ThresholdsResponse {
  @ApiProperty({ type: LimitResponse })
  urgentLow!: LimitResponse;

  @ApiProperty({ type: LimitResponse })
  low!: LimitResponse;

  @ApiProperty({ type: LimitResponse })
  high!: LimitResponse;

  @ApiProperty({ type: LimitResponse })
  veryHigh!: LimitResponse;
}

/** How long sensor readings must persist, minutes. */
export class PersistenceResponse {
  @ApiProperty({ type: 'integer' })
  low!: number;

  @ApiProperty({ type: 'integer' })
  high!: number;

  @ApiProperty({ type: 'integer' })
  veryHigh!: number;
}

/** Levels on or off. */
export class LevelsResponse {
  @ApiProperty({ type: 'boolean' })
  low!: boolean;

  @ApiProperty({ type: 'boolean' })
  predictedLow!: boolean;

  @ApiProperty({ type: 'boolean' })
  high!: boolean;

  @ApiProperty({ type: 'boolean' })
  veryHigh!: boolean;

  @ApiProperty({ type: 'boolean' })
  noData!: boolean;

  @ApiProperty({ type: 'boolean' })
  rapidFall!: boolean;

  @ApiProperty({ type: 'boolean' })
  rapidRise!: boolean;
}

/** Complete settings of a patient. */
export class AlertSettingsResponse {
  @ApiProperty({ type: ThresholdsResponse })
  thresholds!: ThresholdsResponse;

  @ApiProperty({ type: PersistenceResponse })
  persistenceMinutes!: PersistenceResponse;

  @ApiProperty({ type: LevelsResponse })
  levels!: LevelsResponse;

  @ApiProperty({ type: 'integer', enum: [20, 30] })
  horizonMinutes!: number;

  @ApiProperty({ type: 'integer' })
  noDataMinutes!: number;

  @ApiProperty({ type: 'integer', enum: [2, 3] })
  rapidRate!: number;

  @ApiProperty({ type: 'boolean' })
  noDataAtNight!: boolean;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'null before the first change' })
  updatedAt!: Date | null;
}
