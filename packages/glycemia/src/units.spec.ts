import { describe, expect, it } from 'vitest';
import { cell, expectClose, int, vectors } from '../test/vectors';
import type { Unit } from './types';
import { classify, formatGlucose, isTight, quanta, quantaToMgdl, toMgdl, toMmol } from './units';
import { unitCode } from './populations';

const rows = vectors('units').map((row) => ({ row, value: int(row, 'value'), unit: cell(row, 'unit') as Unit }));

describe('units and bands', () => {
  it.each(rows)('$value $unit has its quanta, statistic value, bands and print', ({ row, value, unit }) => {
    expect(quanta(value, unit)).toBe(int(row, 'analysis_quanta'));
    expectClose(quantaToMgdl(quanta(value, unit), unitCode(unit)), int(row, 'statistic_mgdl'));
    for (const general of ['standard', 'older'] as const) {
      expect(classify(value, unit, general)).toBe(cell(row, 'band_standard'));
    }
    for (const pregnant of ['pregnancy-t1', 'gestational'] as const) {
      expect(classify(value, unit, pregnant)).toBe(cell(row, 'band_pregnancy'));
    }
    expect(isTight(value, unit)).toBe(cell(row, 'tight') === 'yes');
    expect(formatGlucose(value, unit, 'standard')).toBe(`${cell(row, 'printed')} ${unit}`);
  });

  it('marks as a trap exactly the rows where converting first gives another band', () => {
    for (const { row } of rows) {
      const differs = cell(row, 'band_standard') !== cell(row, 'band_if_converted_first');
      expect(cell(row, 'note') === 'trap').toBe(differs);
    }
  });

  it('prints by the limits of the population', () => {
    // 7.81 is above the target of pregnancy, 62.9 below it; both would round to the limit
    expect(formatGlucose(7.81, 'mmol/L', 'gestational')).toBe('7.81 mmol/L');
    expect(formatGlucose(62.9, 'mg/dL', 'pregnancy-t1')).toBe('62.9 mg/dL');
    // ties go up: 100.5 to 101, 5.65 to 5.7
    expect(formatGlucose(100.5, 'mg/dL', 'standard')).toBe('101 mg/dL');
    expect(formatGlucose(5.65, 'mmol/L', 'standard')).toBe('5.7 mmol/L');
  });

  it('converts with one constant and does not round', () => {
    expect(toMgdl(10, 'mmol/L')).toBe(10 * 18.0182);
    expect(toMgdl(180, 'mg/dL')).toBe(180);
    expect(toMmol(18.0182)).toBe(1);
    // a standard deviation may be 0, and a missing mean stays missing
    expect(toMmol(0)).toBe(0);
    expect(toMmol(null)).toBeNull();
  });

  it.each([0.9, 0, -5, NaN, Infinity])('refuses %d mg/dL', (value) => {
    expect(() => toMgdl(value, 'mg/dL')).toThrow(RangeError);
    expect(() => quanta(value, 'mg/dL')).toThrow(RangeError);
    expect(() => classify(value, 'mg/dL', 'standard')).toThrow(RangeError);
    expect(() => isTight(value, 'mg/dL')).toThrow(RangeError);
    expect(() => formatGlucose(value, 'mg/dL', 'standard')).toThrow(RangeError);
  });

  it('refuses unknown units and populations', () => {
    expect(() => toMgdl(5, 'mg' as Unit)).toThrow(RangeError);
    expect(() => toMmol(NaN)).toThrow(RangeError);
    expect(() => classify(100, 'mg/dL', 'everybody' as 'standard')).toThrow(RangeError);
    // 0.05 mmol/L is 0.9 mg/dL
    expect(() => quanta(0.05, 'mmol/L')).toThrow(RangeError);
  });
});
