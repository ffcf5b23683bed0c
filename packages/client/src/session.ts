import { DiabcareError, notSignedIn } from './errors.js';
import { claimsOf, sameSession, type Tokens, type TokenStore } from './tokens.js';

/** Told once when the session is over; `reason` is an error code, or `SIGNED_OUT`. */
export type SignedOutListener = (reason: string) => void;

/** Asks the server for the next pair. */
type Refresh = (refreshToken: string) => Promise<Tokens>;

/** Answers to a refresh after which there is nothing left to refresh. */
const FINAL_STATUS = new Set([400, 401, 403]);

/** The tokens of the signed-in user: kept, renewed once for all who wait, dropped at the end. */
export class Session {
  private readonly listeners = new Set<SignedOutListener>();
  private renewal: Promise<string> | null = null;
  /** A call that ends this session and brings the next one (password change). */
  private replacement: Promise<unknown> = Promise.resolve();
  /** Grows with each sign-in and sign-out: a refresh that was under way must not bring an old session back. */
  private epoch = 0;

  constructor(
    private readonly store: TokenStore,
    private readonly refresh: Refresh,
  ) {}

  /** The kept tokens; null when nobody is signed in. */
  async tokens(): Promise<Tokens | null> {
    return this.store.read();
  }

  onSignedOut(listener: SignedOutListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Keeps the tokens of a new session. */
  async begin(tokens: Tokens): Promise<void> {
    const before = await this.store.read();
    this.epoch += 1;
    await this.store.write(tokens);
    const [left, arrived] = [before && claimsOf(before.accessToken), claimsOf(tokens.accessToken)];
    if (left && left.userId !== arrived?.userId) this.tell('SIGNED_IN_ANEW');
  }

  /** Drops the tokens, unless they are those of another session than `accessToken`'s. */
  async end(reason: string, accessToken?: string): Promise<void> {
    const kept = await this.store.read();
    if (kept === null || (accessToken !== undefined && !sameSession(kept.accessToken, accessToken))) return;
    this.epoch += 1;
    await this.store.clear();
    this.tell(reason);
  }

  /** Runs a call that ends this session and brings the next one; those whose session it ends wait for its outcome. */
  async replacing<T>(call: () => Promise<T>): Promise<T> {
    const outcome = call();
    this.replacement = outcome.catch(() => undefined);
    return outcome;
  }

  /**
   * The access token of another session that has taken over from that of `used`; null when there is none. Waits for a
   * replacement under way, unless the replacing call itself asks.
   */
  async successorOf(used: string, wait = true): Promise<string | null> {
    if (wait) await this.replacement;
    const kept = await this.store.read();
    return kept !== null && !sameSession(kept.accessToken, used) ? kept.accessToken : null;
  }

  /**
   * An access token to use instead of the expired `used`. Whoever asks while a refresh runs gets its outcome: a refresh
   * token is used once.
   * @throws DiabcareError of the refresh; the session is over when the server has refused it
   */
  async renew(used: string): Promise<string> {
    this.renewal ??= this.renewOnce(used).finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }

  private async renewOnce(used: string): Promise<string> {
    const { epoch } = this;
    const kept = await this.store.read();
    if (kept === null) throw notSignedIn();
    // renewed between the call and its answer, here or by another tab that shares the store
    if (kept.accessToken !== used) return kept.accessToken;
    let fresh: Tokens;
    try {
      fresh = await this.refresh(kept.refreshToken);
    } catch (error) {
      return this.afterRefusal(error, kept, epoch);
    }
    if (epoch !== this.epoch) return this.current();
    await this.store.write(fresh);
    return fresh.accessToken;
  }

  private async afterRefusal(error: unknown, used: Tokens, epoch: number): Promise<string> {
    if (epoch !== this.epoch) return this.current();
    if (!(error instanceof DiabcareError) || !FINAL_STATUS.has(error.status)) throw error;
    const now = await this.store.read();
    if (now !== null && now.refreshToken !== used.refreshToken) return now.accessToken;
    await this.end(error.code);
    throw error;
  }

  private async current(): Promise<string> {
    const kept = await this.store.read();
    if (kept === null) throw notSignedIn();
    return kept.accessToken;
  }

  private tell(reason: string): void {
    for (const listener of [...this.listeners]) listener(reason);
  }
}
