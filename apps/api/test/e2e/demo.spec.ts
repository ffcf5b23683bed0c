import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemoData } from '../../src/demo';
import { RollupMaintenance } from '../../src/modules/glucose';
import { CounterChecks } from '../../src/platform/scheduler';
import { startTestApp, type TestApp } from '../support/app';
import { readPage } from '../support/pages';

const DEMO_DOMAIN = /@demo\.diabcare\.example$/;
const DAY_MS = 86_400_000;
/** A month of everybody's data, on a machine that does other things as well. */
const LOADING_MS = 240_000;
const COLLECTIONS = [
  'users',
  'carelinks',
  'patientrequests',
  'appointments',
  'conversations',
  'messages',
  'notifications',
  'usercounters',
  'meals',
  'fooditems',
  'boosts',
  'pharmacyactivities',
];

type Stored = Record<string, unknown>;

/** Everything stored, by collection and id; leases and locks of the running server aside. */
async function snapshot(t: TestApp): Promise<Record<string, Record<string, Stored>>> {
  const contents = await Promise.all(
    COLLECTIONS.map(async (name) => {
      const documents = await t.db.collection(name).find().toArray();
      return [name, Object.fromEntries(documents.map((document) => [String(document._id), document]))] as const;
    }),
  );
  return Object.fromEntries(contents);
}

/** Appointments that share a person and a time, as pairs of ids; only what still blocks a time. */
async function overlaps(t: TestApp): Promise<string[]> {
  const open = await t.db
    .collection('appointments')
    .find({ status: { $in: ['Pending', 'Confirmed'] } })
    .toArray();
  const found: string[] = [];
  for (const a of open) {
    for (const b of open) {
      if (String(a._id) >= String(b._id) || a['dateTime'] >= b['endTime'] || b['dateTime'] >= a['endTime']) continue;
      if (String(a['doctorId']) === String(b['doctorId']) || String(a['patientId']) === String(b['patientId']))
        found.push(`${String(a._id)} ${String(b._id)}`);
    }
  }
  return found;
}

async function signIn(t: TestApp, key: string) {
  const credentials = { email: `${key}@demo.diabcare.example`, motDePasse: 'demo-passphrase' };
  const { status, body } = await t.http.post('/auth/login', credentials);
  expect(status, key).toBe(200);
  return { token: body.accessToken as string, id: body.user._id as string };
}

// One clinic for all: loading it takes longer than everything else here.
let t: TestApp;

beforeAll(async () => {
  t = await startTestApp();
  // A Thursday: the demo patient's weekly visit is behind and ahead.
  t.clock.freeze('2031-05-15T10:00:00Z');
});

afterAll(async () => {
  await t.close();
});

