import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';

describe('registration', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  it('makes each role with its view and a session', async () => {
    const patient = await t.http.post(
      '/auth/register/patient',
      {
        nom: ' Benali ',
        prenom: 'Youssef',
        email: ' Y.Benali@Test.Example ',
        motDePasse: 'passphrase',
        dateNaissance: '1985-04-12',
        typeDiabete: 'type_1',
        groupeSanguin: 'o+',
        latitude: 48.8,
        longitude: 2.3,
        timeZone: 'Europe/Paris',
        telephone: '',
      },
      { headers: { 'accept-language': 'fr' } },
    );
    expect(patient.status).toBe(201);
    expect(patient.body).toMatchObject({
      expiresIn: 604_800,
      user: {
        role: 'PATIENT',
        nom: 'Benali',
        email: 'y.benali@test.example',
        dateNaissance: '1985-04-12T00:00:00.000Z',
        typeDiabete: 'TYPE_1',
        groupeSanguin: 'O+',
        locale: 'fr',
        location: { type: 'Point', coordinates: [2.3, 48.8] },
        statutCompte: 'ACTIF',
      },
    });
    expect(patient.body.user).not.toHaveProperty('telephone');
    for (const banned of ['motDePasse', '__v', 'searchText', 'deletedAt'])
      expect(patient.body.user).not.toHaveProperty(banned);
    const doctor = await t.http.post('/auth/register/medecin', {
      nom: 'A',
      prenom: 'B',
      email: 'doc@test.example',
      motDePasse: 'passphrase',
      specialite: 'Endo',
      numeroOrdre: '42',
    });
    expect(doctor.body.user).toMatchObject({
      role: 'MEDECIN',
      anneesExperience: 0,
      disponible: true,
      noteMoyenne: 0,
      nombreNotes: 0,
      listePatients: [],
    });
    const pharmacist = await t.http.post('/auth/register/pharmacien', {
      nom: 'A',
      prenom: 'B',
      email: 'ph@test.example',
      motDePasse: 'passphrase',
      nomPharmacie: 'P',
      numeroOrdre: '42',
    });
    expect(pharmacist.body.user).toMatchObject({
      role: 'PHARMACIEN',
      listeMedicamentsDisponibles: [],
      badgeLevel: 'bronze',
      isOnDuty: false,
    });
  });

  it('refuses what is taken, weak or not of the role', async () => {
    const base = { nom: 'A', prenom: 'B', motDePasse: 'passphrase' };
    expect(
      (
        await t.http.post('/auth/register/medecin', {
          ...base,
          email: 'Y.BENALI@test.example',
          specialite: 'x',
          numeroOrdre: '1',
        })
      ).body,
    ).toMatchObject({ statusCode: 409, code: 'EMAIL_TAKEN' });
    expect(
      (
        await t.http.post('/auth/register/medecin', {
          ...base,
          email: 'n1@test.example',
          specialite: 'x',
          numeroOrdre: '42',
        })
      ).body.code,
    ).toBe('NUMERO_ORDRE_TAKEN');
    expect(
      (
        await t.http.post('/auth/register/patient', {
          ...base,
          email: 'passphrase@test.example',
          motDePasse: 'passphrase@test.example',
        })
      ).body.code,
    ).toBe('WEAK_PASSWORD');
    const foreign = [
      'role',
      'statutCompte',
      'profilMedical',
      'numeroOrdre',
      'points',
      'deletedAt',
      'emailVerifiedAt',
      'googleSubject',
      '_id',
      '__v',
      'searchText',
      'listePatients',
      'noteMoyenne',
    ];
    for (const key of foreign) {
      const response = await t.http.post('/auth/register/patient', {
        ...base,
        email: 'n2@test.example',
        [key]: 'ADMIN',
      });
      expect(response.body.details, key).toEqual([{ field: key, rule: 'unknown' }]);
    }
    const bad: [string, unknown][] = [
      ['email', 'a@b'],
      ['motDePasse', 'short'],
      ['nom', ''],
      ['dateNaissance', '2999-01-01'],
      ['dateNaissance', '2001-02-29'],
      ['timeZone', 'Mars/Base'],
      ['photoProfil', 'http://x.example/a.png'],
      ['latitude', 91],
      ['sexe', 'X'],
      ['locale', 'de'],
    ];
    for (const [key, value] of bad)
      expect(
        (await t.http.post('/auth/register/patient', { ...base, email: 'n3@test.example', [key]: value })).status,
        key,
      ).toBe(400);
    expect(
      (await t.http.post('/auth/register/patient', { ...base, email: 'n3@test.example', latitude: 1 })).body.details,
    ).toEqual([{ field: 'longitude', rule: 'required' }]);
  });

  it('keeps professionals waiting when approval is required', async () => {
    const strict = await startTestApp({ config: { auth: { requireProfessionalApproval: true } } });
    const body = {
      nom: 'A',
      prenom: 'B',
      email: 'doc@test.example',
      motDePasse: 'passphrase',
      specialite: 'Endo',
      numeroOrdre: '42',
    };
    const { body: registered } = await strict.http.post('/auth/register/medecin', body);
    expect(registered).toMatchObject({
      accessToken: null,
      refreshToken: null,
      expiresIn: 0,
      user: { statutCompte: 'INACTIF' },
    });
    const login = { email: body.email, motDePasse: body.motDePasse };
    expect((await strict.http.post('/auth/login', login)).body.code).toBe('ACCOUNT_INACTIVE');
    const admin = await strict.actors.asAdmin();
    expect((await admin.patch(`/users/${registered.user._id}`, { statutCompte: 'actif' })).body.statutCompte).toBe(
      'ACTIF',
    );
    expect((await strict.http.post('/auth/login', login)).status).toBe(200);
    await strict.close();
  });
});

