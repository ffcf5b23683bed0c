import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createApp } from '../create-app';
import { exitWith } from '../boot';
import { parseConfig } from '../config/load-config';
import { describeApi } from '../platform/http/api-description';
import { Logger } from '../platform/logging';

/** `--out FILE`, by default openapi.json where the command runs. */
function outputFile(): string {
  return parseArgs({ options: { out: { type: 'string', default: 'openapi.json' } } }).values.out;
}

/** Writes the API description of the built code; no database is contacted. */
async function main(): Promise<void> {
  const target = resolve(outputFile());
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
