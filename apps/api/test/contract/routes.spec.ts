import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINT_INDEX } from '../fixtures/endpoint-index';
import { startTestApp, type TestApp } from '../support/app';
import { type RunningRoute, runningRoutes } from '../support/routes';

interface Description {
  readonly paths: Record<string, Record<string, { responses: Record<string, unknown>; security?: unknown[] }>>;
}

const template = (path: string): string => `/api${path.replace(/:(\w+)/g, '{$1}')}`;

describe('every route of the running application', () => {
  let t: TestApp;
  let routes: RunningRoute[];
  let described: Description;

  beforeAll(async () => {
    t = await startTestApp();
    routes = runningRoutes(t.app);
    described = (await t.http.get('/openapi.json')).body as Description;
  });

  afterAll(async () => {
    await t.close();
  });

  it('declares who may call it', () => {
    expect(routes.length).toBeGreaterThan(50);
    expect(routes.filter((route) => route.access === null && !route.operational)).toEqual([]);
  });

  it('is described with its errors, and nothing is described that does not exist', () => {
    const known = Object.entries(described.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(known.sort()).toEqual(routes.map((route) => `${route.method} ${template(route.path)}`).sort());
    for (const route of routes.filter((candidate) => !candidate.operational)) {
      const operation = described.paths[template(route.path)]?.[route.method.toLowerCase()];
      const statuses = Object.keys(operation?.responses ?? {});
      const needed =
        route.access?.roles === 'public' ? ['400', '429', '500', '503'] : ['400', '401', '429', '500', '503'];
      expect(statuses, `${route.method} ${route.path}`).toEqual(expect.arrayContaining(needed));
    }
  });

  it('stands in the contract’s index, with the same people', () => {
    const roles: Record<string, string> = { P: 'PATIENT', M: 'MEDECIN', F: 'PHARMACIEN', A: 'ADMIN' };
    for (const route of routes.filter((candidate) => !candidate.operational)) {
      const row = ENDPOINT_INDEX.find(
        (candidate) => candidate.method === route.method && candidate.path === route.path,
      );
      expect(row, `${route.method} ${route.path}`).toBeDefined();
      const who = row?.who ?? '';
      if (who.startsWith('public')) expect(route.access?.roles).toBe('public');
      else if (who === 'any' || who === 'self, A') expect(route.access?.roles).toBe('any');
      else if (who.startsWith('party')) expect(route.access?.roles).not.toContain('ADMIN');
      else {
        const named = [...new Set(who.match(/\b[PMFA]\b/g) ?? [])].map((letter) => roles[letter]).sort();
        expect([...(route.access?.roles ?? [])].sort(), `${route.method} ${route.path}`).toEqual(named);
      }
    }
  });

  it('answers every row of the user’s document', () => {
    const seed = ENDPOINT_INDEX.filter((row) => row.group === 'seed').map((row) => `${row.method} ${row.path}`);
    expect(seed).toHaveLength(17);
    expect(routes.map((route) => `${route.method} ${route.path}`)).toEqual(expect.arrayContaining(seed));
  });

  it('is what openapi.json says', () => {
    const committed = JSON.parse(readFileSync(join(__dirname, '../../../../openapi.json'), 'utf8')) as Description;
    expect(described).toEqual(committed);
  });

  it('refuses a method or path that nobody declared', async () => {
    const patient = await t.actors.asPatient();
    for (const [method, path] of [
      ['PUT', '/auth/login'],
      ['DELETE', '/medecins'],
      ['GET', '/appointments'],
      ['HEAD', '/auth/profile'],
      ['GET', '/'],
    ] as const) {
      const response = await t.http.call(method, path, undefined, { token: patient.token });
      expect(response.status, `${method} ${path}`).toBe(404);
    }
  });
});
