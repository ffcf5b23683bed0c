import { type DiabcareError, errorOfResponse, errorOfSilence } from './errors.js';
import type { Pause } from './pause.js';
import { randomId } from './random-id.js';
import { pauseBefore, type RetryPolicy } from './retry.js';
import { KEYED_OPERATIONS, PUBLIC_OPERATIONS } from './schema.generated.js';
import type { Session } from './session.js';
import type { Tokens } from './tokens.js';

const KEY_HEADER = 'Idempotency-Key';
const REFRESH = 'POST /api/auth/refresh';
const CHANGE_PASSWORD = 'POST /api/auth/change-password';
/** After these there is no session any more. */
const SIGN_OUTS: ReadonlySet<string> = new Set([
  'POST /api/auth/logout',
  'DELETE /api/sessions/current',
  'DELETE /api/sessions/all',
  'DELETE /api/users/me',
]);

/** The browser's and Node's `fetch`, or one that behaves like it. */
export type Fetch = (request: Request) => Promise<Response>;

interface TransportOptions {
  readonly fetch: Fetch;
  readonly session: Session;
  readonly policy: RetryPolicy;
  /** Until the answer begins (GET) or is complete (others). */
  readonly timeoutMs: number;
  readonly pause: Pause;
}

/** Of one try. */
type Outcome = { readonly response: Response; readonly error?: never } | { readonly error: DiabcareError };

/** One call, over all its tries. */
interface Call {
  readonly request: Request;
  /** `METHOD /path/{parameter}` */
  readonly operation: string;
  readonly key: string | undefined;
  readonly repeatable: boolean;
}

/** Sends calls with the current token, a key where one is accepted, and repeats them where that does no harm. */
export class Transport {
  constructor(private readonly options: TransportOptions) {}

  /** Prepares a request before its first try: all tries carry one key. */
  prepare(request: Request, schemaPath: string): Call {
    const operation = `${request.method} ${schemaPath}`;
    if (KEYED_OPERATIONS.has(operation) && !request.headers.has(KEY_HEADER))
      request.headers.set(KEY_HEADER, randomId());
    const key = request.headers.get(KEY_HEADER) ?? undefined;
    // the server answers a repeated refresh with the same new pair for 30 s
    const repeatable =
      request.method === 'GET' || request.method === 'PUT' || key !== undefined || operation === REFRESH;
    return { request, operation, key, repeatable };
  }

  /** @throws DiabcareError for every answer but 2xx and 304, and for no answer */
  async send(call: Call): Promise<Response> {
    const replaces = await replacesSession(call);
    const whole = async (): Promise<Response> => {
      const response = await this.repeat(call, replaces);
      await this.follow(call, response);
      return response;
    };
    return replaces ? this.options.session.replacing(whole) : whole();
  }

  private async repeat(call: Call, replaces: boolean): Promise<Response> {
    const repeats = new Map<string, number>();
    let authorised = false;
    for (;;) {
      const token = await this.tokenFor(call);
      const outcome = await this.attempt(call, token);
      if (outcome.error === undefined) return outcome.response;
      const { error } = outcome;
      if (token !== null && error.status === 401 && !authorised) {
        authorised = true;
        if (await this.authoriseAnew(error, token, replaces)) continue;
      }
      const reason = error.code === 'IDEMPOTENCY_IN_PROGRESS' ? error.code : 'other';
      const count = repeats.get(reason) ?? 0;
      const wait = pauseBefore(
        { error, repeatable: call.repeatable, repeats: count },
        this.options.policy,
        Math.random(),
      );
      if (wait === null) throw error;
      repeats.set(reason, count + 1);
      await this.options.pause(wait, call.request.signal);
      call.request.signal.throwIfAborted();
    }
  }

  /** True when the call may be tried again with another token. @throws DiabcareError when there is none to be had */
  private async authoriseAnew(error: DiabcareError, token: string, replaces: boolean): Promise<boolean> {
    const { session } = this.options;
    if (error.code === 'TOKEN_EXPIRED') {
      await session.renew(token);
      return true;
    }
    if (error.code !== 'SESSION_REVOKED' && error.code !== 'TOKEN_INVALID') return false;
    if ((await session.successorOf(token, !replaces)) !== null) return true;
    await session.end(error.code, token);
    return false;
  }

  private async tokenFor({ request, operation }: Call): Promise<string | null> {
    if (PUBLIC_OPERATIONS.has(operation) || request.headers.has('Authorization')) return null;
    return (await this.options.session.tokens())?.accessToken ?? null;
  }

  private async attempt({ request, key }: Call, token: string | null): Promise<Outcome> {
    const abort = new AbortController();
    const give = (): void => abort.abort(request.signal.reason);
    request.signal.throwIfAborted();
    // stays: the body of an export is read after this
    request.signal.addEventListener('abort', give, { once: true });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      abort.abort();
    }, this.options.timeoutMs);
    try {
      const headers = new Headers(request.headers);
      if (token !== null) headers.set('Authorization', `Bearer ${token}`);
      const received = await this.options.fetch(new Request(request.clone(), { headers, signal: abort.signal }));
      const response = request.method === 'GET' && received.ok ? received : await complete(received);
      const failed = !response.ok && response.status !== 304;
      return failed ? { error: await errorOfResponse(response, key) } : { response };
    } catch (cause) {
      request.signal.throwIfAborted();
      return { error: errorOfSilence(cause, timedOut, key) };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Keeps the tokens that an answer brings, whichever call it was, and drops those of a session it has ended. */
  private async follow({ request, operation }: Call, response: Response): Promise<void> {
    const { session } = this.options;
    if (request.method === 'GET' || operation === REFRESH) return;
    if (SIGN_OUTS.has(operation)) {
      await session.end('SIGNED_OUT');
      return;
    }
    const text = await response.clone().text();
    const tokens = text.includes('"refreshToken"') ? tokensIn(text) : null;
    if (tokens !== null) await session.begin(tokens);
  }
}

/** A new password, or signing out, ends the session of the call itself: others that notice wait for its outcome. */
async function replacesSession({ request, operation }: Call): Promise<boolean> {
  if (operation === CHANGE_PASSWORD || SIGN_OUTS.has(operation)) return true;
  return request.method === 'PATCH' && (await request.clone().text()).includes('"motDePasse"');
}

/** Reads an answer to its end: one that breaks off is a failure of this try, not of the call. */
async function complete(response: Response): Promise<Response> {
  const body = await response.arrayBuffer();
  const { status, statusText, headers } = response;
  return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
}

function tokensIn(text: string): Tokens | null {
  try {
    const { accessToken, refreshToken } = JSON.parse(text) as Record<string, unknown>;
    return typeof accessToken === 'string' && typeof refreshToken === 'string' ? { accessToken, refreshToken } : null;
  } catch {
    return null;
  }
}
