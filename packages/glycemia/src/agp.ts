import { activePercent, sufficiencyOf, type InsufficientReason } from './coverage';
import type { Grid } from './grid';
import { Histograms, type MutableCell } from './histogram';
import type { Merged, MergedBlock, MergedDay } from './merge';
import { unitCode } from './populations';
import { bandsOfCells } from './ranges';
import { normalize, unitOf } from './readings';
import { LEAST_SMBG, shownQuantiles } from './refusals';
import { quantileOf, sampleOf, sampleOfCells, sortSample, type Sample } from './sample';
import { rangeSummaries, type RangeSummaries } from './range-summary';
import { periodOf, type SummaryOptions } from './summary';
import type { Cell, Population, Reading } from './types';
import { quanta } from './units';
import { clockOf, MINUTE_MS } from './zone';

const HOUR_MS = 3_600_000;
const HOURS = 24;
const MINUTES_A_DAY = 1440;
/** First hour of the day block; the night block ends there. */
const MORNING = 6;
/** A day counts towards the graph from this many sensor minutes on. */
const LEAST_DAY_MINUTES = 60;
const LEAST_DAYS = 7;
const LEAST_COVERAGE = 70;

/** The five curves of a profile, mg/dL. */
export type Curves = Readonly<Record<'p05' | 'p25' | 'p50' | 'p75' | 'p95', number | null>>;

/** One clock hour of a profile; an hour without readings has n 0 and no values. */
export interface AgpHour extends Curves {
  readonly hour: number;
  readonly n: number;
  readonly smoothed: Curves;
}

/** One clock minute of a profile on a regular grid. */
export interface AgpMinute extends Curves {
  readonly minute: number;
  readonly n: number;
}

const NO_CURVES: Curves = { p05: null, p25: null, p50: null, p75: null, p95: null };
const CURVES = ['p05', 'p25', 'p50', 'p75', 'p95'] as const;

function curvesOf(sorted: Sample): Curves {
  const of = (p: number): number | null => quantileOf(sorted, p);
  return { p05: of(0.05), p25: of(0.25), p50: of(0.5), p75: of(0.75), p95: of(0.95) };
}

/** Weighted mean with both neighbours; a missing neighbour drops out, a missing own value stays missing. */
function smooth(before: number | null, own: number | null, after: number | null): number | null {
  if (own === null) return null;
  if (before !== null && after !== null) return (before + 4 * own + after) / 6;
  const other = before ?? after;
  return other === null ? own : (4 * own + other) / 5;
}

type HourCells = readonly (readonly [hour: number, cells: readonly Cell[]])[];

/** Curves of each hour with their smoothed values, cyclic over midnight. */
function profileOf(hours: HourCells): AgpHour[] {
  const byHour = new Map(hours);
  const raw = Array.from({ length: HOURS }, (_, hour) => {
    const sample = sampleOfCells(byHour.get(hour) ?? []);
    return { hour, n: sample.total, ...curvesOf(sample) };
  });
  const curve = (hour: number): Curves => raw[(hour + HOURS) % HOURS] ?? NO_CURVES;
  return raw.map((bin) => {
    const smoothed = { p05: 0, p25: 0, p50: 0, p75: 0, p95: 0 } as Record<keyof Curves, number | null>;
    for (const key of CURVES) smoothed[key] = smooth(curve(bin.hour - 1)[key], bin[key], curve(bin.hour + 1)[key]);
    return { ...bin, smoothed };
  });
}

/**
 * Ambulatory glucose profile by local clock hour: all readings pooled, type 7 quantiles, raw and smoothed. Throws
 * RangeError for an unknown zone or unit and below 1 mg/dL.
 */
export function agpHourly(readings: readonly Reading[], zone: string): AgpHour[] {
  const clock = clockOf(zone);
  const hours = new Histograms<number>();
  for (const reading of normalize(readings)) {
    const unit = unitOf(reading);
    hours.of(Math.floor(clock(reading.t).ms / HOUR_MS)).add(unitCode(unit), quanta(reading.value, unit), 1, 0);
  }
  return profileOf(hours.sorted());
}

/**
 * Quantiles by local clock minute over the points of a grid, not smoothed; a minute for each step of the day. Throws
 * RangeError for an unknown zone.
 */
export function agpFiveMinute(grid: Grid | null, zone: string): AgpMinute[] {
  const clock = clockOf(zone);
  const byMinute = new Map<number, number[]>();
  if (grid === null) return [];
  for (let minute = 0; minute < MINUTES_A_DAY; minute += grid.stepMinutes) byMinute.set(minute, []);
  for (const { t, x } of grid.points) {
    if (x === null) continue;
    const minute = Math.floor(clock(t).ms / MINUTE_MS);
    const values = byMinute.get(minute);
    if (values === undefined) byMinute.set(minute, [x]);
    else values.push(x);
  }
  return [...byMinute]
    .sort((a, b) => a[0] - b[0])
    .map(([minute, values]) => ({ minute, n: values.length, ...curvesOf(sortSample(sampleOf(values))) }));
}