describe('loading the demo data', { timeout: LOADING_MS }, () => {
  it('does nothing beside an account, when only an empty database is to be filled', async () => {
    const own = await t.actors.asPatient();
    const before = await snapshot(t);
    const { accounts } = await loadDemoData(t.app, { onlyIfEmpty: true });
    expect(accounts).toHaveLength(4);
    expect(await snapshot(t)).toEqual(before);
    expect((await own.get('/auth/profile')).body.email).toBe(own.email);
  });

  it('makes the clinic and leaves what was there as it was', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    await t.settle();
    const before = await snapshot(t);
    await loadDemoData(t.app, { onlyIfEmpty: false });
    const after = await snapshot(t);
    for (const name of COLLECTIONS) expect(after[name]).toMatchObject(before[name] ?? {});
    const roles = await Promise.all(
      ['PATIENT', 'MEDECIN', 'PHARMACIEN', 'ADMIN'].map((role) =>
        t.db.collection('users').countDocuments({ role, email: DEMO_DOMAIN }),
      ),
    );
    expect(roles).toEqual([60, 3, 12, 1]);
    const zones = await t.db.collection('users').distinct('timeZone', { role: 'PATIENT', email: DEMO_DOMAIN });
    expect(new Set(zones)).toEqual(new Set(['Africa/Tunis', 'America/Montreal', 'Europe/Paris']));
  });

  it('answers the first call of the README as it is printed there', async () => {
    const { text, blocks } = readPage('README.md');
    const curl = blocks.find((block) => block.text.startsWith('curl '))?.text.replaceAll('\\\n', ' ') ?? '';
    const [, method = '', path = '', type, payload] =
      /^curl -s -X (\w+) http:\/\/127\.0\.0\.1:3000\/api(\S+) -H 'Content-Type: (\S+)'\s+-d '([^']+)'\s*$/.exec(curl) ??
      [];
    expect(type).toBe('application/json');
    const { status, body } = await t.http.call(method, path, undefined, { raw: payload ?? '' });
    expect(status).toBe(200);
    const printed = JSON.parse(blocks.find(({ language }) => language === 'json')?.text ?? '') as Record<
      string,
      object
    >;
    expect(Object.keys(body).sort()).toEqual(Object.keys(printed).sort());
    const { '...': _rest, ...user } = printed['user'] as Record<string, string>;
    expect(body).toMatchObject({ user, expiresIn: printed['expiresIn'] });
    const next = /to `GET \/api(\S+)`/.exec(text)?.[1] ?? '';
    expect((await t.http.get(next, { token: body.accessToken as string })).status).toBe(200);
  });

  it('gives thirty-six patients ninety days of glucose, with rollups that are the readings', async () => {
    const { accounts } = await loadDemoData(t.app, { onlyIfEmpty: true });
    const [{ email, password } = { email: '', password: '' }] = accounts;
    const { body } = await t.http.post('/auth/login', { email, motDePasse: password });
    const get = (path: string) => t.http.get(path, { token: body.accessToken as string });
    const summary = (await get('/glucose/analytics/summary?days=90')).body;
    expect(summary).toMatchObject({ basis: 'cgm', sufficiency: { sufficient: true, intervalMinutes: 5 } });
    // today has no reading yet in its first minutes
    expect(summary.sufficiency.daysWithData).toBeGreaterThanOrEqual(89);
    expect(summary.mean).toBeGreaterThan(90);
    expect(summary.mean).toBeLessThan(220);
    expect(
      (await get('/glucose/analytics/episodes?days=90')).body.totals.map(({ count }: { count: number }) => count > 0),
    ).toContain(true);
    const [glucoses, days] = [t.db.collection('glucoses'), t.db.collection('glucosedays')];
    expect(await days.distinct('patientId')).toHaveLength(36);
    expect(await days.countDocuments({ dirty: true })).toBe(0);
    expect(await glucoses.distinct('patientId', { unit: 'mmol/L' })).toHaveLength(2);
    expect(await t.app.get(RollupMaintenance).differences(body.user._id as string)).toEqual([]);
  });

  it('changes nothing the second time', { timeout: 120_000 }, async () => {
    const before = await snapshot(t);
    await loadDemoData(t.app, { onlyIfEmpty: false });
    await loadDemoData(t.app, { onlyIfEmpty: true });
    expect(await snapshot(t)).toEqual(before);
  });

  it('stores what the server itself would store, and nothing else', async () => {
    await t.actors.asPharmacist();
    const models = Object.values(t.db.models).filter((model) => COLLECTIONS.includes(model.collection.collectionName));
    expect(models).toHaveLength(COLLECTIONS.length);
    for (const model of models) {
      const documents = await model.collection.find().toArray();
      // A registration stores more than the schema names: defaults of the role.
      const registered = documents.filter(({ email }) => email !== undefined && !DEMO_DOMAIN.test(String(email)));
      const paths = Object.keys(model.schema.paths).map((path) => path.split('.')[0]);
      const known = new Set([...paths, ...registered.flatMap((document) => Object.keys(document))]);
      for (const document of documents) {
        await new model(document).validate();
        const unknown = Object.keys(document).filter((key) => !known.has(key));
        expect(unknown, model.modelName).toEqual([]);
      }
    }
  });

  it('lets every account in, one of each role as printed', async () => {
    const { accounts } = await loadDemoData(t.app, { onlyIfEmpty: true });
    expect(accounts.map(({ role }) => role)).toEqual(['PATIENT', 'MEDECIN', 'PHARMACIEN', 'ADMIN']);
    for (const { role, email, password } of accounts) {
      const { status, body } = await t.http.post('/auth/login', { email, motDePasse: password });
      expect([status, body.user.role]).toEqual([200, role]);
    }
    const emails = (await t.db.collection('users').find().toArray()).map(({ email }) => String(email));
    const keys = emails.filter((email) => DEMO_DOMAIN.test(email)).map((email) => email.replace(DEMO_DOMAIN, ''));
    expect(keys).toHaveLength(76);
    for (const key of keys) await signIn(t, key);
    const wrong = await t.http.post('/auth/login', { email: accounts[0]?.email, motDePasse: 'not-the-password' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'INVALID_CREDENTIALS']);
  });

  it('prints a line for the shell that works as it is', async () => {
    const { curl } = await loadDemoData(t.app, { onlyIfEmpty: true });
    const { stdout } = await promisify(execFile)('sh', ['-c', curl(t.url.replace(/\/api$/, ''))]);
    expect(JSON.parse(stdout).user.email).toBe('patient@demo.diabcare.example');
  });

  it('agrees with its counters and books nobody twice', async () => {
    expect(await t.app.get(CounterChecks).run()).toEqual([]);
    expect(await overlaps(t)).toEqual([]);
  });

  it('finds a counter that was tampered with', async () => {
    const counters = t.db.collection('usercounters');
    const some = { userId: (await counters.findOne({ unreadNotifications: { $gt: 0 } }))?.['userId'] as unknown };
    await counters.updateOne(some, { $inc: { unreadNotifications: 3 } });
    const differences = await t.app.get(CounterChecks).run();
    expect(differences.map(({ counter, stored, counted }) => [counter, stored - counted])).toEqual([
      ['usercounters.unreadNotifications', 3],
    ]);
    await counters.updateOne(some, { $inc: { unreadNotifications: -3 } });
  });
});

