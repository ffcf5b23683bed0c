/** Starts what benchmarks measure: a durable database, the built server, and the floor beside it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const require = createRequire(join(root, 'apps/api/package.json'));
const { startEmbeddedMongo } = require('@diabcare/embedded-mongo');
const { MongoClient, ObjectId } = require('mongodb');
export { ObjectId };

const NO_LIMITS = Object.fromEntries(
  ['USER_PER_MINUTE', 'PUBLIC_PER_MINUTE', 'REGISTRATION_PER_HOUR', 'MESSAGES_PER_MINUTE', 'BULK_PER_MINUTE'].map(
    (name) => [`RATE_LIMIT_${name}`, '0'],
  ),
);

/** Signs the tokens of people who are inserted and never sign in. */
export const JWT_SECRET = 'a-secret-for-benchmarks-of-thirty-two-bytes';

const ADMIN = { email: 'admin@bench.example', motDePasse: 'passphrase' };

/** A child process that prints a line when it is ready. */
export async function child(command, args, environment, ready) {
  const process_ = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = [];
  let address;
  process_.stdout.on('data', (chunk) => {
    for (const line of chunk.toString().split('\n')) {
      if (line.startsWith('{')) {
        lines.push(line);
        if (lines.length > 5_000) lines.shift();
      }
      address ??= ready.exec(line)?.[1];
    }
  });
  while (address === undefined) {
    if (process_.exitCode !== null) throw new Error(`${args.join(' ')} ended with ${process_.exitCode}`);
    await new Promise((wait) => setTimeout(wait, 10));
  }
  return {
    address,
    pid: process_.pid,
    lines,
    stop: async (signal = 'SIGTERM') => {
      process_.kill(signal);
      if (process_.exitCode === null && process_.signalCode === null) await once(process_, 'exit');
    },
  };
}

/** A database of its own; `stop` ends it and removes the data. Only writes care whether it is durable. */
export async function startDatabase({ durable = true } = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'diabcare-bench-'));
  const database = await startEmbeddedMongo({ dataDir, durable });
  return {
    uri: database.uri,
    pid: database.pid,
    connect: (uri) => MongoClient.connect(uri),
    stop: async () => {
      await database.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The built server on a database, with an ADMIN and without limits. */
export function startServer(uri, extra = {}) {
  const environment = {
    MONGODB_URI: uri,
    JWT_SECRET,
    PORT: '0',
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.motDePasse,
    ...NO_LIMITS,
    ...extra,
  };
  return child(process.execPath, ['apps/api/dist/main.js'], environment, /listening on (\S+)/);
}

/** The whole stage; `stop` ends everything and removes the data. */
export async function startStage({ floor = true, environment: extra = {} } = {}) {
  const database = await startDatabase();
  const startedAt = performance.now();
  const start = (port = 0) => startServer(database.uri, { ...extra, PORT: String(port) });
  const server = await start();
  const readyMs = performance.now() - startedAt;
  const floorServer = floor
    ? await child(process.execPath, ['bench/lib/floor-server.mjs'], { FLOOR_URI: database.uri }, /floor on (\S+)/)
    : null;
  const client = await database.connect(database.uri);
  return {
    api: `${server.address}/api`,
    floor: floorServer?.address ?? '',
    server,
    databasePid: database.pid,
    /** Body of the ADMIN's sign-in. */
    admin: ADMIN,
    readyMs,
    /** A further server on the same database; whoever starts one stops it. */
    start,
    db: client.db(),
    stop: async () => {
      await client.close();
      await floorServer?.stop();
      await server.stop();
      await database.stop();
    },
  };
}

/** A JSON call that must succeed. */
export async function call(api, method, path, token, body) {
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}

let people = 0;

const EXTRA = {
  patient: () => ({}),
  medecin: (numeroOrdre) => ({ specialite: 'Endocrinologie', numeroOrdre }),
  pharmacien: (numeroOrdre) => ({ nomPharmacie: 'Pharmacie du banc', numeroOrdre }),
};

/** Registers somebody of a kind: `patient`, `medecin` or `pharmacien`. */
export async function register(api, kind) {
  people += 1;
  const unique = `${Date.now().toString(36)}${people}`;
  const body = {
    nom: `Nom${unique}`,
    prenom: 'Prénom',
    email: `${kind}-${unique}@bench.example`,
    motDePasse: 'passphrase',
    ...EXTRA[kind](unique),
  };
  const { user, accessToken } = await call(api, 'POST', `/auth/register/${kind}`, undefined, body);
  return { id: user._id, token: accessToken, email: user.email };
}

/** A patient and a doctor with an active link and a conversation. */
export async function linkedPair(api) {
  const [patient, doctor] = [await register(api, 'patient'), await register(api, 'medecin')];
  const request = await call(api, 'POST', `/patients/${patient.id}/request-doctor`, patient.token, {
    doctorId: doctor.id,
  });
  await call(api, 'POST', `/doctors/${doctor.id}/patient-requests/${request._id}/accept`, doctor.token, {});
  const conversation = await call(api, 'POST', '/conversations', patient.token, {
    patientId: patient.id,
    doctorId: doctor.id,
  });
  return { patient, doctor, conversationId: conversation._id };
}
