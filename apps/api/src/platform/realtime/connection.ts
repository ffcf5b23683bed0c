import { randomUUID } from 'node:crypto';
import type { Socket } from 'socket.io';
import type { Locale } from '../../common/enums';
import { AppError } from '../../common/errors';
import { type RequestContext, runInContext } from '../context/request-context';
import { errorEnvelope, toAppError } from '../http/error-envelope';
import type { Logger } from '../logging';
import { EventLimiter } from './event-limiter';

/** Whose socket it is. */
export interface Identity {
  readonly userId: string;
  readonly sessionId: string;
  /** The actor of `access/`, handed through. */
  readonly actor: unknown;
}

/** Answers a client event; what it returns is the `data` of the acknowledgement. */
export type ClientEventHandler = (connection: Connection, data: unknown) => Promise<object>;

interface ConnectionOptions {
  readonly logger: Logger;
  readonly ackWaitMs: number;
  readonly acknowledged: (name: string, payload: Record<string, unknown>) => Promise<void>;
}

type Acknowledge = (answer: object) => void;

const refuse: ClientEventHandler = () => Promise.reject(new AppError('ROUTE_NOT_FOUND'));

/** One device, connected. */
export class Connection {
  private readonly limiter = new EventLimiter();
  private lastEvent: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: Socket,
    readonly identity: Identity,
    private readonly locale: Locale,
    private readonly options: ConnectionOptions,
  ) {}

  get id(): string {
    return this.socket.id;
  }

  /** Sends an event; `meta` for durable ones, whose acknowledgement is listened for. */
  send(name: string, payload: Record<string, unknown>, meta?: { eventId: string; at: Date }): void {
    if (meta === undefined) {
      this.socket.emit(name, payload);
      return;
    }
    this.socket.timeout(this.options.ackWaitMs).emit(name, payload, meta, (timedOut: Error | null) => {
      if (timedOut !== null) return;
      this.options.acknowledged(name, payload).catch((error: unknown) => {
        this.options.logger.warn('an acknowledgement could not be stored', { err: error });
      });
    });
  }

  /** Says why, and ends the connection for good. */
  end(name: string, payload: Record<string, unknown>): void {
    this.socket.emit(name, payload);
    this.socket.disconnect(true);
  }

  /**
   * Answers client events by their handlers, inside the limits and with the error shape of the contract; one that nobody
   * knows counts like the others and is answered like an unknown route. One after the other: what a device sends first
   * comes first, and a hasty one takes no more than its share of the database.
   */
  answer(handlers: ReadonlyMap<string, ClientEventHandler>): void {
    this.socket.onAny((name: string, ...args: unknown[]) => {
      const last = args.at(-1);
      const acknowledge = typeof last === 'function' ? (last as Acknowledge) : (): void => undefined;
      const handler = handlers.get(name);
      const data = typeof args[0] === 'function' ? undefined : args[0];
      if (!this.admits(acknowledge)) return;
      // A name that a client made up is not written into the log.
      const route = handler === undefined ? 'unknown' : name;
      this.lastEvent = this.lastEvent.then(() => this.handle(route, handler ?? refuse, data, acknowledge));
    });
  }

  private admits(acknowledge: Acknowledge): boolean {
    const verdict = this.limiter.judge(Date.now());
    if (verdict === 'pass') return true;
    acknowledge({ ok: false, error: this.errorOf(new AppError('RATE_LIMITED')) });
    if (verdict === 'close') this.socket.disconnect(true);
    return false;
  }

  /** Never rejects. */
  private async handle(
    name: string,
    handler: ClientEventHandler,
    data: unknown,
    acknowledge: Acknowledge,
  ): Promise<void> {
    const context = this.contextOf(name, data);
    let status = 200;
    try {
      const answer = await runInContext(context, () => handler(this, data));
      acknowledge({ ok: true, data: answer });
    } catch (error) {
      const envelope = this.errorOf(error);
      status = envelope.statusCode;
      if (status === 500)
        this.options.logger.error('socket event failed', { requestId: context.requestId, err: error });
      acknowledge({ ok: false, error: envelope });
    }
    this.options.logger.request({
      requestId: context.requestId,
      method: 'SOCKET',
      route: name,
      status,
      ms: Math.round((performance.now() - context.startedAt) * 10) / 10,
      actorId: this.identity.userId,
      dbRoundTrips: context.roundTrips,
    });
  }

  private errorOf(error: unknown) {
    const { requestId: _none, ...envelope } = errorEnvelope(toAppError(error), this.locale, '');
    return envelope;
  }

  /** What services read of a request, for an event. */
  private contextOf(name: string, data: unknown): RequestContext {
    const { headers, address } = this.socket.handshake;
    return {
      requestId: randomUUID(),
      locale: this.locale,
      ip: address,
      userAgent: (headers['user-agent'] ?? '').slice(0, 512),
      startedAt: performance.now(),
      roundTrips: 0,
      actorId: this.identity.userId,
      version: null,
      ifMatch: null,
      status: null,
      idempotency: null,
      idempotencyKey: null,
      idempotencyRunner: null,
      replayed: false,
      rateLimit: null,
      truncated: false,
      socketId: this.id,
      source: { method: 'SOCKET', url: name, body: data },
    };
  }
}
