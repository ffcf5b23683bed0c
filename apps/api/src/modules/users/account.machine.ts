import type { AccountStatus } from '../../common/enums';
import { StateMachine } from '../../common/state-machine';

/** Status of an account (contract 80 section 6); erasure ends it from any state and is no status of its own. */
export const ACCOUNT_MACHINE = new StateMachine<AccountStatus>(
  'account',
  { ACTIF: ['INACTIF', 'SUSPENDU'], INACTIF: ['ACTIF', 'SUSPENDU'], SUSPENDU: ['ACTIF', 'INACTIF'] },
  ['ACTIF', 'INACTIF'],
);
