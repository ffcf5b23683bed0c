/** Pharmacies: nearby among 50,000, a medicine among 5,000 inventories of 200, the dashboard after 20,000 requests. */
import { call, ObjectId, register, startStage } from './lib/server.mjs';
import { medianLatency, report, roundTrips } from './lib/measure.mjs';

const PHARMACIES = 50_000;
const STOCKED = 5_000;
const ENTRIES = 200;
const MEDICINES = 4_000;
const BOOSTED_EVERY = 500;
const REQUESTS = 20_000;
const BATCH = 1_000;
const DAY_MS = 86_400_000;
const NOW = Date.now();

/** A pharmacy somewhere in France, the same in every run. */
function pharmacy(index) {
  const [latitude, longitude] = [42 + ((index * 7_919) % 50_000) / 6_250, -4 + ((index * 104_729) % 50_000) / 4_166];
  const createdAt = new Date(Date.UTC(2024, 0, 1) + index * 60_000);
  const stock = index < STOCKED ? ENTRIES : 0;
  const medicines = Array.from({ length: stock }, (_, at) => `medicament ${(index * 31 + at * 17) % MEDICINES} mg`);
  return {
    _id: new ObjectId(),
    role: 'PHARMACIEN',
    nom: `Nom${index}`,
    prenom: 'Prénom',
    email: `pharmacie-${index}@bench.example`,
    numeroOrdre: `bench-${index}`,
    nomPharmacie: `Pharmacie ${index}`,
    statutCompte: 'ACTIF',
    timeZone: 'Europe/Paris',
    locale: 'fr',
    searchText: `nom${index}`,
    latitude,
    longitude,
    location: { type: 'Point', coordinates: [longitude, latitude] },
    points: index % 600,
    noteMoyenne: (index % 51) / 10,
    responseCount: index % 7,
    averageResponseTime: index % 90,
    listeMedicamentsDisponibles: [...new Set(medicines)],
    medicamentsFolded: [...new Set(medicines)],
    createdAt,
    updatedAt: createdAt,
    __v: 0,
  };
}

function boost(pharmacyId) {
  const [startsAt, expiresAt] = [new Date(NOW - DAY_MS), new Date(NOW + 6 * DAY_MS)];
  const fields = { boostType: 'boost_week', price: 0, radiusKm: 20, status: 'active', paymentStatus: 'paid' };
  return { _id: new ObjectId(), pharmacyId, ...fields, startsAt, expiresAt, createdAt: startsAt, updatedAt: startsAt };
}

/** What a year of requests leaves behind: lines of the ledger, and figures by day. */
function history(id) {
  const pharmacyId = new ObjectId(id);
  const [lines, periods] = [[], new Map()];
  for (let index = 0; index < REQUESTS; index += 1) {
    const at = new Date(NOW - (index / REQUESTS) * 365 * DAY_MS);
    for (const activityType of ['request_received', 'request_accepted', 'client_pickup']) {
      const _id = new ObjectId();
      const row = {
        _id,
        pharmacyId,
        activityType,
        description: activityType,
        eventKey: `r${index}`,
        grantKey: `${_id}`,
      };
      lines.push({ ...row, amount: 5, createdAt: at, updatedAt: at });
    }
    const day = at.getTime() - (at.getTime() % DAY_MS);
    const sum = periods.get(day) ?? { received: 0, accepted: 0, clients: 0, revenue: 0 };
    const more = { received: sum.received + 1, accepted: sum.accepted + 1, clients: sum.clients + 1 };
    periods.set(day, { ...more, revenue: sum.revenue + 5 });
  }
  return { lines, periods: [...periods].map(([day, sum]) => ({ pharmacyId, from: new Date(day), ...sum })) };
}

async function insert(collection, count, make) {
  for (let from = 0; from < count; from += BATCH)
    await collection.insertMany(Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => make(from + at)));
}

const stage = await startStage({ floor: false });
try {
  const ids = [];
  await insert(stage.db.collection('users'), PHARMACIES, (index) => {
    const made = pharmacy(index);
    ids.push(made._id);
    return made;
  });
  const boosted = ids.filter((_, index) => index % BOOSTED_EVERY === 0);
  await stage.db.collection('boosts').insertMany(boosted.map(boost));
  const pharmacist = await register(stage.api, 'pharmacien');
  const { lines, periods } = history(pharmacist.id);
  await insert(stage.db.collection('pharmacyactivities'), lines.length, (index) => lines[index]);
  await stage.db.collection('pharmacyperiods').insertMany(periods);
  const own = `/pharmaciens/${pharmacist.id}`;
  const startedAt = performance.now();
  await call(stage.api, 'GET', '/pharmaciens/nearby?lat=48.85&lng=2.35');
  report('first search after the start', performance.now() - startedAt, undefined, 'ms, once');
  const cases = [
    ['nearby, 5 km', '/pharmaciens/nearby?lat=48.85&lng=2.35', 15],
    ['nearby, 100 km', '/pharmaciens/nearby?lat=46.5&lng=2.35&radius=100', 15],
    ['a medicine', '/pharmaciens/search/medicament?medicament=medicament%20777%20', 50],
    ['a syllable of every medicine', '/pharmaciens/search/medicament?medicament=medic', 50],
    ['list, first page', '/pharmaciens', 50],
    ['list by name', '/pharmaciens?nomPharmacie=4242', 50],
    ['dashboard', `${own}/dashboard`, 60],
    ['months', `${own}/stats/monthly`, 60],
    ['points and place', `${own}/points/stats`, 60],
    ['activities, first page', `/activity/pharmacy/${pharmacist.id}`, 60],
  ];
  for (const [name, path, goal] of cases) {
    const ms = await medianLatency(`${stage.api}${path}`, pharmacist.token, 20);
    const route = `/api${path.split('?')[0].replace(pharmacist.id, ':id')}`;
    report(name, ms, undefined, `ms; goal ${goal}; ${roundTrips(stage.server.lines, route)} round trips`);
  }
} finally {
  await stage.stop();
}
process.exit(0);
