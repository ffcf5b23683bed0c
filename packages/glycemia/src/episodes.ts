import { recordedMinutes, type Grid } from './grid';
import { at, halfEven } from './numbers';
import { isPregnancy, quantaLimits, unitCode } from './populations';
import type { Population, Unit } from './types';
import { quantaToMgdl } from './units';
import { clockOf, MINUTE_MS } from './zone';

/** Side of an episode. */
export type EpisodeType = 'hypo' | 'hyper';

/** Level of an episode; levels are counted separately. */
export type EpisodeLevel = '1' | '2' | 'extended';

/** A stretch of low or high glucose. Instants are epoch milliseconds, concentrations mg/dL. */
export interface Episode {
  readonly type: EpisodeType;
  readonly level: EpisodeLevel;
  readonly start: number;
  /** The end is excluded. */
  readonly end: number;
  readonly durationMinutes: number;
  /** Least value of a low, greatest of a high episode. */
  readonly extreme: number;
  readonly mean: number;
  /** Starts between 00:00 and 06:00 local time. */
  readonly nocturnal: boolean;
  /** Level 1 only: no level 2 episode overlaps. */
  readonly exclusive: boolean | null;
  /** No end follows before the data stop. */
  readonly open: boolean;
}

/** Episodes of one type and level together. */
export interface EpisodeTotal {
  readonly type: EpisodeType;
  readonly level: EpisodeLevel;
  readonly count: number;
  readonly perDay: number | null;
  readonly perWeek: number | null;
  readonly meanDurationMinutes: number | null;
  readonly nocturnal: number;
}

/** Episodes by start, with totals. */
export interface EpisodeReport {
  readonly episodes: readonly Episode[];
  readonly totals: readonly EpisodeTotal[];
  /** Minutes of the grid that have a value. */
  readonly recordedMinutes: number;
}

/** Whose limits apply, and in which unit most readings were entered. */
export interface EpisodeOptions {
  readonly population?: Population | undefined;
  /** With `mmol/L` the limits are those of that table, converted, so that 3.9 and 10.0 stay in range. */
  readonly unit?: Unit | undefined;
  /** 70 ends level 2 lows where low glucose ends (the wording of 2017). */
  readonly l2End?: 54 | 70 | undefined;
}

/** Minutes that make an episode, and that end one. */
const LEAST_MINUTES = 15;
const EXTENDED_HYPO_MINUTES = 120;
const EXTENDED_HYPER = { high: 90, window: 120 };
const NIGHT_MS = 6 * 60 * MINUTE_MS;
const MINUTES_A_DAY = 1440;

/** One kind of episode: where it starts (first index from a position on, -1 for none) and what recovery is. */
interface Rule {
  readonly type: EpisodeType;
  readonly level: EpisodeLevel;
  readonly start: (x: Float64Array, from: number) => number;
  readonly recovered: (x: number) => boolean;
}

/** First index from `from` on where at least `points` consecutive values satisfy a condition; -1 for none. */
function runStart(x: Float64Array, from: number, points: number, holds: (x: number) => boolean): number {
  let length = 0;
  for (let index = from; index < x.length; index += 1) {
    length = holds(at(x, index)) ? length + 1 : 0;
    if (length === points) return index - points + 1;
  }
  return -1;
}

/** First index from `from` on above a limit with enough points above it in the window that starts there. */
function windowStart(x: Float64Array, from: number, step: number, limit: number): number {
  const [needed, window] = [Math.ceil(EXTENDED_HYPER.high / step), halfEven(EXTENDED_HYPER.window / step)];
  const isHigh = (index: number): number => (index < x.length && at(x, index) > limit ? 1 : 0);
  let count = 0;
  for (let index = from; index < from + window; index += 1) count += isHigh(index);
  for (let index = from; index < x.length; index += 1) {
    if (isHigh(index) === 1 && count >= needed) return index;
    count += isHigh(index + window) - isHigh(index);
  }
  return -1;
}

/** Limits in mg/dL: lows below `low` and `veryLow`, highs above `high` and `veryHigh`. */
function thresholds(population: Population, unit: Unit) {
  const u = unitCode(unit);
  const limits = quantaLimits(u, population);
  const general = quantaLimits(u, 'standard');
  const mgdl = (q: number): number => quantaToMgdl(q, u);
  return {
    veryLow: mgdl(limits.veryLow),
    low: mgdl(limits.low),
    high: mgdl(limits.high),
    veryHigh: mgdl(limits.veryHigh ?? general.high),
  };
}

