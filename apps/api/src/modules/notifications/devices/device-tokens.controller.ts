import { Controller, Delete, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint } from '../../../access';
import { BodyDto } from '../../../platform/http';
import { DeviceTokenBody, DeviceTokenResponse } from '../dto/device-token.dto';
import { DeviceTokensService } from './device-tokens.service';

/** The caller's devices, for pushes. */
@ApiTags('notifications')
@Controller('notifications')
export class DeviceTokensController {
  constructor(private readonly devices: DeviceTokensService) {}

  @Post('register-token')
  @Endpoint('POST', {
    summary: "Sends the caller's pushes to this device",
    description: 'A token that another account had registered moves to the caller. It ends with this session.',
    roles: 'any',
    response: DeviceTokenResponse,
    errors: ['IDENTITY_MISMATCH'],
    idempotent: false,
  })
  register(@CurrentActor() actor: Actor, @BodyDto() body: DeviceTokenBody) {
    return this.devices.register(actor, body);
  }

  @Delete('remove-token')
  @Endpoint('DELETE', {
    summary: 'Sends nothing more to this device',
    description: 'Also answers success when the caller has no such token.',
    roles: 'any',
    response: DeviceTokenResponse,
    errors: ['IDENTITY_MISMATCH'],
    idempotent: false,
  })
  remove(@CurrentActor() actor: Actor, @BodyDto() body: DeviceTokenBody) {
    return this.devices.remove(actor, body);
  }
}
