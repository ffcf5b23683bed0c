import type { INestApplicationContext } from '@nestjs/common';
import { Clock } from '../common/time';
import { Passwords } from '../platform/crypto';
import { demoAccounts, demoEmail } from './accounts';
import { demoAppointments, demoConversations, demoLinks, demoRequests } from './care';
import { type DemoDocument, DemoRepository } from './demo.repository';
import { demoNotifications } from './notifications';

/** Password of every demo account; printed by quickstart, never used elsewhere. */
const DEMO_PASSWORD = 'demo-passphrase';

/** What the demo data offer a newcomer. */
export interface DemoAccounts {
  readonly accounts: readonly { readonly role: string; readonly email: string; readonly password: string }[];
}

const ACCOUNTS: DemoAccounts = {
  accounts: (
    [
      ['PATIENT', 'patient'],
      ['MEDECIN', 'doctor'],
      ['PHARMACIEN', 'pharmacist'],
      ['ADMIN', 'admin'],
    ] as const
  ).map(([role, key]) => ({ role, email: demoEmail(key), password: DEMO_PASSWORD })),
};

/**
 * Loads a clinic: 3 doctors, 60 patients, 4 pharmacies, an ADMIN, links, waiting requests, a month of appointments
 * around today, conversations, notifications. Ids are fixed, so a second load adds nothing, and no other account is
 * touched.
 */
export async function loadDemoData(
  app: INestApplicationContext,
  options: { onlyIfEmpty: boolean },
): Promise<DemoAccounts> {
  const repository = app.get(DemoRepository);
  const now = app.get(Clock).now();
  if (options.onlyIfEmpty && (await repository.hasAccounts())) return ACCOUNTS;
  const accounts = demoAccounts(await app.get(Passwords).hash(DEMO_PASSWORD), now);
  const [links, requests, appointments] = [demoLinks(now), demoRequests(now), demoAppointments(now)];
  const { conversations, messages } = demoConversations(now);
  const notifications = demoNotifications({ accounts, requests, appointments, messages }, now);
  await repository.insertMissing('carelinks', links);
  await repository.insertMissing('patientrequests', requests);
  await repository.insertMissing('appointments', appointments);
  await repository.insertMissing('conversations', conversations);
  await repository.insertMissing('messages', messages);
  if ((await repository.insertMissing('notifications', notifications)) > 0)
    await repository.addUnread(unreadByOwner(notifications));
  // Last: who can sign in finds everything in place, and an interrupted load is completed by the next one.
  await repository.insertMissing('users', accounts);
  return ACCOUNTS;
}

function unreadByOwner(notifications: readonly DemoDocument[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const notification of notifications) {
    if (notification['isRead'] === true) continue;
    const owner = (notification['userId'] as DemoDocument['_id']).toHexString();
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  return counts;
}
