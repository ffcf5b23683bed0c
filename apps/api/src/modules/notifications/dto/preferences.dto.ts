import { ApiProperty } from '@nestjs/swagger';
import { Bool, ClockTime, Nested, Zone } from '../../../common/validation';
import type { NotificationType } from '../notification.schema';

/** Channels of one type in a body. */
export class ChannelsInput {
  @Bool({ optional: true, default: true, description: 'Always true for patient_alert' })
  inApp?: boolean;

  @Bool({ optional: true, default: true })
  push?: boolean;

  @Bool({ optional: true, default: false })
  email?: boolean;
}

/** Channels per type in a body. */
export class ChannelTypesInput implements Partial<Record<NotificationType, ChannelsInput>> {
  @Nested(() => ChannelsInput, { optional: true })
  patient_alert?: ChannelsInput;

  @Nested(() => ChannelsInput, { optional: true })
  new_request?: ChannelsInput;

  @Nested(() => ChannelsInput, { optional: true })
  appointment?: ChannelsInput;

  @Nested(() => ChannelsInput, { optional: true })
  message?: ChannelsInput;

  @Nested(() => ChannelsInput, { optional: true })
  medication?: ChannelsInput;
}

/** Quiet hours in a body. */
export class QuietHoursInput {
  @Bool({ optional: true, default: false })
  enabled?: boolean;

  @ClockTime({ optional: true, default: '22:00', description: 'First quiet minute' })
  start?: string;

  @ClockTime({ optional: true, default: '07:00', description: 'First minute after; may lie across midnight' })
  end?: string;
}

/** Body of PUT /notifications/preferences. */
export class PreferencesBody {
  @Zone({ optional: true, description: "Zone of the quiet hours; default: the account's" })
  timeZone?: string;

  @Nested(() => QuietHoursInput, { optional: true })
  quietHours?: QuietHoursInput;

  @Nested(() => ChannelTypesInput, { optional: true })
  types?: ChannelTypesInput;
}

/** Channels of one type. */
export class ChannelsResponse {
  @ApiProperty({ type: 'boolean' })
  inApp!: boolean;

  @ApiProperty({ type: 'boolean' })
  push!: boolean;

  @ApiProperty({ type: 'boolean' })
  email!: boolean;
}

/** Channels of every type. */
export class ChannelTypesResponse implements Record<NotificationType, ChannelsResponse> {
  @ApiProperty({ type: ChannelsResponse })
  patient_alert!: ChannelsResponse;

  @ApiProperty({ type: ChannelsResponse })
  new_request!: ChannelsResponse;

  @ApiProperty({ type: ChannelsResponse })
  appointment!: ChannelsResponse;

  @ApiProperty({ type: ChannelsResponse })
  message!: ChannelsResponse;

  @ApiProperty({ type: ChannelsResponse })
  medication!: ChannelsResponse;
}

/** Quiet hours. */
export class QuietHoursResponse {
  @ApiProperty({ type: 'boolean' })
  enabled!: boolean;

  @ApiProperty({ type: 'string', example: '22:00' })
  start!: string;

  @ApiProperty({ type: 'string', example: '07:00' })
  end!: string;
}

/** How the caller is told. */
export class PreferencesResponse {
  @ApiProperty({ type: 'string', example: 'Europe/Paris' })
  timeZone!: string;

  @ApiProperty({ type: QuietHoursResponse })
  quietHours!: QuietHoursResponse;

  @ApiProperty({ type: ChannelTypesResponse })
  types!: ChannelTypesResponse;
}
