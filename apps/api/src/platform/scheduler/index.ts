export { CounterChecks, type CounterDifference } from './counter-checks';
export { Scheduler } from './scheduler';
export { SchedulerModule } from './scheduler.module';
