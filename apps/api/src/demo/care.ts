import { patientKey, userId } from './accounts';
import { demoId, type DemoDocument } from './demo.repository';
import { DOCTORS, PATIENTS } from './people';
import { Random } from './random';
import { URGENT_NOTES } from './texts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const LINKED_PATIENTS = 48;

/** A patient of a doctor. */
export interface DemoPair {
  readonly patientKey: string;
  readonly doctorKey: string;
}

/** Most patients have one doctor, every fifth a second one; the rest still look for theirs. */
export function demoPairs(): DemoPair[] {
  const pairs: DemoPair[] = [];
  for (let index = 0; index < LINKED_PATIENTS; index += 1) {
    const first = DOCTORS[index % DOCTORS.length];
    if (first !== undefined) pairs.push({ patientKey: patientKey(index), doctorKey: first.key });
    const second = DOCTORS[(index + 1) % DOCTORS.length];
    if (index % 5 === 0 && second !== undefined) pairs.push({ patientKey: patientKey(index), doctorKey: second.key });
  }
  return pairs;
}

/** One pair in twelve: the patient has switched access off. */
function hasAccess(index: number): boolean {
  return index % 12 !== 11;
}

function linkedSince(index: number, now: Date): Date {
  return new Date(now.getTime() - (30 + index) * DAY_MS);
}

/** Active links. */
export function demoLinks(now: Date): DemoDocument[] {
  return demoPairs().map((pair, index) => {
    const since = linkedSince(index, now);
    return {
      _id: demoId(`link:${pair.patientKey}:${pair.doctorKey}`),
      patientId: userId(pair.patientKey),
      doctorId: userId(pair.doctorKey),
      status: 'active',
      accessEnabled: hasAccess(index),
      since,
      origin: 'request',
      createdAt: since,
      updatedAt: hasAccess(index) ? since : switchedOffAt(since),
    };
  });
}

function switchedOffAt(since: Date): Date {
  return new Date(since.getTime() + 9 * DAY_MS);
}

/** What the links came from, what waits for a doctor's answer, and what waits for a patient's. */
export function demoRequests(now: Date): DemoDocument[] {
  return [...answeredRequests(now), ...waitingRequests(now)];
}

function requestOf(pair: DemoPair, requestType: string, at: Date, state: Record<string, unknown>): DemoDocument {
  return {
    _id: demoId(`request:${requestType}:${pair.patientKey}:${pair.doctorKey}`),
    patientId: userId(pair.patientKey),
    doctorId: userId(pair.doctorKey),
    requestType,
    requestDate: at,
    urgentNote: '',
    declineReason: '',
    createdAt: at,
    updatedAt: at,
    ...state,
  };
}

function answeredRequests(now: Date): DemoDocument[] {
  return demoPairs().flatMap((pair, index) => {
    const since = linkedSince(index, now);
    const asked = new Date(since.getTime() - (2 + (index % 40)) * HOUR_MS);
    const accepted = { status: 'accepted', respondedAt: since, respondedByRole: 'MEDECIN', updatedAt: since };
    const link = requestOf(pair, 'patient_link', asked, accepted);
    if (hasAccess(index)) return [link];
    const off = switchedOffAt(since);
    const byPatient = { status: 'accepted', respondedAt: off, respondedByRole: 'PATIENT', authorizationEnabled: false };
    const renewal = requestOf(pair, 'access_renewal', new Date(off.getTime() + DAY_MS), { status: 'pending' });
    return [link, requestOf(pair, 'access_confirmation', off, byPatient), renewal];
  });
}

function waitingRequests(now: Date): DemoDocument[] {
  return PATIENTS.slice(LINKED_PATIENTS).map((_person, offset) => {
    const key = patientKey(LINKED_PATIENTS + offset);
    const random = new Random(`request:${key}`);
    const pair = { patientKey: key, doctorKey: random.pick(DOCTORS).key };
    const asked = new Date(now.getTime() - (1 + random.below(60)) * HOUR_MS);
    return requestOf(pair, 'patient_link', asked, { status: 'pending', urgentNote: random.pick(URGENT_NOTES) });
  });
}
