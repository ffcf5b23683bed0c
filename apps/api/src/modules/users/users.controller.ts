import { Controller, Delete, Get, Patch, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam, MessageResponse } from '../../access';
import { BodyDto, QueryDto } from '../../platform/http';
import { AccountResponse, PatchedAccountResponse } from './dto/account.dto';
import { ErasureBody } from './dto/erasure.dto';
import { UserPatch } from './dto/user-patch.dto';
import { AccountPage, UsersQuery, UserStatsResponse } from './dto/users-list.dto';
import { ExportResponse } from './dto/export.dto';
import { AccountErasure } from './erasure/account-erasure.service';
import { AccountExporter } from './export/account-export.service';
import { UsersService } from './users.service';

const ERASURE_ERRORS = [
  'NOT_FOUND',
  'REAUTHENTICATION_REQUIRED',
  'CURRENT_PASSWORD_WRONG',
  'LOGIN_LOCKED',
  'LAST_ADMIN',
] as const;

/** Accounts by id, for their owner and the ADMIN. */
@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly erasure: AccountErasure,
    private readonly exporter: AccountExporter,
  ) {}

  @Get()
  @Endpoint('GET', { summary: 'Accounts, newest first', roles: ['ADMIN'], response: AccountPage })
  list(@QueryDto() query: UsersQuery) {
    return this.users.list(query);
  }

  @Get('stats')
  @Endpoint('GET', { summary: 'Number of accounts by role', roles: ['ADMIN'], response: UserStatsResponse })
  stats() {
    return this.users.stats();
  }

  @Get('me/export')
  @Endpoint('GET', {
    summary: "Everything that is stored of the caller's account, as a file",
    roles: 'any',
    limit: 'export',
    response: ExportResponse,
  })
  async export(@CurrentActor() actor: Actor): Promise<StreamableFile> {
    const { fileName, content } = await this.exporter.export(actor);
    const disposition = `attachment; filename="${fileName}"`;
    return new StreamableFile(content, { type: 'application/json; charset=utf-8', disposition });
  }

  @Delete('me')
  @Endpoint('DELETE', {
    summary: "Erases the caller's account",
    roles: 'any',
    response: MessageResponse,
    errors: ERASURE_ERRORS,
  })
  eraseMe(@CurrentActor() actor: Actor, @BodyDto() body: ErasureBody) {
    return this.erasure.erase(actor, actor.id, body);
  }

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

  @Delete(':id')
  @Endpoint('DELETE', {
    summary: 'Erases an account',
    roles: 'any',
    space: { param: 'id', self: 'any', open: ['ADMIN'] },
    response: MessageResponse,
    errors: ERASURE_ERRORS,
  })
  erase(@CurrentActor() actor: Actor, @IdParam('id') id: string, @BodyDto() body: ErasureBody) {
    return this.erasure.erase(actor, id, body);
  }
}
