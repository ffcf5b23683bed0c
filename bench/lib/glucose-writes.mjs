/** Writes of readings against their floors. */
import { call, ObjectId, register } from './server.mjs';
import { ratioToFloor } from './measure.mjs';
import { sensorDays } from './glucose-data.mjs';

const ROUNDS = 12;
const SIZE = 1_000;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function milliseconds(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/**
 * Bulk calls of 1,000 readings through HTTP, rollups included, against `insertMany` of the very documents they left into
 * a collection with the same indexes; alternated.
 */
export async function bulkRatio({ api, db }) {
  const patient = await register(api, 'patient');
  const glucoses = db.collection('glucoses');
  const floor = db.collection('floor_glucoses');
  await floor.createIndex({ patientId: 1, measuredAt: -1, _id: -1 });
  await floor.createIndex(
    { patientId: 1, dedupeKey: 1 },
    { unique: true, partialFilterExpression: { dedupeKey: { $exists: true } } },
  );
  const readings = sensorDays(Math.ceil((SIZE * (ROUNDS + 1) * 5) / 1_440), 5);
  const patientId = new ObjectId(patient.id);
  const [own, bare] = [[], []];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const batch = readings.slice(round * SIZE, (round + 1) * SIZE);
    own.push(await milliseconds(() => call(api, 'POST', '/glucose/bulk', patient.token, { readings: batch })));
    // The days are rebuilt after the answer: that time counts as well.
    own[own.length - 1] += await milliseconds(() => rebuilt(db));
    const [from, to] = [new Date(batch[0].measuredAt), new Date(batch.at(-1).measuredAt)];
    const documents = await glucoses.find({ patientId, measuredAt: { $gte: from, $lte: to } }).toArray();
    bare.push(await milliseconds(() => floor.insertMany(documents, { ordered: false })));
  }
  // The first round warms up.
  const [ownMs, bareMs] = [median(own.slice(1)), median(bare.slice(1))];
  return { perSecond: (SIZE * 1_000) / ownMs, ratio: bareMs / ownMs };
}

/** Nothing waits to be rebuilt; by the index of waiting days, so that asking costs nothing. */
async function rebuilt(db) {
  while ((await db.collection('glucosedays').findOne({ dirty: true }, { projection: { _id: 1 } })) !== null);
}

/** Single readings of eight patients through HTTP against a bare transaction with the same writes. */
export async function singleRatio({ api, floor }) {
  const patients = [];
  for (let index = 0; index < 8; index += 1) patients.push(await register(api, 'patient'));
  let slot = 0;
  const own = {
    url: api,
    requests: patients.map(({ token }) => ({
      method: 'POST',
      path: '/api/glucose',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      setupRequest: (request) => {
        slot += 1;
        const measuredAt = new Date(Date.now() - slot * 7_000).toISOString();
        return { ...request, body: JSON.stringify({ value: 120, source: 'cgm', intervalMinutes: 5, measuredAt }) };
      },
    })),
  };
  const bare = {
    url: floor,
    requests: patients.map(() => ({ method: 'POST', path: `/reading/${new ObjectId()}` })),
  };
  return ratioToFloor(own, bare);
}
