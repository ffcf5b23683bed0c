import type { Role } from '../common/enums';

/** The signed-in caller of a request, as its access token and its live session say. */
export interface Actor {
  readonly id: string;
  readonly role: Role;
  readonly email: string;
  readonly sessionId: string;
  /** When this session last proved an identity (registration, password, Google). */
  readonly authenticatedAt: Date;
}
