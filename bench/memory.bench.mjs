/** Memory after the requests of an hour of 200 users, sent as fast as it goes; options: share of the hour, slices. */
import { drive, everybody } from './lib/mix/drive.mjs';
import { makeTown, openSockets } from './lib/mix/town.mjs';
import { report, residentMiB } from './lib/measure.mjs';
import { startStage } from './lib/server.mjs';

const [share = 1, slices = 10] = process.argv
  .slice(2)
  .filter((word) => word !== 'memory')
  .map(Number);
const USERS = 200;
/** One request a second each, as in `load`. */
const AN_HOUR = USERS * 3_600;
const AT_ONCE = 24;
/** A small heap: what is kept for nothing shows early, and the collector has to work. */
const HEAP = '--max-old-space-size=256';

const stage = await startStage({ floor: false, environment: { NODE_OPTIONS: HEAP, LOG_LEVEL: 'error' } });
try {
  const town = await makeTown(stage, USERS);
  const people = everybody(town);
  const sockets = await openSockets(stage.api, town);
  const perSlice = Math.ceil((AN_HOUR * share) / slices);
  const seen = [await residentMiB(stage.server.pid)];
  report('before', seen[0], '', 'MiB resident');
  for (let slice = 1; slice <= slices; slice += 1) {
    let left = perSlice;
    const some = Array.from({ length: AT_ONCE }, (_, index) => people[(slice * AT_ONCE + index * 7) % people.length]);
    const { errors } = await drive(stage.api, some, { thinkMs: 0, isOver: () => (left -= 1) < 0 });
    if (errors.length > 0) throw new Error(errors.slice(0, 5).join('\n'));
    seen.push(await residentMiB(stage.server.pid));
    report(`after ${slice * perSlice} requests`, seen.at(-1), seen.at(-1) / seen[0], 'MiB resident, ratio to before');
  }
  const half = seen.slice(Math.ceil(seen.length / 2));
  const growth = (half.at(-1) - half[0]) / ((half.length - 1) * perSlice);
  report(
    'growth over the last half',
    growth * 100_000,
    half.at(-1) / half[0],
    'MiB in 100,000 requests, ratio; flat is 1',
  );
  report('database', await residentMiB(stage.databasePid), '', 'MiB resident');
  sockets.close();
} finally {
  await stage.stop();
}
process.exit();
