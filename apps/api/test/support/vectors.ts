import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../../../packages/glycemia/vectors');

/** Rows of a vector file of packages/glycemia by column name. */
export function vectorRows(name: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(join(FOLDER, name), 'utf8').trim().split('\n');
  const columns = cells(head);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, index) => [columns[index] ?? '', cell])));
}

/** Cells of a line; one with a comma stands in quotes. */
function cells(line: string): string[] {
  return [...`${line},`.matchAll(/(?:"([^"]*)"|([^,]*)),/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

/** First instant of the synthetic series. */
const CGM14_START = Date.parse('2025-03-24T00:00:00Z');

/** The synthetic series of fourteen days as bodies of readings. */
export function cgm14Readings(): { value: number; measuredAt: string; source: 'cgm' }[] {
  return vectorRows('cgm14.csv').map(({ second, mgdl }) => ({
    value: Number(mgdl),
    measuredAt: new Date(CGM14_START + Number(second) * 1_000).toISOString(),
    source: 'cgm',
  }));
}

/** Expected figures of the whole series in a zone, by metric. */
export function cgm14Expected(zone: string): (metric: string) => number {
  const values = new Map(
    vectorRows('cgm14_expected.csv')
      .filter((row) => row['series'] === 'all' && (row['zone'] === '-' || row['zone'] === zone))
      .map((row) => [row['metric'] ?? '', Number(row['value'])]),
  );
  return (metric) => {
    const value = values.get(metric);
    if (value === undefined) throw new Error(`No vector for ${metric}`);
    return value;
  };
}
