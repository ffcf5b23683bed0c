import type { Migration } from '../platform/database';
import { plainFields } from './0000-plain-fields';
import { users } from './0001-users';
import { numeroOrdre } from './0002-numero-ordre';
import { careLinks } from './0003-care-links';
import { deviceTokens } from './0004-device-tokens';
import { sessions } from './0005-sessions';
import { references } from './0006-references';
import { appointments } from './0007-appointments';
import { glucose } from './0008-glucose';
import { conversations } from './0009-conversations';
import { duplicates } from './0010-duplicates';
import { notifications } from './0011-notifications';
import { meals } from './0012-meals';
import { pharmacy } from './0013-pharmacy';

/**
 * Every migration in the order of application. A database made by this version needs none; 0000 to 0013 take over one of
 * the version before (contract 80 section 5).
 */
export const MIGRATION_LIST: readonly Migration[] = [
  plainFields,
  users,
  numeroOrdre,
  careLinks,
  deviceTokens,
  sessions,
  references,
  appointments,
  glucose,
  conversations,
  duplicates,
  notifications,
  meals,
  pharmacy,
];
