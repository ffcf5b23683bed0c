import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AuditTrail, SessionRegistry } from './access';
import { RealtimeGateway } from './modules/realtime';
import { AccountDirectory, AdminSeeder, ErasureJob } from './modules/users';
import { Instances, MigrationRunner } from './platform/database';
import { OutboxDispatcher } from './platform/outbox';
import { Scheduler } from './platform/scheduler';

/**
 * Makes a created application ready for traffic: migrations and indexes, the first ADMIN, listening to changes of
 * other processes, delivery of stored events, recurring jobs, unfinished erasures. Called before the port opens.
 */
export async function prepareApp(app: NestFastifyApplication): Promise<void> {
  await app.init();
  await app.get(MigrationRunner).run();
  await app.get(AuditTrail).applyRetention();
  await app.get(AdminSeeder).seed();
  app.get(SessionRegistry).watch();
  app.get(AccountDirectory).watch();
  app.get(RealtimeGateway).start(app.getHttpServer());
  app.get(Instances).start();
  app.get(OutboxDispatcher).start();
  await app.get(Scheduler).start();
  // What a crash interrupted goes on now, and not when the dead process's lease has run out.
  app.get(ErasureJob).soon();
}
