import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** A sign-in of the caller. */
export class SessionResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiPropertyOptional({ type: 'string', enum: ['Mobile', 'Tablet', 'Desktop'] })
  deviceInfo?: string;

  @ApiPropertyOptional({ type: 'string' })
  ipAddress?: string;

  @ApiProperty({ type: 'string', format: 'date-time' })
  lastActivityAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  expiresAt!: Date;

  @ApiProperty({ type: 'boolean', description: 'The session of this request' })
  isCurrent!: boolean;
}

/** `{ count }`. */
export class CountResponse {
  @ApiProperty({ type: 'integer' })
  count!: number;
}

/** `{ message, count }`. */
export class SessionsEndedResponse {
  @ApiProperty({ type: 'string' })
  message!: string;

  @ApiProperty({ type: 'integer' })
  count!: number;
}
