export { distanceKm, type Place, shownKm } from './distance.policy';
export { PharmacistsModule } from './pharmacists.module';
export { PharmacyFacts, type RequestFacts, type ReviewFacts } from './pharmacy-facts';
export { type FoundPharmacy, type NearPharmacy, PharmacySearch } from './pharmacy-search.service';
