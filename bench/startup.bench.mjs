/** Time from start to ready on a database that is there, idle memory, and reads while many people sign in. */
import { readFile } from 'node:fs/promises';
import { call, register, startStage } from './lib/server.mjs';
import { report } from './lib/measure.mjs';

const stage = await startStage({ floor: false });
try {
  report('ready after the database', stage.readyMs, undefined, 'ms; goal 1500 (builds all indexes)');
  await new Promise((wait) => setTimeout(wait, 3_000));
  const status = await readFile(`/proc/${stage.server.pid}/status`, 'utf8');
  report('idle memory', Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024, undefined, 'MB; goal 200');
  const patient = await register(stage.api, 'patient');
  // Other people than the one who is measured, and each with an account of their own.
  const others = [];
  for (let index = 0; index < 50; index += 1) others.push(await register(stage.api, 'patient'));
  const p99 = async () => {
    const times = [];
    for (let index = 0; index < 300; index += 1) {
      const startedAt = performance.now();
      await call(stage.api, 'GET', '/notifications/unread-count', patient.token);
      times.push(performance.now() - startedAt);
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)];
  };
  await p99();
  const idle = await p99();
  let signing = true;
  const signIns = others.map(async ({ email }) => {
    while (signing) await call(stage.api, 'POST', '/auth/login', undefined, { email, motDePasse: 'passphrase' });
  });
  const busy = await p99();
  signing = false;
  await Promise.all(signIns);
  report('p99 of a read while 50 people sign in', busy, busy / idle, 'ms, ratio to idle');
} finally {
  await stage.stop();
}
process.exit(0);
