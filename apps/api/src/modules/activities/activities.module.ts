import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { UsersModule } from '../users';
import { ActivitiesController } from './activities.controller';
import { ActivitiesErasureStep } from './activities-erasure.step';
import { ActivitiesExport } from './activities.export';
import { ActivitiesRepository } from './activities.repository';
import { ActivitiesService } from './activities.service';
import { PharmacyActivity, PharmacyActivitySchema } from './activity.schema';
import { PharmacyCounters } from './pharmacy-counters.service';
import { LedgerCheck } from './ledger-check.service';
import { PharmacyFigures } from './pharmacy-figures.service';
import { PharmacyLedger } from './pharmacy-ledger.service';
import { PharmacyPeriod, PharmacyPeriodSchema } from './pharmacy-period.schema';
import { PharmacyPeriodsRepository } from './pharmacy-periods.repository';
import { PharmacyStandings } from './pharmacy-standing.repository';

/** The ledger of pharmacies with points, badges and figures. Above `users`, below `pharmacists` and all that feeds it. */
@Module({
  imports: [
    UsersModule,
    MongooseModule.forFeature([
      { name: PharmacyActivity.name, schema: PharmacyActivitySchema },
      { name: PharmacyPeriod.name, schema: PharmacyPeriodSchema },
    ]),
  ],
  controllers: [ActivitiesController],
  providers: [
    ActivitiesRepository,
    ActivitiesService,
    ActivitiesErasureStep,
    ActivitiesExport,
    LedgerCheck,
    PharmacyPeriodsRepository,
    PharmacyStandings,
    PharmacyLedger,
    PharmacyCounters,
    PharmacyFigures,
  ],
  exports: [ActivitiesService, PharmacyLedger, PharmacyCounters, PharmacyFigures],
})
export class ActivitiesModule {}
