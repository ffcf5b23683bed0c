/** Who Google says somebody is. */
export interface GooglePerson {
  /** Google's own id of the account; never changes, unlike the address. */
  readonly subject: string;
  /** Trimmed and lower-cased; proven by Google. */
  readonly email: string;
  readonly givenName: string | null;
  readonly familyName: string | null;
}

/** Checks the ID tokens of Google sign-in. */
export abstract class GoogleIdentity {
  /**
   * The person of a token whose signature, issuer, expiry, audience and proven address hold.
   * @throws AppError GOOGLE_NOT_CONFIGURED, GOOGLE_TOKEN_INVALID; UNAVAILABLE when Google's keys cannot be had
   */
  abstract verify(idToken: string): Promise<GooglePerson>;
}
