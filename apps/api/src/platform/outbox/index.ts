export { OutboxDispatcher } from './outbox-dispatcher';
export { type DeliveredEvent, OutboxHandlers, type RetryPlan } from './outbox-handlers';
export { OutboxModule } from './outbox.module';
export { OutboxRepository } from './outbox.repository';
