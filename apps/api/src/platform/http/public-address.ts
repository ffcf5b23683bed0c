import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { APP_CONFIG, type AppConfig } from '../../config/app-config';

/** Under which address people reach this server: PUBLIC_URL, or localhost with the port that it really has. */
@Injectable()
export class PublicAddress {
  constructor(
    private readonly adapter: HttpAdapterHost,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /** Absolute, without a slash at the end. Before the port is open, with the configured port. */
  get url(): string {
    const { publicUrl, port } = this.config.http;
    if (publicUrl !== null) return publicUrl.replace(/\/+$/, '');
    const server = this.adapter.httpAdapter.getHttpServer() as { address(): unknown };
    const address = server.address();
    const real = typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : port;
    return `http://localhost:${real}`;
  }
}
