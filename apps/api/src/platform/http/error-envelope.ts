import { STATUS_CODES } from 'node:http';
import { AppError, ERROR_CATALOGUE, type ErrorCode } from '../../common/errors';
import type { Locale } from '../../common/enums';
import { mapDriverError } from '../database/driver-errors';

/** The error envelope of contract 00 section 4. */
export interface ErrorEnvelope {
  readonly statusCode: number;
  readonly error: string;
  readonly message: string | readonly string[];
  readonly code: ErrorCode;
  readonly requestId: string;
  readonly details?: unknown;
}

interface HttpLikeError {
  readonly statusCode?: unknown;
  readonly code?: unknown;
  getStatus?: () => number;
}

const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'MALFORMED_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'MALFORMED_JSON',
  FST_ERR_BAD_URL: 'VALIDATION_FAILED',
  FST_ERR_NOT_FOUND: 'ROUTE_NOT_FOUND',
};

/** The typed error for whatever was thrown; null when it is a defect of ours (a 500). */
export function toAppError(thrown: unknown): AppError | null {
  const error = mapDriverError(thrown);
  if (error instanceof AppError) return error;
  if (typeof error !== 'object' || error === null) return null;
  const { code, statusCode, getStatus } = error as HttpLikeError;
  if (typeof code === 'string' && code in FRAMEWORK_CODES)
    return new AppError(FRAMEWORK_CODES[code] ?? 'INTERNAL', { cause: error });
  const status = typeof getStatus === 'function' ? getStatus.call(error) : statusCode;
  // Nest throws its own NotFoundException for an unknown path or method; nothing of ours does.
  if (status === 404) return new AppError('ROUTE_NOT_FOUND');
  if (status === 413) return new AppError('PAYLOAD_TOO_LARGE');
  if (status === 415) return new AppError('UNSUPPORTED_MEDIA_TYPE');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new AppError('VALIDATION_FAILED', { cause: error });
  return null;
}

/** Status and body of an error response. A 500 carries nothing but the request id. */
export function errorEnvelope(error: AppError | null, locale: Locale, requestId: string): ErrorEnvelope {
  const code = error?.code ?? 'INTERNAL';
  const definition = ERROR_CATALOGUE[code];
  const envelope: ErrorEnvelope = {
    statusCode: definition.status,
    error: STATUS_CODES[definition.status] ?? 'Error',
    message: error?.options.messages?.[locale] ?? error?.options.text?.[locale] ?? definition[locale],
    code,
    requestId,
  };
  return error?.options.details === undefined ? envelope : { ...envelope, details: error.options.details };
}
