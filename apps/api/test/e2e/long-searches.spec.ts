import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../support/app';

const LONG = 'Endocrinologie, diabétologie et maladies métaboliques de l’enfant et de l’adolescent, éducation';

describe('a search for a long text', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterAll(async () => {
    await t.close();
  });

  it('finds it, and answers any text that may be sent', async () => {
    const [doctor, admin, pharmacist] = await Promise.all([
      t.actors.asDoctor({ specialite: LONG }),
      t.actors.asAdmin(),
      t.actors.asPharmacist(),
    ]);
    const found = await doctor.get(`/medecins?specialite=${encodeURIComponent(LONG.toUpperCase())}`);
    expect(found.body.data).toMatchObject([{ _id: doctor.id }]);
    const other = LONG.replace('malad', 'malat');
    expect((await doctor.get(`/medecins?specialite=${encodeURIComponent(other)}`)).body.data).toEqual([]);
    for (const text of ['é'.repeat(100), 'ﷺ'.repeat(100), '('.repeat(100), '\\'.repeat(100), 'o'.repeat(100)]) {
      const sent = encodeURIComponent(text);
      for (const path of ['/medecins?search=', '/medecins?specialite=', '/users?search=', '/patients?search='])
        expect((await admin.get(path + sent)).body.data, path).toEqual([]);
      expect((await admin.get(`/patients/search/by-name-or-email?query=${sent}`)).body).toEqual([]);
      const history = `/medication-request/pharmacy/${pharmacist.id}/history?medicationName=${sent}`;
      expect((await pharmacist.get(history)).status).toBe(200);
    }
  });
});
