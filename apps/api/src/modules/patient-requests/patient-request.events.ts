import type { Tx } from '../../platform/database';
import type { RequestRecord } from './patient-requests.repository';

/** Stores a request's event; one pair's events are delivered in order. */
export function emitRequest(
  tx: Tx,
  topic: 'request.created' | 'request.accepted' | 'request.declined',
  request: RequestRecord,
): void {
  const [patientId, doctorId] = [request.patientId.toHexString(), request.doctorId.toHexString()];
  tx.emit({
    topic,
    key: `pair:${patientId}:${doctorId}`,
    payload: {
      requestId: request._id.toHexString(),
      patientId,
      doctorId,
      requestType: request.requestType,
      urgent: request.urgentNote !== '',
    },
  });
}
