import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { Pair } from '../support/booking';

type Item = Record<string, unknown> & Record<'patient' | 'doctor' | 'pharmacist', unknown>;

describe('CLIENT_PROFILE=flutter-2026', () => {
  let standard: TestApp;
  let flutter: TestApp;

  beforeAll(async () => {
    standard = await startTestApp();
    flutter = await startTestApp({ dbName: standard.dbName, config: { care: { clientProfile: 'flutter-2026' } } });
  });

  afterAll(async () => {
    await flutter.close();
    await standard.close();
  });

  /** The same call in both profiles. */
  async function both(actor: TestActor, path: string) {
    const options = { token: actor.token };
    return [await standard.http.get(path, options), await flutter.http.get(path, options)] as const;
  }

  it('answers conversations as bare arrays with summary objects', async () => {
    const { patient, doctor } = await standard.actors.linkedPair();
    const pharmacy = await standard.actors.asPharmacist();
    await patient.post('/conversations', { patientId: patient.id, doctorId: doctor.id });
    await patient.post('/conversations', { patientId: patient.id, pharmacistId: pharmacy.id });
    const [plain, shaped] = await both(patient, `/patients/${patient.id}/conversations`);
    const items = plain.body.conversations as Item[];
    expect(items).toHaveLength(2);
    expect(shaped.body).toEqual(
      items.map((item) => ({ ...item, doctorId: item.doctor, pharmacistId: item.pharmacist })),
    );
    expect((shaped.body as Item[]).every((item) => typeof item['patientId'] === 'string')).toBe(true);
    expect((shaped.body as Item[]).map((item) => item['pharmacistId'])).toContain(null);
    const [ofDoctor, shapedDoctor] = await both(doctor, `/doctors/${doctor.id}/conversations`);
    expect(shapedDoctor.body).toEqual(
      (ofDoctor.body.conversations as Item[]).map((item) => ({ ...item, patientId: item.patient })),
    );
    const [ofPharmacy, same] = await both(pharmacy, `/pharmacists/${pharmacy.id}/conversations`);
    expect(same.body).toEqual(ofPharmacy.body);
  });

  it('answers requests as a bare array, and the risk score as text or not at all', async () => {
    const { patient, doctor } = await standard.actors.linkedPair();
    const asking = await standard.actors.asPatient();
    await asking.post(`/patients/${asking.id}/request-doctor`, { doctorId: doctor.id, urgentNote: 'soon' });
    const [plain, shaped] = await both(doctor, `/doctors/${doctor.id}/patient-requests`);
    expect(shaped.body).toEqual((plain.body.requests as Item[]).map((item) => ({ ...item, patientId: item.patient })));
    expect(shaped.body[0].patientId).toMatchObject({ _id: asking.id, nom: asking.nom });
    const [list, worklist] = await both(doctor, `/medecins/${doctor.id}/my-patients`);
    expect(list.body.data[0]).toMatchObject({ _id: patient.id, riskScore: null });
    const { riskScore: _none, ...rest } = list.body.data[0] as Item;
    expect(worklist.body).toEqual({ ...list.body, data: [rest] });
  });

  it('changes nothing else: errors, other routes, the version', async () => {
    const pair = await Pair.linked(standard);
    await pair.book();
    const stranger = await standard.actors.asPatient();
    const [refused, refusedToo] = await both(stranger, `/patients/${pair.patient.id}/conversations`);
    expect([refusedToo.status, refusedToo.body.code]).toEqual([refused.status, refused.body.code]);
    for (const path of ['/auth/profile', '/notifications', `/patients/${pair.patient.id}/appointments`, '/medecins']) {
      const [one, other] = await both(pair.patient, path);
      expect(other.body, path).toEqual(one.body);
    }
    expect((await flutter.http.get('/version')).body.clientProfile).toBe('flutter-2026');
    expect((await standard.http.get('/version')).body.clientProfile).toBe('standard');
  });
});
