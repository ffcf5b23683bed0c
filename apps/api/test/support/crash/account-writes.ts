import { randomUUID } from 'node:crypto';
import type { Actor, CrashWorld } from './crash-world';
import { ok, type Write } from './patient-writes';

/** What everybody writes: about themselves, and that they have seen something. */
export const ACCOUNT_WRITES: readonly Write[] = [
  {
    kind: 'reading of messages',
    weight: 3,
    run: (me, world) => {
      const mine = [...world.conversations].filter(([pair]) => pair.includes(me.person.id));
      const [, conversation] = me.person.chance.of(mine) ?? [];
      if (conversation === undefined) return Promise.resolve(false);
      return ok(me, 'PATCH', `/conversations/${conversation}/read/${me.person.id}`);
    },
  },
  {
    kind: 'reading of a notification',
    weight: 2,
    run: async (me) => {
      const { body } = await me.person.call('GET', '/notifications?unreadOnly=true&limit=5');
      const told = me.person.chance.of((body as { notifications?: { _id: string }[] }).notifications ?? []);
      return told !== undefined && ok(me, 'PATCH', `/notifications/${told._id}/read`);
    },
  },
  { kind: 'reading of all', weight: 1, run: (me) => ok(me, 'PATCH', '/notifications/read-all') },
  {
    kind: 'preferences',
    weight: 1,
    run: async (me) => {
      const start = `2${me.person.chance.int(0, 3)}:00`;
      const done = await ok(me, 'PUT', '/notifications/preferences', {
        quietHours: { enabled: true, start, end: '07:00' },
      });
      if (done)
        me.person.acknowledged.set('notificationpreferences', { userId: me.person.id }, { 'quietHours.start': start });
      return done;
    },
  },
  {
    kind: 'device',
    weight: 1,
    run: async (me) => {
      const fcmToken = `token-${me.person.id}-${me.person.chance.int(1, 3)}`;
      return me.person.chance.next() < 0.6
        ? ok(me, 'POST', '/notifications/register-token', { fcmToken })
        : ok(me, 'DELETE', '/notifications/remove-token', { fcmToken });
    },
  },
  { kind: 'telephone', weight: 1, run: changeTelephone },
  { kind: 'calendar address', weight: 1, run: (me) => ok(me, 'POST', '/appointments/calendar-token') },
  { kind: 'password', weight: 0.3, run: changePassword },
  { kind: 'short session', weight: 0.5, run: endSession },
  { kind: 'account that ends', weight: 0.3, run: (_, world) => comeAndGo(world) },
];

async function changeTelephone(me: Actor): Promise<boolean> {
  const telephone = `+3361${String(me.person.chance.int(0, 9_999_999)).padStart(7, '0')}`;
  const { kind, id } = me.person;
  const done = await ok(me, 'PATCH', `/${kind}s/${id}`, { telephone });
  if (done) me.person.acknowledged.set('users', { _id: id }, { telephone });
  return done;
}

/** A change that was cut off: only signing in tells which password counts. */
async function changePassword(me: Actor): Promise<boolean> {
  const { person } = me;
  const newPassword = `a-passphrase-${randomUUID()}`;
  const body = { currentPassword: person.password, newPassword };
  const answer = await person.call('POST', '/auth/change-password', body);
  if (answer.status >= 300 && answer.status !== 401 && answer.status !== 400) return false;
  for (const motDePasse of [newPassword, person.password]) {
    const signedIn = await person.call('POST', '/auth/login', { email: person.email, motDePasse });
    if (signedIn.status !== 200) continue;
    person.token = (signedIn.body as { accessToken: string }).accessToken;
    if (answer.status < 300 && motDePasse !== newPassword)
      person.acknowledged.faults.push(`${person.email} has the password from before an acknowledged change`);
    person.password = motDePasse;
    return motDePasse === newPassword;
  }
  person.acknowledged.faults.push(`${person.email} cannot sign in with the old password nor with the new one`);
  return false;
}

/** Signs in once more and ends that session: its token must be worth nothing, also after a crash. */
async function endSession(me: Actor): Promise<boolean> {
  const { person } = me;
  const body = { email: person.email, motDePasse: person.password };
  const signedIn = await person.call('POST', '/auth/login', body);
  if (signedIn.status !== 200) return false;
  const own = person.token;
  person.token = (signedIn.body as { accessToken: string }).accessToken;
  await person.call('POST', '/auth/logout', {});
  const after = await person.call('GET', '/auth/profile');
  person.token = own;
  if (after.status !== 401) person.acknowledged.faults.push(`a session goes on after its end: ${after.status}`);
  return true;
}

/** Somebody who registers, writes something and has everything erased. */
async function comeAndGo(world: CrashWorld): Promise<boolean> {
  const guest = await world.register('patient');
  await guest.create('/nutrition/meals', { name: GUEST_WORDS, eatenAt: new Date().toISOString(), carbs: 1 });
  const { status } = await guest.call('DELETE', '/users/me', {});
  // 401: done by an attempt that nobody answered
  if (status !== 200 && status !== 401) guest.acknowledged.faults.push(`an erasure was answered ${status}`);
  guest.acknowledged.erased.add(guest.email);
  guest.acknowledged.latest.delete(`users:${JSON.stringify({ _id: guest.id })}`);
  return true;
}

/** Must be found nowhere in the end. */
export const GUEST_WORDS = 'words-of-a-guest';
