import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Operational } from '../http/operational.decorator';
import { LiveResponse, ReadyResponse, VersionResponse } from './health.dto';
import { HealthService } from './health.service';

/** For operators and balancers: no sign-in, no limits. */
@ApiTags('operations')
@Operational()
@Controller()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process runs', security: [] })
  @ApiResponse({ status: 200, description: 'Success', type: LiveResponse })
  live(): LiveResponse {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Fit for traffic', security: [] })
  @ApiResponse({ status: 200, description: 'Success', type: ReadyResponse })
  @ApiResponse({ status: 503, description: 'What is wrong', type: ReadyResponse })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyResponse> {
    const answer = await this.health.ready();
    if (answer.status !== 'ok') void reply.status(503);
    return answer;
  }

  @Get('version')
  @ApiOperation({ summary: 'What is running', security: [] })
  @ApiResponse({ status: 200, description: 'Success', type: VersionResponse })
  version(): VersionResponse {
    return this.health.version();
  }
}
