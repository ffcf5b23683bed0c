/** Medication requests: the list that pharmacies poll, with many stored; creation for 20 pharmacies against its floor. */
import { call, ObjectId, register, startStage } from './lib/server.mjs';
import { medianLatency, ratioToFloor, report, roundTrips } from './lib/measure.mjs';

const STORED = Number(process.env.REQUESTS ?? 100_000);
const BATCH = 5_000;
const DAY_MS = 86_400_000;

/** Old requests of many patients: every fifth pharmacy entry is the measured pharmacy's. */
async function fill(db, pharmacyId, others) {
  const now = Date.now();
  for (let from = 0; from < STORED; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, STORED - from) }, (_, index) => {
      const at = new Date(now - DAY_MS - (from + index) * 60_000);
      const answered = (id) => ({ pharmacyId: id, status: 'accepted', pointsAwarded: 30, respondedAt: at });
      const asked = (from + index) % 5 === 0 ? [pharmacyId, ...others.slice(0, 4)] : others.slice(0, 5);
      return {
        patientId: new ObjectId(),
        medicationName: 'Metformine',
        dosage: '850 mg',
        quantity: 1,
        urgencyLevel: 'normal',
        pharmacyResponses: asked.map(answered),
        globalStatus: ['confirmed', 'closed', 'expired'][index % 3],
        isPickedUp: false,
        expiresAt: at,
        confirmationDeadline: at,
        createdAt: at,
        updatedAt: at,
        __v: 1,
      };
    });
    await db.collection('medicationrequests').insertMany(rows);
  }
}

/** Twenty pharmacies, stored as registration stores them, and ten patients. */
async function neighbourhood(api, db, group) {
  const now = new Date();
  const pharmacies = Array.from({ length: 20 }, (_, index) => ({
    _id: new ObjectId(),
    role: 'PHARMACIEN',
    nom: 'Nom',
    prenom: 'Prenom',
    email: `pharmacien-${group}-${index}@neighbourhood.example`,
    numeroOrdre: `n-${group}-${index}`,
    nomPharmacie: `Pharmacie ${group} ${index}`,
    statutCompte: 'ACTIF',
    timeZone: 'UTC',
    locale: 'fr',
    searchText: 'nom prenom',
    createdAt: now,
    updatedAt: now,
    __v: 0,
  }));
  await db.collection('users').insertMany(pharmacies);
  const patients = [];
  for (let index = 0; index < 10; index += 1) patients.push(await register(api, 'patient'));
  return { patients, targetPharmacyIds: pharmacies.map(({ _id }) => _id.toHexString()) };
}

const stage = await startStage();
try {
  const { api, floor, db } = stage;
  const pharmacies = [];
  for (let index = 0; index < 20; index += 1) pharmacies.push(await register(api, 'pharmacien'));
  const [pharmacy] = pharmacies;
  const ids = pharmacies.map(({ id }) => id);
  await fill(
    db,
    new ObjectId(pharmacy.id),
    ids.slice(1).map((id) => new ObjectId(id)),
  );
  const medicine = { medicationName: 'Metformine', dosage: '850 mg', quantity: 1 };
  const patients = [];
  for (let index = 0; index < 8; index += 1) patients.push(await register(api, 'patient'));
  for (const patient of patients.slice(0, 5))
    for (let index = 0; index < 6; index += 1)
      await call(api, 'POST', '/medication-request', patient.token, { ...medicine, targetPharmacyIds: ids });

  const pendingPath = `/medication-request/pharmacy/${pharmacy.id}/pending`;
  const pending = await medianLatency(`${api}${pendingPath}`, pharmacy.token);
  const route = (path) => roundTrips(stage.server.lines, `/api/medication-request${path}`);
  report(
    `pending list of 30, ${STORED} stored (${route('/pharmacy/:pharmacyId/pending')} round trips)`,
    pending,
    null,
    'ms p50; goal < 10',
  );
  for (const [name, query] of [
    ['history, first page', ''],
    ['history, page 100', '?page=100'],
    ['history by response', '?status=accepted'],
    ['history by name', '?medicationName=metf'],
  ]) {
    const path = `/medication-request/pharmacy/${pharmacy.id}/history${query}`;
    report(
      `${name}, ${STORED / 5} of the pharmacy`,
      await medianLatency(`${api}${path}`, pharmacy.token, 20),
      null,
      'ms p50',
    );
  }
  const own = await medianLatency(`${api}/medication-request/patient/my`, patients[0].token);
  report('own requests of a patient', own, null, 'ms p50');

  // Sixteen neighbourhoods of 20 pharmacies and 10 patients, one for each connection: nobody waits for a neighbour.
  const groups = [];
  for (let group = 0; group < 16; group += 1) groups.push(await neighbourhood(api, db, group));
  let turn = 0;
  const json = { 'content-type': 'application/json' };
  const create = {
    url: api,
    requests: groups.map(({ patients: people, targetPharmacyIds }) => ({
      method: 'POST',
      path: '/api/medication-request',
      setupRequest: (request) => {
        const { token } = people[(turn += 1) % people.length];
        const body = JSON.stringify({ ...medicine, targetPharmacyIds });
        return { ...request, headers: { ...json, authorization: `Bearer ${token}` }, body };
      },
    })),
  };
  const bare = { url: floor, requests: groups.map(() => ({ method: 'POST', path: `/ask/${new ObjectId()}` })) };
  const rounds = [];
  for (let round = 0; round < 3; round += 1) {
    rounds.push(await ratioToFloor(create, bare, { rounds: 1, seconds: 3 }));
    // Ten open requests a patient may have: the next round begins with none.
    await db
      .collection('medicationrequests')
      .updateMany({ globalStatus: 'open' }, { $set: { globalStatus: 'closed' } });
  }
  rounds.sort((a, b) => a.ratio - b.ratio);
  report(
    `POST a request to 20 pharmacies (${route('')} round trips)`,
    rounds[1].perSecond,
    rounds[1].ratio,
    'calls/s, ratio to the floor; goal 0.3',
  );
} finally {
  await stage.stop();
}
process.exit(0);
