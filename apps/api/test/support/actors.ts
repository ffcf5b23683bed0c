import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CareLinks } from '../../src/access';
import { UnitOfWork } from '../../src/platform/database';
import type { CallOptions, Http, TestResponse } from './http';

type Path = string;

/** Somebody signed in, with the calls they make. */
export class TestActor {
  constructor(
    private readonly http: Http,
    readonly id: string,
    readonly role: string,
    readonly email: string,
    readonly password: string,
    public token: string,
    public refreshToken: string,
    readonly nom: string,
    readonly prenom: string,
  ) {}

  get(path: Path, options: CallOptions = {}): Promise<TestResponse> {
    return this.http.get(path, { token: this.token, ...options });
  }

  post(path: Path, body?: unknown, options: CallOptions = {}): Promise<TestResponse> {
    return this.http.post(path, body, { token: this.token, ...options });
  }

  put(path: Path, body?: unknown, options: CallOptions = {}): Promise<TestResponse> {
    return this.http.put(path, body, { token: this.token, ...options });
  }

  patch(path: Path, body?: unknown, options: CallOptions = {}): Promise<TestResponse> {
    return this.http.patch(path, body, { token: this.token, ...options });
  }

  delete(path: Path, body?: unknown, options: CallOptions = {}): Promise<TestResponse> {
    return this.http.delete(path, body, { token: this.token, ...options });
  }
}

/** Makes accounts through the real registration and links them. */
export class Actors {
  constructor(
    private readonly http: Http,
    private readonly app: NestFastifyApplication,
  ) {}

  asPatient(fields: Record<string, unknown> = {}): Promise<TestActor> {
    return this.register('patient', fields);
  }

  asDoctor(fields: Record<string, unknown> = {}): Promise<TestActor> {
    return this.register('medecin', {
      specialite: 'Endocrinologie',
      numeroOrdre: randomBytes(6).toString('hex'),
      ...fields,
    });
  }

  asPharmacist(fields: Record<string, unknown> = {}): Promise<TestActor> {
    return this.register('pharmacien', {
      numeroOrdre: randomBytes(6).toString('hex'),
      nomPharmacie: 'Pharmacie Test',
      ...fields,
    });
  }

  /** The seeded ADMIN. */
  async asAdmin(): Promise<TestActor> {
    const [email, password] = ['admin@test.example', 'admin-password'];
    const { body } = await this.http.post('/auth/login', { email, motDePasse: password });
    return new TestActor(
      this.http,
      body.user._id,
      'ADMIN',
      email,
      password,
      body.accessToken,
      body.refreshToken,
      body.user.nom,
      body.user.prenom,
    );
  }

  /** An active care link with access on, as if a request had been accepted (without its notifications). */
  async link(patient: TestActor, doctor: TestActor): Promise<void> {
    await this.app
      .get(UnitOfWork)
      .run((tx) =>
        this.app
          .get(CareLinks)
          .open(tx, { patientId: patient.id, doctorId: doctor.id, origin: 'request', now: new Date() }),
      );
  }

  /** A patient and a doctor with an active link. */
  async linkedPair(): Promise<{ patient: TestActor; doctor: TestActor }> {
    const [patient, doctor] = await Promise.all([this.asPatient(), this.asDoctor()]);
    await this.link(patient, doctor);
    return { patient, doctor };
  }

  private async register(
    kind: 'patient' | 'medecin' | 'pharmacien',
    fields: Record<string, unknown>,
  ): Promise<TestActor> {
    const unique = randomBytes(5).toString('hex');
    const body = {
      nom: `Nom${unique}`,
      prenom: `Prenom${unique}`,
      email: `${kind}-${unique}@test.example`,
      motDePasse: 'password-of-test',
      ...fields,
    };
    const response = await this.http.post(`/auth/register/${kind}`, body);
    if (response.status !== 201) throw new Error(`Registration failed: ${response.text}`);
    const { user, accessToken, refreshToken } = response.body;
    return new TestActor(
      this.http,
      user._id,
      user.role,
      user.email,
      body.motDePasse,
      accessToken,
      refreshToken,
      user.nom,
      user.prenom,
    );
  }
}
