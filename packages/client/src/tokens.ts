/** What a signed-in client holds. */
export interface Tokens {
  readonly accessToken: string;
  /** Used once: each refresh brings the next one. */
  readonly refreshToken: string;
}

/**
 * Where the tokens are kept. The default forgets them with the process; an app that wants to stay signed in gives one
 * over its own safe place (keychain, encrypted preferences). `read` is asked before every call.
 */
export interface TokenStore {
  read(): Tokens | null | Promise<Tokens | null>;
  write(tokens: Tokens): void | Promise<void>;
  clear(): void | Promise<void>;
}

/** Keeps the tokens in memory. */
export function memoryTokenStore(initial: Tokens | null = null): TokenStore {
  let kept = initial;
  return {
    read: () => kept,
    write: (tokens) => {
      kept = tokens;
    },
    clear: () => {
      kept = null;
    },
  };
}

/** Whose token it is, and of which session; not checked, which is the server's part. Null when it cannot be read. */
export function claimsOf(accessToken: string): { readonly userId: string; readonly sessionId: string } | null {
  try {
    const part = accessToken.split('.')[1] ?? '';
    const claims: unknown = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
    const { sub, sid } = claims as { sub?: unknown; sid?: unknown };
    return typeof sub === 'string' && typeof sid === 'string' ? { userId: sub, sessionId: sid } : null;
  } catch {
    return null;
  }
}

/** True when both tokens belong to one session: a refresh changes the token and keeps the session. */
export function sameSession(one: string, other: string): boolean {
  const session = claimsOf(one)?.sessionId;
  return one === other || (session !== undefined && session === claimsOf(other)?.sessionId);
}
