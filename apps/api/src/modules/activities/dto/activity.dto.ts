import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PageResponse } from '../../../common/page-response';
import { Int } from '../../../common/validation';
import { ACTIVITY_TYPES } from '../activity.schema';

/** Query of GET /activity/pharmacy/:id/feed. */
export class FeedQuery {
  @Int({ optional: true, min: 1, default: 8, description: 'Values above 50 are clamped' })
  limit?: number;
}

/** Something that happened to a pharmacy. */
export class ActivityResponse {
  @ApiProperty({ type: 'string' })
  _id!: string;

  @ApiProperty({ type: 'string' })
  pharmacyId!: string;

  @ApiProperty({ type: 'string', enum: ACTIVITY_TYPES })
  activityType!: string;

  @ApiProperty({ type: 'string', description: 'Names no patient' })
  description!: string;

  @ApiPropertyOptional({ type: 'number', description: 'In the currency of the deployment' })
  amount?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'The change of points that took effect' })
  points?: number;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  metadata?: Record<string, unknown>;

  @ApiProperty({ type: 'string', format: 'date-time' })
  createdAt!: Date;

  @ApiProperty({ type: 'string', format: 'date-time' })
  updatedAt!: Date;
}

/** A page of activities. */
export class ActivityPage extends PageResponse(ActivityResponse) {}

/** An activity with how long ago it was. */
export class FeedItem extends ActivityResponse {
  @ApiProperty({
    type: 'string',
    example: 'Il y a 5 min',
    description: 'French; English when Accept-Language starts with en',
  })
  relativeTime!: string;
}
