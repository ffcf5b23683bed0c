import { Module } from '@nestjs/common';
import { UsersModule } from '../users';
import { PharmaciesRepository } from './pharmacies.repository';
import { PharmacyFacts } from './pharmacy-facts';
import { PharmacyOutlines } from './pharmacy-outlines.service';
import { PharmacySearch } from './pharmacy-search.service';

/** Pharmacies as others find and see them, and at their own desk. */
@Module({
  imports: [UsersModule],
  providers: [PharmaciesRepository, PharmacyOutlines, PharmacySearch, PharmacyFacts],
  exports: [PharmacySearch, PharmacyFacts],
})
export class PharmacistsModule {}
