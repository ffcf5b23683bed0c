import { io, type Socket } from 'socket.io-client';
import { DiabcareError, errorOfEvent, errorOfSilence, notSignedIn } from '../errors.js';
import { pause } from '../pause.js';
import { randomId } from '../random-id.js';
import type { Session } from '../session.js';
import { claimsOf, sameSession } from '../tokens.js';
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

const SYNC_LIMIT = 500;
const SEND_TRIES = 3;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;

/** The events of the signed-in user: connected again by itself, caught up after each absence, in order, each once. */
export class Realtime {
  private readonly emitter = new Emitter();
  private readonly socket: Socket;
  private readonly stopListening: () => void;
  private inbox: Inbox | null = null;
  private userId: string | null = null;
  /** Of the handshake that the present connection was made with. */
  private token = '';
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
      auth: (give) => give({ token: this.token }),
      autoConnect: false,
      forceNew: true,
    });
    this.stopListening = surroundings.session.onSignedOut((reason) => this.finish(reason));
    this.listen();
    void this.open();
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
}
