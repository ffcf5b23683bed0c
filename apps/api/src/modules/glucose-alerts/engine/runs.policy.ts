import { recentTrend, type Trend } from '@diabcare/glycemia';
import type { AlertReading, AlertSettings, Chain, ChainCode, Side } from './alert-types';
import { isEnabled, isOut, isWellInside, LEVELS_BY_VALUE, MINUTE_MS, persistenceOf, satisfies } from './levels.policy';

const MAX_STEP_MS = 45 * MINUTE_MS;
const CLEAR_MS = 15 * MINUTE_MS;

/** Where the run of consecutive readings of its kind began that ends with this one; null when it does not qualify itself. */
export function runStart(
  reading: AlertReading,
  history: readonly AlertReading[],
  qualifies: (reading: AlertReading) => boolean,
): AlertReading | null {
  if (!qualifies(reading)) return null;
  let first = reading;
  for (let index = history.length - 1; index >= 0; index -= 1) {
    const earlier = history[index];
    if (earlier === undefined || earlier.kind !== reading.kind || earlier.t >= reading.t) continue;
    if (first.t - earlier.t > MAX_STEP_MS || !qualifies(earlier)) break;
    first = earlier;
  }
  return first;
}

/** How long the run of readings satisfying a level has lasted at this one, in milliseconds; null when it does not. */
export function lasted(
  code: Exclude<ChainCode, 'predicted_low'>,
  reading: AlertReading,
  history: readonly AlertReading[],
  settings: AlertSettings,
): number | null {
  const first = runStart(reading, history, (other) => satisfies(code, other, settings));
  return first === null ? null : reading.t - first.t;
}

/** The highest level that is on and met at this reading: by its value and, for CGM, by how long it has lasted. */
export function metLevel(
  side: Side,
  reading: AlertReading,
  history: readonly AlertReading[],
  settings: AlertSettings,
): Exclude<ChainCode, 'predicted_low'> | null {
  return (
    LEVELS_BY_VALUE[side].find((code) => {
      if (!isEnabled(code, settings) || !satisfies(code, reading, settings)) return false;
      if (reading.kind === 'capillary') return true;
      return (lasted(code, reading, history, settings) ?? 0) >= persistenceOf(code, settings) * MINUTE_MS;
    }) ?? null
  );
}

/** Does this reading end the excursion? One capillary in range does; CGM must stay well inside for 15 minutes. */
export function isCleared(
  chain: Chain,
  reading: AlertReading,
  history: readonly AlertReading[],
  settings: AlertSettings,
): boolean {
  if (chain.code === 'predicted_low') return false;
  if (reading.kind === 'capillary') return !isOut(chain.side, reading, settings);
  const first = runStart(
    reading,
    history,
    (other) => other.t > chain.lastOutAt && isWellInside(chain.side, other, settings),
  );
  return first !== null && reading.t - first.t >= CLEAR_MS;
}

/** Trend at a CGM reading, from what was stored up to it. */
export function trendUpTo(reading: AlertReading, history: readonly AlertReading[]): Trend | null {
  const before = history.filter((other) => other.kind === 'cgm' && other.t <= reading.t);
  return recentTrend(before, reading.t, reading.intervalMinutes);
}
