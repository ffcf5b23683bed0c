import { Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam } from '../../access';
import { BodyDto } from '../../platform/http';
import { AccountResponse, PatchedAccountResponse } from './dto/account.dto';
import { UserPatch } from './dto/user-patch.dto';
import { UsersService } from './users.service';

/** Accounts by id, for their owner and the ADMIN. */
@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get(':id')
  @Endpoint('GET', {
    summary: 'An account',
    roles: 'any',
    space: { param: 'id', self: 'any', open: ['ADMIN'] },
    response: AccountResponse,
    errors: ['NOT_FOUND'],
    etag: true,
  })
  get(@CurrentActor() actor: Actor, @IdParam('id') id: string) {
    return this.users.get(actor, id);
  }

  @Patch(':id')
  @Endpoint('PATCH', {
    summary: 'Changes an account',
    description:
      'A change of e-mail or password needs currentPassword; a new password ends all sessions and the response carries the tokens of a new one.',
    roles: 'any',
    space: { param: 'id', self: 'any', open: ['ADMIN'] },
    response: PatchedAccountResponse,
    errors: [
      'NOT_FOUND',
      'FIELD_NOT_ALLOWED',
      'CURRENT_PASSWORD_REQUIRED',
      'CURRENT_PASSWORD_WRONG',
      'WEAK_PASSWORD',
      'EMAIL_TAKEN',
      'LAST_ADMIN',
      'ILLEGAL_TRANSITION',
      'LOGIN_LOCKED',
    ],
    etag: true,
  })
  update(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() patch: UserPatch) {
    return this.users.update(actor, id, patch);
  }
}
