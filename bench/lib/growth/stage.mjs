/** Databases of different sizes on one engine, each with its own server, so that the sizes are measured side by side. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { person } from '../people.mjs';
import { ObjectId, startServer } from '../server.mjs';
import { insertOwner, settle } from './owner.mjs';
import { insertPopulation } from './population.mjs';

const root = resolve(import.meta.dirname, '../../..');

/** Owners with 1, 10 and 100 times the data, among 100 other people: one database, one server. */
export async function ownersOf(database) {
  const world = await worldOf(database, 'growth_own', 100, [1, 10, 100]);
  return { subjects: world.owners.map((owner) => ({ owner, ...world })), stop: world.stop };
}

/** A usual owner among 100, 1,000 and 10,000 other people: three databases, three servers. */
export async function populationsOf(database) {
  const worlds = [];
  for (const count of [100, 1_000, 10_000]) worlds.push(await worldOf(database, `growth_${count}`, count, [1]));
  return {
    subjects: worlds.map((world) => ({ owner: world.owners[0], ...world })),
    stop: async () => {
      for (const { stop } of worlds) await stop();
    },
  };
}

async function worldOf(database, name, others, scales) {
  const uri = withDatabase(database.uri, name);
  const owners = await fillWorld(database, uri, others, scales);
  const server = await startServer(uri);
  return { api: `${server.address}/api`, pids: [server.pid, database.pid], owners, stop: () => server.stop() };
}

/** Fills an empty database; what the server derives from the data is built before it starts. */
async function fillWorld(database, uri, others, scales) {
  await admin(uri, 'migrate');
  const client = await database.connect(uri);
  const db = client.db();
  await insertPopulation(db, others);
  const owners = [];
  for (const times of scales) owners.push(await insertOwner(db, `x${times}`, times, owners.length));
  const operator = person('ADMIN', 'operator');
  await settle(db, [operator]);
  for (const owner of owners) owner.admin = operator;
  await db.collection('glucosedays').insertMany(await emptyDays(db));
  await client.close();
  await admin(uri, 'rebuild-rollups');
  return owners;
}

function withDatabase(uri, name) {
  const url = new URL(uri);
  url.pathname = `/${name}`;
  if (!url.searchParams.has('authSource')) url.searchParams.set('authSource', 'admin');
  return url.href;
}

/** A day document without content for whoever has readings: that is whom the operator's command knows. */
async function emptyDays(db) {
  const ids = await db.collection('glucoses').distinct('patientId');
  const empty = { date: new Date().toISOString().slice(0, 10), rev: 1, dirty: true };
  return ids.map((patientId) => ({ patientId, life: new ObjectId(), ...empty }));
}

/** Runs a verb of the operator's command. */
async function admin(uri, verb) {
  const command = spawn(process.execPath, [join(root, 'apps/api/dist/cli/admin.js'), verb], {
    env: { ...process.env, MONGODB_URI: uri },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(command, 'exit');
  if (code !== 0) throw new Error(`admin ${verb} ended with ${code}`);
}
