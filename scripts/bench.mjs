/** `npm run bench -- NAME`: one benchmark of bench/; without a name it lists them. */
import './lib/node-version.mjs';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { ensureBuilt } from './lib/build.mjs';
import { Failure, script } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { importFile, inRoot } from './lib/paths.mjs';

const SUFFIX = '.bench.mjs';

/** Every benchmark with the first line of its doc comment, so that the list explains itself. */
function listed() {
  const names = readdirSync(inRoot('bench'))
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort();
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.map((name) => `  ${name.padEnd(width)}  ${summary(name)}`).join('\n') || '  (none yet)';
}

function summary(name) {
  const text = readFileSync(inRoot('bench', name + SUFFIX), 'utf8');
  return (/\/\*\*\s*\*?\s*([^\n]*?)\s*(?:\*\/)?\n/.exec(text)?.[1] ?? '').trim();
}

await script(async () => {
  const [name] = process.argv.slice(2);
  if (name === undefined) {
    process.stdout.write(`Benchmarks, run one with "npm run bench -- NAME":\n${listed()}\n`);
    return;
  }
  if (!/^[\w-]+$/.test(name) || !existsSync(inRoot('bench', name + SUFFIX))) {
    throw new Failure(`There is no benchmark "${name}". There are:\n${listed()}`, { exitCode: 2 });
  }
  await ensureInstalled();
  await ensureBuilt();
  await importFile('bench', name + SUFFIX);
});
