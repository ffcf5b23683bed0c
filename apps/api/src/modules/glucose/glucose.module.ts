import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { UsersModule } from '../users';
import { BulkService } from './bulk.service';
import { GlucoseDaysRepository } from './days/days.repository';
import { RollupQueue } from './days/rollup-queue.service';
import { RollupsJob } from './days/rollups.job';
import { Rollups } from './days/rollups.service';
import { GlucoseController } from './glucose.controller';
import { GlucoseErasureStep } from './glucose-erasure.step';
import { GlucoseExport } from './glucose.export';
import { GlucosePatients } from './glucose-patients.service';
import { GlucoseReadings } from './glucose-readings.repository';
import { Glucose, GlucoseDay, GlucoseDaySchema, GlucoseSchema } from './glucose.schema';
import { StatsController } from './stats/stats.controller';
import { StatsService } from './stats/stats.service';
import { GlucoseWindows } from './stats/windows.service';
import { ReadingLists } from './reading-lists.service';
import { ReadingWrites } from './reading-writes.service';
import { ReadingsRepository } from './readings.repository';
import { ReadingsService } from './readings.service';

/** Glucose readings, their daily rollups and what is computed from them. */
@Module({
  imports: [
    UsersModule,
    MongooseModule.forFeature([
      { name: Glucose.name, schema: GlucoseSchema },
      { name: GlucoseDay.name, schema: GlucoseDaySchema },
    ]),
  ],
  controllers: [StatsController, GlucoseController],
  providers: [
    ReadingsRepository,
    GlucoseReadings,
    GlucoseDaysRepository,
    GlucosePatients,
    Rollups,
    RollupQueue,
    RollupsJob,
    ReadingWrites,
    ReadingsService,
    ReadingLists,
    BulkService,
    GlucoseWindows,
    StatsService,
    GlucoseErasureStep,
    GlucoseExport,
  ],
  exports: [GlucoseReadings, GlucosePatients, Rollups],
})
export class GlucoseModule {}
