export { OutboxDispatcher } from './outbox-dispatcher';
export { type DeliveredEvent, OutboxHandlers } from './outbox-handlers';
export { OutboxModule } from './outbox.module';
export { OutboxRepository } from './outbox.repository';
