import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { buildDto } from '../../common/validation';

const PRIMITIVES = new Set<unknown>([String, Number, Boolean, Array, Object, undefined]);

/** Builds the DTO of a body or query; path parameters were judged by the guard. */
@Injectable()
export class DtoPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    if (metadata.type !== 'body' && metadata.type !== 'query') return value;
    if (PRIMITIVES.has(metadata.metatype)) return value;
    return buildDto(metadata.metatype as new () => object, value ?? {}, metadata.type);
  }
}
