import createApi, {
  type Client,
  type ClientPathsWithMethod,
  type MaybeOptionalInit,
  type MethodResponse,
} from 'openapi-fetch';
import { DiabcareError, errorOfSilence } from './errors.js';
import { pause } from './pause.js';
import { type CursorStore, memoryCursorStore } from './realtime/cursors.js';
import { Realtime, type RealtimeOptions } from './realtime/realtime.js';
import { retryPolicy, type RetryOptions } from './retry.js';
import type { components, paths } from './schema.generated.js';
import { Session, type SignedOutListener } from './session.js';
import { claimsOf, memoryTokenStore, type Tokens, type TokenStore } from './tokens.js';
import { type Fetch, Transport } from './transport.js';

type Schemas = components['schemas'];
type Api = Client<paths>;
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
/** The paths that know a method. */
type PathsOf<M extends Method> = ClientPathsWithMethod<Api, M>;
type Init<P extends keyof paths, M extends Method> = MaybeOptionalInit<paths[P], M>;
type InitArgument<P extends keyof paths, M extends Method> =
  undefined extends Init<P, M> ? [init?: Init<P, M>] : [init: Init<P, M>];
/** Resolves with the body of the answer; rejects with a {@link DiabcareError}. */
type Call<M extends Method> = <P extends PathsOf<M>>(
  path: P,
  ...init: InitArgument<P, M>
) => Promise<MethodResponse<Api, M, P>>;

const DEFAULT_TIMEOUT_MS = 30_000;

/** How a client is made. */
export interface ClientOptions {
  /** Where the server is, without `/api`: `https://diabcare.example`. */
  readonly baseUrl: string;
  /** Default: in memory. */
  readonly tokens?: TokenStore;
  /** Where the place in the stream of events is kept. Default: in memory. */
  readonly cursors?: CursorStore;
  /** Language of error messages and, at registration, of mails. Default: what the platform sends. */
  readonly locale?: 'en' | 'fr';
  /** Default: the global one. */
  readonly fetch?: Fetch;
  /** Of each try, until its answer begins (GET) or is complete (others). Default 30,000 ms. */
  readonly timeoutMs?: number;
  readonly retry?: RetryOptions;
}

/** A registered account; `signedIn` is false while it waits for approval. */
export interface Registered {
  readonly user: Schemas['AccountResponse'];
  readonly signedIn: boolean;
}

/** A client of one server for one signed-in user. */
export interface DiabcareClient {
  /** Every operation with its answer's headers, as openapi-fetch gives it; failures are thrown. */
  readonly api: Api;
  readonly get: Call<'get'>;
  readonly post: Call<'post'>;
  readonly put: Call<'put'>;
  readonly patch: Call<'patch'>;
  readonly delete: Call<'delete'>;

  registerPatient(account: Schemas['RegisterPatient']): Promise<Registered>;
  registerDoctor(account: Schemas['RegisterDoctor']): Promise<Registered>;
  registerPharmacist(account: Schemas['RegisterPharmacist']): Promise<Registered>;
  signIn(email: string, password: string): Promise<Schemas['AccountResponse']>;
  /** With the id token that Google's own sign-in gave to the app. */
  signInWithGoogle(idToken: string): Promise<Schemas['AccountResponse']>;
  /** Ends all sessions of the user; this client goes on with the new one. */
  changePassword(currentPassword: string, newPassword: string): Promise<void>;
  /** Ends the session. The tokens are dropped whether or not the server can be reached. */
  signOut(): Promise<void>;
  /** The id of the signed-in user; null when nobody is. */
  userId(): Promise<string | null>;
  /** Tells when the session is over: signed out, revoked, or not to be refreshed. Returns the way to stop listening. */
  onSignedOut(listener: SignedOutListener): () => void;

  /** Connects to the events of the signed-in user. Register handlers at once, in the same turn. */
  realtime(options?: RealtimeOptions): Realtime;
}

