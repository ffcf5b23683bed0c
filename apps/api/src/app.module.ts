import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AccessModule } from './access';
import { APP_CONFIG, type AppConfig } from './config/app-config';
import { Clock } from './common/time';
import { DemoModule } from './demo/demo.module';
import { CryptoModule } from './platform/crypto';
import { DatabaseModule } from './platform/database';
import { GoogleModule } from './platform/google';
import { HealthModule } from './platform/health';
import { HttpModule } from './platform/http';
import { Logger } from './platform/logging';
import { MailModule } from './platform/mail';
import { Metrics } from './platform/metrics';
import { OutboxModule } from './platform/outbox';
import { ProcessModule } from './platform/process';
import { PushModule } from './platform/push';
import { RealtimePlatformModule } from './platform/realtime';
import { SchedulerModule } from './platform/scheduler';
import { SharedModule } from './shared.module';
import { MIGRATION_LIST } from './migrations';
import { FEATURE_MODULES } from './modules';
import { CompatFlutterModule } from './modules/compat-flutter';

/** What the application is made of; imports and nothing else. */
@Module({})
export class AppModule {
  static forRoot(options: {
    config: AppConfig;
    clock: Clock;
    logger: Logger;
    metrics: Metrics;
    mongoUri: string;
    describeOnly: boolean;
  }): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DiscoveryModule,
        SharedModule.forRoot([
          { provide: APP_CONFIG, useValue: options.config },
          { provide: Clock, useValue: options.clock },
          { provide: Logger, useValue: options.logger },
          { provide: Metrics, useValue: options.metrics },
        ]),
        DatabaseModule.forRoot({ mongoUri: options.mongoUri, lazy: options.describeOnly, migrations: MIGRATION_LIST }),
        OutboxModule,
        SchedulerModule,
        RealtimePlatformModule,
        HttpModule,
        ProcessModule,
        HealthModule,
        CryptoModule,
        MailModule,
        PushModule,
        GoogleModule,
        AccessModule,
        ...FEATURE_MODULES,
        ...(options.config.care.clientProfile === 'flutter-2026' ? [CompatFlutterModule] : []),
        DemoModule,
      ],
    };
  }
}