describe('sign-in', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  it('answers unknown, wrong and passwordless alike', async () => {
    const patient = await t.actors.asPatient();
    const wrong = await t.http.post('/auth/login', { email: patient.email, motDePasse: 'nope' });
    const unknown = await t.http.post('/auth/login', { email: 'nobody@test.example', motDePasse: 'nope' });
    expect(wrong.body).toMatchObject({ statusCode: 401, code: 'INVALID_CREDENTIALS' });
    expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
    expect(
      (await t.http.post('/auth/login', { email: patient.email.toUpperCase(), motDePasse: patient.password })).status,
    ).toBe(200);
  });

  it('locks an address after five failures, for longer each time, and forgets on success', async () => {
    const patient = await t.actors.asPatient();
    const login = (motDePasse: string, email = patient.email) => t.http.post('/auth/login', { email, motDePasse });
    t.clock.freeze();
    for (let failure = 0; failure < 5; failure += 1) expect((await login('wrong')).status).toBe(401);
    for (const seconds of [60, 120, 240, 480, 900, 900]) {
      const locked = await login(patient.password);
      expect(locked.body).toMatchObject({ statusCode: 429, code: 'LOGIN_LOCKED' });
      expect(Number(locked.headers.get('retry-after'))).toBe(seconds);
      t.clock.advance(seconds * 1_000 + 1);
      expect((await login('wrong')).status).toBe(401);
    }
    t.clock.advance(900_001);
    expect((await login(patient.password)).status).toBe(200);
    for (let failure = 0; failure < 4; failure += 1) await login('wrong');
    expect((await login(patient.password)).status).toBe(200);
    for (let failure = 0; failure < 5; failure += 1) await login('x', 'nobody@else.example');
    expect((await login('x', 'nobody@else.example')).body.code).toBe('LOGIN_LOCKED');
    t.clock.release();
  });

  it('locks a client after twenty failures over any addresses, and a wrong currentPassword counts', async () => {
    const limited = await startTestApp({ config: { auth: { loginMaxFailuresPerIp: 20 } } });
    const patient = await limited.actors.asPatient();
    const guess = (n: number) =>
      limited.http.post('/auth/login', { email: `guess-${n}@test.example`, motDePasse: 'wrong' });
    for (let n = 0; n < 19; n += 1) expect((await guess(n)).status).toBe(401);
    const wrong = await patient.patch(`/users/${patient.id}`, { email: 'x@test.example', currentPassword: 'wrong' });
    expect(wrong.body.code).toBe('CURRENT_PASSWORD_WRONG');
    const login = { email: patient.email, motDePasse: patient.password };
    expect((await limited.http.post('/auth/login', login)).body.code).toBe('LOGIN_LOCKED');
    const change = { currentPassword: patient.password, newPassword: 'a new passphrase' };
    expect((await patient.post('/auth/change-password', change)).body.code).toBe('LOGIN_LOCKED');
    limited.clock.advance(60_001);
    expect((await limited.http.post('/auth/login', login)).status).toBe(200);
    await limited.close();
  });

  it('verifies an old bcrypt hash and replaces it', async () => {
    const patient = await t.actors.asPatient();
    const { hashSync } = await import('bcryptjs');
    await t.db
      .collection('users')
      .updateOne({ email: patient.email }, { $set: { motDePasse: hashSync('old-one', 4) } });
    expect((await t.http.post('/auth/login', { email: patient.email, motDePasse: 'old-one' })).status).toBe(200);
    const stored = await t.db.collection('users').findOne({ email: patient.email });
    expect(stored?.['motDePasse']).toMatch(/^\$argon2id\$/);
    expect((await t.http.post('/auth/login', { email: patient.email, motDePasse: 'old-one' })).status).toBe(200);
  });
});

