import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Failure } from './failure.mjs';
import { hasSources } from './install.mjs';
import { inRoot, ROOT } from './paths.mjs';
import { step } from './progress.mjs';
import { capture } from './run.mjs';

/** Lies in a project's `dist`, so that removing the output removes the claim that it is current. */
const STAMP = '.source-hash';
/** A package for browsers, too, compiles a second time, as ES modules into a folder of `dist`. */
const ESM_SETTINGS = 'tsconfig.esm.json';
const ESM_FOLDER = 'esm';
const TSC = inRoot('node_modules', 'typescript', 'bin', 'tsc');

/** The folders that compile, packages first because the applications import their declarations. */
export function projects(groups = ['packages', 'apps']) {
  return groups.flatMap((group) =>
    readdirSync(inRoot(group))
      .sort()
      .map((name) => inRoot(group, name))
      .filter((folder) => existsSync(join(folder, 'tsconfig.json'))),
  );
}

/** Builds the projects whose sources, compiler settings or compiler changed since their last build. */
export async function ensureBuilt(groups) {
  if (!hasSources()) return;
  const stale = projects(groups).filter((folder) => readStamp(folder) !== fingerprint(folder));
  if (stale.length === 0) return;
  await step(`build ${stale.map((folder) => relative(ROOT, folder)).join(', ')}`, () => build(stale));
}

/** Compiles, copies assets, and removes what a deleted source left behind: a stale migration would still be run. */
export async function build(folders = projects()) {
  const { code, output } = await capture(process.execPath, [TSC, '-b', ...folders.flatMap(compilations)]);
  if (code !== 0) throw new Failure('The build failed; the compiler says why above.', { output });
  for (const folder of folders) {
    copyAssets(folder);
    removeOrphans(folder);
    if (existsSync(join(folder, ESM_SETTINGS))) markAsModules(join(folder, 'dist', ESM_FOLDER));
    writeFileSync(join(folder, 'dist', STAMP), fingerprint(folder));
  }
}

/** The compiler settings of a project. */
function compilations(folder) {
  const modules = join(folder, ESM_SETTINGS);
  return [join(folder, 'tsconfig.json'), ...(existsSync(modules) ? [modules] : [])];
}

/** Says to Node that the files of a folder are ES modules. */
function markAsModules(folder) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ type: 'module' })}\n`);
}

function readStamp(folder) {
  const file = join(folder, 'dist', STAMP);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** One hash over everything the build reads; contents rather than times, so that a checkout back and forth is free. */
function fingerprint(folder) {
  const hash = createHash('sha256');
  const files = [inRoot('tsconfig.base.json'), inRoot('package-lock.json')];
  files.push(...compilations(folder), join(folder, 'package.json'));
  files.push(...filesUnder(join(folder, 'src')), ...filesUnder(join(folder, 'assets')));
  for (const file of files) hash.update(relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** All files below a folder, sorted; none when the folder does not exist. Specs are not part of the build. */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Files that are read at run time (fonts, templates) lie in a project's `assets` and are shipped as `dist/assets`. */
function copyAssets(folder) {
  const target = join(folder, 'dist', 'assets');
  rmSync(target, { recursive: true, force: true });
  if (existsSync(join(folder, 'assets'))) cpSync(join(folder, 'assets'), target, { recursive: true });
}

/** The compiler never deletes: outputs whose source is gone are removed here. */
function removeOrphans(folder) {
  const dist = join(folder, 'dist');
  const sources = new Set(filesUnder(join(folder, 'src')).map((file) => relative(join(folder, 'src'), file)));
  for (const file of filesUnder(dist)) {
    const output = relative(dist, file);
    const stem = /^(?:esm\/)?(.*?)(\.d\.ts|\.js)(\.map)?$/.exec(output)?.[1];
    if (stem === undefined || output.startsWith('assets')) continue;
    if (!sources.has(`${stem}.ts`)) rmSync(file);
  }
}