/** Why a profile is not good enough to be read. */
export type AgpReason = InsufficientReason | 'LESS_THAN_24H' | 'FEWER_THAN_7_DAYS';

/** Whether a profile may be read, and whether the period also fulfils the consensus on coverage. */
export interface AgpSufficiency {
  readonly sufficient: boolean;
  readonly reason: AgpReason | null;
  readonly consensus: boolean;
}

/** Hourly profile of merged days. */
export interface AgpReport extends AgpSufficiency {
  readonly binMinutes: 60;
  /** Null below 24 h of sensor minutes, or below 30 capillary readings (the modal day, which is not smoothed). */
  readonly bins: readonly AgpHour[] | null;
  readonly blocks: { readonly night: RangeSummaries; readonly day: RangeSummaries };
}

/** Period of a profile; `now` cuts a day that is not over yet to its elapsed part. */
export interface AgpOptions extends SummaryOptions {
  readonly now?: number | undefined;
}

/** Coverage of a day in percent of its elapsed minutes. */
function coverage({ w, minutes, from }: MergedDay, now: number | undefined): number {
  const elapsed = now === undefined || from === null ? minutes : Math.min(minutes, (now - from) / MINUTE_MS);
  return activePercent(w, elapsed) ?? 0;
}

/** Verdict on the graph: seven days with data, and the seven best of them covered well (specification section 9). */
function graphReason(block: MergedBlock | null, now: number | undefined): AgpReason | null {
  if (block === null || block.w === 0) return 'NO_DATA';
  if (block.w < MINUTES_A_DAY) return 'LESS_THAN_24H';
  const days = block.days.filter(({ w }) => w >= LEAST_DAY_MINUTES);
  if (days.length < LEAST_DAYS) return 'FEWER_THAN_7_DAYS';
  const best = days
    .map((day) => coverage(day, now))
    .sort((a, b) => b - a)
    .slice(0, LEAST_DAYS);
  const mean = best.reduce((sum, percent) => sum + percent, 0) / LEAST_DAYS;
  return mean >= LEAST_COVERAGE ? null : 'LOW_COVERAGE';
}

/** Quantiles of a modal day that its number of readings carries; nothing is smoothed. */
function modalHour(bin: AgpHour): AgpHour {
  const shown = shownQuantiles(bin.n);
  return {
    ...bin,
    p05: shown.others ? bin.p05 : null,
    p25: shown.quartiles ? bin.p25 : null,
    p50: shown.median ? bin.p50 : null,
    p75: shown.quartiles ? bin.p75 : null,
    p95: shown.others ? bin.p95 : null,
    smoothed: NO_CURVES,
  };
}

/** Cells of some hours in one list. */
function cellsOf(hours: HourCells, from: number, to: number): MutableCell[] {
  return hours
    .filter(([hour]) => hour >= from && hour < to)
    .flatMap(([, cells]) => cells.map(([u, q, n, w]): MutableCell => [u, q, n, w]));
}

/**
 * Profile of merged day documents (they must hold `hours`), with its sufficiency and the ranges of night and day. For
 * basis `smbg` it is the modal day. Throws RangeError for an unknown population or unit.
 */
export function agpReport(merged: Merged, population: Population, options: AgpOptions = {}): AgpReport {
  const { basis, block, unit, windowMinutes, periodDays } = periodOf(merged, options);
  const hours = block?.hours ?? [];
  const profile = profileOf(hours);
  const ranges = (from: number, to: number): RangeSummaries =>
    rangeSummaries(bandsOfCells(cellsOf(hours, from, to)), population, basis, unit);
  const blocks = { night: ranges(0, MORNING), day: ranges(MORNING, HOURS) };
  if (basis === 'smbg') {
    const sufficient = (block?.n ?? 0) >= LEAST_SMBG;
    const bins = sufficient ? profile.map(modalHour) : null;
    const reason = sufficient ? null : 'INSUFFICIENT_READINGS';
    return { sufficient, reason, consensus: false, binMinutes: 60, bins, blocks };
  }
  const reason = graphReason(block, options.now);
  const minutes = block?.w ?? 0;
  const consensus = sufficiencyOf(minutes, windowMinutes, periodDays).sufficient;
  const bins = minutes < MINUTES_A_DAY ? null : profile;
  return { sufficient: reason === null, reason, consensus, binMinutes: 60, bins, blocks };
}