describe('the demo clinic in use', { timeout: LOADING_MS }, () => {
  it('has something to show on every screen of the doctor and the patient', async () => {
    const doctor = await signIn(t, 'doctor');
    const patient = await signIn(t, 'patient');
    const asDoctor = async (path: string) => (await t.http.get(path, { token: doctor.token })).body;
    const asPatient = async (path: string) => (await t.http.get(path, { token: patient.token })).body;
    expect((await asDoctor(`/doctors/${doctor.id}/appointments?limit=100`)).total).toBeGreaterThan(40);
    expect((await asDoctor(`/doctors/${doctor.id}/patient-requests`)).total).toBeGreaterThan(0);
    expect((await asDoctor(`/doctors/${doctor.id}/conversations`)).conversations.length).toBeGreaterThan(10);
    expect((await asDoctor('/notifications')).unreadCount).toBeGreaterThan(5);
    const own = (await asPatient(`/patients/${patient.id}/appointments`)).data as Stored[];
    const now = t.clock.now().toISOString();
    expect(own.some((appointment) => String(appointment['dateTime']) < now)).toBe(true);
    expect(own.some((appointment) => String(appointment['dateTime']) > now)).toBe(true);
    expect((await asPatient(`/patients/${patient.id}/conversations`)).conversations.length).toBe(2);
    expect((await asPatient('/notifications/unread-count')).count).toBeGreaterThan(0);
    expect((await asPatient('/nutrition/meals')).total).toBeGreaterThan(50);
    // 13 days of three meals and a snack, and noon in Paris: breakfast is behind.
    expect(await asPatient('/nutrition/stats/daily-carbs?date=2031-05-14')).toMatchObject({ mealCount: 4 });
    expect((await asPatient('/nutrition/stats/weekly-macros')).mealCount).toBe(25);
  });

  it('keeps to the working hours of the doctors, the past decided and the future open', async () => {
    const doctors = await t.db.collection('users').find({ role: 'MEDECIN' }).toArray();
    const zones = new Map(doctors.map((doctor) => [String(doctor._id), String(doctor['timeZone'])]));
    const statuses = { past: new Set<unknown>(), future: new Set<unknown>() };
    for (const appointment of await t.db.collection('appointments').find().toArray()) {
      const when = appointment['dateTime'] as Date;
      const timeZone = zones.get(String(appointment['doctorId'])) ?? '';
      const local = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', hour12: false });
      expect(local.format(when)).toMatch(/^(Mon|Tue|Wed|Thu|Fri),? (09|10|11|14|15|16)$/);
      expect(Math.abs(when.getTime() - t.clock.now().getTime())).toBeLessThan(17 * DAY_MS);
      statuses[(appointment['endTime'] as Date) <= t.clock.now() ? 'past' : 'future'].add(appointment['status']);
    }
    expect(statuses.past).toEqual(new Set(['Completed', 'Cancelled']));
    expect(statuses.future).toEqual(new Set(['Pending', 'Confirmed', 'Cancelled']));
  });

  it('says nothing that has not happened yet', async () => {
    const now = t.clock.now();
    for (const name of ['messages', 'notifications', 'patientrequests', 'carelinks', 'users', 'meals']) {
      for (const field of ['createdAt', 'updatedAt', 'timestamp', 'readAt'])
        expect(await t.db.collection(name).countDocuments({ [field]: { $gt: now } }), `${name}.${field}`).toBe(0);
    }
  });

  it('grows by the days that come near, around what its people have booked and read meanwhile', async () => {
    const patient = await signIn(t, 'patient');
    const doctor = await signIn(t, 'doctor');
    expect((await t.http.patch('/notifications/read-all', undefined, { token: doctor.token })).status).toBe(200);
    // The first slot of the demo patient's doctor on the Wednesday after the loaded month, 9:00 in Paris.
    const booking = {
      patientId: patient.id,
      doctorId: doctor.id,
      dateTime: '2031-06-04T07:10:00Z',
      type: 'Physical',
      durationMinutes: 60,
    };
    const booked = await t.http.post('/appointments', booking, { token: patient.token });
    expect(booked.status).toBe(201);
    await t.settle();
    const before = await t.db.collection('appointments').countDocuments();
    const unread = async () =>
      (await t.http.get('/notifications/unread-count', { token: (await signIn(t, 'doctor')).token })).body.count;
    expect(await unread()).toBe(1);
    t.clock.advance(9 * DAY_MS);
    await loadDemoData(t.app, { onlyIfEmpty: false });
    // What the new readings set off is told by the outbox.
    await t.settle();
    expect(await t.db.collection('appointments').countDocuments()).toBeGreaterThan(before + 20);
    expect(await overlaps(t)).toEqual([]);
    expect(await t.app.get(CounterChecks).run()).toEqual([]);
    // The booking, and what the new days brought; not what had been read.
    expect(await unread()).toBeGreaterThan(1);
    expect(await unread()).toBeLessThan(40);
  });

  it('is refused, whole, where somebody else has the e-mail of a demo account', async () => {
    const other = await startTestApp();
    try {
      await other.actors.asPatient({ email: 'patient7@demo.diabcare.example' });
      await expect(loadDemoData(other.app, { onlyIfEmpty: false })).rejects.toThrow('patient7@demo.diabcare.example');
      expect(await other.db.collection('users').countDocuments()).toBe(2);
      expect(await other.db.collection('appointments').countDocuments()).toBe(0);
    } finally {
      await other.close();
    }
  });
});
