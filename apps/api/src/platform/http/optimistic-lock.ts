import { AppError } from '../../common/errors';
import { currentContext } from '../context/request-context';
import { versionOfETag } from './request-hooks';

/** Names the version of the single resource that this response shows: it becomes the ETag. */
export function showsVersion(version: number): void {
  const context = currentContext();
  if (context !== undefined) context.version = version;
}

/**
 * The version that `If-Match` demands, or null when the client sent none (or `*`). A value that is not one of our
 * ETags can only be stale.
 * @throws AppError PRECONDITION_FAILED
 */
export function demandedVersion(): number | null {
  const ifMatch = currentContext()?.ifMatch ?? null;
  if (ifMatch === null || ifMatch.trim() === '*') return null;
  const versions = ifMatch.split(',').map(versionOfETag);
  const [version] = versions;
  if (versions.length !== 1 || version === null || version === undefined) throw new AppError('PRECONDITION_FAILED');
  return version;
}

/**
 * Compares `If-Match` with the version just read; the change itself must still be conditional on that version.
 * @throws AppError PRECONDITION_FAILED
 */
export function assertVersion(current: number): void {
  const demanded = demandedVersion();
  if (demanded !== null && demanded !== current) throw new AppError('PRECONDITION_FAILED');
}
