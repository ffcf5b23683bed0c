/**
 * `node scripts/graph.mjs [--check]`: draws which folder of apps/api/src imports which, between the markers of
 * docs/architecture.md. With --check it only compares, so that the drawing cannot go stale.
 */
import './lib/node-version.mjs';
import { readFileSync, writeFileSync } from 'node:fs';
import { Failure, script } from './lib/failure.mjs';
import { inRoot } from './lib/paths.mjs';

const PAGE = inRoot('docs', 'architecture.md');
const START = '<!-- import graph: start, written by scripts/graph.mjs -->';
const END = '<!-- import graph: end -->';
const SOURCES = 'apps/api/src/';
/** Imported by nearly every folder: their arrows would hide the others, so the page says it in words instead. */
const EVERYWHERE = new Set(['common', 'config']);

/** The folder a source belongs to in the drawing; null for what is not drawn. */
function folderOf(file) {
  if (!file.startsWith(SOURCES) || file.endsWith('.spec.ts')) return null;
  const [first, second, third] = file.slice(SOURCES.length).split('/');
  if (second === undefined) return 'app';
  return (first === 'platform' || first === 'modules') && third !== undefined ? `${first}/${second}` : first;
}

/** All folders and the arrows between them, sorted, so that equal code draws an equal picture. */
async function readGraph() {
  const { cruise } = await import('dependency-cruiser');
  const options = { tsPreCompilationDeps: true, doNotFollow: { path: 'node_modules' } };
  const { output } = await cruise([SOURCES], { ...options, baseDir: inRoot() });
  const folders = new Set();
  const arrows = new Set();
  for (const { source, dependencies } of output.modules) {
    const from = folderOf(source);
    if (from === null) continue;
    folders.add(from);
    for (const { resolved } of dependencies) {
      const to = folderOf(resolved);
      if (to !== null && to !== from && !EVERYWHERE.has(to)) arrows.add(`${from} ${to}`);
    }
  }
  return { folders: [...folders].sort(), arrows: [...arrows].sort() };
}

/** The Mermaid text: one box per folder, platform and modules framed. */
function draw({ folders, arrows }) {
  const id = (folder) => folder.replace(/\W/g, '_');
  const box = (folder) => `${id(folder)}["${folder}"]`;
  const frame = (name) => {
    const inside = folders.filter((folder) => folder.startsWith(`${name}/`));
    return inside.length === 0
      ? []
      : [`  subgraph ${name}_frame[" "]`, ...inside.map((folder) => `    ${box(folder)}`), '  end'];
  };
  return [
    'flowchart TD',
    ...folders.filter((folder) => !/^(platform|modules)\//.test(folder)).map((folder) => `  ${box(folder)}`),
    ...frame('modules'),
    ...frame('platform'),
    ...arrows.map((arrow) => `  ${arrow.split(' ').map(id).join(' --> ')}`),
  ].join('\n');
}

await script(async () => {
  const page = readFileSync(PAGE, 'utf8');
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start === -1 || end < start) throw new Failure('docs/architecture.md lacks the markers of the import graph.');
  const block = `${START}\n\n\`\`\`mermaid\n${draw(await readGraph())}\n\`\`\`\n\n`;
  const next = page.slice(0, start) + block + page.slice(end);
  if (!process.argv.includes('--check')) writeFileSync(PAGE, next);
  else if (next !== page)
    throw new Failure('Imports between folders changed: run "node scripts/graph.mjs" and commit docs/architecture.md.');
});
