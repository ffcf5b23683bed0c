import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { Page } from './pagination';

/** The described page envelope of an item: `class DoctorPage extends PageResponse(DoctorResponse) {}`. */
export function PageResponse<T>(item: Type<T>): abstract new () => Page<T> {
  abstract class ItemPage implements Page<T> {
    @ApiProperty({ type: [item] })
    readonly data!: T[];

    @ApiProperty({ type: 'integer', description: 'Elements of all pages' })
    readonly total!: number;

    @ApiProperty({ type: 'integer' })
    readonly page!: number;

    @ApiProperty({ type: 'integer', description: 'After clamping' })
    readonly limit!: number;

    @ApiProperty({ type: 'integer' })
    readonly totalPages!: number;
  }
  return ItemPage;
}
