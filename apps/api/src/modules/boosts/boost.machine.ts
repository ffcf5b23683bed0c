import { StateMachine } from '../../common/state-machine';
import type { BoostStatus } from './boost.schema';

/** Status of a boost (contract 40 section 5). */
export const BOOST_MACHINE = new StateMachine<BoostStatus>(
  'boost',
  { active: ['expired', 'cancelled'], expired: [], cancelled: [] },
  ['active'],
);
