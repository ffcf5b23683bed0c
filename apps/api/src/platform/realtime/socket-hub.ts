import type { Server as HttpServer } from 'node:http';
import { createAdapter } from '@socket.io/mongo-adapter';
import { Inject, Injectable } from '@nestjs/common';
import { type Namespace, Server, type Socket } from 'socket.io';
import { AppError } from '../../common/errors';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { errorEnvelope, toAppError } from '../http/error-envelope';
import { localeOf } from '../http/locale';
import { Logger } from '../logging';
import { Metrics } from '../metrics';
import { type ClientEventHandler, Connection, type Identity } from './connection';
import { SocketEvents } from './socket-events.repository';

const NAMESPACE = '/realtime';
// A message of 4,000 characters of four bytes, escaped, with room.
const MAX_PACKET_BYTES = 100_000;
const ACK_WAIT_MS = 30_000;

/** What the application adds to the bare sockets. */
export interface SocketHandlers {
  /** Who a token's bearer is. @throws AppError that becomes the `connect_error` */
  readonly authenticate: (token: string) => Promise<Identity>;
  readonly connected: (connection: Connection) => Promise<void>;
  readonly disconnected: (connection: Connection) => void;
  readonly events: ReadonlyMap<string, ClientEventHandler>;
  /** The client acknowledged a server event. */
  readonly acknowledged: (connection: Connection, name: string, payload: Record<string, unknown>) => Promise<void>;
}

/** Socket.IO on the HTTP server's port: connections, rooms of users, and what instances tell each other. */
@Injectable()
export class SocketHub {
  private io: Server | null = null;
  private namespace: Namespace | null = null;
  private readonly open = new Map<string, Connection>();
  private readonly wakers = new Set<(userId: string) => void>();

  constructor(
    private readonly socketEvents: SocketEvents,
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** Opens the namespace on the server; called before the port opens, with the indexes built. */
  start(server: HttpServer, handlers: SocketHandlers): void {
    const { corsOrigins } = this.config.http;
    const io = new Server(server, {
      serveClient: false,
      maxHttpBufferSize: MAX_PACKET_BYTES,
      ...(corsOrigins.length === 0 ? {} : { cors: { origin: [...corsOrigins] } }),
    });
    io.adapter(createAdapter(this.socketEvents.collection, { addCreatedAtField: true }));
    const namespace = io.of(NAMESPACE);
    namespace.use((socket, next) => {
      void this.admit(socket, handlers).then(next);
    });
    namespace.on('connection', (socket) => {
      void this.connect(socket, handlers);
    });
    namespace.on('wake', (userId: string) => {
      for (const waker of this.wakers) waker(userId);
    });
    [this.io, this.namespace] = [io, namespace];
  }

  /** The connections of this instance. */
  get connections(): readonly Connection[] {
    return [...this.open.values()];
  }

  /** Calls back when another instance has stored an event of a user. */
  onWake(waker: (userId: string) => void): void {
    this.wakers.add(waker);
  }

  /** Tells the other instances, if there are any, that a user has news. */
  async wakeOthers(userId: string): Promise<void> {
    const { namespace } = this;
    if (namespace === null || (await namespace.adapter.serverCount()) <= 1) return;
    namespace.serverSideEmit('wake', userId);
  }

  /** Sends what need not be stored to every device of a user, on every instance. */
  tell(userId: string, name: string, payload: object): void {
    this.namespace?.to(userId).emit(name, payload);
  }

  /** Ends every connection so that clients come back elsewhere by themselves. */
  async close(): Promise<void> {
    const { io, namespace } = this;
    if (io === null) return;
    [this.io, this.namespace] = [null, null];
    // Closing the transport, and not the sockets: a client that is told to leave does not come back.
    io.engine.close();
    await namespace?.adapter.close();
    await io.of('/').adapter.close();
  }

  private async admit(socket: Socket, handlers: SocketHandlers): Promise<Error | undefined> {
    try {
      const token: unknown = (socket.handshake.auth as Record<string, unknown> | undefined)?.['token'];
      if (typeof token !== 'string' || token === '') throw new AppError('UNAUTHENTICATED');
      (socket.data as { identity?: Identity }).identity = await handlers.authenticate(token);
      return undefined;
    } catch (error) {
      const { statusCode, code, message } = errorEnvelope(toAppError(error), this.localeOf(socket), '');
      return Object.assign(new Error(String(message)), { data: { statusCode, code } });
    }
  }

  private async connect(socket: Socket, handlers: SocketHandlers): Promise<void> {
    const { identity } = socket.data as { identity: Identity };
    const connection: Connection = new Connection(socket, identity, this.localeOf(socket), {
      logger: this.logger,
      ackWaitMs: ACK_WAIT_MS,
      acknowledged: (name, payload): Promise<void> => handlers.acknowledged(connection, name, payload),
    });
    this.open.set(socket.id, connection);
    this.metrics.setSocketsConnected(this.open.size);
    socket.on('disconnect', () => {
      this.open.delete(socket.id);
      this.metrics.setSocketsConnected(this.open.size);
      handlers.disconnected(connection);
    });
    connection.answer(handlers.events);
    await socket.join(identity.userId);
    try {
      await handlers.connected(connection);
    } catch (error) {
      // Without its state a connection would miss events unseen: the client tries again.
      this.logger.warn('socket could not be set up', { err: error });
      socket.conn.close();
    }
  }

  private localeOf(socket: Socket) {
    return localeOf(socket.handshake.headers['accept-language']);
  }
}
