import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(__dirname, '../../../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const run = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes: { readonly content: string }[];
}

describe('the packages of others', () => {
  it('are under allowed licences, and listed', () => {
    expect(run('scripts/licences.mjs', '--check')).toBe('');
  });

  it('stand in the bill of materials, each with its hash', () => {
    const bill = JSON.parse(run('scripts/sbom.mjs')) as { bomFormat: string; components: Component[] };
    expect(bill.bomFormat).toBe('CycloneDX');
    const { dependencies = {} } = JSON.parse(read('apps/api/package.json')) as Manifest;
    const listed = new Map(
      bill.components.map(({ group, name, version }) => [group === undefined ? name : `${group}/${name}`, version]),
    );
    for (const [name, version] of Object.entries(dependencies).filter(([own]) => !own.startsWith('@diabcare/')))
      expect(listed.get(name), name).toBe(version);
    for (const { purl, hashes } of bill.components) expect(hashes[0]?.content, purl).toMatch(/^[0-9a-f]{128}$/);
  });

  it('are pinned exactly', () => {
    for (const folder of ['', 'apps/api', 'bench', 'packages/client', 'packages/embedded-mongo', 'packages/glycemia']) {
      const manifest = JSON.parse(read(join(folder, 'package.json'))) as Manifest;
      for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
        expect(version, `${folder} ${name}`).toMatch(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/);
    }
  });
});

describe('the CI workflow', () => {
  const text = read('.github/workflows/ci.yml');
  const workflow = parse(text) as {
    permissions: Record<string, string>;
    jobs: Record<string, { steps: { uses?: string; run?: string }[] }>;
  };
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

  it('runs what .ci/run runs, and may only read', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(steps.map((step) => step.run)).toContain('.ci/run');
    for (const [, file = ''] of text.matchAll(/node (scripts\/\S+)/g)) expect(existsSync(join(ROOT, file))).toBe(true);
  });

  it('uses actions of others by commit, with the version beside it', () => {
    const used = text.split('\n').filter((line) => line.includes('uses:'));
    expect(used.length).toBeGreaterThan(1);
    for (const line of used) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('is kept current by Dependabot, for packages, actions and images', () => {
    const { updates } = parse(read('.github/dependabot.yml')) as {
      updates: { 'package-ecosystem': string; directory: string }[];
    };
    expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions', 'docker']);
    for (const { directory } of updates) expect(existsSync(join(ROOT, directory))).toBe(true);
  });
});
