import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createApp } from '../create-app';
import { exitWith } from '../boot';
import { parseConfig } from '../config/load-config';
import { describeApi } from '../platform/http/api-description';
import { Logger } from '../platform/logging';

/** Writes the API description of the built code; no database is contacted. */
async function main(): Promise<void> {
  const target = resolve(process.argv[2] ?? 'openapi.json');
  const config = parseConfig({ JWT_SECRET: 'only-for-describing-the-api-no-token-is-made' });
  const app = await createApp({
    config,
    mongoUri: 'mongodb://127.0.0.1:1/describe',
    describeOnly: true,
    logger: Logger.create({ level: 'silent', pretty: false }),
  });
  const description = describeApi(app);
  await writeFile(target, `${JSON.stringify(description, null, 2)}\n`);
  process.exit(0);
}

void main().catch(exitWith);
