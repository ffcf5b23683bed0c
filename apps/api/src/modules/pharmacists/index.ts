export { distanceKm, type Place, shownKm } from './distance.policy';
export { PharmacistsModule } from './pharmacists.module';
export { PharmacyFacts } from './pharmacy-facts';
export { type FoundPharmacy, PharmacySearch } from './pharmacy-search.service';
