import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedMongo } from '@diabcare/embedded-mongo';
import { type Connection, createConnection } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuiltServer, ensureServerBuilt } from '../support/built-server';
import { findStored } from '../support/stored';

const PATIENTS = 12;
const APPOINTMENTS = 4;
const DAY = 86_400_000;

describe('a server that is killed while it erases', () => {
  let server: BuiltServer;
  let dataDir: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    ensureServerBuilt();
    dataDir = await mkdtemp(join(tmpdir(), 'diabcare-erasure-'));
    environment = { DATA_DIR: dataDir, LOG_LEVEL: 'silent' };
    server = await BuiltServer.start(environment);
  }, 120_000);

  afterAll(async () => {
    await server.end('SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Looks into the database of the stopped server. */
  async function inside<T>(look: (db: Connection) => Promise<T>): Promise<T> {
    await server.end('SIGTERM');
    const database = await startEmbeddedMongo({ dataDir: join(dataDir, 'mongo'), durable: true });
    const db = await createConnection(database.uri).asPromise();
    try {
      return await look(db);
    } finally {
      await db.close();
      await database.stop();
      server = await BuiltServer.start(environment);
    }
  }

  async function register(kind: string, index: number, extra: object) {
    const { body } = await server.http.post(
      `/auth/register/${kind}`,
      {
        nom: 'Tlazolteotl',
        prenom: `Mictlan${index}`,
        email: `${kind}${index}@quetzal.example`,
        motDePasse: 'passphrase',
        ...extra,
      },
      { undescribed: true },
    );
    return { id: body.user._id as string, token: body.accessToken as string };
  }

  async function call(token: string, method: string, path: string, body?: unknown) {
    const response = await server.http.call(method, path, body, { token, undescribed: true });
    if (response.status >= 300) throw new Error(response.text);
    return response.body;
  }

  it('finishes every erasure that it acknowledged, and tells everybody once', async () => {
    const doctor = await register('medecin', 0, {
      nom: 'Doctor',
      prenom: 'Kept',
      specialite: 'Endo',
      numeroOrdre: '1',
    });
    const patients = [];
    for (let n = 0; n < PATIENTS; n += 1) {
      const patient = await register('patient', n, {});
      const request = await call(patient.token, 'POST', `/patients/${patient.id}/request-doctor`, {
        doctorId: doctor.id,
        urgentNote: 'Huitzilopochtli',
      });
      await call(doctor.token, 'POST', `/doctors/${doctor.id}/patient-requests/${request._id}/accept`, {});
      for (let slot = 0; slot < APPOINTMENTS; slot += 1) {
        const dateTime = new Date(Math.ceil(Date.now() / DAY) * DAY + (n * APPOINTMENTS + slot) * 6 * 3_600_000);
        const fields = { patientId: patient.id, doctorId: doctor.id, dateTime, notes: 'Huitzilopochtli' };
        await call(patient.token, 'POST', '/appointments', fields);
      }
      patients.push(patient);
    }
    const acknowledged = new Set<string>();
    for (let round = 0; acknowledged.size < PATIENTS; round += 1) {
      const left = patients.filter(({ id }) => !acknowledged.has(id)).slice(0, 4);
      const erasing = left.map((patient) =>
        call(patient.token, 'DELETE', '/users/me')
          .then(() => acknowledged.add(patient.id))
          // Cut off, or done before the answer came through.
          .catch((error: unknown) => (String(error).includes('SESSION_REVOKED') ? acknowledged.add(patient.id) : null)),
      );
      await Promise.race(erasing);
      await new Promise((wait) => setTimeout(wait, Math.random() * 150));
      await server.end('SIGKILL');
      await Promise.all(erasing);
      server = await BuiltServer.start(environment);
      expect(round).toBeLessThan(40);
    }
    // What a killed server had leased is free after 30 s; what is left then goes on by itself.
    const until = Date.now() + 120_000;
    for (;;) {
      await new Promise((wait) => setTimeout(wait, 8_000));
      const left = await inside(async (db) => [
        await db.collection('erasures').countDocuments({ open: true }),
        await db.collection('outbox').countDocuments({ doneAt: null }),
      ]);
      if (left.every((count) => count === 0)) break;
      expect(Date.now(), `${left.join(' erasures and ')} events left`).toBeLessThan(until);
    }
    await inside(async (db) => {
      expect(await findStored(db, ['Tlazolteotl', 'Mictlan', 'Huitzilopochtli'])).toEqual([]);
      expect(await db.collection('users').countDocuments({ email: /^patient\d+@/ })).toBe(0);
      const told = await db.collection('notifications').find({}).toArray();
      const count = (event: string): number =>
        told.filter((item) => (item['data'] as { event: string }).event === event).length;
      expect([count('cancelled'), count('link_ended')]).toEqual([PATIENTS * APPOINTMENTS, PATIENTS]);
    });
  }, 300_000);
});
