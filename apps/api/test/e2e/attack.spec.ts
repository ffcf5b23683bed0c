import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';

const INTERNAL = {
  _id: '507f1f77bcf86cd799439011',
  __v: 7,
  createdAt: '2020-01-01',
  updatedAt: '2020-01-01',
  deletedAt: null,
  searchText: 'x',
  googleSubject: 'g',
  emailVerifiedAt: '2020-01-01',
  noteTenths: 1,
  isSuggested: true,
  boostActivatedAt: '2020-01-01',
  medicamentsFolded: ['x'],
  responseTimeSum: 1,
  role: 'ADMIN',
};

const OF_ROLE = {
  patient: {
    dateNaissance: '1980-01-01',
    sexe: 'HOMME',
    typeDiabete: 'TYPE_1',
    groupeSanguin: 'A+',
    profilMedical: {},
  },
  medecin: {
    specialite: 'Endo',
    anneesExperience: 3,
    clinique: 'C',
    adresseCabinet: 'A',
    description: 'D',
    tarifConsultation: 1,
    disponibilite: {},
    abonnementPlateforme: 'pro',
    disponible: true,
    noteMoyenne: 5,
    nombreNotes: 9,
    listePatients: [],
  },
  pharmacien: {
    nomPharmacie: 'P',
    adressePharmacie: 'A',
    telephonePharmacie: '1',
    horaires: {},
    servicesProposes: [],
    listeMedicamentsDisponibles: [],
    points: 1_000,
    badgeLevel: 'diamond',
    unlockedBadges: ['gold'],
    averageRating: 5,
    totalRevenue: 1,
    boostType: 'boost_month',
    visibilityRadius: 50,
  },
} as const;

describe('an attacker', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: { loginMaxFailuresPerAccount: 0, loginMaxFailuresPerIp: 0 } } });
  });

  afterAll(async () => {
    await t.close();
  });

  const kinds = Object.keys(OF_ROLE) as (keyof typeof OF_ROLE)[];

  /** Fields that the kind may not send: those of the others, and those that nobody may. */
  function foreign(kind: keyof typeof OF_ROLE): Record<string, unknown> {
    const others = kinds.filter((other) => other !== kind).map((other) => OF_ROLE[other]);
    return Object.assign({ statutCompte: 'SUSPENDU' }, INTERNAL, ...others) as Record<string, unknown>;
  }

  it('cannot assign a field of another role, or an internal one, by registering', async () => {
    const required = {
      patient: {},
      medecin: { specialite: 'E', numeroOrdre: 'n' },
      pharmacien: { numeroOrdre: 'n', nomPharmacie: 'P' },
    };
    for (const kind of kinds)
      for (const [key, value] of Object.entries({
        ...foreign(kind),
        ...(kind === 'patient' ? { profilMedical: {} } : {}),
      })) {
        const { status, body } = await t.http.post(`/auth/register/${kind}`, {
          nom: 'N',
          prenom: 'P',
          email: `${kind}-${key.toLowerCase()}@test.example`,
          motDePasse: 'a passphrase',
          ...required[kind],
          [key]: value,
        });
        expect([status, body.code], `${kind}.${key}`).toEqual([400, 'VALIDATION_FAILED']);
      }
  });

  it('cannot assign one by changing the own account', async () => {
    const actors: Record<string, [TestActor, string[]]> = {};
    for (const [kind, make] of [
      ['patient', () => t.actors.asPatient()],
      ['medecin', () => t.actors.asDoctor()],
      ['pharmacien', () => t.actors.asPharmacist()],
    ] as const) {
      const actor = await make();
      const own = { patient: `/patients/${actor.id}`, medecin: `/medecins/${actor.id}`, pharmacien: null }[kind];
      actors[kind] = [actor, [`/users/${actor.id}`, ...(own === null ? [] : [own])]];
    }
    for (const kind of kinds) {
      const [actor, paths] = actors[kind] ?? [];
      const before = (await actor?.get('/auth/profile'))?.text;
      for (const path of paths ?? [])
        for (const [key, value] of Object.entries(foreign(kind))) {
          const response = await actor?.patch(path, { [key]: value });
          expect([400, 403], `${kind} ${path} ${key}: ${response?.text}`).toContain(response?.status);
        }
      expect((await actor?.get('/auth/profile'))?.text).toBe(before);
    }
  });

  it('learns nothing from the time or the words of a refused sign-in', async () => {
    const patient = await t.actors.asPatient();
    const timed = async (email: string) => {
      const from = performance.now();
      const { status, body } = await t.http.post('/auth/login', { email, motDePasse: 'not the password' });
      expect([status, body.code]).toEqual([401, 'INVALID_CREDENTIALS']);
      const { requestId: _id, ...rest } = body as Record<string, unknown>;
      return { ms: performance.now() - from, rest };
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let n = 0; n < 100; n += 1) {
      const [first, second] = [await timed(patient.email), await timed(`nobody-${n}@test.example`)];
      expect(second.rest).toEqual(first.rest);
      known.push(first.ms);
      unknown.push(second.ms);
    }
    const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length / 2] ?? 0;
    const ratio = median(known) / median(unknown);
    expect(Math.max(ratio, 1 / ratio)).toBeLessThan(1.3);
  });

  it('learns from no id and no search whether somebody exists', async () => {
    const { patient, doctor } = await t.actors.linkedPair();
    const [stranger, other] = [await t.actors.asPatient(), await t.actors.asDoctor()];
    const nobody = '507f1f77bcf86cd799439099';
    const body = async (actor: TestActor, path: string) => {
      const { requestId: _id, ...rest } = (await actor.get(path)).body as Record<string, unknown>;
      return rest;
    };
    for (const [actor, path] of [
      [stranger, '/patients/:id'],
      [other, '/patients/:id'],
      [stranger, '/users/:id'],
      [other, '/users/:id'],
      [stranger, '/patients/:id/access-log'],
      [stranger, '/patients/:id/my-requests'],
      [other, '/appointments/patient/:id'],
    ] as const)
      expect(await body(actor, path.replace(':id', patient.id)), path).toEqual(
        await body(actor, path.replace(':id', nobody)),
      );
    expect((await other.get(`/patients?search=${patient.nom}`)).body.total).toBe(0);
    expect((await other.get(`/patients/search/by-name-or-email?query=${patient.email}`)).body).toEqual([]);
    expect((await doctor.get(`/patients?search=${patient.nom}`)).body.total).toBe(1);
  });
});
