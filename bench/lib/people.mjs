/** People who are inserted and not registered: a thousand sign-ins would measure the hash of passwords. */
import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { JWT_SECRET, ObjectId } from './server.mjs';

const require = createRequire(join(resolve(import.meta.dirname, '../..'), 'package.json'));
const { io } = require('socket.io-client');
const LIFE_MS = 86_400_000;

/** Pairs of a patient and a doctor, with a link, a conversation and a session each; fewer doctors have several patients. */
export async function insertPairs(db, count, prefix = '', doctorCount = count) {
  const now = new Date();
  const doctors = Array.from({ length: doctorCount }, (_, index) => person('MEDECIN', `${prefix}d${index}`));
  const pairs = Array.from({ length: count }, (_, index) => ({
    patient: person('PATIENT', `${prefix}p${index}`),
    doctor: doctors[index % doctorCount],
    conversationId: new ObjectId(),
  }));
  await insertPeople(db, [...pairs.map(({ patient }) => patient), ...doctors]);
  await db.collection('carelinks').insertMany(
    pairs.map(({ patient, doctor }) => ({
      patientId: patient._id,
      doctorId: doctor._id,
      status: 'active',
      accessEnabled: true,
      since: now,
      origin: 'request',
    })),
  );
  await db.collection('conversations').insertMany(
    pairs.map(({ patient, doctor, conversationId }) => ({
      _id: conversationId,
      patientId: patient._id,
      doctorId: doctor._id,
      type: 'doctor',
      lastMessage: '',
      lastMessageTime: now,
      patientUnread: 0,
      professionalUnread: 0,
      messageCount: 0,
      createdAt: now,
      updatedAt: now,
    })),
  );
  return pairs.map(({ patient, doctor, conversationId }) => ({
    patient: { id: patient._id.toHexString(), token: patient.token },
    doctor: { id: doctor._id.toHexString(), token: doctor.token },
    conversationId: conversationId.toHexString(),
  }));
}

/** Pharmacists with a session each, all in one place. */
export async function insertPharmacists(db, count, prefix = '') {
  const people = Array.from({ length: count }, (_, index) => {
    const pharmacist = person('PHARMACIEN', `${prefix}f${index}`);
    const place = { latitude: 48.85 + index / 1_000, longitude: 2.35 };
    Object.assign(pharmacist.account, place, {
      nomPharmacie: `Pharmacie ${prefix}${index}`,
      numeroOrdre: `${prefix}${index}`,
      location: { type: 'Point', coordinates: [place.longitude, place.latitude] },
    });
    return pharmacist;
  });
  await insertPeople(db, people);
  return people.map(({ _id, token }) => ({ id: _id.toHexString(), token }));
}

async function insertPeople(db, people) {
  await db.collection('users').insertMany(people.map(({ account }) => account));
  await db.collection('sessions').insertMany(people.map(({ session }) => session));
}

/** A socket of somebody; resolves when it is open. */
export async function connect(api, token) {
  const socket = io(`${api.replace(/\/api$/, '')}/realtime`, {
    auth: { token },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
  });
  await new Promise((done, failed) => {
    socket.once('connect', done);
    socket.once('connect_error', failed);
  });
  return socket;
}

/** Opens many, some at a time. */
export async function connectAll(list, open, parallel = 20) {
  const sockets = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (next < list.length) {
        const index = next;
        next += 1;
        sockets[index] = await open(list[index], index);
      }
    }),
  );
  return sockets;
}

/** The value below which that share of the values lies. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Somebody with an account, a session and a token; nothing is stored yet. */
export function person(role, name, more = {}) {
  const now = new Date();
  const end = new Date(now.getTime() + LIFE_MS);
  const [_id, sessionId] = [new ObjectId(), new ObjectId()];
  const email = `${name}@bench.example`;
  const account = { _id, role, nom: name, prenom: 'B', email, statutCompte: 'ACTIF', timeZone: 'UTC', locale: 'en' };
  const session = { _id: sessionId, userId: _id, authenticatedAt: now, authMethod: 'password', rotation: 0 };
  const times = { createdAt: now, updatedAt: now };
  return {
    _id,
    account: { ...account, searchText: `${name} b ${email}`, ...times, __v: 0, ...more },
    id: _id.toHexString(),
    session: { ...session, ...times, expiresAt: end, absoluteExpiresAt: end, isActive: true, lastActivityAt: now },
    token: sign({ sub: _id.toHexString(), email, role, sid: sessionId.toHexString() }, now),
  };
}

function sign(claims, now) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(now.getTime() / 1_000);
  const payload = { ...claims, iat, exp: iat + LIFE_MS / 1_000, aud: 'diabcare-api', iss: 'diabcare' };
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`;
  return `${text}.${createHmac('sha256', JWT_SECRET).update(text).digest('base64url')}`;
}
