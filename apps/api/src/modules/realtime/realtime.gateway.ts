import type { Server as HttpServer } from 'node:http';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { AccessGuard, type Actor, SessionRegistry, Sessions } from '../../access';
import { buildDto } from '../../common/validation';
import { Logger } from '../../platform/logging';
import { type ClientEventHandler, type Connection, SocketHub } from '../../platform/realtime';
import { MessagesService, SendMessageBody } from '../conversations';
import { ConversationEvent, SyncEvent } from './dto/realtime.dto';
import { EventPump } from './event-pump.service';
import { PresenceService } from './presence.service';
import { SyncService } from './sync.service';
import { TypingService } from './typing.service';

const SESSION_CHECK_MS = 5_000;

type Handle = (actor: Actor, data: unknown) => Promise<object>;

/** The socket protocol of contract 00 section 11: the same services and rules as over HTTP. */
@Injectable()
export class RealtimeGateway implements BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly hub: SocketHub,
    private readonly guard: AccessGuard,
    private readonly registry: SessionRegistry,
    private readonly sessions: Sessions,
    private readonly messages: MessagesService,
    private readonly pump: EventPump,
    private readonly presence: PresenceService,
    private readonly typing: TypingService,
    private readonly syncing: SyncService,
    private readonly logger: Logger,
  ) {}

  /** Called before the port opens. */
  start(server: HttpServer): void {
    this.hub.start(server, {
      authenticate: async (token) => {
        const actor = await this.guard.authenticate(`Bearer ${token}`);
        return { userId: actor.id, sessionId: actor.sessionId, actor };
      },
      connected: (connection) => this.connected(connection),
      disconnected: (connection) => {
        this.pump.remove(connection);
        this.presence.left(connection);
      },
      acknowledged: (connection, name, payload) => this.acknowledged(connection, name, payload),
      events: this.events(),
    });
    this.pump.start();
    this.presence.start();
    this.registry.onEnded((sessionId) => {
      void this.endSession(sessionId);
    });
    this.timer = setInterval(() => {
      this.checkSessions().catch((error: unknown) => {
        this.logger.warn('sessions of sockets could not be checked', { err: error });
      });
    }, SESSION_CHECK_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private events(): ReadonlyMap<string, ClientEventHandler> {
    const handlers: Record<string, Handle> = {
      'message:send': (actor, data) => this.send(actor, data),
      'message:read': async (actor, data) => {
        const { updated } = await this.messages.markRead(actor, conversationOf(data));
        return { updated };
      },
      'typing:start': (actor, data) => this.typing.set(actor, conversationOf(data), true),
      'typing:stop': (actor, data) => this.typing.set(actor, conversationOf(data), false),
      sync: async (actor, data) => {
        const { since, ...rest } = keysOf(data);
        const { limit } = buildDto(SyncEvent, since === undefined ? (data ?? {}) : rest, 'body');
        await this.pump.ready(actor.id);
        return this.syncing.sync(actor, since, limit);
      },
    };
    return new Map(
      Object.entries(handlers).map(([name, handle]): [string, ClientEventHandler] => [
        name,
        (connection, data) => handle(actorOf(connection), data),
      ]),
    );
  }

  private async send(actor: Actor, data: unknown): Promise<object> {
    const { conversationId, ...body } = keysOf(data);
    const conversation = conversationOf({ conversationId });
    const message = buildDto(SendMessageBody, body, 'body');
    await this.guard.limitMessages(actor);
    return this.messages.send(actor, conversation, message);
  }

  private async connected(connection: Connection): Promise<void> {
    await this.pump.add(connection);
    await this.presence.arrived(connection);
    // Ended while the socket was being set up: nobody would tell it any more.
    const { sessionId } = connection.identity;
    if (!(await this.sessions.aliveAmong([sessionId])).has(sessionId)) await this.endSession(sessionId);
  }

  private async acknowledged(connection: Connection, name: string, payload: Record<string, unknown>): Promise<void> {
    const actor = actorOf(connection);
    if (name !== 'message:new' || payload['receiverId'] !== actor.id) return;
    await this.messages.acknowledge(actor, String(payload['conversationId']), String(payload['_id']));
  }

  private async checkSessions(): Promise<void> {
    const ids = [...new Set(this.hub.connections.map(({ identity }) => identity.sessionId))];
    const alive = await this.sessions.aliveAmong(ids);
    for (const id of ids) if (!alive.has(id)) await this.endSession(id);
  }

  private async endSession(sessionId: string): Promise<void> {
    const ended = this.hub.connections.filter(({ identity }) => identity.sessionId === sessionId);
    if (ended.length === 0) return;
    const reason = await this.sessions.endedReason(sessionId).catch(() => 'ended');
    for (const connection of ended) connection.end('session:revoked', { reason });
  }
}

function actorOf(connection: Connection): Actor {
  // Put there by `authenticate` above.
  return connection.identity.actor as Actor;
}

/** The keys of an event's data; what is no object has none. */
function keysOf(data: unknown): Record<string, unknown> {
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  return isObject ? (data as Record<string, unknown>) : {};
}

/** @throws AppError VALIDATION_FAILED */
function conversationOf(data: unknown): string {
  return buildDto(ConversationEvent, data ?? {}, 'body').conversationId;
}
