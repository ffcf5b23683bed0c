import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { boot, exitWith } from '../boot';
import { type DemoAccounts, loadDemoData } from '../demo';

/** What scripts/quickstart.mjs passes on. */
interface QuickstartOptions {
  readonly demo: boolean;
  readonly reset: boolean;
}

/** What the server itself puts into its data folder. */
const OWN_ENTRIES = ['mongo', 'mail', 'secrets.json'] as const;

function readOptions(): QuickstartOptions {
  const text = process.env['DIABCARE_QUICKSTART_OPTIONS'] ?? '{}';
  const { demo = true, reset: fresh = false } = JSON.parse(text) as Partial<QuickstartOptions>;
  return { demo, reset: fresh };
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/**
 * Removes what a DiabCare server keeps in its folder, and nothing else: a mistyped --data must not cost somebody's home.
 * Whoever calls has asked before (scripts/quickstart.mjs).
 */
async function reset(dataDir: string): Promise<void> {
  for (const name of OWN_ENTRIES) await rm(join(dataDir, name), { recursive: true, force: true });
}

/** The secret of the folder: made once, kept with mode 0600. */
async function secretOf(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secrets.json');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    return (JSON.parse(await readFile(path, 'utf8')) as { jwtSecret: string }).jwtSecret;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const jwtSecret = randomBytes(48).toString('base64url');
    await writeFile(path, JSON.stringify({ jwtSecret }), { mode: 0o600 });
    return jwtSecret;
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  const dataDir = resolve(process.env['DATA_DIR'] ?? '.data');
  if (options.reset) await reset(dataDir);
  if ((process.env['JWT_SECRET'] ?? '') === '') process.env['JWT_SECRET'] = await secretOf(dataDir);
  process.env['LOG_LEVEL'] ??= 'warn';
  let demo: DemoAccounts | null = null;
  say('Starting the database ...');
  const { address } = await boot({
    say,
    beforeListen: async (app) => {
      if (!options.demo) return;
      say('Loading the demo data ...');
      demo = await loadDemoData(app, { onlyIfEmpty: true });
    },
  });
  announce(address, demo);
}

function announce(address: string, demo: DemoAccounts | null): void {
  say(`\nDiabCare is running at ${address}`);
  say(`API description: ${address}/api/docs\n`);
  if (demo === null) return;
  say('Demo accounts:');
  for (const { role, email, password } of demo.accounts) say(`${role}  ${email}  ${password}`);
  say('\nTry it:');
  say(demo.curl(address));
  say('\nCtrl-C stops everything.');
}

void main().catch(exitWith);
