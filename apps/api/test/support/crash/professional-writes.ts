import { randomUUID } from 'node:crypto';
import { any, keep, type Actor, type CrashWorld } from './crash-world';
import { change, ok, sendMessage, type Write } from './patient-writes';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const patientOf = (me: Actor, world: CrashWorld, isLinked: boolean): Actor | undefined =>
  me.person.chance.of(world.patients.filter((patient) => world.doctorsOf(patient).includes(me) === isLinked));

/** What doctors write. */
export const DOCTOR_WRITES: readonly Write[] = [
  {
    kind: 'message of a doctor',
    weight: 5,
    run: (me, world) =>
      sendMessage(me, world.conversations.get(`${patientOf(me, world, true)?.person.id ?? ''}:${me.person.id}`)),
  },
  { kind: 'confirmation', weight: 3, run: (me) => change(me, any(me, 'appointments'), { status: 'Confirmed' }) },
  {
    kind: 'move of an appointment',
    weight: 1,
    run: (me, world) => change(me, any(me, 'appointments'), { dateTime: world.freeSlot() }),
  },
  {
    kind: 'deletion of an appointment',
    weight: 1,
    run: (me) => {
      const id = any(me, 'appointments');
      return id === undefined ? Promise.resolve(false) : ok(me, 'DELETE', `/appointments/${id}`);
    },
  },
  {
    kind: 'answer to a patient',
    weight: 2,
    run: async (me) => {
      const answer = me.person.chance.next() < 0.7 ? 'accept' : 'decline';
      const { id } = me.person;
      const waiting = await me.person.call('GET', `/doctors/${id}/patient-requests`);
      const [request] = (waiting.body as { requests: { _id: string }[] }).requests;
      return request !== undefined && ok(me, 'POST', `/doctors/${id}/patient-requests/${request._id}/${answer}`, {});
    },
  },
  {
    kind: 'end of a care relation',
    weight: 1,
    run: (me, world) => {
      const patient = patientOf(me, world, false);
      return ok(me, 'DELETE', `/medecins/${me.person.id}/patients/${patient?.person.id ?? ''}`);
    },
  },
  {
    kind: 'hours of a doctor',
    weight: 1,
    run: async (me) => {
      const slotMinutes = me.person.chance.int(2, 12) * 5;
      // Not published: patients book whenever they like.
      const body = { timeZone: 'Europe/Paris', slotMinutes, published: false, rules: [] };
      const done = await ok(me, 'PUT', `/doctors/${me.person.id}/availability`, body);
      if (done) me.person.acknowledged.set('doctoravailabilities', { doctorId: me.person.id }, { slotMinutes });
      return done;
    },
  },
  {
    kind: 'profile of a doctor',
    weight: 1,
    run: async (me) => {
      const description = randomUUID();
      const done = await ok(me, 'PATCH', `/medecins/${me.person.id}`, { description });
      if (done) me.person.acknowledged.set('users', { _id: me.person.id }, { description });
      return done;
    },
  },
];

/** What pharmacists write. */
export const PHARMACIST_WRITES: readonly Write[] = [
  {
    kind: 'answer of a pharmacy',
    weight: 6,
    run: async (me) => {
      const { id, chance } = me.person;
      const { body } = await me.person.call('GET', `/medication-request/pharmacy/${id}/pending`);
      const request = chance.of(body as { _id: string }[]);
      if (request === undefined) return false;
      const status = chance.of(['accepted', 'accepted', 'accepted', 'unavailable', 'declined', 'ignored']);
      const price = status === 'accepted' ? { indicativePrice: chance.int(1, 90) } : {};
      const done = await ok(me, 'PUT', `/medication-request/${request._id}/respond`, { status, ...price });
      if (done && status === 'accepted') (me.things['accepted'] ??= []).push(request._id);
      return done;
    },
  },
  {
    kind: 'pick-up',
    weight: 4,
    run: (me) => ok(me, 'PUT', `/medication-request/${any(me, 'accepted') ?? ''}/pickup`, {}),
  },
  {
    kind: 'boost',
    weight: 1,
    run: async (me) => {
      const { status, body } = await me.person.create('/boost', { boostType: 'boost_24h' });
      if (status === 201) keep(me, 'boosts', (body as { _id: string })._id);
      return status === 201;
    },
  },
  { kind: 'end of a boost', weight: 1, run: (me) => ok(me, 'PUT', `/boost/${any(me, 'boosts') ?? ''}/cancel`, {}) },
  {
    kind: 'stock',
    weight: 2,
    run: async (me) => {
      const medicament = `drug ${randomUUID()}`;
      return ok(me, 'POST', `/pharmaciens/${me.person.id}/medicaments`, { medicament });
    },
  },
  {
    kind: 'hours of a pharmacy',
    weight: 1,
    run: (me) => {
      const day = { open: '08:00', close: `1${me.person.chance.int(2, 9)}:00`, isOpen: true };
      const workingHours = Object.fromEntries(DAYS.map((name) => [name, day]));
      return ok(me, 'PUT', `/pharmaciens/${me.person.id}/working-hours`, { workingHours });
    },
  },
  {
    kind: 'settings of a pharmacy',
    weight: 1,
    run: async (me) => {
      const visibilityRadius = me.person.chance.int(1, 50);
      const done = await ok(me, 'PUT', `/pharmaciens/${me.person.id}/settings`, { visibilityRadius });
      if (done) me.person.acknowledged.set('users', { _id: me.person.id }, { visibilityRadius });
      return done;
    },
  },
];
