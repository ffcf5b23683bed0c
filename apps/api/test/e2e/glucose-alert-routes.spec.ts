import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AlertStage } from '../support/alert-stage';
import { clockTime } from '../support/alert-simulation';
import { startTestApp, type TestApp } from '../support/app';

const SETTINGS = '/glucose/alert-settings';
const DEFAULTS = {
  thresholds: {
    urgentLow: { mgdl: 54, mmol: 3 },
    low: { mgdl: 70, mmol: 3.9 },
    high: { mgdl: 180, mmol: 10 },
    veryHigh: { mgdl: 250, mmol: 13.9 },
  },
  persistenceMinutes: { low: 0, high: 60, veryHigh: 15 },
  levels: {
    low: true,
    predictedLow: true,
    high: true,
    veryHigh: true,
    noData: true,
    rapidFall: false,
    rapidRise: false,
  },
  horizonMinutes: 20,
  noDataMinutes: 30,
  rapidRate: 3,
  noDataAtNight: false,
};
const instant = (at: string): string => new Date(clockTime(at)).toISOString();

describe('routes of glucose alerts', () => {
  let t: TestApp;

  beforeAll(async () => {
    t = await startTestApp();
  });

  afterEach(() => {
    t.clock.release();
  });

  afterAll(async () => {
    await t.close();
  });

  describe('settings', () => {
    it('are complete before anything was set, and follow the population', async () => {
      const patient = await t.actors.asPatient();
      expect((await patient.get(SETTINGS)).body).toEqual({ ...DEFAULTS, updatedAt: null });
      await patient.patch(`/patients/${patient.id}`, { glycemicPopulation: 'gestational' });
      const { thresholds } = (await patient.get(SETTINGS)).body;
      expect(thresholds).toMatchObject({ low: { mgdl: 63, mmol: 3.5 }, high: { mgdl: 140, mmol: 7.8 } });
    });

    it('are replaced as a whole; a limit may be sent in one unit', async () => {
      const { stage, patient } = await (async () => {
        const opened = await AlertStage.open(t, '10:00');
        return { stage: opened, patient: opened.patient };
      })();
      const first = await patient.put(SETTINGS, {
        thresholds: { low: { mmol: 4.4 }, high: { mgdl: 200 }, veryHigh: { mgdl: 250, mmol: 13.9 } },
        levels: { rapidFall: true },
        persistenceMinutes: { high: 0 },
        horizonMinutes: 30,
        updatedAt: 'whatever',
      });
      // 4.4 x 18.0182 = 79.3; 200 / 18.0182 = 11.1
      expect(first.body).toEqual({
        ...DEFAULTS,
        thresholds: { ...DEFAULTS.thresholds, low: { mgdl: 79, mmol: 4.4 }, high: { mgdl: 200, mmol: 11.1 } },
        levels: { ...DEFAULTS.levels, rapidFall: true },
        persistenceMinutes: { ...DEFAULTS.persistenceMinutes, high: 0 },
        horizonMinutes: 30,
        updatedAt: instant('10:00'),
      });
      expect((await patient.get(SETTINGS)).body).toEqual(first.body);
      // A client may send back what it read.
      expect((await patient.put(SETTINGS, first.body)).status).toBe(200);
      expect((await patient.put(SETTINGS, {})).body).toEqual({ ...DEFAULTS, updatedAt: instant('10:00') });
      expect((await patient.put(`/patients/${patient.id}/glucose/alert-settings`, {})).status).toBe(200);
      await stage.tick();
      expect((await patient.get('/notifications')).body.notifications).toEqual([]);
    });

    it.each([
      [{ thresholds: { urgentLow: { mgdl: 53 } } }, 'thresholds.urgentLow'],
      [{ thresholds: { urgentLow: { mgdl: 61 } } }, 'thresholds.urgentLow'],
      [{ thresholds: { urgentLow: { mgdl: 60 }, low: { mgdl: 60 } } }, 'thresholds.low'],
      [{ thresholds: { low: { mgdl: 101 } } }, 'thresholds.low'],
      [{ thresholds: { high: { mmol: 17 } } }, 'thresholds.high'],
      [{ thresholds: { high: { mgdl: 260 } } }, 'thresholds.veryHigh'],
      [{ thresholds: { low: { mgdl: 70, mmol: 4.1 } } }, 'thresholds.low'],
      [{ thresholds: { low: {} } }, 'thresholds.low'],
      [{ thresholds: { low: { mgdl: '70' } } }, 'thresholds.low.mgdl'],
      [{ horizonMinutes: 25 }, 'horizonMinutes'],
      [{ rapidRate: 4 }, 'rapidRate'],
      [{ noDataMinutes: 19 }, 'noDataMinutes'],
      [{ persistenceMinutes: { low: 31 } }, 'persistenceMinutes.low'],
      [{ levels: { urgentLow: false } }, 'levels.urgentLow'],
      [{ levels: { low: 'no' } }, 'levels.low'],
    ])('are refused: %j', async (body, field) => {
      const patient = await t.actors.asPatient();
      const response = await patient.put(SETTINGS, body);
      expect(response.status).toBe(400);
      expect(response.body.code).toBe('VALIDATION_FAILED');
      expect(response.body.details[0].field).toBe(field);
    });

    it('changed by a doctor are announced to the patient and audited', async () => {
      const { patient, doctor } = await t.actors.linkedPair();
      const path = `/patients/${patient.id}/glucose/alert-settings`;
      expect((await doctor.get(path)).body.updatedAt).toBeNull();
      expect((await doctor.put(path, { thresholds: { low: { mgdl: 80 } } })).status).toBe(200);
      await t.settle();
      const [told] = (await patient.get('/notifications')).body.notifications;
      expect(told).toMatchObject({
        type: 'patient_alert',
        severity: 'info',
        title: 'Alert limits changed',
        message: `Dr. ${doctor.prenom} ${doctor.nom} changed your glucose alert limits.`,
        relatedId: patient.id,
        data: { event: 'alert_settings_changed', patientId: patient.id, doctorId: doctor.id },
      });
      const log = await t.db.collection('auditevents').find({ action: 'alert_settings.updated' }).toArray();
      expect(log.at(-1)).toMatchObject({ outcome: 'success', changes: ['thresholds'] });
      expect(await t.db.collection('auditevents').countDocuments({ resource: 'alert-settings' })).toBeGreaterThan(1);
    });
  });

  describe('alerts', () => {
    it('show how they stand for the caller', async () => {
      const stage = await AlertStage.open(t, '10:00');
      const { patient, doctor } = stage;
      await stage.sense(66);
      stage.goTo('10:05');
      await stage.sense(64);
      const alert = await stage.openAlert();
      expect(alert).toEqual({
        _id: alert._id,
        patientId: patient.id,
        side: 'low',
        state: 'active',
        code: 'low',
        openedAt: instant('10:00'),
        updatedAt: instant('10:05'),
        closedAt: null,
        closedBy: null,
        first: { value: 66, unit: 'mg/dL', measuredAt: instant('10:00'), kind: 'cgm' },
        latest: { value: 64, unit: 'mg/dL', measuredAt: instant('10:05'), kind: 'cgm' },
        extreme: { value: 64, unit: 'mg/dL', measuredAt: instant('10:05'), kind: 'cgm' },
        notifiedAt: instant('10:00'),
        acknowledgedAt: null,
        snoozedUntil: null,
      });
      const ofDoctor = (await doctor.get(`/patients/${patient.id}/glucose/alerts`)).body;
      expect(ofDoctor.alerts).toEqual([{ ...alert, notifiedAt: null }]);
      const path = `/patients/${patient.id}/glucose/alerts/${alert._id}/acknowledge`;
      const seen = await doctor.post(path);
      expect(seen.status).toBe(200);
      expect(seen.body).toMatchObject({ state: 'acknowledged', acknowledgedAt: instant('10:05') });
      expect(await stage.openAlert()).toMatchObject({ state: 'active', acknowledgedAt: null });
      expect((await patient.post(path)).body).toMatchObject({ state: 'acknowledged' });
    });

    it('are acknowledged twice without error, snoozed within limits, and closed for good', async () => {
      const stage = await AlertStage.open(t, '10:00');
      const { patient } = stage;
      await stage.sense(66);
      const { _id } = await stage.openAlert();
      const act = (what: string, body?: unknown) => patient.post(`/glucose/alerts/${_id}/${what}`, body);
      const tooLong = await act('snooze', { minutes: 61 });
      expect(tooLong.status).toBe(400);
      expect(tooLong.body.code).toBe('SNOOZE_TOO_LONG');
      expect((await act('snooze', { minutes: 0 })).body.code).toBe('VALIDATION_FAILED');
      expect((await act('snooze', { minutes: 1.5 })).body.code).toBe('VALIDATION_FAILED');
      expect((await act('snooze')).body).toMatchObject({ state: 'snoozed', snoozedUntil: instant('10:30') });
      expect((await act('snooze', { minutes: 60 })).body).toMatchObject({ snoozedUntil: instant('11:00') });
      stage.goTo('10:01');
      expect((await act('acknowledge')).body).toMatchObject({
        state: 'acknowledged',
        acknowledgedAt: instant('10:01'),
      });
      stage.goTo('10:02');
      const again = await act('acknowledge');
      expect(again.status).toBe(200);
      expect(again.body).toMatchObject({ acknowledgedAt: instant('10:01') });
      await stage.measure(95);
      for (const what of ['acknowledge', 'snooze']) {
        const response = await act(what);
        expect(response.status).toBe(409);
        expect(response.body.code).toBe('ALERT_CLOSED');
      }
    });

    it('are listed newest first, page by page', async () => {
      const stage = await AlertStage.open(t, '10:00');
      const { patient } = stage;
      for (const [at, value] of [
        ['10:00', 60],
        ['10:01', 100],
        ['10:02', 300],
        ['10:03', 100],
        ['10:04', 60],
      ] as const) {
        stage.goTo(at);
        await stage.measure(value);
      }
      const list = async (query: string) => (await patient.get(`/glucose/alerts${query}`)).body;
      const all = await list('');
      const ids = all.alerts.map(({ _id }: { _id: string }) => _id);
      expect(all.alerts.map(({ openedAt }: { openedAt: string }) => openedAt)).toEqual(
        ['10:04', '10:02', '10:00'].map(instant),
      );
      expect(all).toMatchObject({ hasMore: false, nextCursor: ids[2] });
      const first = await list('?limit=2');
      expect(first).toMatchObject({ hasMore: true, nextCursor: ids[1] });
      expect((await list(`?limit=2&before=${ids[1]}`)).alerts).toEqual([all.alerts[2]]);
      expect((await list(`?before=${instant('10:02')}`)).alerts).toEqual([all.alerts[2]]);
      expect((await list('?state=active')).alerts).toEqual([all.alerts[0]]);
      expect((await list(`?state=active&before=${ids[0]}`)).alerts).toEqual([]);
      expect((await patient.get('/glucose/alerts?before=x')).body.code).toBe('INVALID_CURSOR');
      expect((await patient.get(`/glucose/alerts?before=${patient.id}`)).status).toBe(404);
      expect((await patient.get('/glucose/alerts?state=open')).status).toBe(400);
      expect((await patient.get('/glucose/alerts?limit=0')).status).toBe(400);
    });

    it('are nobody else’s', async () => {
      const stage = await AlertStage.open(t, '10:00');
      const { patient, doctor } = stage;
      await stage.sense(66);
      const { _id } = await stage.openAlert();
      const [stranger, otherDoctor, pharmacist] = [
        await t.actors.asPatient(),
        await t.actors.asDoctor(),
        await t.actors.asPharmacist(),
      ];
      for (const what of ['acknowledge', 'snooze']) {
        expect((await stranger.post(`/glucose/alerts/${_id}/${what}`)).status).toBe(404);
        expect((await doctor.post(`/glucose/alerts/${_id}/${what}`)).body.code).toBe('FORBIDDEN_ROLE');
      }
      expect((await patient.post('/glucose/alerts/zzz/acknowledge')).body.code).toBe('INVALID_ID');
      const space = `/patients/${patient.id}/glucose`;
      for (const other of [stranger, otherDoctor]) {
        expect((await other.get(`${space}/alerts`)).body.code).toBe('FORBIDDEN_SPACE');
        expect((await other.get(`${space}/alert-settings`)).body.code).toBe('FORBIDDEN_SPACE');
        expect((await other.put(`${space}/alert-settings`, {})).body.code).toBe('FORBIDDEN_SPACE');
        expect((await other.post(`${space}/alerts/${_id}/acknowledge`)).body.code).toBe('FORBIDDEN_SPACE');
      }
      expect((await pharmacist.get(`${space}/alerts`)).body.code).toBe('FORBIDDEN_ROLE');
      expect((await pharmacist.get('/glucose/alerts')).body.code).toBe('FORBIDDEN_ROLE');
      await patient.patch(`/patients/${patient.id}/doctors/${doctor.id}/access`, { enabled: false });
      expect((await doctor.get(`${space}/alerts`)).body.code).toBe('ACCESS_DISABLED');
      expect((await doctor.put(`${space}/alert-settings`, {})).body.code).toBe('ACCESS_DISABLED');
    });

    /** How many documents of a patient each collection holds. */
    async function storedOf(patientId: string): Promise<number[]> {
      const names = ['glucosealerts', 'glucosealertstates', 'glucosealertsettings'];
      const all = await Promise.all(names.map((name) => t.db.collection(name).find({}).toArray()));
      return all.map((rows) => rows.filter((row) => String(row['patientId']) === patientId).length);
    }

    it('stand in the export and go with the account', async () => {
      const stage = await AlertStage.open(t, '10:00');
      const { patient, doctor } = stage;
      await stage.measure(52);
      await patient.put(SETTINGS, { horizonMinutes: 30 });
      const exported = (await patient.get('/users/me/export')).body;
      expect(exported.alerts).toHaveLength(1);
      expect(exported.alerts[0]).toMatchObject({ code: 'urgent_low', state: 'active' });
      expect(await storedOf(patient.id)).toEqual([1, 1, 1]);
      expect((await patient.delete('/users/me', { currentPassword: patient.password })).status).toBe(200);
      await t.runJob('erasure');
      await stage.tick();
      expect(await storedOf(patient.id)).toEqual([0, 0, 0]);
      const [told] = (await doctor.get('/notifications?type=patient_alert')).body.notifications;
      expect(told.message).not.toContain(patient.nom);
      stage.goTo('10:20');
      await stage.tick();
      expect((await stage.told()).filter((line) => line.includes('recheck'))).toEqual([]);
    });
  });
});
