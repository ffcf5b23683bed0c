import { io, type Socket } from 'socket.io-client';
import { DiabcareError, errorOfEvent, errorOfSilence, notSignedIn } from '../errors.js';
import { pause } from '../pause.js';
import { randomId } from '../random-id.js';
import type { Session } from '../session.js';
import { claimsOf } from '../tokens.js';
import type { CursorStore } from './cursors.js';
import { Emitter } from './emitter.js';
import type { ClientEvents, EventMeta, Handler, RealtimeEvents, SyncPage } from './events.js';
import { type Acknowledge, Inbox } from './inbox.js';

/** How a connection is made. */
export interface RealtimeOptions {
  /** Default `['websocket']`, which needs no sticky sessions; `polling` passes proxies that know no websockets. */
  readonly transports?: readonly ('websocket' | 'polling')[];
  /** How long the answer to a client event is waited for, each time. Default 10,000 ms. */
  readonly answerTimeoutMs?: number;
}

interface Surroundings {
  readonly baseUrl: string;
  readonly session: Session;
  readonly cursors: CursorStore;
}

const DEFAULT_ANSWER_TIMEOUT_MS = 10_000;
const SYNC_LIMIT = 500;
const SEND_TRIES = 3;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;
/** Refusals that can be mended here and now; others are waited out. */
const CURABLE: ReadonlySet<string> = new Set(['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'SESSION_REVOKED', 'TOKEN_INVALID']);

/** The events of the signed-in user: connected again by itself, caught up after each absence, in order, each once. */
export class Realtime {
  private readonly emitter = new Emitter();
  private readonly socket: Socket;
  private readonly stopListening: () => void;
  private inbox: Inbox | null = null;
  /** Of the handshake that the present connection was made with. */
  private token = '';
  private revocation: Promise<void> = Promise.resolve();
  /** In a row; none when caught up. */
  private failures = 0;
  private readonly over = new AbortController();

  /** Made by `client.realtime()`. Connects at once. */
  constructor(
    private readonly surroundings: Surroundings,
    private readonly options: RealtimeOptions,
  ) {
    const { origin, pathname } = new URL(surroundings.baseUrl);
    this.socket = io(`${origin}/realtime`, {
      path: `${pathname.replace(/\/$/, '')}/socket.io`,
      transports: [...(options.transports ?? ['websocket'])],
      auth: (give) => void this.handshake().then(give),
      autoConnect: false,
      forceNew: true,
    });
    this.stopListening = surroundings.session.onSignedOut((reason) => this.finish(reason));
    this.listen();
    this.socket.connect();
  }

  /** Listens to one kind of event. Returns the way to stop. */
  on<Name extends keyof RealtimeEvents>(name: Name, handler: Handler<Name>): () => void {
    return this.emitter.on(name, handler);
  }

  /** True while the socket is open. */
  get connected(): boolean {
    return this.socket.connected;
  }

  /**
   * Sends a client event and waits for its answer; after a lost answer it is sent again. A message without a
   * `clientMessageId` gets one, so that it is stored once.
   * @throws DiabcareError of the server, or TIMEOUT, NETWORK_ERROR, NOT_SIGNED_IN (after the end)
   */
  async send<Name extends keyof ClientEvents>(
    name: Name,
    data: ClientEvents[Name]['data'],
  ): Promise<ClientEvents[Name]['answer']> {
    const body = name === 'message:send' ? { clientMessageId: randomId(), ...data } : data;
    for (let left = SEND_TRIES; ; left -= 1) {
      try {
        await this.untilConnected();
        // Which answer belongs to which event is the contract's part.
        return (await this.ask(name, body)) as ClientEvents[Name]['answer'];
      } catch (error) {
        const lost = error instanceof DiabcareError && error.status === 0 && !this.over.signal.aborted;
        if (!lost || left <= 1) throw error;
      }
    }
  }

  /** Ends the connection; the session goes on. */
  close(): void {
    this.finish('CLOSED');
  }

  private listen(): void {
    const { socket } = this;
    socket.on('connect', () => this.whenConnected());
    socket.on('connect_error', (error) => void this.whenRefused(error));
    socket.on('disconnect', (reason) => void this.whenDisconnected(reason));
    socket.onAny((name: string, payload: unknown, ...rest: unknown[]) => this.whenTold(name, payload, rest));
  }

  /** Asked by the library before each connection. */
  private async handshake(): Promise<{ token: string }> {
    const tokens = await this.surroundings.session.tokens().catch(() => null);
    this.token = tokens?.accessToken ?? '';
    return { token: this.token };
  }

  private whenConnected(): void {
    this.inbox ??= new Inbox(claimsOf(this.token)?.userId ?? '', this.surroundings.cursors, this.emitter);
    this.inbox.hold();
    void this.emitter.tell('connected', undefined);
    void this.catchUp(this.inbox);
  }

  private async catchUp(inbox: Inbox): Promise<void> {
    const { id } = this.socket;
    while (this.socket.connected && this.socket.id === id) {
      try {
        const done = await inbox.catchUp(async (since) => {
          // The shape is the contract's part.
          const page = await this.ask('sync', { ...(since === null ? {} : { since }), limit: SYNC_LIMIT });
          return page as SyncPage;
        });
        if (!done) return;
        this.failures = 0;
        await this.emitter.tell('synced', undefined);
        return;
      } catch (cause) {
        await this.emitter.tell('error', { cause });
        await this.backOff();
      }
    }
  }

  private whenTold(name: string, payload: unknown, rest: readonly unknown[]): void {
    const [meta] = rest;
    if (name === 'session:revoked') {
      this.revocation = this.whenRevoked(payload);
      return;
    }
    if (!isMeta(meta)) {
      void this.emitter.tell(name, payload);
      return;
    }
    const last = rest.at(-1);
    const acknowledge = typeof last === 'function' ? (last as Acknowledge) : undefined;
    this.inbox?.take({ name, payload, eventId: meta.eventId, at: meta.at }, acknowledge);
  }

  /** A session that a password change has replaced goes on under its successor. */
  private async whenRevoked(payload: unknown): Promise<void> {
    const { session } = this.surroundings;
    const used = this.token;
    const successor = await session.successorOf(used);
    if (this.over.signal.aborted || successor !== null) return;
    await this.emitter.tell('session:revoked', payload);
    await session.end('SESSION_REVOKED', used);
    this.finish('SESSION_REVOKED');
  }

  private async whenDisconnected(reason: string): Promise<void> {
    await this.revocation;
    if (this.over.signal.aborted) return;
    await this.emitter.tell('disconnected', { reason });
    // told to leave (limits, a replaced session): the library does not come back by itself
    if (reason === 'io server disconnect') await this.connectLater(claimsOf(this.token)?.sessionId);
  }

  /** At once under another session than `left`, else after a pause. */
  private async connectLater(left: string | undefined): Promise<void> {
    const next = (await this.handshake()).token;
    if (next === '' || claimsOf(next)?.sessionId === left) await this.backOff();
    this.connect();
  }

  private async whenRefused(error: Error & { data?: unknown }): Promise<void> {
    // the network, not the server: the library tries again by itself
    if (this.socket.active || this.over.signal.aborted) return;
    const { code } = errorOfEvent(error.data);
    if (this.failures > 0 || !CURABLE.has(code)) await this.backOff();
    else this.failures += 1;
    try {
      await this.mend(code);
    } catch {
      // a refresh that could not be made now: the next refusal makes the next try
    }
    this.connect();
  }

  /** Does what a refused handshake asks for. */
  private async mend(code: string): Promise<void> {
    const { session } = this.surroundings;
    if ((await session.tokens()) === null) this.finish('NOT_SIGNED_IN');
    else if (code === 'TOKEN_EXPIRED') await session.renew(this.token);
    else if (code === 'SESSION_REVOKED' || code === 'TOKEN_INVALID') {
      if ((await session.successorOf(this.token)) === null) await session.end(code, this.token);
    }
  }

  private connect(): void {
    if (!this.over.signal.aborted) this.socket.connect();
  }

  private async backOff(): Promise<void> {
    const whole = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** this.failures);
    this.failures += 1;
    await pause(whole * (0.5 + Math.random() / 2), this.over.signal);
  }

  private async ask(name: string, data: object): Promise<unknown> {
    let answer: { ok: boolean; data?: unknown; error?: unknown };
    try {
      answer = (await this.socket.timeout(this.waitMs).emitWithAck(name, data)) as typeof answer;
    } catch (cause) {
      throw errorOfSilence(cause, this.socket.connected);
    }
    if (!answer.ok) throw errorOfEvent(answer.error);
    return answer.data;
  }

  private get waitMs(): number {
    return this.options.answerTimeoutMs ?? DEFAULT_ANSWER_TIMEOUT_MS;
  }

  private async untilConnected(): Promise<void> {
    const { signal } = this.over;
    signal.throwIfAborted();
    if (this.socket.connected) return;
    const wait = new AbortController();
    const stop = (): void => wait.abort();
    this.socket.once('connect', stop);
    signal.addEventListener('abort', stop);
    await pause(this.waitMs, wait.signal);
    this.socket.off('connect', stop);
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
    if (!wait.signal.aborted) throw errorOfSilence(undefined, false);
  }

  private finish(reason: string): void {
    if (this.over.signal.aborted) return;
    // what waits for the connection rejects with this
    this.over.abort(notSignedIn());
    this.stopListening();
    this.socket.disconnect();
    void this.emitter.tell('ended', { reason });
  }
}

function isMeta(value: unknown): value is EventMeta {
  return typeof value === 'object' && value !== null && typeof (value as { eventId?: unknown }).eventId === 'string';
}