describe('accounts', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  it('changes a password, ends all sessions and opens one', async () => {
    const patient = await t.actors.asPatient();
    const change = (body: object) => patient.post('/auth/change-password', body);
    expect((await change({ currentPassword: 'wrong', newPassword: 'another-one' })).body).toMatchObject({
      statusCode: 403,
      code: 'CURRENT_PASSWORD_WRONG',
    });
    expect((await change({ currentPassword: patient.password, newPassword: patient.password })).body.code).toBe(
      'WEAK_PASSWORD',
    );
    const { body } = await change({ currentPassword: patient.password, newPassword: 'another-one' });
    expect(Object.keys(body).sort()).toEqual(['accessToken', 'expiresIn', 'message', 'refreshToken']);
    expect((await patient.get('/auth/profile')).body.code).toBe('SESSION_REVOKED');
    expect((await t.http.get('/auth/profile', { token: body.accessToken })).status).toBe(200);
    expect((await t.http.post('/auth/login', { email: patient.email, motDePasse: 'another-one' })).status).toBe(200);
  });

  it('lets self and ADMIN read and change, nobody else', async () => {
    const [patient, stranger, admin] = await Promise.all([
      t.actors.asPatient(),
      t.actors.asDoctor(),
      t.actors.asAdmin(),
    ]);
    expect((await stranger.get(`/users/${patient.id}`)).body.code).toBe('FORBIDDEN_SPACE');
    expect((await stranger.patch(`/users/${patient.id}`, { nom: 'X' })).body.code).toBe('FORBIDDEN_SPACE');
    expect((await admin.get(`/users/${patient.id}`)).body.email).toBe(patient.email);
    expect((await admin.get('/users/507f1f77bcf86cd799439011')).status).toBe(404);
    const changed = await patient.patch(`/users/${patient.id}`, { nom: 'Nouveau', telephone: '+33 1', locale: 'FR' });
    expect(changed.body).toMatchObject({ nom: 'Nouveau', telephone: '+33 1', locale: 'fr' });
    expect((await patient.patch(`/users/${patient.id}`, { telephone: '' })).body).not.toHaveProperty('telephone');
    expect((await patient.patch(`/users/${patient.id}`, { nom: null })).body.details).toEqual([
      { field: 'nom', rule: 'required' },
    ]);
    expect((await patient.patch(`/users/${patient.id}`, { email: 'new@test.example' })).body.code).toBe(
      'CURRENT_PASSWORD_REQUIRED',
    );
    expect((await patient.patch(`/users/${patient.id}`, { statutCompte: 'INACTIF' })).body.code).toBe(
      'FIELD_NOT_ALLOWED',
    );
    expect((await patient.patch(`/users/${patient.id}`, { reason: 'x' })).body.code).toBe('FIELD_NOT_ALLOWED');
    expect((await patient.patch(`/users/${patient.id}`, { statutCompte: 'ACTIF', nom: 'Encore' })).body.nom).toBe(
      'Encore',
    );
    expect((await admin.patch(`/users/${patient.id}`, { motDePasse: 'passphrase' })).body.code).toBe(
      'FIELD_NOT_ALLOWED',
    );
    expect((await admin.patch(`/users/${patient.id}`, { email: stranger.email })).body.code).toBe('EMAIL_TAKEN');
    const suspended = await admin.patch(`/users/${patient.id}`, { statutCompte: 'SUSPENDU', reason: 'test' });
    expect(suspended.body.statutCompte).toBe('SUSPENDU');
    expect((await patient.get('/auth/profile')).body.code).toBe('SESSION_REVOKED');
    expect((await admin.patch(`/users/${admin.id}`, { statutCompte: 'INACTIF' })).body).toMatchObject({
      statusCode: 409,
      code: 'LAST_ADMIN',
    });
  });

  it('frees an address when it changes', async () => {
    const patient = await t.actors.asPatient();
    const changed = await patient.patch(`/users/${patient.id}`, {
      email: 'moved@test.example',
      currentPassword: patient.password,
    });
    expect(changed.body.email).toBe('moved@test.example');
    expect((await t.actors.asPatient({ email: patient.email })).email).toBe(patient.email);
    expect(
      (await t.http.post('/auth/login', { email: 'moved@test.example', motDePasse: patient.password })).status,
    ).toBe(200);
  });

  it('renames everywhere at once', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const { body: appointment } = await patient.post('/appointments', {
      patientId: patient.id,
      doctorId: doctor.id,
      dateTime: new Date(Date.now() + 86_400_000).toISOString(),
    });
    await patient.patch(`/users/${patient.id}`, { prenom: 'Neu', nom: 'Name' });
    expect((await doctor.get(`/appointments/${appointment._id}`)).body.patientName).toBe('Neu Name');
  });

  it('loses no parallel change and refuses a stale one', async () => {
    const patient = await t.actors.asPatient();
    const { headers } = await patient.get(`/users/${patient.id}`);
    const etag = headers.get('etag') ?? '';
    await Promise.all([
      patient.patch(`/users/${patient.id}`, { nom: 'A' }),
      patient.patch(`/users/${patient.id}`, { prenom: 'B' }),
      patient.patch(`/users/${patient.id}`, { telephone: '1' }),
    ]);
    expect((await patient.get(`/users/${patient.id}`)).body).toMatchObject({ nom: 'A', prenom: 'B', telephone: '1' });
    expect(
      (await patient.patch(`/users/${patient.id}`, { nom: 'C' }, { headers: { 'if-match': etag } })).body.code,
    ).toBe('PRECONDITION_FAILED');
  });
});
