import type { Migration } from '../platform/database';

/** Every migration in the order of application. A database made by this version needs none. */
export const MIGRATION_LIST: readonly Migration[] = [];
