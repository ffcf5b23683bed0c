import { Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { ActivitiesModule } from '../activities';
import { UsersModule } from '../users';
import { BoostExpiryJob } from './boost-expiry.job';
import { Boost, BoostSchema } from './boost.schema';
import { BoostsController } from './boosts.controller';
import { BoostsErasureStep } from './boosts-erasure.step';
import { BoostsExport } from './boosts.export';
import { BoostsRepository } from './boosts.repository';
import { BoostsService } from './boosts.service';

/** Boosts: pharmacies that are found from farther away for a while. */
@Module({
  imports: [UsersModule, ActivitiesModule, MongooseModule.forFeature([{ name: Boost.name, schema: BoostSchema }])],
  controllers: [BoostsController],
  providers: [BoostsRepository, BoostsService, BoostExpiryJob, BoostsErasureStep, BoostsExport],
  exports: [BoostsService],
})
export class BoostsModule {}
