import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { UsersModule } from '../users';
import { GlucoseBackfill } from './backfill.service';
import { BulkService } from './bulk.service';
import { DayDocuments } from './days/day-documents.service';
import { GlucoseDaysRepository } from './days/days.repository';
import { RollupQueue } from './days/rollup-queue.service';
import { RollupMaintenance } from './days/rollup-maintenance.service';
import { RollupsJob } from './days/rollups.job';
import { Rollups } from './days/rollups.service';
import { GlucoseController } from './glucose.controller';
import { GlucoseErasureStep } from './glucose-erasure.step';
import { GlucoseExport } from './glucose.export';
import { GlucosePatients } from './glucose-patients.service';
import { GlucoseReadings } from './glucose-readings.repository';
import { Glucose, GlucoseDay, GlucoseDaySchema, GlucoseSchema } from './glucose.schema';
import { AgpReportController } from './agp-report/agp-report.controller';
import { AgpReportService } from './agp-report/agp-report.service';
import { EpisodesReport } from './reports/episodes.service';
import { ReportData } from './reports/report-data.service';
import { ReportsController } from './reports/reports.controller';
import { ReportsService } from './reports/reports.service';
import { PopulationController } from './worklist/population.controller';
import { PopulationService } from './worklist/population.service';
import { StatsController } from './stats/stats.controller';
import { StatsService } from './stats/stats.service';
import { GlucoseWindows } from './stats/windows.service';
import { PatientDaysReader } from './worklist/patient-days.service';
import { PatientVersions } from './days/patient-versions.repository';
import { PatientOverviews } from './worklist/patient-overviews.service';
import { ReadingLists } from './reading-lists.service';
import { ReadingWrites } from './reading-writes.service';
import { ReadingTotals } from './reading-totals.service';
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
  controllers: [StatsController, ReportsController, AgpReportController, PopulationController, GlucoseController],
  providers: [
    ReadingsRepository,
    GlucoseReadings,
    GlucoseDaysRepository,
    DayDocuments,
    GlucosePatients,
    Rollups,
    RollupQueue,
    RollupMaintenance,
    RollupsJob,
    ReadingWrites,
    ReadingsService,
    ReadingLists,
    BulkService,
    GlucoseBackfill,
    GlucoseWindows,
    StatsService,
    EpisodesReport,
    ReportData,
    ReportsService,
    AgpReportService,
    PopulationService,
    PatientDaysReader,
    PatientVersions,
    ReadingTotals,
    PatientOverviews,
    GlucoseErasureStep,
    GlucoseExport,
  ],
  exports: [GlucoseBackfill, GlucoseReadings, GlucosePatients, Rollups, RollupMaintenance, PatientOverviews],
})
export class GlucoseModule {}
