import { ApiProperty } from '@nestjs/swagger';
import { AccountResponse } from './account.dto';

const rows = (description: string) =>
  ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true }, description });

/** The export of an account: complete arrays, the oldest element first; those without data are empty. */
export class ExportResponse {
  @ApiProperty({ type: 'integer', enum: [1] })
  formatVersion!: number;

  @ApiProperty({ type: 'string', format: 'date-time' })
  exportedAt!: Date;

  @ApiProperty({ type: AccountResponse })
  user!: AccountResponse;

  @rows('Readings')
  glucose!: object[];

  @rows('Meals, each with `foods`')
  meals!: object[];

  @rows('Medication requests')
  medicationRequests!: object[];

  @rows('Appointments')
  appointments!: object[];

  @rows('Care links; for professionals ids and names')
  careLinks!: object[];

  @rows('Requests for links and access')
  patientRequests!: object[];

  @rows('Conversations, each with `messages`')
  conversations!: object[];

  @rows('Notifications')
  notifications!: object[];

  @rows('Reviews')
  reviews!: object[];

  @rows('Ratings')
  ratings!: object[];

  @rows("Who read the patient's data")
  accessLog!: object[];

  @rows('Sessions')
  sessions!: object[];

  @rows('Alerts')
  alerts!: object[];

  @rows('Treatments')
  treatments!: object[];

  @rows('Imports')
  imports!: object[];

  @rows('Devices, without their keys')
  devices!: object[];
}