/** The rules of a population for a step of the grid. */
function rulesFor(step: number, { population = 'standard', unit = 'mg/dL', l2End = 54 }: EpisodeOptions): Rule[] {
  const { veryLow, low, high, veryHigh } = thresholds(population, unit);
  const points = Math.ceil(LEAST_MINUTES / step);
  const below = (limit: number, needed: number) => (x: Float64Array, from: number) =>
    runStart(x, from, needed, (value) => value < limit);
  const above = (limit: number) => (x: Float64Array, from: number) =>
    runStart(x, from, points, (value) => value > limit);
  const notLow = (value: number): boolean => value >= low;
  const notHigh = (value: number): boolean => value <= high;
  const notVeryLow = l2End === 70 ? notLow : (value: number): boolean => value >= veryLow;
  const extendedPoints = Math.floor(EXTENDED_HYPO_MINUTES / step) + 1;
  const rules: Rule[] = [
    { type: 'hypo', level: '1', start: below(low, points), recovered: notLow },
    { type: 'hypo', level: '2', start: below(veryLow, points), recovered: notVeryLow },
    { type: 'hypo', level: 'extended', start: below(low, extendedPoints), recovered: notLow },
    { type: 'hyper', level: '1', start: above(high), recovered: notHigh },
    { type: 'hyper', level: '2', start: above(veryHigh), recovered: (value) => value <= veryHigh },
  ];
  if (isPregnancy(population)) return rules;
  const start = (x: Float64Array, from: number): number => windowStart(x, from, step, veryHigh);
  return [...rules, { type: 'hyper', level: 'extended', start, recovered: notHigh }];
}

/** A maximal run of points with values. */
interface Segment {
  readonly start: number;
  readonly x: Float64Array;
}

function segmentsOf({ points }: Grid): Segment[] {
  const segments: Segment[] = [];
  let values: number[] = [];
  let start = 0;
  const close = (): void => {
    if (values.length > 0) segments.push({ start, x: Float64Array.from(values) });
    values = [];
  };
  for (const { t, x } of points) {
    if (x === null) close();
    else {
      if (values.length === 0) start = t;
      values.push(x);
    }
  }
  close();
  return segments;
}

/** Episodes of one rule in a segment. */
function find(segment: Segment, rule: Rule, step: number, isNight: (t: number) => boolean): Episode[] {
  const { x } = segment;
  const recovery = Math.ceil(LEAST_MINUTES / step);
  const episodes: Episode[] = [];
  let start = rule.start(x, 0);
  while (start >= 0) {
    const found = runStart(x, start, recovery, rule.recovered);
    const end = found < 0 ? x.length : found;
    const values = x.subarray(start, end);
    const from = segment.start + start * step * MINUTE_MS;
    episodes.push({
      type: rule.type,
      level: rule.level,
      start: from,
      end: from + values.length * step * MINUTE_MS,
      durationMinutes: values.length * step,
      extreme: values.reduce((a, b) => (rule.type === 'hypo' ? Math.min(a, b) : Math.max(a, b))),
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      nocturnal: isNight(from),
      exclusive: null,
      open: found < 0,
    });
    start = rule.start(x, end);
  }
  return episodes;
}

/** Says of each level 1 episode whether a level 2 episode of its side overlaps it. Both lists ascend by start. */
function withExclusive(episodes: readonly Episode[]): Episode[] {
  const severe = episodes.filter(({ level }) => level === '2');
  return episodes.map((episode) => {
    if (episode.level !== '1') return episode;
    const overlaps = severe.some(
      ({ type, start, end }) => type === episode.type && start < episode.end && end > episode.start,
    );
    return { ...episode, exclusive: !overlaps };
  });
}

const LEVELS: readonly EpisodeLevel[] = ['1', '2', 'extended'];

function byStart(a: Episode, b: Episode): number {
  return a.start - b.start || LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level);
}

/**
 * Episodes of low and high glucose on a regular grid (specification section 8), ascending by start; none without a grid.
 * Throws RangeError for an unknown zone, unit or population.
 */
export function episodes(grid: Grid | null, zone: string, options: EpisodeOptions = {}): EpisodeReport {
  const clock = clockOf(zone);
  const population = options.population ?? 'standard';
  const step = grid?.stepMinutes ?? 1;
  const rules = rulesFor(step, options);
  const isNight = (t: number): boolean => clock(t).ms < NIGHT_MS;
  const found = (grid === null ? [] : segmentsOf(grid)).flatMap((segment) =>
    rules.flatMap((rule) => find(segment, rule, step, isNight)),
  );
  const list = withExclusive(found.sort(byStart));
  const minutes = recordedMinutes(grid);
  return { episodes: list, totals: episodeTotals(list, minutes, population), recordedMinutes: minutes };
}

/**
 * Totals by type and level, those without episodes included. Rates refer to the recorded minutes. For lists that were
 * filtered after `episodes`. Throws RangeError for an unknown population.
 */
export function episodeTotals(
  list: readonly Episode[],
  recorded: number,
  population: Population = 'standard',
): EpisodeTotal[] {
  return rulesFor(LEAST_MINUTES, { population }).map(({ type, level }) => {
    const own = list.filter((episode) => episode.type === type && episode.level === level);
    const count = own.length;
    const perDay = recorded > 0 ? count / (recorded / MINUTES_A_DAY) : null;
    const minutes = own.reduce((sum, episode) => sum + episode.durationMinutes, 0);
    return {
      type,
      level,
      count,
      perDay,
      perWeek: perDay === null ? null : perDay * 7,
      meanDurationMinutes: count === 0 ? null : minutes / count,
      nocturnal: own.filter(({ nocturnal }) => nocturnal).length,
    };
  });
}

/** The unit whose limits apply to a period: mmol/L when more than half of its readings were entered in it. */
export function dominantUnit(units: Iterable<Unit>): Unit {
  let [all, mmol] = [0, 0];
  for (const unit of units) {
    all += 1;
    if (unit === 'mmol/L') mmol += 1;
  }
  return 2 * mmol > all ? 'mmol/L' : 'mg/dL';
}
