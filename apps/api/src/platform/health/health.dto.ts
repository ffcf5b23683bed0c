import { ApiProperty } from '@nestjs/swagger';

/** `{ status: "ok" }`. */
export class LiveResponse {
  @ApiProperty({ type: 'string', enum: ['ok'] })
  status!: 'ok';
}

/** What was checked, in words. */
export class ReadyChecks {
  @ApiProperty({ type: 'string', example: 'ok' })
  database!: string;

  @ApiProperty({ type: 'string', example: 'ok' })
  outbox!: string;
}

/** Ready for traffic, or what is wrong. */
export class ReadyResponse {
  @ApiProperty({ type: 'string', enum: ['ok', 'unavailable'] })
  status!: 'ok' | 'unavailable';

  @ApiProperty({ type: ReadyChecks })
  checks!: ReadyChecks;
}

/** What is running. */
export class VersionResponse {
  @ApiProperty({ type: 'string', example: 'diabcare' })
  name!: string;

  @ApiProperty({ type: 'string', example: '0.1.0' })
  version!: string;

  @ApiProperty({ type: 'string' })
  commit!: string;

  @ApiProperty({ type: 'string', enum: ['standard', 'flutter-2026'] })
  clientProfile!: string;
}
