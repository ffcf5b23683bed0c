import { readFile } from 'node:fs/promises';
import { importPKCS8 } from 'jose';
import { ConfigError } from '../../config/load-config';

/** What a service account file says that sending needs. */
export interface FcmCredentials {
  readonly projectId: string;
  readonly clientEmail: string;
  /** RSA; signs what proves the account. */
  readonly privateKey: Awaited<ReturnType<typeof importPKCS8>>;
  readonly tokenUri: string;
  /** Base address of FCM, without a slash at the end. */
  readonly endpoint: string;
}

const FCM = 'https://fcm.googleapis.com';
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Reads a service account file as Google's console gives it. A key `fcm_endpoint` may name another base address (a
 * relay, a fake in tests).
 * @throws ConfigError that names neither the path nor what is in the file
 */
export async function readFcmCredentials(path: string): Promise<FcmCredentials> {
  const file = await contentOf(path);
  return {
    projectId: text(file, 'project_id'),
    clientEmail: text(file, 'client_email'),
    privateKey: await key(text(file, 'private_key')),
    tokenUri: address(file, 'token_uri'),
    endpoint: file['fcm_endpoint'] === undefined ? FCM : address(file, 'fcm_endpoint').replace(/\/+$/, ''),
  };
}

async function contentOf(path: string): Promise<Record<string, unknown>> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof content === 'object' && content !== null) return { ...content };
  } catch {
    // Said below: the error of the parser would repeat a part of the key.
  }
  throw problem('a readable service account file in JSON');
}

function text(file: Record<string, unknown>, key: string): string {
  const value = file[key];
  if (typeof value !== 'string' || value === '') throw problem(`a service account file with ${key}`);
  return value;
}

/** In PEM, PKCS #8. */
async function key(pem: string): Promise<FcmCredentials['privateKey']> {
  try {
    return await importPKCS8(pem, 'RS256');
  } catch {
    throw problem('a service account file whose private_key is an RSA key');
  }
}

/** Bearer tokens go there: in the clear to this machine only. */
function address(file: Record<string, unknown>, key: string): string {
  const value = text(file, key);
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname))) return value;
  throw problem(`a service account file whose ${key} is an https address`);
}

function problem(expected: string): ConfigError {
  return new ConfigError([`FCM_CREDENTIALS is wrong; expected: the path of ${expected}`]);
}
