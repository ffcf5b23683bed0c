export { MedicationRequestsModule } from './medication-requests.module';
export { PharmacyRelations, type RequestOutcome } from './pharmacy-relations.service';