/** Makes a client. Nothing is sent before the first call. */
export function createClient(options: ClientOptions): DiabcareClient {
  const store = options.tokens ?? memoryTokenStore();
  const session = new Session(store, async (refreshToken) => {
    const fresh = await bodyOf(api.POST('/api/auth/refresh', { body: { refreshToken } }));
    return pairOf(fresh) ?? unusable();
  });
  const transport = new Transport({
    fetch: options.fetch ?? ((request) => fetch(request)),
    session,
    policy: retryPolicy(options.retry),
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    pause,
  });
  const api = apiOver(transport, options);
  const cursors = options.cursors ?? memoryCursorStore();
  return {
    api,
    ...methodsOf(api),
    ...signInOver(api, session),
    onSignedOut: (listener) => session.onSignedOut(listener),
    userId: async () => claimsOf((await session.tokens())?.accessToken ?? '')?.userId ?? null,
    realtime: (settings = {}) => new Realtime({ baseUrl: options.baseUrl, session, cursors }, settings),
  };
}

function apiOver(transport: Transport, { baseUrl, locale }: ClientOptions): Api {
  const prepared = new WeakMap<Request, ReturnType<Transport['prepare']>>();
  const api = createApi<paths>({
    baseUrl,
    ...(locale === undefined ? {} : { headers: { 'Accept-Language': locale } }),
    fetch: (request) =>
      transport.send(prepared.get(request) ?? transport.prepare(request, new URL(request.url).pathname)),
  });
  api.use({
    onRequest: ({ request, schemaPath }) => {
      prepared.set(request, transport.prepare(request, schemaPath));
    },
  });
  return api;
}

/** The calls that answer with the body alone. */
function methodsOf(api: Api): Pick<DiabcareClient, Method> {
  // One implementation for all: the signatures above relate path, parameters, body and answer.
  const request = api.request as (
    method: Method,
    path: string,
    init: unknown,
  ) => Promise<{ data?: unknown; response: Response }>;
  const method = (name: Method) => (path: string, init?: unknown) => bodyOf(request(name, path, init));
  return {
    get: method('get') as Call<'get'>,
    post: method('post') as Call<'post'>,
    put: method('put') as Call<'put'>,
    patch: method('patch') as Call<'patch'>,
    delete: method('delete') as Call<'delete'>,
  };
}

function signInOver(api: Api, session: Session) {
  const registered = (answer: Schemas['AuthResponse']): Registered => ({
    user: answer.user,
    signedIn: pairOf(answer) !== null,
  });
  return {
    registerPatient: async (body: Schemas['RegisterPatient']) =>
      registered(await bodyOf(api.POST('/api/auth/register/patient', { body }))),
    registerDoctor: async (body: Schemas['RegisterDoctor']) =>
      registered(await bodyOf(api.POST('/api/auth/register/medecin', { body }))),
    registerPharmacist: async (body: Schemas['RegisterPharmacist']) =>
      registered(await bodyOf(api.POST('/api/auth/register/pharmacien', { body }))),
    signIn: async (email: string, motDePasse: string) =>
      (await bodyOf(api.POST('/api/auth/login', { body: { email, motDePasse } }))).user,
    signInWithGoogle: async (idToken: string) =>
      (await bodyOf(api.POST('/api/auth/google/mobile', { body: { idToken } }))).user,
    changePassword: async (currentPassword: string, newPassword: string) => {
      await bodyOf(api.POST('/api/auth/change-password', { body: { currentPassword, newPassword } }));
    },
    signOut: async () => {
      const tokens = await session.tokens();
      if (tokens === null) return;
      try {
        await bodyOf(api.POST('/api/auth/logout'));
      } catch (error) {
        if (!(error instanceof DiabcareError)) throw error;
        // the session is over already, or ends by itself: what counts here is that its tokens are gone
      } finally {
        await session.end('SIGNED_OUT');
      }
    },
  };
}

/** The body of an answer. @throws DiabcareError when it cannot be read to its end */
async function bodyOf<T>(answer: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data, response } = await answer.catch((error: unknown) => {
    throw error instanceof TypeError || error instanceof SyntaxError ? errorOfSilence(error, false) : error;
  });
  if (!response.ok || data === undefined)
    throw new DiabcareError({ status: response.status, code: 'NOT_MODIFIED', message: 'Not changed since' });
  return data;
}

function pairOf({ accessToken, refreshToken }: { [K in keyof Tokens]: string | null }): Tokens | null {
  return accessToken !== null && refreshToken !== null ? { accessToken, refreshToken } : null;
}

function unusable(): never {
  throw new DiabcareError({ status: 200, code: 'UNEXPECTED_RESPONSE', message: 'The server answered without tokens' });
}
