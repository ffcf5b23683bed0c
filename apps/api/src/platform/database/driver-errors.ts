import { AppError, type ErrorCode } from '../../common/errors';

const duplicateKeyCodes = new Map<string, ErrorCode>();

/**
 * Says what a duplicate key on a unique index means to a client. Called beside the schema that declares the index;
 * index names are unique over all collections. Inside a transaction the name is all that an error carries.
 */
export function duplicateKeyMeans(indexName: string, code: ErrorCode): void {
  duplicateKeyCodes.set(indexName, code);
}

const racedIndexes = new Set<string>();

/**
 * Says that a duplicate key on this index only means that two transactions made the same document at once: the losing
 * one is run again and finds it. Called beside the schema that declares the index.
 */
export function duplicateKeyMeansRetry(indexName: string): void {
  racedIndexes.add(indexName);
}

/** The error, marked for the driver to run the transaction again where its index says so. */
export function retryIfRaced(error: unknown): unknown {
  const index = duplicateKeyIndex(error);
  if (index !== null && racedIndexes.has(index)) (error as DriverError).addErrorLabel?.('TransientTransactionError');
  return error;
}

interface DriverError extends Error {
  readonly code?: unknown;
  readonly codeName?: unknown;
  readonly errorLabels?: unknown;
  readonly errorResponse?: unknown;
  hasErrorLabel?: (label: string) => boolean;
  addErrorLabel?: (label: string) => void;
}

const UNAVAILABLE_NAMES = new Set([
  'MongoServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoTopologyClosedError',
  'MongoClientClosedError',
  'PoolClearedOnNetworkError',
  'PoolClearedError',
  'WaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongooseServerSelectionError',
  'MongoExpiredSessionError',
  'DisconnectedError',
]);
// Not primary, node recovering, shutdown, interrupted, exceeded time limit: the server is there but cannot serve now.
const UNAVAILABLE_CODES = new Set<unknown>([
  6, 7, 50, 89, 91, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436,
]);
// A socket that the server's end left behind; the driver hands some of these on as they are.
const SOCKET_CODES = new Set<unknown>([
  'EPIPE',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ENOTCONN',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);
const CONFLICT_CODES = new Set<unknown>([112, 225, 251]);

/** Name of the index in a duplicate key error, by the driver's text: the one thing every engine gives. */
function duplicateKeyIndex(error: unknown): string | null {
  if (!(error instanceof Error) || (error as DriverError).code !== 11000) return null;
  return /index:\s+(?:\S+\$)?([A-Za-z0-9_.-]+)/.exec(error.message)?.[1] ?? '';
}

/** Is this a duplicate key on the named index? */
export function isDuplicateKey(error: unknown, indexName: string): boolean {
  return duplicateKeyIndex(error) === indexName;
}

/** Is the database out of reach, as opposed to refusing what it was asked? */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errorResponse } = error as DriverError;
  // An insert of many wraps whatever happened to its connection in an error of its own.
  if (error.name === 'MongoBulkWriteError' && errorResponse instanceof Error) return isUnavailable(errorResponse);
  return UNAVAILABLE_NAMES.has(error.name) || UNAVAILABLE_CODES.has(code) || SOCKET_CODES.has(code);
}

/**
 * Turns what the driver or Mongoose throws into the error a client understands; anything unknown is handed back as it
 * is and becomes a 500 with the stack in the log.
 */
export function mapDriverError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AppError) return error;
  const index = duplicateKeyIndex(error);
  if (index !== null) return new AppError(duplicateKeyCodes.get(index) ?? 'CONCURRENT_UPDATE', { cause: error });
  if (isUnavailable(error)) return new AppError('UNAVAILABLE', { retryAfterSeconds: 2, cause: error });
  const driver = error as DriverError;
  if (CONFLICT_CODES.has(driver.code) || driver.hasErrorLabel?.('TransientTransactionError') === true) {
    return new AppError('CONCURRENT_UPDATE', { cause: error });
  }
  if (error.name === 'ValidationError' || error.name === 'CastError')
    return new AppError('VALIDATION_FAILED', { cause: error });
  return error;
}

/** Is it that an index with this key, or of this name, is there in another form? */
export function isIndexConflict(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === 85 || code === 86;
}
