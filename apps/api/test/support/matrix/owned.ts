import type { TestActor } from '../actors';
import type { TestApp } from '../app';
import type { TestResponse } from '../test-response';

/** What a patient's things say. Each text stands in one kind of resource only, so that a leak tells where it is. */
export const WORDS = {
  /** Who the patient is. */
  identity: ['Geheimrat', 'Vertraulich', '+33 6 98 76 54 32'],
  /** What a doctor may read while linked, and a pharmacist or ADMIN never: notes, values, meals. */
  clinical: ['clinical-note-words', '287.3', 'private-meal-words', 'private-food-words'],
  /** The medical profile, which is part of the account. */
  profile: ['private-allergy-words'],
  /** What its two parties share, linked or not. */
  shared: ['appointment-note-words', 'message-words', 'urgent-note-words'],
  /** What the addressed pharmacy sees. */
  pharmacy: ['medicine-words'],
} as const;

/** Everything that belongs to one patient, with the doctor and the pharmacist that the patient chose. */
export interface Owned {
  readonly patient: TestActor;
  readonly doctor: TestActor;
  readonly pharmacist: TestActor;
  /** Real ids by the name under which rows of the matrix ask for them. */
  readonly ids: Readonly<Record<string, string>>;
}

const DAY = 86_400_000;

type Ids = Record<string, string>;
/** Makes one kind of thing and answers the ids it made. A new kind of resource is one more of these. */
type Maker = (people: Omit<Owned, 'ids'>, t: TestApp) => Promise<Ids>;

function created({ status, body, text }: TestResponse): { readonly _id: string } {
  if (status >= 300) throw new Error(`The matrix could not make its resource: ${text}`);
  return body as { _id: string };
}

const MAKERS: readonly Maker[] = [
  async ({ patient, doctor }) => {
    const body = { doctorId: doctor.id, urgentNote: WORDS.shared[2] };
    const request = created(await patient.post(`/patients/${patient.id}/request-doctor`, body));
    await doctor.post(`/doctors/${doctor.id}/patient-requests/${request._id}/accept`);
    return { requestId: request._id };
  },
  async ({ patient, doctor }, t) => {
    const dateTime = new Date(t.clock.now().getTime() + DAY).toISOString();
    const body = { patientId: patient.id, doctorId: doctor.id, dateTime, notes: WORDS.shared[0] };
    return { appointment: created(await patient.post('/appointments', body))._id };
  },
  async ({ patient, doctor }) => {
    const conversation = created(
      await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id }),
    )._id;
    created(await patient.post(`/conversations/${conversation}/messages`, { content: WORDS.shared[1] }));
    return { conversation, conversationId: conversation };
  },
  async ({ patient }, t) => {
    const measuredAt = new Date(t.clock.now().getTime() - 60_000).toISOString();
    const reading = { value: Number(WORDS.clinical[1]), measuredAt, note: WORDS.clinical[0] };
    return { reading: created(await patient.post('/glucose', reading))._id };
  },
  async ({ patient }, t) => {
    const meal = { name: WORDS.clinical[2], eatenAt: t.clock.now().toISOString(), carbs: 20 };
    const mealId = created(await patient.post('/nutrition/meals', meal))._id;
    const food = { name: WORDS.clinical[3], carbs: 1 };
    return { mealId, food: created(await patient.post(`/nutrition/meals/${mealId}/foods`, food))._id };
  },
  async ({ patient, pharmacist }) => {
    const medication = created(
      await patient.post('/medication-request', {
        medicationName: WORDS.pharmacy[0],
        dosage: '1 mg',
        quantity: 1,
        targetPharmacyIds: [pharmacist.id],
      }),
    )._id;
    await pharmacist.put(`/medication-request/${medication}/respond`, { status: 'accepted' });
    await pharmacist.put(`/medication-request/${medication}/pickup`);
    const opinion = { pharmacyId: pharmacist.id, rating: 5, requestId: medication };
    return { medication, review: created(await patient.post('/review', opinion))._id };
  },
  async ({ pharmacist }) => ({ boost: created(await pharmacist.post('/boost', { boostType: 'boost_24h' }))._id }),
  async ({ patient }) => {
    const profilMedical = { allergies: [WORDS.profile[0]] };
    created(await patient.patch(`/patients/${patient.id}`, { telephone: WORDS.identity[2], profilMedical }));
    return {};
  },
  async ({ patient, doctor }, t) => {
    await t.settle();
    const { body: told } = await doctor.get('/notifications?limit=1');
    const { body: sessions } = await patient.get('/sessions/active');
    const { body: alerts } = await patient.get('/glucose/alerts');
    const [alert] = (alerts.alerts as { _id: string }[]).map(({ _id }) => _id);
    if (alert === undefined) throw new Error('The reading of the matrix opened no alert');
    return {
      notificationId: told.notifications[0]._id,
      sessionId: sessions[0]._id,
      alert,
      alertId: alert,
    };
  },
];

/** A patient with a linked doctor and a pharmacist, and one of everything. */
export async function makeOwned(t: TestApp): Promise<Owned> {
  const [patient, doctor, pharmacist] = await Promise.all([
    t.actors.asPatient({ nom: WORDS.identity[0], prenom: WORDS.identity[1], typeDiabete: 'TYPE_1' }),
    t.actors.asDoctor(),
    t.actors.asPharmacist(),
  ]);
  const people = { patient, doctor, pharmacist };
  const dayOf = (days: number) => new Date(t.clock.now().getTime() + days * DAY).toISOString().slice(0, 10);
  const ids: Ids = {
    patient: patient.id,
    patientId: patient.id,
    doctor: doctor.id,
    doctorId: doctor.id,
    pharmacy: pharmacist.id,
    pharmacyId: pharmacist.id,
    pharmacistId: pharmacist.id,
    userId: patient.id,
    report: 'summary',
    typeDiabete: 'TYPE_1',
    medicament: 'insuline',
    yesterday: dayOf(-1),
    tomorrow: dayOf(1),
    nextDay: dayOf(2),
  };
  for (const make of MAKERS) Object.assign(ids, await make(people, t));
  return { ...people, ids };
}
