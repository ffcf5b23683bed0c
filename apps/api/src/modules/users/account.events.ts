import type { AccountStatus } from '../../common/enums';

/** Payload of `account.changed`: what changed, by name, and what a mail about it needs. */
export interface AccountChanged {
  readonly userId: string;
  readonly changes: readonly string[];
  /** The address before, when it changed. */
  readonly oldEmail: string | null;
  readonly status: AccountStatus | null;
  readonly reason: string | null;
}

/** Payload of `account.invited`: a doctor opened an account for a patient. */
export interface InvitedAccount {
  readonly userId: string;
  readonly doctorId: string;
}
