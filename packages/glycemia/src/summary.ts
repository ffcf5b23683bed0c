import { contextSummaries, type ContextSummary } from './context';
import { activePercent, sufficiencyOf, wornPercent, type Sufficiency } from './coverage';
import type { Merged, MergedBlock } from './merge';
import { gradeOf, hyperIndexOf, hypoIndexOf, igcOf, jIndexOf, mValueOf } from './quality';
import type { Gri } from './ranges';
import { griOf, rangeSummaries, type RangeSummaries } from './range-summary';
import { ADRR_READINGS_A_DAY, LEAST_SMBG, refusals, type Refused } from './refusals';
import { adrrBand, adrrOf, hbgiBand, hbgiOf, lbgiBand, lbgiOf, type RiskBand } from './risk';
import { meanOf, quantileOf, sampleOfCells, sdOf, type Sample } from './sample';
import type { Basis, Population, Unit } from './types';
import { MGDL_PER_MMOL } from './units';
import { difference, ea1c, gmi, gmiMmolMol, percentOf } from './values';

/** Sensor minutes of a day below which capillary readings, where there are any, carry the report. */
const CGM_BASIS_MINUTES = 1440;
/** Reference of the M-value, mg/dL. */
const M_REFERENCE = 90;

/** What a summary cannot know from the readings. */
export interface SummaryOptions {
  /** Default: `defaultBasis` of the merged days. */
  readonly basis?: Basis | undefined;
  /** Elapsed minutes from the start of the period to its end, or to now. Default: those of the days handed over. */
  readonly windowMinutes?: number | undefined;
  /** Calendar days of the period. Default: the number of days handed over. */
  readonly periodDays?: number | undefined;
  /** Unit of `limits` and of capillary targets; every other figure is in mg/dL. */
  readonly unit?: Unit | undefined;
  /** Insulin treatment, which makes the lower capillary limits of pregnancy bind. */
  readonly insulin?: boolean | undefined;
}

/** Quantile of the values by its name in reports, mg/dL. */
export type Quantiles = Readonly<Record<'p05' | 'p10' | 'p25' | 'p50' | 'p75' | 'p90' | 'p95', number | null>>;

/** How much the figures rest on. */
export interface SummarySufficiency extends Sufficiency {
  readonly readings: number;
  readonly daysWithData: number;
  readonly minutes: number | null;
  readonly activePercent: number | null;
  readonly wornPercent: number | null;
  /** The most frequent interval of the readings, minutes. */
  readonly intervalMinutes: number | null;
  readonly firstReading: number | null;
  readonly lastReading: number | null;
}

/** Figures of a period, unrounded, concentrations in mg/dL; null where undefined or refused. */
export interface Summary {
  readonly population: Population;
  readonly basis: Basis;
  readonly periodDays: number;
  readonly sufficiency: SummarySufficiency;
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  readonly coefficientOfVariation: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly iqr: number | null;
  readonly quantiles: Quantiles;
  readonly gmi: number | null;
  readonly gmiMmolMol: number | null;
  readonly gmiReliable: boolean;
  readonly estimatedA1c: number | null;
  readonly ranges: RangeSummaries;
  readonly gri: Gri | null;
  readonly risk: {
    readonly lbgi: number | null;
    readonly lbgiBand: RiskBand | null;
    readonly hbgi: number | null;
    readonly hbgiBand: RiskBand | null;
    readonly adrr: number | null;
    readonly adrrBand: RiskBand | null;
  };
  readonly indices: {
    readonly grade: number | null;
    readonly gradeHypoPercent: number | null;
    readonly gradeEuPercent: number | null;
    readonly gradeHyperPercent: number | null;
    readonly jIndex: number | null;
    readonly mValue: number | null;
    readonly mValueReference: number;
    readonly hyperIndex: number | null;
    readonly hypoIndex: number | null;
    readonly igc: number | null;
  };
  /** Basis `smbg` only. */
  readonly smbg: { readonly readingsPerDay: number | null; readonly byContext: readonly ContextSummary[] } | null;
  readonly refused: Refused;
}

