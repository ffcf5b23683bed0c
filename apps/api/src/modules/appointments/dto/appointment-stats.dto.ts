import { ApiProperty } from '@nestjs/swagger';
import { APPOINTMENT_STATUSES, type AppointmentStatus } from '../appointment.schema';

/** How many appointments are in one status. */
export class StatusCount {
  @ApiProperty({ type: 'string', enum: APPOINTMENT_STATUSES })
  _id!: AppointmentStatus;

  @ApiProperty({ type: 'integer' })
  count!: number;
}

/** How many appointments there are of each type, under both spellings that clients use. */
export class TypeCounts {
  @ApiProperty({ type: 'integer' })
  Online!: number;

  @ApiProperty({ type: 'integer' })
  Physical!: number;

  @ApiProperty({ type: 'integer', description: 'The same as Online' })
  ONLINE!: number;

  @ApiProperty({ type: 'integer', description: 'The same as Physical' })
  PHYSICAL!: number;
}

/** Numbers of a doctor's appointments, without the hidden ones. */
export class AppointmentStatsResponse {
  @ApiProperty({ type: 'integer' })
  total!: number;

  @ApiProperty({ type: [StatusCount], description: 'An entry for each of the four statuses' })
  byStatus!: StatusCount[];

  @ApiProperty({ type: TypeCounts })
  byType!: TypeCounts;

  @ApiProperty({ type: 'integer' })
  completed!: number;

  @ApiProperty({ type: 'integer' })
  cancelled!: number;
}
