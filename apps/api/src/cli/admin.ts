import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../create-app';
import { exitWith } from '../boot';
import { loadConfig } from '../config/load-config';

import { RollupMaintenance } from '../modules/glucose';
import { AdminSeeder } from '../modules/users';
import { MigrationRunner, Sharding } from '../platform/database';
import { Logger } from '../platform/logging';
import { CounterChecks } from '../platform/scheduler';
import { DatabaseHost } from '../platform/process';

const USAGE = `Usage: npm run admin -- VERB
  migrate [--dry-run]                  apply pending migrations and build indexes, or only say what they would change
  create-admin EMAIL                   create an ADMIN; the password is read from ADMIN_PASSWORD
  check-counters                       compare the stored counters with a recomputation
  rebuild-rollups [--patient ID] [--check]
                                       build the daily rollups of readings anew, or only compare them
  shard [--dry-run]                    distribute the large collections of a sharded cluster, or only print the commands`;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

type Verb = (app: NestFastifyApplication, args: readonly string[]) => Promise<number>;

const migrate: Verb = async (app, args) => {
  if (args.includes('--dry-run')) {
    const { applied } = await app.get(MigrationRunner).preview();
    for (const { name, counts } of applied) say(`${name}  ${JSON.stringify(counts)}`);
    say(`${applied.length} migrations pending; nothing was written`);
    return 0;
  }
  const { applied } = await app.get(MigrationRunner).run();
  for (const { name, counts } of applied) say(`${name}  ${JSON.stringify(counts)}`);
  say(`${applied.length} migrations applied; indexes are built`);
  return 0;
};

const createAdmin: Verb = async (app, [email]) => {
  const password = process.env['ADMIN_PASSWORD'] ?? '';
  if (email === undefined || !/^[^\s@]+@[^\s@]+$/.test(email) || password.length < 8) {
    say('create-admin needs an e-mail address, and a password of at least 8 characters in ADMIN_PASSWORD');
    return 2;
  }
  await app.get(MigrationRunner).run();
  await app.get(AdminSeeder).create(email, password, { onlyFirst: false });
  say('ADMIN created');
  return 0;
};

const checkCounters: Verb = async (app) => {
  const differences = await app.get(CounterChecks).run();
  for (const difference of differences)
    say(`${difference.counter}  ${difference.owner}  stored ${difference.stored}  counted ${difference.counted}`);
  say(`${differences.length} differences`);
  return differences.length === 0 ? 0 : 1;
};

const rebuildRollups: Verb = async (app, args) => {
  const options = rollupOptions(args);
  if (options === null) {
    say('rebuild-rollups takes --patient with an id of 24 hexadecimal digits, and --check');
    return 2;
  }
  const maintenance = app.get(RollupMaintenance);
  const patients = options.patient === null ? await maintenance.patientIds() : [options.patient];
  let count = 0;
  for (const id of patients) {
    if (!options.check) count += await maintenance.rebuild(id);
    else
      for (const { patientId, date, stored, counted } of await maintenance.differences(id)) {
        count += 1;
        say(`${patientId}  ${date}  stored ${stored} readings  counted ${counted}`);
      }
  }
  say(`${patients.length} patients, ${count} ${options.check ? 'differences' : 'days rebuilt'}`);
  return options.check && count > 0 ? 1 : 0;
};

/** Options of rebuild-rollups; null for what it does not know. */
function rollupOptions(args: readonly string[]): { patient: string | null; check: boolean } | null {
  const options = { patient: null as string | null, check: false };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--check') options.check = true;
    else if (arg === '--patient' && /^[0-9a-f]{24}$/i.test(rest[0] ?? ''))
      options.patient = (rest.shift() ?? '').toLowerCase();
    else return null;
  }
  return options;
}

const shard: Verb = async (app, args) => {
  const sharding = app.get(Sharding);
  const isDry = args.includes('--dry-run');
  if (args.length > (isDry ? 1 : 0)) {
    say('shard takes --dry-run and nothing else');
    return 2;
  }
  if (!isDry) {
    if (!(await sharding.isCluster())) {
      say('This database is no sharded cluster: MONGODB_URI must name its mongos. Nothing was changed.');
      return 1;
    }
    await app.get(MigrationRunner).run();
    await sharding.run(sharding.enabling());
  } else say(JSON.stringify(sharding.enabling()));
  const steps = await sharding.plan();
  for (const { collection, state, commands } of steps) {
    for (const command of commands)
      if (isDry) say(JSON.stringify(command));
      else await sharding.run(command);
    if (!isDry || state !== 'todo') say(`${collection}  ${SHARD_STATES[state]}`);
  }
  return steps.some(({ state }) => state === 'other') ? 1 : 0;
};

const SHARD_STATES = {
  todo: 'sharded',
  done: 'was sharded already',
  other: 'is sharded by another key; left as it is (docs/sharding.md)',
} as const;

const VERBS: Readonly<Record<string, Verb>> = {
  migrate,
  'create-admin': createAdmin,
  'check-counters': checkCounters,
  'rebuild-rollups': rebuildRollups,
  shard,
};

async function main(): Promise<void> {
  const [name = '', ...args] = process.argv.slice(2);
  const verb = VERBS[name];
  if (verb === undefined) {
    process.stderr.write(`${USAGE}\n`);
    process.exit(2);
  }
  // No token is made or read here: any secret will do where none is set.
  if ((process.env['JWT_SECRET'] ?? '') === '') process.env['JWT_SECRET'] = randomBytes(48).toString('base64url');
  const config = loadConfig();
  const logger = Logger.create({ ...config.log, level: 'warn' });
  const { uri, host } = await DatabaseHost.open({ config, logger, onGivenUp: () => process.exit(1) });
  const app = await createApp({ config, mongoUri: uri, logger });
  await app.init();
  const code = await verb(app, args);
  await app.close();
  await host.close();
  process.exit(code);
}

void main().catch(exitWith);
