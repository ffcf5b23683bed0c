/** Two instances behind a proxy against one behind the same proxy; option: seconds of each run. */
import { availableParallelism } from 'node:os';
import { everybody, drive, send } from './lib/mix/drive.mjs';
import { makeTown } from './lib/mix/town.mjs';
import { cpuMs, report } from './lib/measure.mjs';
import { child, startStage } from './lib/server.mjs';

const [seconds = 10] = process.argv
  .slice(2)
  .filter((word) => word !== 'instances')
  .map(Number);
const ROUNDS = 3;
const AT_ONCE = 32;
/** Generator, proxy, database, and two instances: below that many cores they take each other's time. */
const CORES_NEEDED = 5;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const portOf = ({ address }) => new URL(address).port;
const proxyTo = (...servers) =>
  child(process.execPath, ['bench/lib/proxy.mjs', '0', ...servers.map(portOf)], {}, /proxy on (\S+)/);

const stage = await startStage({ floor: false, environment: { LOG_LEVEL: 'error' } });
try {
  const town = await makeTown(stage, 100);
  const people = everybody(town).slice(0, AT_ONCE);
  const second = await stage.start();
  const servers = [stage.server, second];
  const proxies = [await proxyTo(stage.server), await proxyTo(...servers)];

  /** Requests served a second, and processor time a request by part. */
  const run = async (proxy, instances) => {
    const pids = [...instances.map(({ pid }) => pid), stage.databasePid];
    const before = await Promise.all(pids.map(cpuMs));
    const until = Date.now() + seconds * 1_000;
    const { times, errors } = await drive(`${proxy.address}/api`, people, {
      thinkMs: 0,
      isOver: () => Date.now() > until,
    });
    if (errors.length > 0) throw new Error(errors.slice(0, 5).join('\n'));
    const after = await Promise.all(pids.map(cpuMs));
    const served = [...times.values()].flat().length;
    const used = after.map((value, index) => (value - before[index]) / served);
    return {
      perSecond: served / seconds,
      database: used.at(-1),
      servers: used.slice(0, -1).reduce((a, b) => a + b, 0),
    };
  };

  await run(proxies[1], servers); // warms both up
  const runs = [];
  for (let round = 0; round < ROUNDS; round += 1)
    runs.push([await run(proxies[0], [stage.server]), await run(proxies[1], servers)]);
  const ratio = (of) => median(runs.map(([one, two]) => of(two) / of(one)));
  const cores = availableParallelism();
  report('one instance', median(runs.map(([one]) => one.perSecond)), 1, 'requests/s');
  report(
    'two instances',
    median(runs.map(([, two]) => two.perSecond)),
    ratio((run) => run.perSecond),
    'goal 1.7',
  );
  report(
    'processor time of instances, a request',
    '',
    ratio((run) => run.servers),
    'two to one; 1: nothing is done twice',
  );
  report(
    'processor time of the database, a request',
    '',
    ratio((run) => run.database),
    'two to one',
  );
  if (cores < CORES_NEEDED)
    process.stdout.write(
      `This machine has ${cores} cores for generator, proxy, database and two instances; 1.7 needs ${CORES_NEEDED}.\n`,
    );

  // What one has written, the other shows at once.
  const { person } = people.find(({ role }) => role === 'patient');
  const body = { name: 'seen by both', eatenAt: new Date().toISOString(), carbs: 1 };
  await send(stage.api, person.token, { method: 'POST', path: '/nutrition/meals', body });
  const answer = await fetch(`${second.address}/api/nutrition/meals?limit=20`, {
    headers: { authorization: `Bearer ${person.token}` },
  });
  const isSeen = (await answer.text()).includes(body.name);
  process.stdout.write(`A meal written on one is ${isSeen ? 'seen' : 'NOT seen'} on the other.\n`);
  if (!isSeen) process.exitCode = 1;
  for (const part of [...proxies, second]) await part.stop();
} finally {
  await stage.stop();
}
process.exit();
