import type { Summary } from '@diabcare/glycemia';

/** Parts of a summary that are not metrics: null in them needs no reason. */
const NOT_METRICS = new Set(['limits', 'goal', 'met', 'target', 'reason', 'firstReading', 'lastReading', 'refused']);

/** Why each null metric of a summary is null: refused for the population or basis, or too few readings for it. */
export function withReasons(summary: Summary, body: Readonly<Record<string, unknown>>): Record<string, string> {
  const refused: Record<string, string> = { ...summary.refused };
  const reason = summary.sufficiency.readings === 0 ? 'NO_DATA' : 'INSUFFICIENT_READINGS';
  for (const key of nullMetrics(body)) refused[key] ??= reason;
  const { ranges } = summary;
  for (const name of ['veryHigh', 'tight'] as const) if (ranges[name] === null) refused[name] = 'NOT_FOR_PREGNANCY';
  return refused;
}

/** Keys whose value is null, in the parts of a summary that hold metrics; the ranges speak for themselves. */
function nullMetrics(body: Readonly<Record<string, unknown>>): string[] {
  const { ranges: _ranges, smbg: _smbg, ...metrics } = body;
  const keys: string[] = [];
  const collect = (part: object): void => {
    for (const [key, value] of Object.entries(part)) {
      if (NOT_METRICS.has(key) || key.endsWith('Band')) continue;
      if (value === null) keys.push(key);
      else if (typeof value === 'object' && !(value instanceof Date)) collect(value as object);
    }
  };
  collect(metrics);
  return keys;
}
