import type { TestActor } from './actors';
import type { TestApp } from './app';
import type { TestResponse } from './http';

/** Keys of a request as its patient sees it, when place and radius are known (contract 40 section 3.2), sorted. */
export const REQUEST_KEYS = [
  '_id',
  'confirmationDeadline',
  'createdAt',
  'dosage',
  'expiresAt',
  'globalStatus',
  'isPickedUp',
  'medicationName',
  'patientId',
  'patientLocation',
  'patientName',
  'pharmacyResponses',
  'pickedUpAt',
  'quantity',
  'requestRadiusKm',
  'selectedPharmacyId',
  'updatedAt',
  'urgencyLevel',
] as const;

/** What every request needs. */
export const MEDICINE = { medicationName: 'Métformine', dosage: '850 mg', quantity: 2 } as const;

/** A medication's notification, as tests look at it. */
export interface MedicationTold {
  readonly event: string;
  readonly severity: string;
  readonly title: string;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A patient, pharmacies, and what they do with requests. */
export class Counter {
  constructor(
    readonly t: TestApp,
    readonly patient: TestActor,
    readonly pharmacies: readonly TestActor[],
  ) {}

  /** A new patient and as many pharmacies. */
  static async open(t: TestApp, count = 2): Promise<Counter> {
    const patient = await t.actors.asPatient();
    const pharmacies: TestActor[] = [];
    for (let index = 0; index < count; index += 1)
      pharmacies.push(await t.actors.asPharmacist({ nomPharmacie: `Pharmacie ${index}` }));
    return new Counter(t, patient, pharmacies);
  }

  pharmacy(index = 0): TestActor {
    const found = this.pharmacies[index];
    if (found === undefined) throw new Error(`There is no pharmacy ${index}`);
    return found;
  }

  /** Asks all pharmacies. */
  ask(fields: object = {}): Promise<TestResponse> {
    const targetPharmacyIds = this.pharmacies.map(({ id }) => id);
    return this.patient.post('/medication-request', { ...MEDICINE, targetPharmacyIds, ...fields });
  }

  /** A request to all pharmacies that must be made; answers its id. */
  async request(fields: object = {}): Promise<string> {
    const { status, body, text } = await this.ask(fields);
    if (status !== 201) throw new Error(`No request: ${text}`);
    return body._id as string;
  }

  respond(id: string, index: number, status: string, fields: object = {}): Promise<TestResponse> {
    return this.pharmacy(index).put(`/medication-request/${id}/respond`, { status, ...fields });
  }

  confirm(id: string, index: number): Promise<TestResponse> {
    return this.patient.put(`/medication-request/${id}/confirm`, { selectedPharmacyId: this.pharmacy(index).id });
  }

  pickUp(id: string, index: number): Promise<TestResponse> {
    return this.pharmacy(index).put(`/medication-request/${id}/pickup`);
  }

  cancel(id: string): Promise<TestResponse> {
    return this.patient.put(`/medication-request/${id}/cancel`);
  }

  /** A request that was picked up at a pharmacy; answers its id. */
  async pickedUp(index = 0, fields: object = {}): Promise<string> {
    const id = await this.request(fields);
    await this.respond(id, index, 'accepted', { indicativePrice: 10 });
    const { status, text } = await this.pickUp(id, index);
    if (status !== 200) throw new Error(`Not picked up: ${text}`);
    return id;
  }

  /** What is stored of a pharmacy's account. */
  async figures(index = 0): Promise<Record<string, unknown>> {
    const all = await this.t.db.collection('users').find({ role: 'PHARMACIEN' }).toArray();
    return all.find(({ _id }) => String(_id) === this.pharmacy(index).id) ?? {};
  }

  /** A pharmacy's ledger, oldest first, as `type:points`. */
  async ledger(index = 0): Promise<string[]> {
    const all = await this.t.db.collection('pharmacyactivities').find().sort({ createdAt: 1, _id: 1 }).toArray();
    return all
      .filter(({ pharmacyId }) => String(pharmacyId) === this.pharmacy(index).id)
      .map(({ activityType, points }) => `${String(activityType)}:${points === undefined ? '' : String(points)}`);
  }

  /** What somebody was told about a request, oldest first, once everything is delivered. */
  async told(actor: TestActor, requestId: string): Promise<MedicationTold[]> {
    await this.t.settle();
    const { body } = await actor.get('/notifications?type=medication&limit=100');
    return (body.notifications as (MedicationTold & { relatedId: string; data: { event: string } })[])
      .filter(({ relatedId }) => relatedId === requestId)
      .map(({ severity, title, message, data }) => ({ event: data.event, severity, title, message, data }))
      .reverse();
  }

  /** The events of {@link told}. */
  async events(actor: TestActor, requestId: string): Promise<string[]> {
    return (await this.told(actor, requestId)).map(({ event }) => event);
  }
}
