import { Global, Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { JobRepository } from './job.repository';
import { Job, JobSchema } from './job.schema';
import { CounterChecks } from './counter-checks';
import { ListCountChecks } from './list-count-checks';
import { Scheduler } from './scheduler';

/** Recurring jobs. */
@Global()
@Module({
  imports: [MongooseModule.forFeature([{ name: Job.name, schema: JobSchema }])],
  providers: [JobRepository, Scheduler, CounterChecks, ListCountChecks],
  exports: [Scheduler, CounterChecks, ListCountChecks],
})
export class SchedulerModule {}
