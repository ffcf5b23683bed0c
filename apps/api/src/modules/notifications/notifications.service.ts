import { Injectable } from '@nestjs/common';
import type { Actor } from '../../access';
import { parseCursor } from '../../common/cursor';
import { AppError } from '../../common/errors';
import { pageRequest } from '../../common/pagination';
import { Clock } from '../../common/time';
import { type Tx, UnitOfWork } from '../../platform/database';
import { RealtimeEvents } from '../../platform/realtime';
import type {
  AllReadResponse,
  MyNotificationsQuery,
  NotificationListResponse,
  NotificationReadResponse,
  NotificationResponse,
  NotificationsQuery,
  UnreadCountResponse,
} from './dto/notification.dto';
import { toNotification } from './notification.mapper';
import { type NotificationCursor, type NotificationFilter, NotificationsRepository } from './notifications.repository';

const DEFAULT_LIMIT = 20;

/** The caller's own notifications. */
@Injectable()
export class NotificationsService {
  constructor(
    private readonly repository: NotificationsRepository,
    private readonly events: RealtimeEvents,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Newest first, with a cursor. @throws AppError INVALID_CURSOR, NOT_FOUND */
  async list(actor: Actor, query: NotificationsQuery): Promise<NotificationListResponse> {
    const { limit } = pageRequest(query, DEFAULT_LIMIT);
    const cursor = query.before === undefined ? null : await this.cursorOf(actor, query.before);
    const [found, unreadCount] = await Promise.all([
      this.repository.list(actor.id, filterOf(query), cursor, limit + 1, this.clock.now()),
      this.repository.unreadCount(actor.id),
    ]);
    const notifications = found.slice(0, limit).map(toNotification);
    return { notifications, unreadCount, hasMore: found.length > limit, nextCursor: notifications.at(-1)?._id ?? null };
  }

  /** One page as an array. */
  async page(actor: Actor, query: MyNotificationsQuery): Promise<NotificationResponse[]> {
    const { page, limit } = pageRequest(query, DEFAULT_LIMIT);
    const found = await this.repository.list(actor.id, filterOf(query), null, page * limit, this.clock.now());
    return found.slice((page - 1) * limit).map(toNotification);
  }

  async unreadCount(actor: Actor): Promise<UnreadCountResponse> {
    return { count: await this.repository.unreadCount(actor.id) };
  }

  /** Reading twice is no error. @throws AppError NOT_FOUND */
  async markRead(actor: Actor, id: string): Promise<NotificationReadResponse> {
    const unreadCount = await this.work.run(async (tx) => {
      const left = await this.repository.markRead(tx, actor.id, id, this.clock.now());
      if (left !== null) this.tellRead(tx, actor, { _id: id, unreadCount: left });
      return left;
    });
    if (unreadCount === null && (await this.repository.findOwn(actor.id, id)) === null) throw new AppError('NOT_FOUND');
    return { success: true, _id: id, isRead: true };
  }

  async markAllRead(actor: Actor): Promise<AllReadResponse> {
    const updated = await this.work.run(async (tx) => {
      const changed = await this.repository.markAllRead(tx, actor.id, this.clock.now());
      if (changed > 0) this.tellRead(tx, actor, { all: true, unreadCount: 0 });
      return changed;
    });
    return { success: true, updated };
  }

  private tellRead(tx: Tx, actor: Actor, payload: object): void {
    this.events.append(tx, { userId: actor.id, name: 'notification:read', payload });
  }

  private async cursorOf(actor: Actor, before: string): Promise<NotificationCursor> {
    const cursor = parseCursor(before);
    if (cursor.kind === 'instant') return { timestamp: cursor.at, id: null };
    const found = await this.repository.findOwn(actor.id, cursor.id);
    if (found === null) throw new AppError('NOT_FOUND');
    return { timestamp: found.timestamp, id: cursor.id };
  }
}

function filterOf(query: Pick<NotificationsQuery, 'unreadOnly' | 'type'>): NotificationFilter {
  return { unreadOnly: query.unreadOnly ?? false, types: query.type ?? null };
}
