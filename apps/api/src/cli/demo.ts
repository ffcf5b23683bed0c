import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { createApp } from '../create-app';
import { exitWith } from '../boot';
import { loadConfig } from '../config/load-config';
import { loadDemoData } from '../demo';
import { Logger } from '../platform/logging';
import { DatabaseHost } from '../platform/process';
import { prepareApp } from '../start-app';

/** Loads the demo data into the configured database; other accounts are never touched. */
async function main(): Promise<void> {
  // No token is made or read here: any secret will do where none is set.
  if ((process.env['JWT_SECRET'] ?? '') === '') process.env['JWT_SECRET'] = randomBytes(48).toString('base64url');
  const config = loadConfig();
  const logger = Logger.create(config.log);
  const { uri, host } = await DatabaseHost.open({ config, logger, onGivenUp: () => process.exit(1) });
  const app = await createApp({ config, mongoUri: uri, logger });
  await prepareApp(app);
  const demo = await loadDemoData(app, { onlyIfEmpty: false });
  for (const { role, email, password } of demo.accounts) process.stdout.write(`${role}  ${email}  ${password}\n`);
  await app.close();
  await host.close();
  process.exit(0);
}

void main().catch(exitWith);
