import { StateMachine } from '../../common/state-machine';
import type { GlobalStatus, ResponseStatus } from './medication-request.schema';

/** Status of a request (contract 40 section 3.4); a pick-up is no change of status of its own. */
export const REQUEST_MACHINE = new StateMachine<GlobalStatus>(
  'medication request',
  { open: ['confirmed', 'closed', 'expired'], confirmed: ['closed'], closed: [], expired: [] },
  ['open'],
);

/** Status of one pharmacy's entry. */
export const RESPONSE_MACHINE = new StateMachine<ResponseStatus>(
  'pharmacy response',
  {
    pending: ['accepted', 'unavailable', 'declined', 'ignored', 'expired'],
    accepted: [],
    unavailable: [],
    declined: [],
    ignored: [],
    expired: [],
  },
  ['pending'],
);
