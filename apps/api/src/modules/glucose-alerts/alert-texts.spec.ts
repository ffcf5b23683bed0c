import { describe, expect, it } from 'vitest';
import type { AlertNotice } from './alert-notice.events';
import { amendedText, doctorText, patientText } from './alert-texts';
import type { AlertReading } from './engine/alert-types';

const T = Date.UTC(2026, 5, 1, 21, 30);

function notice(change: Partial<AlertNotice> = {}, reading: Partial<AlertReading> = {}): AlertNotice {
  return {
    dedupeKey: 'key',
    recipientId: 'p',
    userId: 'p',
    patientId: 'p',
    to: 'patient',
    code: 'low',
    severity: 'warning',
    side: 'low',
    openedAt: T,
    alertId: 'a',
    reading: {
      id: 'r',
      t: T,
      measuredAt: T,
      value: 66,
      unit: 'mg/dL',
      kind: 'cgm',
      intervalMinutes: 5,
      saturated: false,
      ...reading,
    },
    trend: 'Flat',
    at: T,
    minutes: null,
    rate: null,
    population: 'standard',
    limit: { mgdl: 70, mmol: 3.9 },
    horizonMinutes: 20,
    passesQuietHours: false,
    ...change,
  };
}

const CODES = [
  'urgent_low',
  'low',
  'predicted_low',
  'high',
  'very_high',
  'rapid_fall',
  'rapid_rise',
  'no_data',
  'recheck',
] as const;

describe('texts of alerts', () => {
  it('print value, limit and rate with the unit of the reading, and the clock of the reader', () => {
    const message = (change: Partial<AlertNotice>, reading: Partial<AlertReading> = {}, locale: 'en' | 'fr' = 'en') =>
      patientText(notice(change, reading), locale, 'Europe/Paris').message;
    expect(message({})).toBe('66 mg/dL at 23:30. Eat fast sugar and measure again after 15 minutes.');
    expect(message({}, { value: 3.86, unit: 'mmol/L' }, 'fr')).toBe(
      '3.86 mmol/L à 23:30. Prenez du sucre rapide et remesurez dans 15 minutes.',
    );
    expect(message({ code: 'predicted_low', horizonMinutes: 30 }, { value: 86 })).toBe(
      '86 mg/dL and falling: below 70 mg/dL expected within 30 minutes. Keep fast sugar at hand.',
    );
    expect(message({ code: 'high', limit: { mgdl: 180, mmol: 10 } }, { value: 11.2, unit: 'mmol/L' })).toBe(
      '11.2 mmol/L at 23:30, above 10.0 mmol/L. Follow your care plan.',
    );
    // 3.6 mg/dL per minute / 18.0182 = 0.20 mmol/L per minute
    expect(message({ code: 'rapid_fall', rate: -3.6 })).toBe('66 mg/dL at 23:30, -3.60 mg/dL per minute.');
    expect(message({ code: 'rapid_rise', rate: 3.6 }, { value: 7, unit: 'mmol/L' }, 'fr')).toBe(
      '7.0 mmol/L à 23:30, 0.20 mmol/L par minute.',
    );
  });

  it('print the limit of a sensor that reads LOW or HIGH', () => {
    const saturated = (value: number, unit: 'mg/dL' | 'mmol/L') =>
      doctorText(notice({ to: 'doctor' }, { value, unit, saturated: true }), 'en', 'Ada Test').message;
    expect(saturated(39, 'mg/dL')).toBe('Patient Ada Test has critical glucose level: LOW (< 40 mg/dL)');
    expect(saturated(22.3, 'mmol/L')).toContain('HIGH (> 22.2 mmol/L)');
    expect(saturated(501, 'mg/dL')).toContain('HIGH (> 500 mg/dL)');
  });

  it('tell a doctor how long a sensor has shown it', () => {
    const critical = notice({ to: 'doctor', code: 'urgent_low', minutes: 15 }, { value: 50 });
    expect(doctorText(critical, 'en', 'Ada Test')).toEqual({
      title: 'Critical Glucose Alert',
      message: 'Patient Ada Test has critical glucose level: 50 mg/dL for 15 min',
    });
    expect(doctorText(critical, 'fr', 'Ada Test')).toEqual({
      title: 'Alerte glycémique critique',
      message: 'Glycémie critique chez Ada Test : 50 mg/dL depuis 15 min',
    });
  });

  it('never speak of insulin, doses or units to inject', () => {
    for (const locale of ['en', 'fr'] as const)
      for (const code of CODES) {
        const { title, message } = patientText(notice({ code, rate: 3 }), locale, 'UTC');
        expect(`${title} ${message}`).not.toMatch(/insulin|dose|inject|bolus|basal/i);
        expect(title.length).toBeGreaterThan(3);
      }
    expect(amendedText('fr').title).toBe('Mesure corrigée');
  });
});
