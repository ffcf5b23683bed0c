import type { INestApplicationContext } from '@nestjs/common';
import { Clock } from '../common/time';
import { Passwords } from '../platform/crypto';
import { type Tx, UnitOfWork } from '../platform/database';
import { demoAccounts, demoEmail } from './accounts';
import { demoAppointments } from './appointments';
import { demoLinks, demoRequests } from './care';
import { demoBoosts } from './boosts';
import { demoConversations } from './conversations';
import { type DemoDocument, DemoRepository } from './demo.repository';
import { loadGlucoseHistories } from './glucose-histories';
import { demoMeals } from './meals';
import { demoNotifications } from './notifications';
import { DemoLedger } from './pharmacy-ledger';
import { demoMedicationRequests, demoOpinions } from './requests';

/** Password of every demo account; printed by quickstart, never used elsewhere. */
const DEMO_PASSWORD = 'demo-passphrase';
const LONGEST_APPOINTMENT_MS = 4 * 3_600_000;

/** What the demo data offer a newcomer. */
export interface DemoAccounts {
  /** One of each role. */
  readonly accounts: readonly { readonly role: string; readonly email: string; readonly password: string }[];
  /** One shell line that signs in the demo patient. @param address of the running server, as `http://HOST:PORT` */
  readonly curl: (address: string) => string;
}

const DEMO: DemoAccounts = {
  accounts: (
    [
      ['PATIENT', 'patient'],
      ['MEDECIN', 'doctor'],
      ['PHARMACIEN', 'pharmacist'],
      ['ADMIN', 'admin'],
    ] as const
  ).map(([role, key]) => ({ role, email: demoEmail(key), password: DEMO_PASSWORD })),
  curl: (address) => {
    const body = JSON.stringify({ email: demoEmail('patient'), motDePasse: DEMO_PASSWORD });
    return `curl -s -X POST ${address}/api/auth/login -H 'Content-Type: application/json' -d '${body}'`;
  },
};

/**
 * Loads a clinic: 3 doctors, 60 patients, 12 pharmacies in three cities with boosts, requests and opinions, an ADMIN,
 * links, requests, a month of appointments around today, two weeks of meals, ninety days of glucose, conversations,
 * notifications. All or nothing but for the readings; ids are fixed, so a second load adds only the days that have
 * come near since, and no other account is touched.
 * @throws Error when somebody else has the e-mail of a demo account
 */
export async function loadDemoData(
  app: INestApplicationContext,
  options: { onlyIfEmpty: boolean },
): Promise<DemoAccounts> {
  const repository = app.get(DemoRepository);
  if (options.onlyIfEmpty && (await repository.hasAccounts())) return DEMO;
  const now = app.get(Clock).now();
  const accounts = demoAccounts(await app.get(Passwords).hash(DEMO_PASSWORD), now);
  const foreign = await repository.foreignEmail(accounts);
  if (foreign !== null) throw new Error(`The demo data need the e-mail ${foreign}, which an account already has`);
  await app.get(UnitOfWork).run(async (tx) => {
    await insertClinic(repository, tx, accounts, now);
    await insertPharmacyLife(app, repository, tx, now);
  });
  await loadGlucoseHistories(app, now);
  return DEMO;
}

/** What is there stays as it is; notifications are made for what is new, as the server would have made them. */
async function insertClinic(
  repository: DemoRepository,
  tx: Tx,
  accounts: readonly DemoDocument[],
  now: Date,
): Promise<void> {
  await repository.insertMissing(tx, 'users', accounts);
  const { boosts, activities } = demoBoosts(now);
  await repository.insertMissing(tx, 'boosts', boosts);
  await repository.insertMissing(tx, 'pharmacyactivities', activities);
  await repository.insertMissing(tx, 'carelinks', demoLinks(now));
  const requests = await repository.insertMissing(tx, 'patientrequests', demoRequests(now));
  const free = await withoutTakenTimes(repository, tx, accounts, demoAppointments(now));
  const appointments = await repository.insertMissing(tx, 'appointments', free);
  if (appointments.length > 0)
    await repository.forgetAppointmentCounts(
      tx,
      accounts.map((account) => account._id),
    );
  const eaten = demoMeals(now);
  await repository.insertMissing(tx, 'meals', eaten.meals);
  await repository.insertMissing(tx, 'fooditems', eaten.fooditems);
  await repository.forgetCounts(
    tx,
    accounts.map(({ _id }) => _id),
  );
  const talks = demoConversations(now);
  await repository.insertMissing(tx, 'conversations', talks.conversations);
  const messages = await repository.insertMissing(tx, 'messages', talks.messages);
  const told = demoNotifications({ accounts, requests, appointments, messages }, now);
  const notifications = await repository.insertMissing(tx, 'notifications', told);
  await repository.addUnread(tx, unreadByOwner(notifications));
}

/** Requests to pharmacies with reviews and ratings; ledgers and figures are entered for what is new. */
async function insertPharmacyLife(
  app: INestApplicationContext,
  repository: DemoRepository,
  tx: Tx,
  now: Date,
): Promise<void> {
  const ledger = new DemoLedger(app, tx);
  const all = demoMedicationRequests(now);
  for (const request of await repository.insertMissing(tx, 'medicationrequests', all)) await ledger.request(request);
  const opinions = demoOpinions(all);
  const reviews = await repository.insertMissing(tx, 'reviews', opinions.reviews);
  const ratings = await repository.insertMissing(tx, 'ratings', opinions.ratings);
  for (const review of reviews) await ledger.opinion('review', review);
  for (const rating of ratings) await ledger.opinion('rating', rating);
  await ledger.totals([...reviews, ...ratings], now);
}

/** Leaves out the appointments whose doctor or patient has booked something else at that time meanwhile. */
async function withoutTakenTimes(
  repository: DemoRepository,
  tx: Tx,
  accounts: readonly DemoDocument[],
  appointments: readonly DemoDocument[],
): Promise<DemoDocument[]> {
  const first = Math.min(...appointments.map((appointment) => (appointment['dateTime'] as Date).getTime()));
  const people = accounts.map((account) => account._id);
  const booked = await repository.openAppointments(tx, people, new Date(first - LONGEST_APPOINTMENT_MS));
  return appointments.filter((wanted) => !booked.some((other) => collides(wanted, other)));
}

function collides(wanted: DemoDocument, other: DemoDocument): boolean {
  const sharesPerson = ['doctorId', 'patientId'].some((side) =>
    (wanted[side] as DemoDocument['_id']).equals(other[side] as DemoDocument['_id']),
  );
  const overlaps =
    (wanted['dateTime'] as Date) < (other['endTime'] as Date) &&
    (other['dateTime'] as Date) < (wanted['endTime'] as Date);
  return sharesPerson && overlaps && !wanted._id.equals(other._id);
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
