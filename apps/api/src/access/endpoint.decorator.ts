import { applyDecorators, HttpCode, SetMetadata, type Type } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Role } from '../common/enums';
import { ERROR_CATALOGUE, type ErrorCode } from '../common/errors';
import { Idempotent } from '../platform/http';
import { ErrorResponse } from './error-response.dto';
import { ROUTE_ACCESS, type RouteAccess, type RouteLimit, type SpaceRule } from './route-access';

/** Everything a route says of itself: permission, documentation and transport habits in one place. */
export interface EndpointOptions {
  readonly summary: string;
  readonly description?: string;
  /** Who may call it; there is no default. */
  readonly roles: 'public' | 'any' | readonly Role[];
  /** The space that the path names; several when different roles are named by different parameters. */
  readonly space?: SpaceRule | readonly SpaceRule[];
  /** Path parameters that are free text instead of ids. */
  readonly textParams?: readonly string[];
  readonly limit?: RouteLimit;
  /** Success status; 200, and 201 for POST unless given. */
  readonly status?: 200 | 201 | 202;
  /** A second success status (a repeated creation). */
  readonly alsoStatus?: 200;
  /** A body; a list of them; one of several; or text of another media type. */
  readonly response: Type | readonly [Type] | { readonly oneOf: readonly Type[] } | { readonly text: string };
  /** Codes beyond those that every route of this kind has. */
  readonly errors?: readonly ErrorCode[];
  /** POST routes honour `Idempotency-Key` unless this is false (responses that hold tokens, contract 00 section 7). */
  readonly idempotent?: boolean;
  /** The response shows one versioned resource: it carries an ETag. */
  readonly etag?: boolean;
}

const COMMON: readonly ErrorCode[] = ['VALIDATION_FAILED', 'RATE_LIMITED', 'INTERNAL', 'UNAVAILABLE'];
const SIGNED_IN: readonly ErrorCode[] = ['UNAUTHENTICATED', 'TOKEN_INVALID', 'TOKEN_EXPIRED', 'SESSION_REVOKED'];

/** Declares a route: without this decorator it is refused at run time and by the route test. */
export function Endpoint(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  options: EndpointOptions,
): MethodDecorator {
  const isPublic = options.roles === 'public';
  const idempotent = method === 'POST' && !isPublic && options.idempotent !== false;
  const status = options.status ?? (method === 'POST' ? 201 : 200);
  const access: RouteAccess = {
    status,
    roles: options.roles,
    textParams: options.textParams ?? [],
    spaces: spacesOf(options),
    limit: options.limit ?? null,
  };
  const decorators: MethodDecorator[] = [
    SetMetadata(ROUTE_ACCESS, access),
    ApiOperation({ summary: options.summary, description: describe(options), ...(isPublic ? { security: [] } : {}) }),
    ...successes(options, status),
    ...failures(codesOf(method, options, isPublic, idempotent)),
  ];
  if (method === 'POST' && status !== 201) decorators.push(HttpCode(status));
  if (!isPublic) decorators.push(ApiBearerAuth());
  if (idempotent) decorators.push(Idempotent());
  decorators.push(...headers(method, options, idempotent));
  return applyDecorators(...decorators);
}

function describe(options: EndpointOptions): string {
  const who = typeof options.roles === 'string' ? options.roles : options.roles.join(', ');
  return [options.description, `Who: ${who}.`].filter((part) => part !== undefined).join(' ');
}

function spacesOf(options: EndpointOptions): readonly SpaceRule[] {
  if (options.space === undefined) return [];
  return 'param' in options.space ? [options.space] : options.space;
}

function headers(method: string, options: EndpointOptions, idempotent: boolean): MethodDecorator[] {
  const list: MethodDecorator[] = [];
  if (idempotent)
    list.push(
      ApiHeader({
        name: 'Idempotency-Key',
        description: 'Repeats of this call with the same key and body act once (kept 24 h)',
        required: false,
        schema: { type: 'string', minLength: 1, maxLength: 255 },
      }),
    );
  if (options.etag === true && method === 'GET')
    list.push(
      header('If-None-Match', 'ETag of the copy at hand: 304 when it is current'),
      ApiResponse({ status: 304, description: 'The copy at hand is current' }),
    );
  if (options.etag === true && method === 'PATCH')
    list.push(header('If-Match', 'ETag that the change is based on: 412 when it is stale'));
  for (const name of options.textParams ?? []) list.push(ApiParam({ name, schema: { type: 'string' } }));
  return list;
}

function header(name: string, description: string): MethodDecorator {
  return ApiHeader({ name, description, required: false });
}

function isList(response: EndpointOptions['response']): response is readonly [Type] {
  return Array.isArray(response);
}

function successes(options: EndpointOptions, status: number): MethodDecorator[] {
  const { response } = options;
  const statuses = options.alsoStatus === undefined ? [status] : [status, options.alsoStatus];
  const description = 'Success';
  return statuses.flatMap((code): MethodDecorator[] => {
    if (isList(response)) return [ApiResponse({ status: code, description, type: response[0], isArray: true })];
    if (typeof response === 'function') return [ApiResponse({ status: code, description, type: response })];
    if ('text' in response) {
      const content = { [response.text]: { schema: { type: 'string' } } };
      return [ApiResponse({ status: code, description, content })];
    }
    const oneOf = response.oneOf.map((type) => ({ $ref: getSchemaPath(type) }));
    return [ApiExtraModels(...response.oneOf), ApiResponse({ status: code, description, schema: { oneOf } })];
  });
}

function codesOf(method: string, options: EndpointOptions, isPublic: boolean, idempotent: boolean): ErrorCode[] {
  const codes = new Set<ErrorCode>([...COMMON, ...(options.errors ?? [])]);
  if (!isPublic) for (const code of SIGNED_IN) codes.add(code);
  if (typeof options.roles !== 'string') codes.add('FORBIDDEN_ROLE');
  const spaces = spacesOf(options);
  if (spaces.length > 0) codes.add('FORBIDDEN_SPACE').add('INVALID_ID');
  if (spaces.some((space) => space.linked === true)) codes.add('ACCESS_DISABLED');
  if (method !== 'GET') codes.add('MALFORMED_JSON').add('PAYLOAD_TOO_LARGE').add('UNSUPPORTED_MEDIA_TYPE');
  if (idempotent) codes.add('IDEMPOTENCY_KEY_REUSED').add('IDEMPOTENCY_IN_PROGRESS');
  // what is written to may be gone by then; the own account, too, erased while this call ran
  if (method !== 'GET' && !isPublic) codes.add('NOT_FOUND');
  if (method === 'PATCH' && options.etag === true) codes.add('PRECONDITION_FAILED').add('CONCURRENT_UPDATE');
  return [...codes];
}

function failures(codes: readonly ErrorCode[]): MethodDecorator[] {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERROR_CATALOGUE[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return [...byStatus]
    .sort(([a], [b]) => a - b)
    .map(([status, list]) =>
      ApiResponse({ status, description: list.map((code) => `\`${code}\``).join(', '), type: ErrorResponse }),
    );
}
