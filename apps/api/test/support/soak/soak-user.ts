import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { Http } from '../http';
import { LocalState, type Overview, type SoakEvent, type SoakMessage } from './local-state';

const ACK_MS = 6_000;
const REST_MS = 10_000;
const RETRY_MS = 200;
const SYNC_LIMIT = 50;

interface Answer {
  readonly ok: boolean;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in Device
  readonly data?: any;
}

/** What is not yet known of a connection: events wait until `sync` has filled the gap before them. */
interface Line {
  readonly socket: Socket;
  syncing: boolean;
  readonly waiting: SoakEvent[];
  lastLive: string;
}

/** Somebody with one device that connects to any of several servers and keeps {@link LocalState}. */
export class SoakUser {
  readonly state: LocalState;
  /** clientMessageId -> id of every message whose sending was acknowledged. */
  readonly sent = new Map<string, string>();
  readonly counts = { sent: 0, reads: 0, connections: 0, refused: 0 };
  conversationIds: string[] = [];
  private line: Line | null = null;

  constructor(
    readonly id: string,
    readonly role: 'patient' | 'medecin',
    private readonly token: string,
    private readonly urls: readonly string[],
    /** Acts over REST only: all its devices are told of what it does. */
    readonly overRest: boolean,
  ) {
    this.state = new LocalState(id, overRest);
  }

  get connected(): boolean {
    return this.line?.socket.connected === true && !this.line.syncing;
  }

  /** Connects to some server and catches up; tries until it succeeds or `isOver`. */
  async connect(isOver: () => boolean): Promise<void> {
    while (!this.connected && !isOver()) {
      this.disconnect();
      const socket = io(`${pick(this.urls).replace(/\/api$/, '')}/realtime`, {
        auth: { token: this.token },
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        timeout: 3_000,
      });
      const line: Line = { socket, syncing: true, waiting: [], lastLive: '' };
      this.line = line;
      this.listen(line);
      try {
        await connection(socket);
        await this.catchUp(line);
        this.counts.connections += 1;
      } catch {
        this.counts.refused += 1;
        socket.close();
        await pause(RETRY_MS);
      }
    }
  }

  disconnect(): void {
    this.line?.socket.close();
    this.line = null;
  }

  /** Sends a message until it is acknowledged, whatever happens on the way. */
  async send(conversationId: string, isOver: () => boolean): Promise<void> {
    const body = { content: `${this.role} ${this.sent.size} ${'x'.repeat(40)}`, clientMessageId: randomUUID() };
    while (!isOver()) {
      try {
        const message = (
          this.overRest
            ? await this.rest('POST', `/conversations/${conversationId}/messages`, body)
            : await this.ask('message:send', { conversationId, ...body })
        ) as SoakMessage;
        this.sent.set(body.clientMessageId, message._id);
        this.state.show(message);
        this.counts.sent += 1;
        return;
      } catch {
        await pause(RETRY_MS);
        if (!this.connected) await this.connect(isOver);
      }
    }
  }

  /** Marks a conversation as read; a failure is left to the next time. */
  async read(conversationId: string): Promise<void> {
    const done = this.overRest
      ? this.rest('PATCH', `/conversations/${conversationId}/read/${this.id}`, {})
      : this.ask('message:read', { conversationId });
    await done.then(
      () => (this.counts.reads += 1),
      () => undefined,
    );
  }

  /** All conversations, messages and notifications over REST. */
  async overview(): Promise<Overview> {
    const owner = this.role === 'patient' ? 'patients' : 'doctors';
    const { conversations } = (await this.rest('GET', `/${owner}/${this.id}/conversations`)) as Overview;
    const messages: SoakMessage[] = [];
    for (const { _id } of conversations)
      messages.push(...(await this.all<SoakMessage>(`/conversations/${_id}/messages`, 'messages')));
    const notifications = await this.all<Overview['notifications'][number]>('/notifications', 'notifications');
    return { messages, conversations, notifications };
  }

  private async all<T>(path: string, key: string): Promise<T[]> {
    const found: T[] = [];
    for (let before = ''; ;) {
      const page = await this.rest('GET', `${path}?limit=100${before}`);
      found.push(...(page[key] as T[]));
      if (page.hasMore !== true) return found;
      before = `&before=${String(page.nextCursor)}`;
    }
  }

  /** A call to some server that is there. @throws Error when it was refused or not answered */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as in TestResponse
  async rest(method: string, path: string, body?: unknown): Promise<any> {
    const call = new Http(pick(this.urls)).call(method, path, body, { token: this.token, undescribed: true });
    const response = await Promise.race([call, rejectAfter(REST_MS)]);
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${response.text}`);
    return response.body;
  }

  private listen(line: Line): void {
    line.socket.onAny((name: string, payload: unknown, meta: unknown, ...rest: unknown[]) => {
      const eventId = (meta as { eventId?: string } | undefined)?.eventId;
      if (this.line !== line || eventId === undefined) return;
      if (eventId <= line.lastLive) this.state.faults.push(`${eventId} came live after ${line.lastLive}`);
      line.lastLive = eventId;
      if (line.syncing) line.waiting.push({ name, payload, eventId });
      else this.state.apply({ name, payload, eventId });
      const acknowledge = rest.find((value) => typeof value === 'function') as (() => void) | undefined;
      acknowledge?.();
    });
  }

  /** What docs/realtime.md says: everything missed by `sync`, then what came live meanwhile. */
  private async catchUp(line: Line): Promise<void> {
    for (;;) {
      const { state } = this;
      const page = await this.ask('sync', { since: state.last, limit: SYNC_LIMIT });
      if (page.resync === true) {
        if (state.last !== undefined) state.faults.push(`resync after ${state.last}`);
        state.reset(await this.overview());
        state.last = page.next as string;
      }
      for (const event of page.events as SoakEvent[]) state.apply(event);
      state.last = page.next as string;
      if (page.hasMore !== true) break;
    }
    for (const event of line.waiting) this.state.apply(event);
    line.syncing = false;
  }

  private async ask(name: string, data: object): Promise<Answer['data']> {
    const socket = this.line?.socket;
    if (socket?.connected !== true) throw new Error('not connected');
    const answer = (await socket.timeout(ACK_MS).emitWithAck(name, data)) as Answer;
    if (!answer.ok) throw new Error('refused');
    return answer.data;
  }
}

/** One of these, by chance. */
function pick<T>(values: readonly T[]): T {
  // There is always one.
  return values[Math.floor(Math.random() * values.length)] as T;
}

/** Resolves after a while. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function rejectAfter(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => {
      reject(new Error(`no answer within ${ms} ms`));
    }, ms).unref();
  });
}

function connection(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
    socket.once('disconnect', reject);
  });
}
