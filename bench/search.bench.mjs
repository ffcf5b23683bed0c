/** Search over 100,000 accounts: a page for the ADMIN, by a rare name, a common syllable and one letter. */
import { call, ObjectId, startStage } from './lib/server.mjs';
import { medianLatency, report, roundTrips } from './lib/measure.mjs';

const ACCOUNTS = 100_000;
const BATCH = 5_000;
const SYLLABLES = [
  'ba',
  'cho',
  'dri',
  'el',
  'fou',
  'ga',
  'hi',
  'jo',
  'ka',
  'lem',
  'mar',
  'nou',
  'or',
  'pa',
  'qui',
  'ran',
];

/** A name of two syllables and a number, the same in every run. */
function account(index) {
  const pick = (shift) => SYLLABLES[(index >> shift) % SYLLABLES.length];
  const [nom, prenom] = [`${pick(0)}${pick(4)}${index}`, `${pick(8)}${pick(12)}`];
  const email = `${prenom}.${index}@bench.example`;
  const createdAt = new Date(Date.UTC(2025, 0, 1) + index * 60_000);
  return {
    _id: new ObjectId(),
    role: 'PATIENT',
    nom,
    prenom,
    email,
    statutCompte: 'ACTIF',
    timeZone: 'UTC',
    locale: 'en',
    searchText: `${nom} ${prenom} ${nom} ${email}`,
    profilMedical: {},
    createdAt,
    updatedAt: createdAt,
    __v: 0,
  };
}

const stage = await startStage({ floor: false });
try {
  const users = stage.db.collection('users');
  for (let from = 0; from < ACCOUNTS; from += BATCH)
    await users.insertMany(Array.from({ length: BATCH }, (_, index) => account(from + index)));
  const admin = await call(stage.api, 'POST', '/auth/login', undefined, stage.admin);
  const cases = [
    ['list, first page', '/users'],
    ['list, one role', '/users?role=PATIENT'],
    ['search, one account', '/users?search=77777'],
    ['search, a syllable', '/users?search=chodri'],
    ['search, one letter', '/users?search=a'],
    ['search, nobody', '/users?search=zzzzz'],
    ['search by name, one role', '/patients/search/by-name-or-email?query=bachodri'],
    ['statistics', '/users/stats'],
  ];
  for (const [name, path] of cases) {
    const ms = await medianLatency(`${stage.api}${path}`, admin.accessToken, 10);
    const trips = roundTrips(stage.server.lines, `/api${path.split('?')[0]}`);
    report(name, ms, undefined, `ms; goal 50; ${trips} round trips`);
  }
} finally {
  await stage.stop();
}
process.exit(0);
