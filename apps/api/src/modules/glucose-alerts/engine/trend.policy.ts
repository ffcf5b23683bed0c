import { quanta, quantaToMgdl } from '@diabcare/glycemia';
import type { AlertReading } from './alert-types';

const MINUTE_MS = 60_000;

/** Line through the newest readings. */
export interface Trend {
  readonly arrow: string;
  readonly slope: number;
  readonly predicted20: number;
  readonly predicted30: number;
  readonly used: number;
}

/** Stand-in of `recentTrend` of packages/glycemia. */
export function recentTrend(readings: readonly AlertReading[], now: number, intervalMinutes: number): Trend | null {
  const newest = readings.at(-1);
  if (newest === undefined || now - newest.t > 15 * MINUTE_MS || intervalMinutes > 5) return null;
  const set = [newest];
  for (const step of [1, 2, 3]) {
    const wanted = newest.t - step * 5 * MINUTE_MS;
    const near = readings
      .filter((reading) => Math.abs(reading.t - wanted) <= 150_000)
      .sort((a, b) => Math.abs(a.t - wanted) - Math.abs(b.t - wanted) || a.t - b.t)[0];
    if (near !== undefined) set.push(near);
  }
  if (set.length < 3) return null;
  const points = set.map((r) => ({ x: (r.t - newest.t) / MINUTE_MS, y: quantaToMgdl(quanta(r.value, r.unit), r.unit === 'mg/dL' ? 0 : 1) }));
  const mx = points.reduce((s, p) => s + p.x, 0) / points.length;
  const my = points.reduce((s, p) => s + p.y, 0) / points.length;
  const slope =
    points.reduce((s, p) => s + (p.x - mx) * (p.y - my), 0) / points.reduce((s, p) => s + (p.x - mx) ** 2, 0);
  const at = my - slope * mx;
  return { arrow: 'Flat', slope, predicted20: at + 20 * slope, predicted30: at + 30 * slope, used: set.length };
}
