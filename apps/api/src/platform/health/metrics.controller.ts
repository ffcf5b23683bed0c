import { createHash, timingSafeEqual } from 'node:crypto';
import { Controller, Get, Headers, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AppError } from '../../common/errors';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';
import { currentContext } from '../context/request-context';
import { Operational } from '../http/operational.decorator';
import { Metrics } from '../metrics';

/** Figures for Prometheus: from loopback, or with the operator's token; a 404 for everybody else. */
@ApiTags('operations')
@Operational()
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Prometheus text', security: [] })
  @ApiProduces('text/plain')
  @ApiResponse({ status: 200, description: 'Success', content: { 'text/plain': { schema: { type: 'string' } } } })
  @ApiResponse({ status: 404, description: '`ROUTE_NOT_FOUND` for callers who may not see them' })
  async read(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (!isLoopback(currentContext()?.ip ?? '') && !this.hasToken(authorization)) throw new AppError('ROUTE_NOT_FOUND');
    const { contentType, body } = await this.metrics.render();
    void reply.header('Content-Type', contentType);
    return body;
  }

  private hasToken(authorization: string | undefined): boolean {
    const { token } = this.config.metrics;
    if (token === null) return false;
    const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
    return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`));
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
