import { Global, Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { OutboxWriter } from '../database/outbox-writer';
import { OutboxDispatcher } from './outbox-dispatcher';
import { OutboxHandlers } from './outbox-handlers';
import { OutboxRepository } from './outbox.repository';
import { OutboxEntry, OutboxEntrySchema, OutboxKey, OutboxKeySchema } from './outbox.schema';

/** Stored events and their delivery. */
@Global()
@Module({
  imports: [
    MongooseModule.forFeature([
      { name: OutboxEntry.name, schema: OutboxEntrySchema },
      { name: OutboxKey.name, schema: OutboxKeySchema },
    ]),
  ],
  providers: [
    OutboxRepository,
    OutboxHandlers,
    OutboxDispatcher,
    { provide: OutboxWriter, useExisting: OutboxDispatcher },
  ],
  exports: [OutboxHandlers, OutboxDispatcher, OutboxWriter, OutboxRepository],
})
export class OutboxModule {}
