import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { allPages, anchorsOf, commandsOf, type Page, parsePage, readPage, ROOT } from '../support/pages';

const PAGES = allPages();
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const exists = (...parts: string[]): boolean => existsSync(join(ROOT, ...parts));

/** What is wrong with a page, each as `page: what`. */
type Check = (page: Page) => string[];

function complaints(check: Check, pages: readonly Page[] = PAGES): string[] {
  return pages.flatMap((page) => check(page).map((complaint) => `${page.path}: ${complaint}`));
}

/** A page made for a check that must notice what is wrong in it. */
const page = (text: string): Page[] => [parsePage('docs/made-up.md', text)];

const links: Check = ({ folder, text, path }) =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [file = '', anchor] = target.split('#');
    const to = file === '' ? path : join(folder, file);
    if (!exists(to)) return [`links to ${target}`];
    return anchor === undefined || anchorsOf(readPage(to)).has(anchor) ? [] : [`links to ${target}`];
  });

// Folders that a path may begin with, and from where.
const STARTS =
  /^(?:apps|packages|docs|deploy|bench|scripts|src|test|platform|common|access|modules|monitoring|vectors)\//;
const FROM = ['', 'apps/api', 'apps/api/src', 'packages/glycemia'];

// A decision names the place that it decides against.
const NOT_TAKEN = new Set(['apps/api/migrations']);

