export { PatientRequestsModule } from './patient-requests.module';
export { PatientRequestsRepository } from './patient-requests.repository';
