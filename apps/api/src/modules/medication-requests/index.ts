export { MedicationRequestsModule } from './medication-requests.module';
export { PharmacyRelations } from './pharmacy-relations.service';
