/** The twenty most called routes against a bare server that does the same queries or writes; option: part of a name. */
import { bareFind, floorStory, readCases, writeCases } from './lib/floor-cases.mjs';
import { insertPairs } from './lib/people.mjs';
import { metric, ratioToFloor, report, roundTrips } from './lib/measure.mjs';
import { ObjectId, startStage } from './lib/server.mjs';

const [part = ''] = process.argv.slice(2).filter((word) => word !== 'floor');
const WRITERS = 8;
const TIMES = { rounds: 3, seconds: 3 };

const stage = await startStage();
const show = (name, route, goal, { perSecond, ratio, p99 }) =>
  report(
    `${name} (${roundTrips(stage.server.lines, route)} round trips)`,
    perSecond,
    ratio,
    `calls/s, ratio to the floor; goal ${goal}; p99 ${p99} ms`,
  );
/** What one kind of write has left to be delivered is not measured with the next. */
async function delivered() {
  while ((await metric(stage.api, 'outbox_pending')) > 0) await new Promise((wait) => setTimeout(wait, 500));
}

try {
  const { api, floor, db } = stage;
  const story = await floorStory(stage);
  for (const { name, goal, route, path, who, queries } of readCases(story).filter((row) => row.name.includes(part))) {
    const own = { url: `${api}${path}`, headers: { authorization: `Bearer ${who.token}` } };
    show(name, route, goal, await ratioToFloor(own, { url: bareFind(floor, queries) }, TIMES));
  }
  await delivered();
  const pairs = await insertPairs(db, WRITERS, 'writers');
  for (const { name, goal, route, make, bare } of writeCases().filter((row) => row.name.includes(part))) {
    const requests = pairs.map((pair) => {
      const { method, path, body } = make(pair);
      const headers = { authorization: `Bearer ${pair.patient.token}` };
      if (body === undefined) return { method, path: `/api${path}`, headers };
      return {
        method,
        path: `/api${path}`,
        headers: { ...headers, 'content-type': 'application/json' },
        setupRequest: (request) => ({ ...request, body: JSON.stringify(body()) }),
      };
    });
    const floors = pairs.map(() => ({ method: 'POST', path: `${bare}/${new ObjectId()}` }));
    show(name, route, goal, await ratioToFloor({ url: api, requests }, { url: floor, requests: floors }, TIMES));
    await delivered();
  }
} finally {
  await stage.stop();
}
process.exit(0);
