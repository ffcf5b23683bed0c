import { Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint } from '../../../access';
import { BodyDto } from '../../../platform/http';
import { PreferencesBody, PreferencesResponse } from '../dto/preferences.dto';
import { NotificationPreferencesService } from './notification-preferences.service';

/** How the caller wants to be told. */
@ApiTags('notifications')
@Controller('notifications/preferences')
export class NotificationPreferencesController {
  constructor(private readonly preferences: NotificationPreferencesService) {}

  @Get()
  @Endpoint('GET', {
    summary: 'How the caller is told: channels per type, quiet hours',
    roles: 'any',
    response: PreferencesResponse,
  })
  get(@CurrentActor() actor: Actor) {
    return this.preferences.get(actor);
  }

  @Put()
  @Endpoint('PUT', {
    summary: 'Replaces the preferences; what is absent takes its default',
    description: 'In quiet hours no push and no mail leave, and none is made up for. Critical alerts pass.',
    roles: 'any',
    response: PreferencesResponse,
  })
  replace(@CurrentActor() actor: Actor, @BodyDto() body: PreferencesBody) {
    return this.preferences.replace(actor, body);
  }
}
