import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Endpoint, IdParam } from '../../access';
import { QueryDto } from '../../platform/http';
import { AuditService } from './audit.service';
import { AccessLogPage, AccessLogQuery, AuditPage, AuditQuery } from './dto/audit.dto';

/** Who did what to whose data. */
@ApiTags('audit')
@Controller()
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get('audit-events')
  @Endpoint('GET', { summary: 'The audit log, newest first', roles: ['ADMIN'], response: AuditPage })
  list(@QueryDto() query: AuditQuery) {
    return this.audit.list(query);
  }

  @Get('patients/:id/access-log')
  @Endpoint('GET', {
    summary: "Who read a patient's data, and who changed who may; newest first",
    roles: ['PATIENT', 'ADMIN'],
    space: { param: 'id', self: ['PATIENT'], open: ['ADMIN'] },
    response: AccessLogPage,
    errors: ['NOT_FOUND'],
  })
  accessLog(@CurrentActor() actor: Actor, @IdParam('id') id: string, @QueryDto() query: AccessLogQuery) {
    return this.audit.accessLog(actor, id, query);
  }
}
