import { readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';

/** Packages whose manifest names no licence where npm looks for it; read from the LICENSE file they ship. */
const READ_BY_HAND = { 'png-js': 'MIT', 'xmlhttprequest-ssl': 'MIT' };

/** Licences that let an Apache-2.0 product be given away with the package inside, and used by a server that is not. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Python-2.0',
  'Zlib',
]);
/** Of tools that are not part of the product: changed files of such a package would have to be published. */
const ALLOWED_FOR_TOOLS = new Set([...ALLOWED, 'MPL-2.0']);

/** The packages of other people that the lockfile names, sorted: name, version, licence, hash, tool or part. */
export function lockedPackages() {
  const { packages } = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8'));
  const found = new Map();
  for (const [path, entry] of Object.entries(packages)) {
    const at = path.lastIndexOf('node_modules/');
    if (at < 0 || entry.link === true) continue;
    const name = path.slice(at + 'node_modules/'.length);
    const key = `${name}@${entry.version}`;
    const tool = entry.dev === true && (found.get(key)?.tool ?? true);
    const licence = entry.license ?? READ_BY_HAND[name] ?? null;
    found.set(key, { name, version: entry.version, licence, integrity: entry.integrity ?? null, tool });
  }
  return [...found.values()].sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a licence is allowed: all parts of `A AND B`, one of `A OR B`. */
export function isAllowed({ licence, tool }) {
  if (licence === null) return false;
  const allowed = tool ? ALLOWED_FOR_TOOLS : ALLOWED;
  return licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => allowed.has(part.trim())));
}
