import { ApiProperty } from '@nestjs/swagger';
import { ERROR_CATALOGUE } from '../common/errors';

/** The error envelope, as the API description shows it. */
export class ErrorResponse {
  @ApiProperty({ type: 'integer', example: 409 })
  statusCode!: number;

  @ApiProperty({ type: 'string', example: 'Conflict', description: 'HTTP reason phrase' })
  error!: string;

  @ApiProperty({
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
    description: 'For people, in English or French; one line per failed rule for VALIDATION_FAILED',
    example: 'This time slot is no longer free',
  })
  message!: string | string[];

  @ApiProperty({
    type: 'string',
    enum: Object.keys(ERROR_CATALOGUE),
    description: 'Stable; clients branch on it',
    example: 'SLOT_TAKEN',
  })
  code!: string;

  @ApiProperty({ type: 'string', example: '6f1c0f1e-7a51-4a3e-9d8e-0a3f5b1f2c77' })
  requestId!: string;

  @ApiProperty({
    required: false,
    oneOf: [
      { type: 'object', additionalProperties: true },
      { type: 'array', items: { type: 'object', additionalProperties: true } },
    ],
    description: 'For VALIDATION_FAILED: `[{ field, rule }]`',
  })
  details?: unknown;
}

/** `{ message }`. */
export class MessageResponse {
  @ApiProperty({ type: 'string' })
  message!: string;
}
