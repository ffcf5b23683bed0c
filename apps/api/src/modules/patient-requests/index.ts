export { type LinkOpening, LinkOpener } from './link-opener.service';
export { PatientRequestsModule } from './patient-requests.module';
export { PatientRequestsRepository, type RequestRecord } from './patient-requests.repository';
