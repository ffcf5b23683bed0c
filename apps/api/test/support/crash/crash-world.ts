import { type Acknowledged, type Owned } from './acknowledged';
import { CrashPerson, type Reach } from './crash-person';
import { Chance } from './random';

const PATIENTS = 8;
const DOCTORS = 4;
const PHARMACISTS = 4;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const SLOTS_A_DAY = 12;

const EXTRA = {
  patient: () => ({ latitude: 48.85, longitude: 2.35 }),
  medecin: (unique: string) => ({ specialite: 'Endocrinologie', numeroOrdre: unique }),
  pharmacien: (unique: string) => ({
    nomPharmacie: `Pharmacie ${unique}`,
    numeroOrdre: unique,
    latitude: 48.86,
    longitude: 2.36,
  }),
};

/** Somebody with what they have made so far. */
export interface Actor {
  readonly person: CrashPerson;
  /** Ids by kind of thing, in the order of their making. */
  readonly things: Record<string, string[]>;
}

/** The 16 people, who knows whom, and the address of the server. */
export class CrashWorld implements Reach {
  url = '';
  readonly patients: Actor[] = [];
  readonly doctors: Actor[] = [];
  readonly pharmacists: Actor[] = [];
  /** Conversation of `patient:doctor`. */
  readonly conversations = new Map<string, string>();
  private slots = 0;
  private accounts = 0;

  constructor(
    readonly acknowledged: Acknowledged,
    private readonly seed: number,
  ) {}

  get everybody(): Actor[] {
    return [...this.patients, ...this.doctors, ...this.pharmacists];
  }

  /** Registers everybody and links each patient with two doctors. */
  async populate(): Promise<void> {
    for (let n = 0; n < DOCTORS; n += 1) this.doctors.push(actor(await this.register('medecin')));
    for (let n = 0; n < PHARMACISTS; n += 1) this.pharmacists.push(actor(await this.register('pharmacien')));
    for (let n = 0; n < PATIENTS; n += 1) this.patients.push(actor(await this.register('patient')));
    for (const [n, patient] of this.patients.entries())
      for (const step of [0, 1]) await this.link(patient, this.doctors[(n + step) % DOCTORS]);
  }

  /** The two doctors whom a patient was linked with at the beginning. */
  doctorsOf(patient: Actor): Actor[] {
    const n = this.patients.indexOf(patient);
    return [0, 1].flatMap((step) => this.doctors[(n + step) % DOCTORS] ?? []);
  }

  /** A time that nobody has asked for yet; few a day, so that the limit of a day is not reached. */
  freeSlot(): string {
    const [day, hour] = [Math.floor(this.slots / SLOTS_A_DAY), this.slots % SLOTS_A_DAY];
    this.slots += 1;
    return new Date(Math.ceil(Date.now() / DAY_MS) * DAY_MS + (day + 1) * DAY_MS + hour * HOUR_MS).toISOString();
  }

  /** A new account. A registration that was cut off is found out by signing in. */
  async register(kind: 'patient' | 'medecin' | 'pharmacien'): Promise<CrashPerson> {
    this.accounts += 1;
    const unique = `crash${this.accounts}`;
    const [email, password] = [`${unique}@test.example`, 'a-passphrase'];
    const chance = new Chance(this.seed * 1_000 + this.accounts);
    const nobody = new CrashPerson(this, this.acknowledged, chance, kind, '', email, password, '');
    const body = { nom: 'Crash', prenom: unique, email, motDePasse: password, ...EXTRA[kind](unique) };
    let answer = await nobody.call('POST', `/auth/register/${kind}`, body);
    if (answer.status === 409) answer = await nobody.call('POST', '/auth/login', { email, motDePasse: password });
    if (answer.status >= 300) throw new Error(`Nobody could register: ${answer.text}`);
    this.acknowledged.count('registration');
    const { user, accessToken } = answer.body as { user: { _id: string }; accessToken: string };
    this.acknowledged.set('users', { _id: user._id }, { email });
    return new CrashPerson(this, this.acknowledged, chance, kind, user._id, email, password, accessToken);
  }

  private async link(patient: Actor, doctor: Actor | undefined): Promise<void> {
    if (doctor === undefined) return;
    const { person: asker } = patient;
    const body = { doctorId: doctor.person.id };
    const request = await asker.create(`/patients/${asker.id}/request-doctor`, body);
    const id = (request.body as { _id: string })._id;
    this.acknowledged.wrote('patientrequests', id, asker.id);
    await doctor.person.call('POST', `/doctors/${doctor.person.id}/patient-requests/${id}/accept`, {});
    const pair = { patientId: asker.id, doctorId: doctor.person.id };
    const conversation = await asker.create('/conversations', pair);
    this.conversations.set(`${asker.id}:${doctor.person.id}`, (conversation.body as { _id: string })._id);
  }
}

function actor(person: CrashPerson): Actor {
  return { person, things: {} };
}

/** Notes a thing that was made, for the oracle and for later. */
export function keep(
  { person, things }: Actor,
  collection: Owned,
  id: string,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  person.acknowledged.wrote(collection, id, person.id, fields);
  (things[collection] ??= []).push(id);
}

/** One of the things somebody has made; undefined when there is none. */
export function any({ person, things }: Actor, kind: string): string | undefined {
  return person.chance.of((things[kind] ?? []).slice(-12));
}

/** Forgets a thing that is gone. */
export function forget({ person, things }: Actor, collection: Owned, id: string): void {
  person.acknowledged.removed(collection, id);
  things[collection] = (things[collection] ?? []).filter((other) => other !== id);
}
