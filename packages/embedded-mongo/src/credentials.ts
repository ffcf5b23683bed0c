import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'database-credentials.json';

/** How to sign in to the private server. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** The user exists in the server; until then it starts without authentication, once. */
  readonly created: boolean;
}

/** The folder's credentials, made on first use (mode 0600). */
export async function loadCredentials(dataDir: string): Promise<Credentials> {
  try {
    return JSON.parse(await readFile(join(dataDir, FILE), 'utf8')) as Credentials;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const fresh: Credentials = { user: 'diabcare', password: randomBytes(32).toString('base64url'), created: false };
    await save(dataDir, fresh);
    return fresh;
  }
}

/** Remembers that the user exists. */
export async function markCreated(dataDir: string, credentials: Credentials): Promise<Credentials> {
  const created: Credentials = { ...credentials, created: true };
  await save(dataDir, created);
  return created;
}

async function save(dataDir: string, credentials: Credentials): Promise<void> {
  const path = join(dataDir, FILE);
  await writeFile(`${path}.new`, JSON.stringify(credentials), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
