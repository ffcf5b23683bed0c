import { displayName } from '../../common/names';
import { completedYears } from '../../common/time';
import { type AccountSummary, toSummaryView } from '../users';
import type {
  DoctorRequestItem,
  OwnRequestResponse,
  PatientRequestResponse,
  RequestAnswerResponse,
} from './dto/patient-request.dto';
import type { RequestRecord } from './patient-requests.repository';

/** The request keys of contract 20 section 4.1. */
export function toRequest(record: RequestRecord): PatientRequestResponse {
  return {
    _id: record._id.toHexString(),
    patientId: record.patientId.toHexString(),
    doctorId: record.doctorId.toHexString(),
    status: record.status,
    requestType: record.requestType,
    requestDate: record.requestDate,
    urgentNote: record.urgentNote,
    declineReason: record.declineReason,
    respondedAt: record.respondedAt ?? null,
    respondedByRole: record.respondedByRole ?? null,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}

/** Success keys and request keys together. */
export function toAnswer(record: RequestRecord, message: string): RequestAnswerResponse {
  const request = toRequest(record);
  return { success: true, message, requestId: request._id, ...request };
}

/** A request as its patient sees it. */
export function toOwnRequest(record: RequestRecord, doctor: AccountSummary | undefined): OwnRequestResponse {
  const request = toRequest(record);
  return {
    ...request,
    doctorId: toSummaryView(doctor, request.doctorId, [
      'email',
      'telephone',
      'specialite',
    ]) as unknown as OwnRequestResponse['doctorId'],
  };
}

/** An item of the doctor's list; `age` in completed years by the patient's calendar. */
export function toDoctorItem(record: RequestRecord, patient: AccountSummary | undefined, now: Date): DoctorRequestItem {
  const { declineReason: _reason, respondedAt: _at, respondedByRole: _role, ...request } = toRequest(record);
  const birth = patient?.dateNaissance ?? null;
  return {
    ...request,
    patientName: displayName(patient),
    age: birth === null || patient === undefined ? null : completedYears(birth, now, patient.timeZone),
    diabetesType: patient?.typeDiabete ?? null,
    hasUrgentNote: record.urgentNote !== '',
    patient: toSummaryView(patient, request.patientId, [
      'email',
      'telephone',
    ]) as unknown as DoctorRequestItem['patient'],
  };
}
