import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder of the repository; scripts work from any current folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** An absolute path inside the repository. */
export function inRoot(...parts) {
  return resolve(ROOT, ...parts);
}

/** Runs an entry file of the build in this process: signals then reach the server without a process in between. */
export async function importFile(...parts) {
  return import(pathToFileURL(inRoot(...parts)).href);
}
