import { StateMachine } from '../../common/state-machine';
import type { RequestStatus } from './patient-request.schema';

/** Status of a request (contract 20 section 4.1). */
export const REQUEST_MACHINE = new StateMachine<RequestStatus>(
  'patient request',
  { pending: ['accepted', 'declined'], accepted: [], declined: [] },
  ['pending'],
);
