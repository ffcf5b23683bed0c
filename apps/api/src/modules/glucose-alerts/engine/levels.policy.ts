import { quanta } from '@diabcare/glycemia';
import type { AlertReading, AlertSettings, ChainCode, Limit, NoticeCode, Side } from './alert-types';

/** Minutes. */
export const MINUTE_MS = 60_000;
/** A reading is evaluated, repeated and reminded of up to this age. */
export const FRESH_MS = 15 * MINUTE_MS;

/** What the tables of glucose-alerts sections 2 and 3 say of a level; all durations in minutes. */
export interface LevelRule {
  readonly side: Side;
  /** Order within the side. */
  readonly rank: number;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly cooldown: number;
  /** Cooldown where a capillary reading is the cause. */
  readonly capillaryCooldown: number;
  readonly repeat: { readonly every: number; readonly atMost: number } | null;
  readonly reminder: number | null;
  readonly snooze: { readonly usual: number; readonly longest: number };
}

/** Levels of a chain as data. */
export const LEVELS: Readonly<Record<ChainCode, LevelRule>> = {
  predicted_low: {
    side: 'low',
    rank: 0,
    severity: 'warning',
    cooldown: 30,
    capillaryCooldown: 30,
    repeat: null,
    reminder: null,
    snooze: { usual: 30, longest: 60 },
  },
  low: {
    side: 'low',
    rank: 1,
    severity: 'warning',
    cooldown: 30,
    capillaryCooldown: 30,
    repeat: { every: 30, atMost: 4 },
    reminder: 60,
    snooze: { usual: 30, longest: 60 },
  },
  urgent_low: {
    side: 'low',
    rank: 2,
    severity: 'critical',
    cooldown: 15,
    capillaryCooldown: 0,
    repeat: { every: 5, atMost: 6 },
    reminder: 30,
    snooze: { usual: 15, longest: 30 },
  },
  high: {
    side: 'high',
    rank: 1,
    severity: 'info',
    cooldown: 60,
    capillaryCooldown: 60,
    repeat: { every: 120, atMost: 3 },
    reminder: 120,
    snooze: { usual: 120, longest: 240 },
  },
  very_high: {
    side: 'high',
    rank: 2,
    severity: 'critical',
    cooldown: 60,
    capillaryCooldown: 60,
    repeat: { every: 60, atMost: 4 },
    reminder: 120,
    snooze: { usual: 60, longest: 120 },
  },
};

const RAPID_COOLDOWN = 30;

/** Minutes between two first notices of a level for a recipient. */
export function cooldownMinutes(code: NoticeCode, kind: AlertReading['kind']): number {
  if (code === 'rapid_fall' || code === 'rapid_rise') return RAPID_COOLDOWN;
  if (code === 'no_data' || code === 'recheck') return 0;
  return kind === 'capillary' ? LEVELS[code].capillaryCooldown : LEVELS[code].cooldown;
}

/** Levels of a side that a value can satisfy by itself, highest first. */
export const LEVELS_BY_VALUE: Readonly<Record<Side, readonly Exclude<ChainCode, 'predicted_low'>[]>> = {
  low: ['urgent_low', 'low'],
  high: ['very_high', 'high'],
};

const THRESHOLD_OF = { urgent_low: 'urgentLow', low: 'low', high: 'high', very_high: 'veryHigh' } as const;

/** The threshold of a level. */
function thresholdOf(code: Exclude<ChainCode, 'predicted_low'>, settings: AlertSettings): Limit {
  return settings.thresholds[THRESHOLD_OF[code]];
}

/** Value minus limit, in quanta of the reading's own unit; converting first would be wrong at the limits. */
function distance(reading: AlertReading, limit: Limit): number {
  const at = reading.unit === 'mg/dL' ? quanta(limit.mgdl, 'mg/dL') : quanta(limit.mmol, 'mmol/L');
  return quanta(reading.value, reading.unit) - at;
}

/** Does the value by itself satisfy the level? Limits are strict. */
export function satisfies(
  code: Exclude<ChainCode, 'predicted_low'>,
  reading: AlertReading,
  settings: AlertSettings,
): boolean {
  const by = distance(reading, thresholdOf(code, settings));
  return LEVELS[code].side === 'low' ? by < 0 : by > 0;
}

/** Is the reading out of range on this side? */
export function isOut(side: Side, reading: AlertReading, settings: AlertSettings): boolean {
  return satisfies(side, reading, settings);
}

/** 10 mg/dL and 0.6 mmol/L, in quanta. */
const HYSTERESIS_QUANTA = { 'mg/dL': 100, 'mmol/L': 60 } as const;

/** Is the reading so far inside that a run of it ends an excursion of the side? */
export function isWellInside(side: Side, reading: AlertReading, settings: AlertSettings): boolean {
  const margin = HYSTERESIS_QUANTA[reading.unit];
  return side === 'low'
    ? distance(reading, settings.thresholds.low) >= margin
    : distance(reading, settings.thresholds.high) <= -margin;
}

/** Is the level on? Urgent low cannot be switched off. */
export function isEnabled(code: ChainCode, settings: AlertSettings): boolean {
  const { levels } = settings;
  if (code === 'urgent_low') return true;
  if (code === 'low') return levels.low;
  if (code === 'predicted_low') return levels.predictedLow;
  return code === 'high' ? levels.high : levels.veryHigh;
}

/** Minutes that a CGM run must have lasted. */
export function persistenceOf(code: ChainCode, settings: AlertSettings): number {
  const { persistenceMinutes } = settings;
  if (code === 'low') return persistenceMinutes.low;
  if (code === 'high') return persistenceMinutes.high;
  return code === 'very_high' ? persistenceMinutes.veryHigh : 0;
}

/** Is `one` lower than `other`, as a value? Across units in mg/dL. */
export function isMoreExtreme(side: Side, one: number, other: number): boolean {
  return side === 'low' ? one < other : one > other;
}
