import type { SessionRecord } from '../../access';
import type { SessionResponse } from './dto/session.dto';

/** A session as its owner sees it. @param currentId the session of the calling token */
export function toSession(session: SessionRecord, currentId: string): SessionResponse {
  const id = session._id.toHexString();
  return {
    _id: id,
    ...(session.deviceInfo === undefined ? {} : { deviceInfo: session.deviceInfo }),
    ...(session.ipAddress === undefined ? {} : { ipAddress: session.ipAddress }),
    lastActivityAt: session.lastActivityAt,
    createdAt: session.createdAt,
    expiresAt: session.expiresAt < session.absoluteExpiresAt ? session.expiresAt : session.absoluteExpiresAt,
    isCurrent: id === currentId,
  };
}
