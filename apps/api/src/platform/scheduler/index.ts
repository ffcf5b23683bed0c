export { CounterChecks, type CounterDifference } from './counter-checks';
export { type RecurringJob, Scheduler } from './scheduler';
export { SchedulerModule } from './scheduler.module';
