import { ApiProperty } from '@nestjs/swagger';
import { USER_TYPES, type UserType } from '../../../common/enums';
import { Id, OneOf, Str } from '../../../common/validation';

/** Body of POST /notifications/register-token and DELETE /notifications/remove-token. */
export class DeviceTokenBody {
  @Str({ max: 4_096, description: 'As Firebase gave it to the app' })
  fcmToken!: string;

  @OneOf(USER_TYPES, { optional: true, description: "The caller's own" })
  userType?: UserType;

  @Id({ optional: true, description: "The caller's own" })
  userId?: string;
}

/** `{ success: true }`. */
export class DeviceTokenResponse {
  @ApiProperty({ type: 'boolean', enum: [true] })
  success!: true;
}
