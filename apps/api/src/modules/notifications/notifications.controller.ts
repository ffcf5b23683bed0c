import { Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam } from '../../access';
import { QueryDto } from '../../platform/http';
import {
  AllReadResponse,
  MyNotificationsQuery,
  NotificationListResponse,
  NotificationReadResponse,
  NotificationResponse,
  NotificationsQuery,
  UnreadCountResponse,
} from './dto/notification.dto';
import { NotificationsService } from './notifications.service';

/** The caller's notifications. */
@ApiTags('notifications')
@Controller('notifications')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Get()
  @Endpoint('GET', {
    summary: 'Notifications, newest first',
    roles: 'any',
    response: NotificationListResponse,
    errors: ['INVALID_CURSOR', 'NOT_FOUND'],
  })
  list(@CurrentActor() actor: Actor, @QueryDto() query: NotificationsQuery) {
    return this.notifications.list(actor, query);
  }

  @Get('my-notifications')
  @Endpoint('GET', { summary: 'One page of notifications as an array', roles: 'any', response: [NotificationResponse] })
  page(@CurrentActor() actor: Actor, @QueryDto() query: MyNotificationsQuery) {
    return this.notifications.page(actor, query);
  }

  @Get('unread-count')
  @Endpoint('GET', { summary: 'Number of unread notifications', roles: 'any', response: UnreadCountResponse })
  unreadCount(@CurrentActor() actor: Actor) {
    return this.notifications.unreadCount(actor);
  }

  @Patch('read-all')
  @Endpoint('PATCH', { summary: 'Marks all as read', roles: 'any', response: AllReadResponse })
  markAllRead(@CurrentActor() actor: Actor) {
    return this.notifications.markAllRead(actor);
  }

  @Patch(':notificationId/read')
  @Endpoint('PATCH', {
    summary: 'Marks one as read',
    roles: 'any',
    response: NotificationReadResponse,
    errors: ['INVALID_ID', 'NOT_FOUND'],
  })
  markRead(@CurrentActor() actor: Actor, @IdParam('notificationId') notificationId: string) {
    return this.notifications.markRead(actor, notificationId);
  }
}
