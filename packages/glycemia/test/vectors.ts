import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Reading } from '../src/types';

/** First instant of the relative times in the vectors. */
export const ORIGIN = Date.parse('2025-03-24T00:00:00Z');

/** Fields of one line; a field in double quotes may contain commas. */
function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** Rows of a vector file, keyed by the header; an empty cell is an empty text. */
export function vectors(name: string): Record<string, string>[] {
  const text = readFileSync(join(__dirname, '..', 'vectors', `${name}.csv`), 'utf8');
  const [header = '', ...lines] = text.split('\n').filter((line) => line !== '');
  const keys = fields(header);
  return lines.map((line) => Object.fromEntries(fields(line).map((field, index) => [keys[index] ?? '', field])));
}

/** Text of a cell. */
export function cell(row: Record<string, string>, key: string): string {
  const text = row[key];
  if (text === undefined) throw new Error(`The vector has no column ${key}`);
  return text;
}

/** Number of a cell; null where the cell is empty. */
export function num(row: Record<string, string>, key: string): number | null {
  const text = cell(row, key);
  return text === '' ? null : Number(text);
}

/** Tolerance of a row that states its own; `exact` is 0. */
export function toleranceOf(row: Record<string, string>): number {
  const text = cell(row, 'tolerance');
  return text === 'exact' ? 0 : Number(text);
}

/** Number of a cell that is never empty. */
export function int(row: Record<string, string>, key: string): number {
  return num(row, key) ?? NaN;
}

/** Expects a number within a relative tolerance, absolute where 0 is expected; null means null. */
export function expectClose(actual: number | null | undefined, expected: number | null, tolerance = 1e-9): void {
  if (expected === null) {
    expect(actual).toBeNull();
    return;
  }
  const scale = expected === 0 ? 1 : Math.abs(expected);
  expect(typeof actual).toBe('number');
  expect(Math.abs((actual ?? NaN) - expected) / scale, `${String(actual)} is not ${expected}`).toBeLessThanOrEqual(
    tolerance,
  );
}

/** The synthetic two weeks; `third` keeps the slots of a 15-minute sensor. */
export function cgm14(series = 'all'): Reading[] {
  const rows = vectors('cgm14').map((row) => ({ second: int(row, 'second'), value: int(row, 'mgdl') }));
  const interval = series === 'all' ? 5 : 15;
  return rows
    .filter(({ second }) => series === 'all' || Math.floor((second - 120) / 300) % 3 === 0)
    .map(({ second, value }) => ({ t: ORIGIN + second * 1000, value, interval, kind: 'cgm' as const }));
}
