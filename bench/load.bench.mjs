/** Mixed load of 200 users for a minute against the same mix of two; options: seconds, users. */
import { everybody, drive } from './lib/mix/drive.mjs';
import { makeTown, openSockets } from './lib/mix/town.mjs';
import { cpuMs, metric, report, residentMiB } from './lib/measure.mjs';
import { quantile } from './lib/people.mjs';
import { startStage } from './lib/server.mjs';

const [seconds = 60, users = 200] = process.argv
  .slice(2)
  .filter((word) => word !== 'load')
  .map(Number);
const THINK_MS = 1_000;
const CALM_SECONDS = Math.min(10, seconds);
const SHOWN_ERRORS = 10;

/** The mix for a while, with what it cost. */
async function measure(stage, people, thinkMs, forSeconds) {
  const pids = [stage.server.pid, stage.databasePid];
  const before = await Promise.all(pids.map(cpuMs));
  const until = Date.now() + forSeconds * 1_000;
  const { times, errors } = await drive(stage.api, people, { thinkMs, isOver: () => Date.now() > until });
  const after = await Promise.all(pids.map(cpuMs));
  const all = [...times.values()].flat();
  return { times, errors, all, cpu: after.map((value, index) => (value - before[index]) / all.length) };
}

const stage = await startStage({ floor: false });
try {
  const town = await makeTown(stage, users);
  const people = everybody(town);
  const patient = people.find(({ role }) => role === 'patient');
  const doctor = people.find(({ role }) => role === 'doctor');
  await measure(stage, [patient, doctor], 0, 3); // warms up
  const calm = await measure(stage, [patient, doctor], 0, CALM_SECONDS);
  const sockets = await openSockets(stage.api, town);
  const busy = await measure(stage, people, THINK_MS, seconds);
  const delay = await metric(stage.api, 'event_loop_delay_seconds{quantile="0.99"}');
  sockets.close();

  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(busy.all, share));
  const calmP99 = quantile(calm.all, 0.99);
  report(`${people.length} users, ${sockets.count} sockets`, busy.all.length / seconds, '', 'requests/s');
  report('p50', p50, p50 / quantile(calm.all, 0.5), 'ms, ratio to two users');
  report('p95', p95, p95 / quantile(calm.all, 0.95), 'ms, ratio to two users');
  report('p99', p99, p99 / calmP99, 'ms, ratio to two users');
  report('errors', busy.errors.length + calm.errors.length, '', 'goal 0');
  report('event loop delay p99', delay * 1_000, '', 'ms');
  report('server, processor time a request', busy.cpu[0], busy.cpu[0] / calm.cpu[0], 'ms, ratio to two users');
  report('database, processor time a request', busy.cpu[1], busy.cpu[1] / calm.cpu[1], 'ms, ratio to two users');
  report('server, resident memory', await residentMiB(stage.server.pid), '', 'MiB');
  process.stdout.write('\n');
  for (const [kind, times] of [...busy.times].sort(([, one], [, other]) => quantile(other, 0.95) - quantile(one, 0.95)))
    report(`  ${kind}`, quantile(times, 0.5), quantile(times, 0.95), `p50 and p95 in ms, ${times.length} times`);
  for (const error of [...calm.errors, ...busy.errors].slice(0, SHOWN_ERRORS)) process.stdout.write(`${error}\n`);
  if (busy.errors.length + calm.errors.length > 0) process.exitCode = 1;
} finally {
  await stage.stop();
}
process.exit();
