export { type RecurringJob, Scheduler } from './scheduler';
export { SchedulerModule } from './scheduler.module';
