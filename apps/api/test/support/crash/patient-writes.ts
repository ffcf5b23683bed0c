import { randomUUID } from 'node:crypto';
import { any, forget, keep, type Actor, type CrashWorld } from './crash-world';

const MINUTE_MS = 60_000;
const PAST_MINUTES = 40 * 24 * 60;

/** One thing that somebody may do. */
export interface Write {
  readonly kind: string;
  readonly weight: number;
  /** Answers whether the server acknowledged a change. */
  readonly run: (me: Actor, world: CrashWorld) => Promise<boolean>;
}

interface Stored {
  readonly _id: string;
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString();

/** A message to somebody one knows: the client's id makes its repetition harmless. */
export async function sendMessage(me: Actor, conversationId: string | undefined): Promise<boolean> {
  if (conversationId === undefined) return false;
  const body = { content: `words ${randomUUID()}`, clientMessageId: randomUUID() };
  const { status, body: sent } = await me.person.call('POST', `/conversations/${conversationId}/messages`, body);
  if (status >= 300) return false;
  keep(me, 'messages', (sent as Stored)._id, body);
  return true;
}

const DIARY: readonly Write[] = [
  {
    kind: 'reading',
    weight: 6,
    run: async (me) => {
      const { person } = me;
      const urgent = person.chance.next() < 0.1;
      const value = urgent ? person.chance.int(300, 400) : person.chance.int(60, 250);
      const measuredAt = minutesAgo(urgent ? 0 : person.chance.int(0, PAST_MINUTES));
      const { status, body } = await person.create('/glucose', { value, measuredAt, note: 'n' });
      if (status !== 201) return false;
      keep(me, 'glucoses', (body as Stored)._id, { value });
      return true;
    },
  },
  {
    kind: 'bulk of readings',
    weight: 3,
    run: async (me) => {
      const { person } = me;
      const from = person.chance.int(60, PAST_MINUTES);
      const readings = Array.from({ length: 8 }, (_, index) => ({
        value: person.chance.int(60, 250),
        measuredAt: minutesAgo(from + index * 5),
        source: 'cgm',
        deviceId: 'sensor',
        intervalMinutes: 5,
      }));
      const { status, body } = await person.create('/glucose/bulk', { readings });
      if (status !== 201) return false;
      for (const { index, _id, status: outcome } of (body as { results: BulkResult[] }).results)
        if (_id === undefined) person.acknowledged.faults.push(`a reading of a bulk was ${outcome}`);
        else keep(me, 'glucoses', _id, { value: readings[index]?.value });
      return true;
    },
  },
  {
    kind: 'change of a reading',
    weight: 2,
    run: async (me) => {
      const id = any(me, 'glucoses');
      if (id === undefined) return false;
      const value = me.person.chance.int(60, 250);
      const { status } = await me.person.call('PATCH', `/glucose/${id}`, { value, note: 'changed' });
      if (status !== 200) return false;
      me.person.acknowledged.wrote('glucoses', id, me.person.id, { value, note: 'changed' });
      return true;
    },
  },
  { kind: 'deletion of a reading', weight: 1, run: (me) => remove(me, 'glucoses', (id) => `/glucose/${id}`) },
  {
    kind: 'meal',
    weight: 3,
    run: async (me) => {
      const name = `meal ${randomUUID()}`;
      const fields = { name, eatenAt: minutesAgo(me.person.chance.int(0, 9_000)), carbs: 20 };
      const { status, body } = await me.person.create('/nutrition/meals', fields);
      if (status !== 201) return false;
      keep(me, 'meals', (body as Stored)._id, { name });
      return true;
    },
  },
  {
    kind: 'food',
    weight: 3,
    run: async (me) => {
      const meal = any(me, 'meals');
      if (meal === undefined) return false;
      const name = `food ${randomUUID()}`;
      const { status, body } = await me.person.create(`/nutrition/meals/${meal}/foods`, { name, carbs: 3 });
      if (status !== 201) return false;
      keep(me, 'fooditems', (body as Stored)._id, { name });
      (me.things[`foods of ${meal}`] ??= []).push((body as Stored)._id);
      return true;
    },
  },
  {
    kind: 'deletion of a meal',
    weight: 1,
    run: async (me) => {
      const meal = any(me, 'meals');
      if (meal === undefined || !(await remove(me, 'meals', () => `/nutrition/meals/${meal}`, meal))) return false;
      for (const food of me.things[`foods of ${meal}`] ?? []) forget(me, 'fooditems', food);
      return true;
    },
  },
];

interface BulkResult {
  readonly index: number;
  readonly status: string;
  readonly _id?: string;
}

const CARE: readonly Write[] = [
  {
    kind: 'message of a patient',
    weight: 5,
    run: (me, world) => {
      const doctor = me.person.chance.of(world.doctorsOf(me));
      return sendMessage(me, world.conversations.get(`${me.person.id}:${doctor?.person.id ?? ''}`));
    },
  },
  {
    kind: 'appointment',
    weight: 4,
    run: async (me, world) => {
      const doctor = me.person.chance.of(world.doctorsOf(me));
      if (doctor === undefined) return false;
      const notes = randomUUID();
      const fields = { patientId: me.person.id, doctorId: doctor.person.id, dateTime: world.freeSlot(), notes };
      const { status, body } = await me.person.create('/appointments', fields);
      if (status !== 201) return false;
      const id = (body as Stored)._id;
      keep(me, 'appointments', id, { notes });
      (doctor.things['appointments'] ??= []).push(id);
      return true;
    },
  },
  {
    kind: 'notes of an appointment',
    weight: 1,
    run: async (me) => {
      const id = any(me, 'appointments');
      if (id === undefined) return false;
      const notes = randomUUID();
      const { status } = await me.person.call('PATCH', `/appointments/${id}`, { notes });
      if (status !== 200) return false;
      me.person.acknowledged.wrote('appointments', id, me.person.id, { notes });
      return true;
    },
  },
  { kind: 'cancellation', weight: 1, run: (me) => change(me, any(me, 'appointments'), { status: 'Cancelled' }) },
  {
    kind: 'request to a doctor',
    weight: 1,
    run: async (me, world) => {
      const doctor = me.person.chance.of(world.doctors);
      const path = `/patients/${me.person.id}/request-doctor`;
      const { status, body } = await me.person.create(path, { doctorId: doctor?.person.id });
      if (status !== 201) return false;
      keep(me, 'patientrequests', (body as Stored)._id);
      (doctor?.things['asked'] ?? []).push((body as Stored)._id);
      return true;
    },
  },
  {
    kind: 'switch of access',
    weight: 1,
    run: async (me, world) => {
      const doctor = me.person.chance.of(world.doctorsOf(me));
      const ids = { patientId: me.person.id, doctorId: doctor?.person.id ?? '' };
      const enabled = me.person.chance.next() < 0.8;
      const path = `/patients/${ids.patientId}/doctors/${ids.doctorId}/access`;
      const { status } = await me.person.call('PATCH', path, { enabled });
      if (status === 200) me.person.acknowledged.set('carelinks', ids, { accessEnabled: enabled });
      return status === 200;
    },
  },
];

const PHARMACY: readonly Write[] = [
  {
    kind: 'request for a medication',
    weight: 3,
    run: async (me, world) => {
      const targets = world.pharmacists.filter(() => me.person.chance.next() < 0.6);
      const wish = { medicationName: 'Metformine', dosage: '1 g', quantity: 2, patientNote: randomUUID() };
      const targetPharmacyIds = targets.map(({ person }) => person.id);
      if (targets.length === 0) return false;
      const { status, body } = await me.person.create('/medication-request', { ...wish, targetPharmacyIds });
      if (status !== 201) return false;
      const id = (body as Stored)._id;
      keep(me, 'medicationrequests', id, { patientNote: wish.patientNote });
      for (const { things } of targets) (things['asked'] ??= []).push(id);
      return true;
    },
  },
  {
    kind: 'choice of a pharmacy',
    weight: 1,
    run: async (me, world) => {
      const [id, pharmacy] = [any(me, 'medicationrequests'), me.person.chance.of(world.pharmacists)];
      const selectedPharmacyId = pharmacy?.person.id ?? '';
      return ok(me, 'PUT', `/medication-request/${id ?? ''}/confirm`, { selectedPharmacyId });
    },
  },
  {
    kind: 'end of a medication request',
    weight: 1,
    run: (me) => ok(me, 'PUT', `/medication-request/${any(me, 'medicationrequests') ?? ''}/cancel`, {}),
  },
  {
    kind: 'review',
    weight: 2,
    run: async (me, world) => {
      const fields = { pharmacyId: me.person.chance.of(world.pharmacists)?.person.id, comment: randomUUID() };
      const { status, body } = await me.person.create('/review', { ...fields, rating: me.person.chance.int(1, 5) });
      if (status === 201) keep(me, 'reviews', (body as Stored)._id, { comment: fields.comment });
      return status === 201;
    },
  },
  { kind: 'deletion of a review', weight: 1, run: (me) => remove(me, 'reviews', (id) => `/review/${id}`) },
  {
    kind: 'rating',
    weight: 3,
    run: async (me, world) => {
      const fields = {
        pharmacyId: me.person.chance.of(world.pharmacists)?.person.id,
        medicationRequestId: any(me, 'medicationrequests'),
        stars: me.person.chance.int(1, 5),
        medicationAvailable: me.person.chance.next() < 0.8,
        comment: randomUUID(),
      };
      const { status, body } = await me.person.create('/ratings', fields);
      if (status === 201) keep(me, 'ratings', (body as Stored)._id, { comment: fields.comment });
      return status === 201;
    },
  },
  {
    kind: 'note of a doctor',
    weight: 1,
    run: (me, world) =>
      ok(me, 'PATCH', `/medecins/${me.person.chance.of(world.doctorsOf(me))?.person.id ?? ''}/note`, {
        note: me.person.chance.int(0, 5),
      }),
  },
];

/** What patients write. */
export const PATIENT_WRITES: readonly Write[] = [...DIARY, ...CARE, ...PHARMACY];

/** A change that is right or refused, and is not counted document by document. */
export async function ok(me: Actor, method: string, path: string, body?: object): Promise<boolean> {
  return (await me.person.call(method, path, body)).status < 300;
}

/** A PATCH of an appointment. */
export async function change(me: Actor, id: string | undefined, body: object): Promise<boolean> {
  return id !== undefined && (await ok(me, 'PATCH', `/appointments/${id}`, body));
}

/** A deletion; repeated after a crash it may find nothing any more. */
async function remove(
  me: Actor,
  collection: Parameters<typeof forget>[1],
  pathOf: (id: string) => string,
  chosen = any(me, collection),
): Promise<boolean> {
  if (chosen === undefined) return false;
  const before = me.person.repeated;
  const { status } = await me.person.call('DELETE', pathOf(chosen));
  const isGone = status === 200 || (status === 404 && me.person.repeated > before);
  if (isGone) forget(me, collection, chosen);
  return isGone;
}
