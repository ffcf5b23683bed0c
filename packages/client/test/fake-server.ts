import { createClient, type ClientOptions } from '../src/client.js';
import { DiabcareError } from '../src/errors.js';
import { memoryTokenStore } from '../src/tokens.js';

/** What a fake server saw of one try. */
export interface Seen {
  readonly call: string;
  readonly token: string | null;
  readonly key: string | null;
  readonly body: string;
}

type Answer = Response | Error | ((seen: Seen) => Response | Promise<Response>);

/** An answer of the API. */
export function json(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
}

/** An error of the API. */
export function failure(status: number, code: string, headers: Record<string, string> = {}): Response {
  const body = { statusCode: status, error: 'x', message: 'No', code, requestId: 'request-1' };
  return json(status, body, headers);
}

/** An access token as the server's: only its claims matter here. */
function token(sid: string, version: number, sub: string): string {
  return `h.${btoa(JSON.stringify({ sub, sid, version }))}.s`;
}

/** The tokens of a session after so many refreshes. */
export const pair = (sid: string, version: number, sub = 'user-1') => ({
  accessToken: token(sid, version, sub),
  refreshToken: `refresh-${sid}-${version}`,
});

/** What the client holds at first. */
export const OLD = pair('s1', 1);
/** What a refresh brings. */
export const NEW = pair('s1', 2);
/** What `fetch` throws when there is no network. */
export const network = new TypeError('fetch failed');

/** A client of a server that answers as told, in order; the last answer is given again and again. */
export function clientOf(answers: Answer[], options: Partial<ClientOptions> = {}) {
  const seen: Seen[] = [];
  const queue = [...answers];
  const tokens = memoryTokenStore(OLD);
  const client = createClient({
    baseUrl: 'https://server.example',
    tokens,
    retry: { baseDelayMs: 1 },
    fetch: async (request) => {
      const entry: Seen = {
        call: `${request.method} ${new URL(request.url).pathname}`,
        token: request.headers.get('Authorization'),
        key: request.headers.get('Idempotency-Key'),
        body: await request.text(),
      };
      seen.push(entry);
      const answer = (queue.length > 1 ? queue.shift() : queue[0]) as Answer;
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(entry) : answer.clone();
    },
    ...options,
  });
  return { client, seen, tokens };
}

/** The error of a call that must fail. */
export const error = async (call: Promise<unknown>): Promise<DiabcareError> =>
  call.then(
    () => {
      throw new Error('The call succeeded');
    },
    (cause: unknown) => {
      if (!(cause instanceof DiabcareError)) throw cause;
      return cause;
    },
  );
