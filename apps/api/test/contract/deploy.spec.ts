import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS } from '../../src/config/env.dto';
import { Metrics } from '../../src/platform/metrics';
import { startTestApp, type TestApp } from '../support/app';

const ROOT = join(__dirname, '../../../..');
const read = (file: string): string => readFileSync(join(ROOT, 'deploy', file), 'utf8');
const settings = new Set(Object.values(SETTINGS).map(({ name }) => name));
/** Of the image and the platform, not of the server. */
const OTHERS = new Set(['NODE_ENV']);

interface Service {
  readonly image?: string;
  readonly environment?: Record<string, string>;
  readonly depends_on?: Record<string, unknown>;
  readonly volumes?: string[];
  readonly read_only?: boolean;
}

const compose = parse(read('compose.yaml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};

/** The names of an environment file. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1] ?? '');
}

/** The metrics that a query names: what is left without labels, groupings, ranges and functions. */
function metricsIn(query: string): string[] {
  const bare = query
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, ' ');
  return [...bare.matchAll(/\b([a-z_][a-z0-9_:]*)\b(?!\s*\()/g)]
    .map((match) => match[1] ?? '')
    .filter((word) => !['or', 'and', 'unless'].includes(word));
}

describe('compose.yaml', () => {
  it('gives the server only settings that exist, and those it cannot start without', () => {
    for (const name of ['api1', 'api2']) {
      const given = Object.keys(compose.services[name]?.environment ?? {});
      expect(given.filter((key) => !settings.has(key))).toEqual([]);
      expect(given).toEqual(expect.arrayContaining(['MONGODB_URI', 'JWT_SECRET', 'TRUSTED_PROXIES']));
      expect(compose.services[name]?.read_only).toBe(true);
    }
  });

  it('names services, volumes and files that exist', () => {
    for (const service of Object.values(compose.services)) {
      expect(Object.keys(service.depends_on ?? {}).filter((name) => !(name in compose.services))).toEqual([]);
      for (const volume of service.volumes ?? []) {
        const [source = ''] = volume.split(':');
        // certificates are the operator's
        const known = source.startsWith('.') ? existsSync(join(ROOT, 'deploy', source)) : source in compose.volumes;
        expect(known || source === './certs', source).toBe(true);
      }
    }
  });

  it('asks for what .env.example lists', () => {
    const asked = [...read('compose.yaml').matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1] ?? '');
    expect(namesIn(read('.env.example')).sort()).toEqual([...new Set(asked)].sort());
  });
});

describe('the systemd unit', () => {
  it('and its environment name only settings that exist', () => {
    const inline = [...read('diabcare.service').matchAll(/^Environment=(.+)$/gm)].flatMap((match) =>
      namesIn((match[1] ?? '').replaceAll(' ', '\n')),
    );
    const names = [...inline, ...namesIn(read('diabcare.env.example'))];
    expect(names.filter((name) => !settings.has(name) && !OTHERS.has(name))).toEqual([]);
  });
});

describe('monitoring', () => {
  it('asks only for metrics that the server exposes', async () => {
    const { body } = await new Metrics().render();
    const exposed = new Set(['up']);
    for (const [, name = '', type] of body.matchAll(/^# TYPE (\S+) (\S+)$/gm))
      for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) exposed.add(name + suffix);
    const rules = parse(read('monitoring/alerts.yml')) as { groups: { rules: { expr: string }[] }[] };
    const board = JSON.parse(read('monitoring/dashboard.json')) as { panels: { targets: { expr: string }[] }[] };
    const queries = [
      ...rules.groups.flatMap((group) => group.rules),
      ...board.panels.flatMap((panel) => panel.targets),
    ];
    const named = new Set(queries.flatMap(({ expr }) => metricsIn(expr)));
    expect([...named].filter((name) => !exposed.has(name))).toEqual([]);
    expect(named.size).toBeGreaterThan(10);
  });

  it('scrapes the path and the instances there are', () => {
    const { scrape_configs: jobs } = parse(read('monitoring/prometheus.yml')) as {
      scrape_configs: { metrics_path: string; static_configs: { targets: string[] }[] }[];
    };
    expect(jobs[0]?.metrics_path).toBe('/api/metrics');
    const hosts = jobs[0]?.static_configs[0]?.targets.map((target) => target.split(':')[0] ?? '') ?? [];
    expect(hosts.filter((host) => !(host in compose.services))).toEqual([]);
  });
});

describe('the image', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  const dockerfile = read('Dockerfile');

  /** The exit code of the health check against a port. */
  function checked(port: string): Promise<number> {
    const line = /^ {2}CMD (\[.+\])$/m.exec(dockerfile)?.[1] ?? '[]';
    const [, ...args] = JSON.parse(line) as string[];
    return new Promise((resolve) => {
      execFile(process.execPath, args, { env: { PORT: port } }, (error) => resolve(Number(error?.code ?? 0)));
    });
  }

  it('runs as nobody special, from files that exist', () => {
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    expect(dockerfile.indexOf('USER 1000:1000')).toBeLessThan(dockerfile.indexOf('CMD ["node", "scripts/start.mjs"]'));
    for (const [, sources = ''] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
      expect(sources.split(' ').filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
  });

  it('is healthy while the server is ready', async () => {
    expect(await checked(new URL(t.url).port)).toBe(0);
    expect(await checked('9')).toBe(1);
  });
});
