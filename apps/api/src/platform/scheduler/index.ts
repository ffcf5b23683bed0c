export { CounterChecks, type CounterDifference, foundTwice } from './counter-checks';
export { ListCountChecks } from './list-count-checks';
export { Scheduler } from './scheduler';
export { SchedulerModule } from './scheduler.module';
