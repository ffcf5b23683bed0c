import { hash } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATION_LIST } from '../../src/migrations';
import { MigrationRunner } from '../../src/platform/database';
import { CounterChecks } from '../../src/platform/scheduler';
import { startTestApp, type TestApp } from '../support/app';
import { id, NOW, OldDatabase, type Stored } from '../support/old-database';

const PASSWORD = 'password-of-before';
const hex = (n: number): string => id(n).toHexString();

/** A small clinic as the version before left it: texts for ids, any case, lists in documents, duplicates. */
async function fill(db: OldDatabase): Promise<void> {
  const motDePasse = await hash(PASSWORD, 4);
  const person = (n: number, fields: object) => ({
    _id: id(n),
    nom: `Nom${n}`,
    prenom: 'Prénom',
    motDePasse,
    ...fields,
  });
  await db.insert(
    'users',
    person(1, { role: 'patient', email: 'Patient@Old.example', fcmTokens: ['device-1'], timeZone: 'Europe/Paris' }),
    person(2, {
      role: 'MEDECIN',
      email: 'doctor@old.example',
      specialite: 'Diabétologie',
      numeroOrdre: '75-1',
      listePatients: [hex(1)],
      patientAccessMap: { [hex(1)]: true },
    }),
    person(3, {
      role: 'PHARMACIEN',
      email: 'pharmacy@old.example',
      nomPharmacie: 'P',
      numeroOrdre: '75-2',
      googleSubject: null,
    }),
    // Kept as it is: fields of a doctor are demanded for writes only.
    person(4, { role: 'MEDECIN', email: 'bare@old.example' }),
    person(5, {
      role: 'PHARMACIEN',
      email: 'other@old.example',
      nomPharmacie: 'O',
      numeroOrdre: '75-3',
      location: { type: 'Point' },
    }),
  );
  await db.index('users', { email: 1 }, { unique: true });
  await db.index('users', { numeroOrdre: 1 }, { unique: true, sparse: true });
  await db.insert('sessions', { _id: id(10), userId: hex(1), token: 'old-token', expiresAt: new Date('2099-01-01') });
  await db.index('sessions', { token: 1 }, { unique: true });
  const visit = { patientId: hex(1), doctorId: id(2), dateTime: new Date(Date.now() + 30 * 86_400_000) };
  await db.insert(
    'appointments',
    { _id: id(20), ...visit, type: 'PHYSICAL', status: 'PENDING' },
    { _id: id(21), ...visit, dateTime: new Date('2020-05-05T10:00:00Z'), type: 'online', status: 'completed' },
    { _id: id(22), ...visit, patientId: hex(99), status: 'lost' },
  );
  await db.insert(
    'conversations',
    { _id: id(30), patientId: id(1), doctorId: hex(2) },
    { _id: id(31), patientId: hex(1), doctorId: id(2) },
    { _id: id(32), patientId: id(1), pharmacistId: id(3) },
    { _id: id(33), patientId: id(1), pharmacistId: id(5) },
  );
  const message = { senderId: hex(1), receiverId: hex(2), isRead: false };
  await db.insert(
    'messages',
    ...[1, 2, 3].map((n) => ({
      _id: id(40 + n),
      ...message,
      conversationId: hex(n === 2 ? 31 : 30),
      content: `text ${n}`,
    })),
  );
  const ask = { patientId: hex(1), doctorId: id(4), status: 'pending' };
  await db.insert('patientrequests', { _id: id(50), ...ask }, { _id: id(51), ...ask });
  await db.insert('notifications', { _id: id(60), userId: hex(1), type: 'message', title: 'T', message: 'M' });
  await db.insert('meals', {
    _id: id(70),
    patientId: hex(1),
    name: 'Lunch',
    eatenAt: new Date('2026-01-01'),
    carbs: 30,
  });
  await db.insert('fooditems', { _id: id(71), mealId: hex(70), patientId: hex(1), name: 'Rice', carbs: 30 });
  await db.insert('glucoses', {
    _id: id(80),
    patientId: hex(1),
    value: 5.5,
    unit: 'mmol/L',
    measuredAt: new Date('2026-01-01'),
  });
  // Two lines of one kind without keys, and a request whose pharmacies never heard that it was over.
  const line = { pharmacyId: hex(3), activityType: 'request_received', description: 'New request' };
  await db.insert('pharmacyactivities', { _id: id(90), ...line }, { _id: id(91), ...line });
  await db.insert('medicationrequests', {
    _id: id(92),
    patientId: hex(1),
    medicationName: 'Metformine',
    dosage: '850 mg',
    quantity: 1,
    globalStatus: 'CLOSED',
    expiresAt: '2026-01-02T10:00:00Z',
    pharmacyResponses: [{ pharmacyId: hex(3), status: 'pending', respondedAt: null }],
  });
}

