import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { ReadingBody } from './reading.dto';

/** Most readings of one call. */
export const MAX_BULK = 1_000;

/** Body of POST /glucose/bulk; the bare array is accepted as well. Elements are judged one by one. */
@ApiExtraModels(ReadingBody)
export class BulkBody {
  @ApiProperty({ type: [ReadingBody], minItems: 1, maxItems: MAX_BULK })
  readings!: ReadingBody[];
}

/** What became of one reading of a bulk call. */
export class BulkResult {
  @ApiProperty({ type: 'integer', description: 'Place in the call, from 0' })
  index!: number;

  @ApiProperty({ type: 'string', enum: ['inserted', 'duplicate', 'rejected'] })
  status!: 'inserted' | 'duplicate' | 'rejected';

  @ApiProperty({ type: 'string', required: false, description: 'Of the stored reading; absent when rejected' })
  _id?: string;

  @ApiProperty({ type: 'string', required: false, description: 'Stable code, when rejected' })
  code?: string;

  @ApiProperty({ type: 'string', required: false, description: 'For people, when rejected' })
  message?: string;
}

/** Answer of POST /glucose/bulk. */
export class BulkResponse {
  @ApiProperty({ type: 'integer' })
  inserted!: number;

  @ApiProperty({ type: 'integer' })
  duplicates!: number;

  @ApiProperty({ type: 'integer' })
  rejected!: number;

  @ApiProperty({ type: [BulkResult] })
  results!: BulkResult[];
}