/** A path with a pattern in its last part names at least one file; `<feature>` stands for any. */
function isThere(path: string, folder: string): boolean {
  const [fixed = '', pattern] = /^([^*<]*\/)?([^/]*(?:[*<]|NNNN).*)$/.exec(path)?.slice(1) ?? [path];
  const at = [folder, ...FROM].filter((root) => exists(root, fixed));
  if (pattern === undefined || /^(?:\*|<\w+>\/?)$/.test(pattern)) return at.length > 0;
  const wanted = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll(/\*|NNNN-title/g, '.*')}$`);
  return at.some((root) => readdirSync(join(ROOT, root, fixed)).some((name) => wanted.test(name)));
}

const paths: Check = ({ inline, folder }) =>
  inline
    .filter((text) => STARTS.test(text) && !/\s/.test(text) && !NOT_TAKEN.has(text))
    .filter((text) => !isThere(text, folder))
    .map((text) => `names ${text}`);

/** The trees of folders: names in the first column, those below indented. */
const trees: Check = ({ blocks }) =>
  blocks
    .filter(({ language, text }) => language === '' && /^(?:apps\/api|package\.json) /m.test(text))
    .flatMap(({ text }) => {
      let parent = '';
      return text.split('\n').flatMap((line) => {
        const [, indent = '', name] = /^( {0,2})(\S+) {2,}\S/.exec(line) ?? [];
        if (name === undefined) return [];
        if (indent === '') parent = name;
        const path = indent === '' ? name : join(parent, name);
        return isThere(path, '') ? [] : [`draws ${path}`];
      });
    });

const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
const compose = parse(read('deploy/compose.yaml'), { merge: true }) as {
  services: Readonly<Record<string, { profiles?: string[] }>>;
};
const adminUsage = /const USAGE = `(.*?)`;/s.exec(read('apps/api/src/cli/admin.ts'))?.[1] ?? '';
const quickstartUsage = /const USAGE = `(.*?)`;/s.exec(read('scripts/lib/options.mjs'))?.[1] ?? '';

/** The flags among words, and which of them a usage text does not know. */
const unknownFlags = (words: readonly string[], usage: string): string[] =>
  words.filter((word) => /^--\w/.test(word) && !new RegExp(`${word}\\b`).test(usage));

/** What a script of package.json is asked for. Places for a value (`NAME`, `[...]`) are not looked up. */
function scriptProblems(name: string, rest: readonly string[]): string[] {
  if (scripts[name] === undefined) return [`no script ${name}`];
  const words = rest.map((word) => word.replaceAll(/[[\]|]/g, '')).filter((word) => word !== '--');
  const [first] = words;
  if (name === 'quickstart') return unknownFlags(words, quickstartUsage);
  if (first === undefined || /^[A-Z]+$/.test(first)) return [];
  if (name === 'bench') return exists('bench', `${first}.bench.mjs`) ? [] : [`no benchmark ${first}`];
  if (name !== 'admin') return [];
  const line = new RegExp(`^  ${first} .*(?:\\n {10,}.*)?`, 'm').exec(adminUsage)?.[0];
  return line === undefined ? [`no verb ${first}`] : unknownFlags(words, line);
}

function dockerProblems(words: readonly string[]): string[] {
  const [file, profile] = ['-f', '--profile'].map((flag) => words[words.indexOf(flag) + 1] ?? '');
  const profiles = Object.values(compose.services).flatMap((service) => service.profiles ?? []);
  const services = words.filter((word) => /^[a-z]+\d+$/.test(word));
  return [
    ...(words.includes('-f') && !exists(file ?? '') ? [`no file ${file ?? ''}`] : []),
    ...(words.includes('--profile') && !profiles.includes(profile ?? '') ? [`no profile ${profile ?? ''}`] : []),
    ...services.filter((name) => !(name in compose.services)).map((name) => `no service ${name}`),
  ];
}

/** What cannot be run of a command line. Programs that are not ours are believed. */
function commandProblems(command: string): string[] {
  const [program = '', ...words] = command.split(/\s+/);
  const [first = ''] = words;
  if (program === 'npm' && first === 'run') return scriptProblems(words[1] ?? '', words.slice(2));
  if (program === 'npm' && ['start', 'test'].includes(first)) return scriptProblems(first, words.slice(1));
  if (program === 'docker') return dockerProblems(words);
  if (program === 'node' || program === 'npx') {
    const files = words.filter((word) => /^(?:apps|bench|packages|scripts)\//.test(word));
    // what the build makes is named by what it is made from
    return files
      .map((file) => file.replace(/\/dist\/(.*)\.js$/, '/src/$1.ts'))
      .filter((file) => !exists(file))
      .map((file) => `no file ${file}`);
  }
  const [source = ''] = words;
  return program === 'cp' && source.startsWith('deploy/') && !exists(source) ? [`no file ${source}`] : [];
}

const commands: Check = (page) =>
  commandsOf(page).flatMap((command) => commandProblems(command).map((problem) => `${problem} in "${command}"`));

describe('the pages', () => {
  it('link to files and headings that exist', () => {
    expect(complaints(links)).toEqual([]);
    expect(complaints(links, page('[a](gone.md) [b](security.md#nothing) [c](security.md) [d](#x)'))).toHaveLength(3);
  });

  it('name files that exist, and draw the folders as they are', () => {
    expect(complaints(paths)).toEqual([]);
    expect(complaints(trees)).toEqual([]);
    expect(
      complaints(paths, page('`test/e2e/gone.spec.ts` `test/e2e/glucose-*.spec.ts` `test/e2e/x*.ts`')),
    ).toHaveLength(2);
    expect(complaints(trees, page('```\napps/api   a\n  src/gone   b\nbench   c\n```'))).toHaveLength(1);
  });

  it('give commands that can be run', () => {
    expect(
      PAGES.flatMap(commandsOf).filter((command) => /^(?:npm|node|npx|docker|cp) /.test(command)).length,
    ).toBeGreaterThan(40);
    expect(complaints(commands)).toEqual([]);
    const wrong = [
      'npm run gone',
      'npm run bench -- gone',
      'npm run admin -- gone',
      'npm run admin -- migrate --check',
      'npm run quickstart -- --gone',
      'docker compose -f deploy/gone.yaml up api3',
      'cp deploy/gone deploy/.env',
      'node scripts/gone.mjs',
    ];
    expect(complaints(commands, page(`\`\`\`\n${wrong.join('\n')}\n\`\`\``))).toHaveLength(wrong.length + 1);
  });

  it('list the scripts and the verbs that there are, in the tables of operations.md', () => {
    const table = read('docs/operations.md');
    for (const name of Object.keys(scripts))
      expect(table, name).toMatch(new RegExp(`^\\| \`npm (?:run )?${name}\\b`, 'm'));
    for (const [, verb = ''] of adminUsage.matchAll(/^ {2}([a-z-]+)/gm)) expect(table).toContain(`\`${verb}`);
  });
});