describe('taking over an existing database', () => {
  let db: OldDatabase;
  let t: TestApp;

  beforeAll(async () => {
    db = await OldDatabase.open();
    await fill(db);
  });

  afterAll(async () => {
    await t.close();
    await db.close();
  });

  const signIn = async (email: string): Promise<string> => {
    const { status, body } = await t.http.post('/auth/login', { email, motDePasse: PASSWORD });
    expect(status, email).toBe(200);
    return body.accessToken as string;
  };

  it('says what it would do without doing it', async () => {
    const before = await db.snapshot();
    for (const migration of MIGRATION_LIST) await migration.up(db.connection, { dryRun: true, now: NOW });
    expect(await db.snapshot()).toEqual(before);
  });

  it('happens at the first start, and records what it did', async () => {
    t = await startTestApp({ dbName: db.name });
    const records = (await db.all('schemamigrations')).filter(({ name }) => name !== 'lock');
    expect(records.map(({ name }) => name)).toEqual(MIGRATION_LIST.map(({ name }) => name));
    for (const record of records) expect(record['appliedAt']).toBeInstanceOf(Date);
    const counts = Object.fromEntries(records.map(({ name, counts: done }) => [name, done]));
    expect(counts).toMatchObject({
      '0001-users': { emailClashes: 0 },
      '0002-numero-ordre': { droppedIndexes: 1 },
      '0003-care-links': { links: 1 },
      '0004-device-tokens': { tokens: 1 },
      '0005-sessions': { sessions: 1, droppedIndexes: 1 },
      '0006-references': { dangling: 1 },
      '0007-appointments': { changed: 3, unknownStatus: 1 },
      '0008-glucose': { changed: 1, days: 1 },
      '0009-conversations': { merged: 1, movedMessages: 1, messages: 3 },
      '0010-duplicates': { duplicateRequests: 1 },
      '0012-meals': { meals: 1 },
      '0013-pharmacy': { requests: 1, activities: 2 },
    });
    expect(await db.indexes('users')).toEqual(expect.arrayContaining(['users_email', 'users_numero_ordre']));
    expect(await db.indexes('users')).not.toContain('numeroOrdre_1');
    expect(await db.indexes('sessions')).not.toContain('token_1');
  });

  it('lets people in with their old passwords, and shows what they had', async () => {
    const [patient, doctor] = [await signIn('patient@old.example'), await signIn('doctor@old.example')];
    const get = async (path: string, token: string) => {
      const { status, body } = await t.http.get(path, { token });
      expect(status, path).toBe(200);
      return body;
    };
    expect((await get(`/medecins/${hex(2)}/my-patients`, doctor)).data).toMatchObject([{ _id: hex(1) }]);
    expect((await get(`/patients/${hex(1)}`, doctor))._id).toBe(hex(1));
    const list = await get(`/patients/${hex(1)}/appointments`, patient);
    expect(list.data.map(({ status, type, durationMinutes }: Stored) => [status, type, durationMinutes])).toEqual([
      ['Pending', 'Physical', 30],
      ['Completed', 'Online', 30],
    ]);
    const { conversations } = await get(`/patients/${hex(1)}/conversations`, patient);
    expect(conversations).toHaveLength(3);
    const [ofDoctor] = (await get(`/doctors/${hex(2)}/conversations`, doctor)).conversations;
    expect(ofDoctor).toMatchObject({ _id: hex(30), unreadCount: 3, lastMessage: 'text 3', canSend: true });
    const page = await get(`/conversations/${hex(30)}/messages`, patient);
    expect(page.messages.map(({ content }: Stored) => content)).toEqual(['text 1', 'text 2', 'text 3']);
    const sent = await t.http.post(`/conversations/${hex(30)}/messages`, { content: 'new' }, { token: patient });
    expect(sent.status).toBe(201);
    expect((await get('/notifications/unread-count', patient)).count).toBe(1);
    expect((await get(`/nutrition/meals/${hex(70)}`, patient)).foods).toMatchObject([{ name: 'Rice' }]);
    // The day was marked by the step; whoever reads it builds it.
    const readings = await get('/glucose/my-records', patient);
    expect(readings).toMatchObject({ total: 1, data: [{ value: 5.5, unit: 'mmol/L', source: 'manual' }] });
    const analysis = await get('/glucose/analytics/summary?start=2026-01-01&end=2026-01-02&basis=smbg', patient);
    expect(JSON.stringify(analysis)).toContain('"mean"');
    const answered = await t.http.patch(`/appointments/${hex(20)}`, { status: 'Confirmed' }, { token: doctor });
    expect([answered.status, answered.body.status]).toEqual([200, 'Confirmed']);
    // A state that nobody knows is shown, and no move of it is a fault of the server.
    const lost = await t.http.patch(`/appointments/${hex(22)}`, { notes: 'x' }, { token: doctor, undescribed: true });
    expect(lost.status).toBeLessThan(500);
    const pharmacist = await signIn('pharmacy@old.example');
    expect((await get(`/activity/pharmacy/${hex(3)}`, pharmacist)).total).toBe(2);
    const asked = await get(`/medication-request/pharmacy/${hex(3)}/history`, pharmacist);
    expect(asked.data).toMatchObject([{ globalStatus: 'closed', pharmacyResponses: [{ status: 'expired' }] }]);
    const bare = await signIn('bare@old.example');
    expect((await get('/auth/profile', bare)).role).toBe('MEDECIN');
    expect((await get(`/doctors/${hex(4)}/patient-requests`, bare)).total).toBe(1);
    await t.settle();
    expect(await t.app.get(CounterChecks).run()).toEqual([]);
  });

  it('changes nothing at the next start', async () => {
    expect(await t.app.get(MigrationRunner).preview()).toEqual({ applied: [] });
    expect(await t.app.get(MigrationRunner).run()).toEqual({ applied: [] });
  });

  it('costs an empty database one write', async () => {
    const empty = await startTestApp();
    const records = (await empty.db.collection('schemamigrations').find().toArray()).filter(
      ({ name }) => name !== 'lock',
    );
    expect(records.map(({ name, counts }) => [name, counts as unknown])).toEqual(
      MIGRATION_LIST.map(({ name }) => [name, {}]),
    );
    await empty.close();
  });
});
