export { PatientRequestsModule } from './patient-requests.module';
export { PatientRequestsRepository } from './patient-requests.repository';
export { LinkOpener } from './link-opener.service';
export { emitRequest } from './patient-request.events';
