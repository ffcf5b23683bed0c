import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';
import { makeOwned, type Owned } from '../support/matrix/owned';
import { ROWS } from '../support/matrix/rows';
import { ask, leaksOf, walk } from '../support/matrix/walk';
import { type RunningRoute, runningRoutes } from '../support/routes';

// 177 routes a walk: seconds on a machine of its own, a minute on one that does other things
describe('the role matrix', { timeout: 180_000 }, () => {
  let t: TestApp;
  let routes: Map<string, RunningRoute>;
  let owned: Owned;

  beforeAll(async () => {
    t = await startTestApp();
    routes = new Map(
      runningRoutes(t.app)
        .filter((route) => !route.operational)
        .map((route) => [`${route.method} ${route.path}`, route]),
    );
    owned = await makeOwned(t);
  });

  afterAll(async () => {
    await t.close();
  });

  const rolesOf = (method: string, path: string) => routes.get(`${method} ${path}`)?.access?.roles ?? [];
  const publicRoute = (method: string, path: string) => rolesOf(method, path) === 'public';

  it('has a row for every route, and none for a route that does not exist', () => {
    expect(new Set(ROWS.map(({ method, path }) => `${method} ${path}`))).toEqual(new Set(routes.keys()));
    for (const { method, path, cells } of ROWS) expect(Object.values(cells), `${method} ${path}`).toHaveLength(6);
  });

  it('admits the roles that the route names, and no others', () => {
    for (const { method, path, cells } of ROWS) {
      const roles = rolesOf(method, path);
      if (typeof roles === 'string') continue;
      for (const role of ['PATIENT', 'MEDECIN', 'PHARMACIEN', 'ADMIN'] as const)
        if (!roles.includes(role)) expect(cells[role]?.status ?? 403, `${role}: ${method} ${path}`).toBe(403);
    }
  });

  it('refuses the anonymous and the signed-out everywhere', async () => {
    const gone = await t.actors.asPatient();
    await gone.delete('/sessions/current');
    for (const row of ROWS) {
      const name = `${row.method} ${row.path}`;
      const anonymous = await ask(t, owned, row);
      expect(leaksOf(anonymous.text), name).toBe('');
      if (publicRoute(row.method, row.path)) {
        expect(anonymous.status, name).toBe(row.cells.PATIENT?.status);
        continue;
      }
      expect(anonymous.body, name).toMatchObject({ statusCode: 401, code: 'UNAUTHENTICATED' });
      expect((await ask(t, owned, row, gone.token)).body, name).toMatchObject({ code: 'SESSION_REVOKED' });
    }
  });

  it('refuses the suspended and the erased everywhere', async () => {
    const [suspended, erased, admin] = [
      await t.actors.asDoctor(),
      await t.actors.asPatient(),
      await t.actors.asAdmin(),
    ];
    await admin.patch(`/users/${suspended.id}`, { statutCompte: 'SUSPENDU' });
    expect((await erased.delete('/users/me', { currentPassword: erased.password })).status).toBe(200);
    for (const row of ROWS.filter(({ method, path }) => !publicRoute(method, path)))
      for (const { token } of [suspended, erased])
        expect((await ask(t, owned, row, token)).body, `${row.method} ${row.path}`).toMatchObject({
          statusCode: 401,
          code: 'SESSION_REVOKED',
        });
  });

  it('shows strangers of every role nothing of somebody else', async () => {
    for (const stranger of [await t.actors.asPatient(), await t.actors.asDoctor(), await t.actors.asPharmacist()])
      expect(await walk(t, owned, stranger.role as 'PATIENT', stranger.token)).toEqual([]);
  });

  it('lets an ADMIN see accounts and no clinical data', async () => {
    const admin = await t.actors.asAdmin();
    expect(await walk(t, owned, 'ADMIN', admin.token)).toEqual([]);
    for (const { cells, method, path } of ROWS) expect(cells.ADMIN?.words ?? '', `${method} ${path}`).toMatch(/^i?f?$/);
  });

  it('closes with access, and with the link', async () => {
    const [off, ended] = [await makeOwned(t), await makeOwned(t)];
    const reads = ROWS.filter(
      ({ method, path }) =>
        method === 'GET' &&
        (path === '/patients/:id' ||
          routes.get(`GET ${path}`)?.access?.spaces.some((space) => space.linked === true) === true),
    );
    expect(reads.length).toBeGreaterThan(3);
    for (const row of reads) expect((await ask(t, off, row, off.doctor.token)).status, row.path).toBe(200);
    await off.patient.patch(`/patients/${off.patient.id}/doctors/${off.doctor.id}/access`, { enabled: false });
    for (const row of reads)
      expect((await ask(t, off, row, off.doctor.token)).body.code, row.path).toBe('ACCESS_DISABLED');
    expect(await walk(t, off, 'access off', off.doctor.token)).toEqual([]);
    await ended.patient.delete(`/medecins/${ended.doctor.id}/patients/${ended.patient.id}`);
    expect(await walk(t, ended, 'link ended', ended.doctor.token)).toEqual([]);
  });

  it('leaves nobody a name of the erased', async () => {
    const gone = await makeOwned(t);
    const { patient } = gone;
    expect((await patient.delete('/users/me', { currentPassword: patient.password })).status).toBe(200);
    await t.settle();
    // what a pharmacy was asked for stays in its history, without the note and the name
    const people = [gone.doctor, gone.pharmacist, await t.actors.asPatient(), await t.actors.asDoctor()];
    for (const { role, token } of people)
      for (const row of ROWS.filter(({ method }) => method === 'GET')) {
        const { text } = await ask(t, gone, row, token);
        expect(leaksOf(text, patient.email), `${role}: ${row.method} ${row.path}`).not.toMatch(/[ifc]/);
      }
  });
});
