import type { ErrorCode } from '../../common/errors';

/** A success body as the standard profile answers it. */
type Body = Record<string, unknown>;
type Reshape = (body: Body) => unknown;

/** The elements of a list, each changed. */
function each(list: unknown, change: (item: Body) => Body): unknown {
  return Array.isArray(list) ? list.map((item) => change(item as Body)) : list;
}

/**
 * What `CLIENT_PROFILE=flutter-2026` answers differently (contract 00 section 10), by method and route: bare arrays with
 * summary objects in the place of ids, and a risk score as text. Everything else stays as it is.
 */
export const FLUTTER_RESPONSES: ReadonlyMap<string, Reshape> = new Map<string, Reshape>([
  [
    'GET /api/patients/:patientId/conversations',
    ({ conversations }) =>
      each(conversations, (item) => ({ ...item, doctorId: item['doctor'], pharmacistId: item['pharmacist'] })),
  ],
  [
    'GET /api/doctors/:doctorId/conversations',
    ({ conversations }) => each(conversations, (item) => ({ ...item, patientId: item['patient'] })),
  ],
  [
    'GET /api/doctors/:doctorId/patient-requests',
    ({ requests }) => each(requests, (item) => ({ ...item, patientId: item['patient'] })),
  ],
  [
    'GET /api/medecins/:id/my-patients',
    (body) => ({
      ...body,
      data: each(body['data'], ({ riskScore, ...item }) =>
        riskScore === null ? item : { ...item, riskScore: JSON.stringify(riskScore) },
      ),
    }),
  ],
  ['GET /api/boost/pharmacy/:id/active', (boost) => [boost]],
]);

/** Rows in which an error of this code is an empty list. */
export const FLUTTER_ABSENT: ReadonlyMap<string, ErrorCode> = new Map<string, ErrorCode>([
  ['GET /api/boost/pharmacy/:id/active', 'NO_ACTIVE_BOOST'],
]);
