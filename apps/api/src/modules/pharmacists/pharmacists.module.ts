import { Module } from '@nestjs/common';
import { ActivitiesModule } from '../activities';
import { BoostsModule } from '../boosts';
import { UserRatingsModule } from '../user-ratings';
import { UsersModule } from '../users';
import { PharmaciesRepository } from './pharmacies.repository';
import { PharmacistProfile } from './pharmacist-profile.service';
import { PharmacistsController } from './pharmacists.controller';
import { PharmacistsService } from './pharmacists.service';
import { PharmacyDashboardService } from './pharmacy-dashboard.service';
import { PharmacyDeskController } from './pharmacy-desk.controller';
import { PharmacyFacts } from './pharmacy-facts';
import { PharmacyNotes } from './pharmacy-notes.service';
import { PharmacyOutlines } from './pharmacy-outlines.service';
import { PharmacyPoints } from './pharmacy-points.service';
import { PharmacySearch } from './pharmacy-search.service';

/**
 * Pharmacies as others find and see them, and at their own desk. Above `activities` and `boosts`; requests and reviews
 * lie above and register what this module asks of them (`PharmacyFacts`).
 */
@Module({
  imports: [UsersModule, UserRatingsModule, ActivitiesModule, BoostsModule],
  controllers: [PharmacyDeskController, PharmacistsController],
  providers: [
    PharmaciesRepository,
    PharmacyOutlines,
    PharmacySearch,
    PharmacyFacts,
    PharmacistsService,
    PharmacistProfile,
    PharmacyNotes,
    PharmacyPoints,
    PharmacyDashboardService,
  ],
  exports: [PharmacySearch, PharmacyFacts],
})
export class PharmacistsModule {}
