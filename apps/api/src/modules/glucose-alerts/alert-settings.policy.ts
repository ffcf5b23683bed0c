import type { AlertSettings, Limit } from './engine/alert-types';

/** Whose targets hold: those of pregnancy are lower. */
export type GlycemicPopulation = 'standard' | 'older' | 'pregnancy-t1' | 'gestational';

type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };
type ThresholdName = keyof AlertSettings['thresholds'];

/** A threshold as it is sent: in one unit or in both. */
export type GivenLimit = Optional<Limit>;

/** Settings as they are sent or stored: whatever is missing follows the defaults, also when those change. */
export interface GivenSettings {
  readonly thresholds?: { readonly [K in ThresholdName]?: GivenLimit | undefined } | undefined;
  readonly persistenceMinutes?: Optional<AlertSettings['persistenceMinutes']> | undefined;
  readonly levels?: Optional<AlertSettings['levels']> | undefined;
  readonly horizonMinutes?: number | undefined;
  readonly noDataMinutes?: number | undefined;
  readonly rapidRate?: number | undefined;
  readonly noDataAtNight?: boolean | undefined;
}

/** A rule that given settings break: which field and how. */
export interface SettingsProblem {
  readonly field: string;
  readonly rule: 'pair' | 'range' | 'order' | 'unit' | 'horizon';
}

const MGDL_PER_MMOL = 18.0182;
/** Thresholds that clinical consensus writes as pairs; any other is converted. */
const PAIRS: readonly Limit[] = [
  { mgdl: 54, mmol: 3 },
  { mgdl: 63, mmol: 3.5 },
  { mgdl: 70, mmol: 3.9 },
  { mgdl: 140, mmol: 7.8 },
  { mgdl: 180, mmol: 10 },
  { mgdl: 250, mmol: 13.9 },
];

/** Ranges in mg/dL, both ends included. */
const RANGES: Readonly<Record<ThresholdName, readonly [number, number]>> = {
  urgentLow: [54, 60],
  low: [60, 100],
  high: [120, 300],
  veryHigh: [200, 400],
};
const ORDER: readonly ThresholdName[] = ['urgentLow', 'low', 'high', 'veryHigh'];

const STANDARD: AlertSettings = {
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

/** The settings of a patient who has changed none. */
export function defaultSettings(population: GlycemicPopulation): AlertSettings {
  if (population !== 'pregnancy-t1' && population !== 'gestational') return STANDARD;
  const pregnancy = { low: { mgdl: 63, mmol: 3.5 }, high: { mgdl: 140, mmol: 7.8 } };
  return { ...STANDARD, thresholds: { ...STANDARD.thresholds, ...pregnancy } };
}

function roundTo(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.floor(value * factor + 0.5) / factor;
}

function fromMgdl(mgdl: number): Limit {
  return PAIRS.find((pair) => pair.mgdl === mgdl) ?? { mgdl, mmol: roundTo(mgdl / MGDL_PER_MMOL, 1) };
}

function fromMmol(mmol: number): Limit {
  return PAIRS.find((pair) => pair.mmol === mmol) ?? { mgdl: roundTo(mmol * MGDL_PER_MMOL, 0), mmol };
}

/** The threshold in both units; null when the two that were sent are no pair, or none was sent. */
export function pairOf(given: GivenLimit): Limit | null {
  const mgdl = given.mgdl === undefined ? undefined : roundTo(given.mgdl, 0);
  const mmol = given.mmol === undefined ? undefined : roundTo(given.mmol, 1);
  if (mgdl === undefined) return mmol === undefined ? null : fromMmol(mmol);
  if (mmol === undefined) return fromMgdl(mgdl);
  return fromMgdl(mgdl).mmol === mmol || fromMmol(mmol).mgdl === mgdl ? { mgdl, mmol } : null;
}

/** Fills what is missing with the defaults of the population. */
export function completeSettings(given: GivenSettings, population: GlycemicPopulation): AlertSettings {
  const usual = defaultSettings(population);
  const threshold = (name: ThresholdName): Limit => {
    const sent = given.thresholds?.[name];
    return (sent === undefined ? null : pairOf(sent)) ?? usual.thresholds[name];
  };
  return {
    thresholds: {
      urgentLow: threshold('urgentLow'),
      low: threshold('low'),
      high: threshold('high'),
      veryHigh: threshold('veryHigh'),
    },
    persistenceMinutes: { ...usual.persistenceMinutes, ...present(given.persistenceMinutes) },
    levels: { ...usual.levels, ...present(given.levels) },
    horizonMinutes: given.horizonMinutes === 30 ? 30 : 20,
    noDataMinutes: given.noDataMinutes ?? usual.noDataMinutes,
    rapidRate: given.rapidRate === 2 ? 2 : 3,
    noDataAtNight: given.noDataAtNight ?? usual.noDataAtNight,
  };
}

/** Without the keys whose value is missing. */
function present<T extends object>(given: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(given ?? {}).filter(([, value]) => value !== undefined);
  // Only undefined values were removed.
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** What is wrong beyond the fields alone: a limit is no pair, out of range or out of order; null when nothing is. */
export function settingsProblem(given: GivenSettings, population: GlycemicPopulation): SettingsProblem | null {
  for (const name of ORDER) {
    const sent = given.thresholds?.[name];
    if (sent === undefined) continue;
    const field = `thresholds.${name}`;
    if (sent.mgdl === undefined && sent.mmol === undefined) return { field, rule: 'unit' };
    const pair = pairOf(sent);
    if (pair === null) return { field, rule: 'pair' };
    const [least, most] = RANGES[name];
    if (pair.mgdl < least || pair.mgdl > most) return { field, rule: 'range' };
  }
  const { horizonMinutes = 20 } = given;
  if (horizonMinutes !== 20 && horizonMinutes !== 30) return { field: 'horizonMinutes', rule: 'horizon' };
  const { thresholds } = completeSettings(given, population);
  for (const [index, name] of ORDER.entries()) {
    const below = ORDER[index - 1];
    if (below !== undefined && thresholds[below].mgdl >= thresholds[name].mgdl)
      return { field: `thresholds.${name}`, rule: 'order' };
  }
  return null;
}
