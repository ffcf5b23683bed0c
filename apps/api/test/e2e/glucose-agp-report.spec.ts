import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestActor } from '../support/actors';
import { startTestApp, type TestApp } from '../support/app';
import { LONG_TOKENS } from '../support/booking';
import { cgm14Readings } from '../support/vectors';

const PERIOD = 'start=2025-03-24&end=2025-04-06';

describe('the one-page AGP report', () => {
  let t: TestApp;
  let patient: TestActor;

  beforeAll(async () => {
    t = await startTestApp({ config: { auth: LONG_TOKENS } });
    t.clock.freeze('2026-01-05T12:00:00.000Z');
    patient = await t.actors.asPatient({ nom: 'Łukasz & <Fils>', prenom: 'Élodie', timeZone: 'Europe/Paris' });
    const readings = cgm14Readings();
    for (let from = 0; from < readings.length; from += 1_000)
      await patient.post('/glucose/bulk', { readings: readings.slice(from, from + 1_000) });
  });

  afterAll(async () => {
    await t.close();
  });

  const fetchReport = (extension: 'pdf' | 'svg', query = PERIOD, by: TestActor = patient) =>
    by.get(`/patients/${patient.id}/reports/agp.${extension}?${query}`);

  it('is a drawing with real text, an embedded typeface and nothing from elsewhere', async () => {
    const { status, headers, text } = await fetchReport('svg');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('image/svg+xml');
    expect(headers.get('content-disposition')).toBe('inline; filename="agp-2025-03-24-2025-04-06.svg"');
    expect(headers.get('cache-control')).toBe('private, no-store');
    for (const part of [
      'AGP report',
      'Élodie Łukasz &#38; &#60;Fils&#62;',
      '>88 %<',
      '133 mg/dL',
      '6.5 %',
      '15 (zone A)',
      'glucose-metrics/1',
      '<title',
      '<desc',
    ])
      expect(text).toContain(part);
    expect(text).not.toMatch(/<script|href=|url\(http/);
    expect((await fetchReport('svg')).text).toBe(text);
  });

  it('speaks French and mmol/L on request, and leaves out what is not for pregnancy', async () => {
    const { text } = await fetchReport('svg', `${PERIOD}&lang=fr&unit=mmol/L&population=gestational`);
    for (const part of ['Rapport AGP', '7,4 mmol/L', 'n. d.', 'Profil glycémique ambulatoire'])
      expect(text).toContain(part);
    const accepted = await patient.get(`/patients/${patient.id}/reports/agp.svg?${PERIOD}`, {
      headers: { 'Accept-Language': 'fr-FR' },
    });
    expect(accepted.text).toContain('Rapport AGP');
  });

  it('is a PDF of one page with embedded fonts', async () => {
    const { status, headers, text } = await fetchReport('pdf');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/pdf');
    expect(text.startsWith('%PDF-1.')).toBe(true);
    expect(text.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1);
    expect(text).toContain('/FontFile');
  });

  it('says what is missing instead of drawing a profile of too little', async () => {
    const { text } = await fetchReport('svg', 'start=2025-04-05&end=2025-04-18');
    expect(text).toContain('Fewer than 7 days with sensor data.');
    expect(text).toContain('Values are not reliable');
    expect((await fetchReport('svg', 'days=14')).text).toContain('There are no glucose readings in this period.');
  });

  it.each([
    ['days=6', 'VALIDATION_FAILED'],
    ['days=91', 'VALIDATION_FAILED'],
    ['start=2025-04-01&end=2025-04-06', 'INVALID_PERIOD'],
    ['start=2025-01-01&end=2025-04-06', 'PERIOD_TOO_LONG'],
    ['unit=stone', 'UNKNOWN_UNIT'],
    ['lang=de', 'VALIDATION_FAILED'],
  ])('refuses %s: %s', async (query, code) => {
    expect((await fetchReport('pdf', query)).body.code).toBe(code);
  });

  it('is for the patient and linked doctors, whose look is recorded', async () => {
    const doctor = await t.actors.asDoctor();
    expect((await fetchReport('pdf', PERIOD, doctor)).body.code).toBe('FORBIDDEN_SPACE');
    await t.actors.link(patient, doctor);
    expect((await fetchReport('pdf', PERIOD, doctor)).status).toBe(200);
    expect((await patient.get(`/patients/${patient.id}/access-log`)).body.data[0]).toMatchObject({
      action: 'analytics.read',
    });
    const stranger = await t.actors.asPatient();
    expect((await fetchReport('svg', PERIOD, stranger)).body.code).toBe('FORBIDDEN_SPACE');
  });
});
