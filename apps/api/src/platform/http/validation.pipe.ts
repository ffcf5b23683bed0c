import { type ArgumentMetadata, Body, type PipeTransform, Query } from '@nestjs/common';
import { buildDto } from '../../common/validation';

const PRIMITIVES = new Set<unknown>([String, Number, Boolean, Array, Object, undefined]);

/** Builds the DTO of a body or query; path parameters were judged by the guard. */
class DtoPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    if (metadata.type !== 'body' && metadata.type !== 'query') return value;
    if (PRIMITIVES.has(metadata.metatype)) return value;
    return buildDto(metadata.metatype as new () => object, value ?? {}, metadata.type);
  }
}

const PIPE = new DtoPipe();

/** The body as its DTO. Bound per parameter and not globally: other parameters then pass no pipe at all. */
export function BodyDto(): ParameterDecorator {
  return Body(PIPE);
}

/** The query as its DTO. */
export function QueryDto(): ParameterDecorator {
  return Query(PIPE);
}