/** The basis of a report nobody chose one for: capillary when there are such readings and less than 24 h of sensor. */
export function defaultBasis(merged: Merged): Basis {
  return merged.smbg !== null && (merged.cgm?.w ?? 0) < CGM_BASIS_MINUTES ? 'smbg' : 'cgm';
}

/** Options with their defaults, and the block of the basis. */
export interface Period {
  readonly basis: Basis;
  readonly block: MergedBlock | null;
  readonly unit: Unit;
  readonly insulin: boolean;
  readonly windowMinutes: number;
  readonly periodDays: number;
}

/** Resolves the options of a report on merged days. */
export function periodOf(merged: Merged, options: SummaryOptions): Period {
  const { basis = defaultBasis(merged), unit = 'mg/dL', insulin = false } = options;
  const { windowMinutes = merged.minutes, periodDays = merged.days } = options;
  const block = basis === 'cgm' ? merged.cgm : merged.smbg;
  return { basis, block, unit, insulin, windowMinutes, periodDays };
}

/** The most frequent interval of the readings; cells that mix intervals are left out while others are there. */
function frequentInterval(block: MergedBlock | null): number | null {
  const counts = new Map<number, number>();
  for (const [, , n, w] of block?.hist ?? []) {
    if (w % n === 0) counts.set(w / n, (counts.get(w / n) ?? 0) + n);
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  if (best !== undefined) return best[0];
  return block === null || block.n === 0 ? null : Math.round(block.w / block.n);
}

function wornOfBlock(block: MergedBlock | null): number | null {
  if (block === null || block.first === null || block.last === null) return null;
  return wornPercent(block.steps, block.first, block.last);
}

function sufficiencyPart(block: MergedBlock | null, basis: Basis, windowMinutes: number, periodDays: number) {
  const readings = block?.n ?? 0;
  const common = {
    readings,
    daysWithData: block?.days.length ?? 0,
    firstReading: block?.first ?? null,
    lastReading: block?.last ?? null,
  };
  if (basis === 'smbg') {
    const sufficient = readings >= LEAST_SMBG;
    const reason = sufficient ? null : ('INSUFFICIENT_READINGS' as const);
    return {
      ...common,
      minutes: null,
      activePercent: null,
      wornPercent: null,
      intervalMinutes: null,
      sufficient,
      reason,
    };
  }
  const minutes = block?.w ?? 0;
  return {
    ...common,
    minutes: Math.min(minutes, windowMinutes),
    activePercent: activePercent(minutes, windowMinutes),
    wornPercent: wornOfBlock(block),
    intervalMinutes: frequentInterval(block),
    ...sufficiencyOf(minutes, windowMinutes, periodDays),
  };
}

/** Mean from the sums of quanta, mg/dL; null without readings. */
export function meanOfSums(block: { readonly n: number; readonly sums: readonly [number, number] }): number | null {
  return block.n === 0 ? null : (block.sums[0] / 10 + (block.sums[1] / 100) * MGDL_PER_MMOL) / block.n;
}

/** ADRR of the days of a block; of capillary readings only days with enough of them count. */
function adrrOfBlock(block: MergedBlock | null, basis: Basis): { value: number | null; days: number } {
  const days = (block?.days ?? [])
    .filter(({ n }) => basis === 'cgm' || n >= ADRR_READINGS_A_DAY)
    .flatMap(({ low, high }) => (low === null || high === null ? [] : [{ low, high }]));
  return { value: adrrOf(days), days: days.length };
}

function quantilesOf(sample: Sample): Quantiles {
  const of = (p: number): number | null => quantileOf(sample, p);
  return { p05: of(0.05), p10: of(0.1), p25: of(0.25), p50: of(0.5), p75: of(0.75), p90: of(0.9), p95: of(0.95) };
}

/**
 * Everything a summary report states about merged day documents, unrounded. What is refused for the population or the
 * basis is null and named in `refused`. Throws RangeError for an unknown population or unit.
 */
export function summarize(merged: Merged, population: Population, options: SummaryOptions = {}): Summary {
  const { basis, block, unit, insulin, windowMinutes, periodDays } = periodOf(merged, options);
  const sample = sampleOfCells(block?.hist ?? []);
  const adrr = adrrOfBlock(block, basis);
  const refused = refusals(population, basis, block?.n ?? 0, adrr.days);
  const shown = <T>(key: string, value: T): T | null => (key in refused ? null : value);
  const mean = block === null ? null : (meanOf(sample) ?? meanOfSums(block));
  const sd = sdOf(sample, mean);
  const sufficiency = sufficiencyPart(block, basis, windowMinutes, periodDays);
  const ranges = rangeSummaries(block?.bands ?? null, population, basis, unit);
  const quantiles = quantilesOf(sample);
  const visible = Object.entries(quantiles).map(([key, value]) => [key, shown(key, value)] as const);
  return {
    population,
    basis,
    periodDays,
    sufficiency,
    mean,
    standardDeviation: shown('standardDeviation', sd),
    coefficientOfVariation: shown('coefficientOfVariation', percentOf(sd, mean)),
    min: quantileOf(sample, 0),
    max: quantileOf(sample, 1),
    iqr: shown('iqr', difference(quantiles.p75, quantiles.p25)),
    quantiles: { ...quantiles, ...Object.fromEntries(visible) },
    gmi: shown('gmi', gmi(mean)),
    gmiMmolMol: shown('gmiMmolMol', gmiMmolMol(mean)),
    gmiReliable: sufficiency.sufficient,
    estimatedA1c: shown('estimatedA1c', ea1c(mean)),
    ranges,
    gri: shown('gri', griOf(ranges)),
    risk: riskPart(shown('lbgi', lbgiOf(sample)), shown('hbgi', hbgiOf(sample)), shown('adrr', adrr.value)),
    indices: indicesPart(sample, mean, sd, shown),
    smbg: basis === 'cgm' ? null : smbgPart(block, population, periodDays, { unit, insulin }),
    refused,
  };
}

function riskPart(lbgi: number | null, hbgi: number | null, adrr: number | null): Summary['risk'] {
  return {
    lbgi,
    lbgiBand: lbgiBand(lbgi),
    hbgi,
    hbgiBand: hbgiBand(hbgi),
    adrr,
    adrrBand: adrrBand(adrr),
  };
}

type Shown = <T>(key: string, value: T) => T | null;

function indicesPart(sample: Sample, mean: number | null, sd: number | null, shown: Shown): Summary['indices'] {
  const grade = gradeOf(sample);
  return {
    grade: shown('grade', grade.value),
    gradeHypoPercent: shown('gradeHypoPercent', grade.hypo),
    gradeEuPercent: shown('gradeEuPercent', grade.eu),
    gradeHyperPercent: shown('gradeHyperPercent', grade.hyper),
    jIndex: shown('jIndex', jIndexOf(mean, sd)),
    mValue: shown('mValue', mValueOf(sample, M_REFERENCE)),
    mValueReference: M_REFERENCE,
    hyperIndex: shown('hyperIndex', hyperIndexOf(sample)),
    hypoIndex: shown('hypoIndex', hypoIndexOf(sample)),
    igc: shown('igc', igcOf(sample)),
  };
}

function smbgPart(
  block: MergedBlock | null,
  population: Population,
  periodDays: number,
  options: { readonly unit: Unit; readonly insulin: boolean },
): Summary['smbg'] {
  const n = block?.n ?? 0;
  return {
    readingsPerDay: periodDays > 0 ? n / periodDays : null,
    byContext: contextSummaries(block?.periods ?? [], population, options),
  };
}
