import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { UsersModule } from '../users';
import { ActivitiesRepository } from './activities.repository';
import { PharmacyActivity, PharmacyActivitySchema } from './activity.schema';
import { PharmacyCounters } from './pharmacy-counters.service';
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
  providers: [ActivitiesRepository, PharmacyPeriodsRepository, PharmacyStandings, PharmacyLedger, PharmacyCounters],
  exports: [PharmacyLedger, PharmacyCounters],
})
export class ActivitiesModule {}
