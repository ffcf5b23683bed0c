import { compareText, Histogram, Histograms } from './histogram';
import { at, halfEven } from './numbers';
import { bandsOfCells } from './ranges';
import type { BandCounts, Cell, CountCell, Instant, StepCell, StoredBlock, StoredDay } from './types';
import { quantaToMgdl } from './units';
import { MINUTE_MS } from './zone';

/** What one day contributes to figures that are made day by day. */
export interface MergedDay {
  readonly date: string;
  /** Start of the day, epoch milliseconds; null when the document did not say. */
  readonly from: number | null;
  /** Elapsed minutes of the day, 0 when the document did not say. */
  readonly minutes: number;
  readonly n: number;
  readonly w: number;
  /** Least and greatest value of the day in mg/dL; null when both histograms were projected away. */
  readonly low: number | null;
  readonly high: number | null;
}

/** One kind of reading over several days. Parts are null when the documents came without them. */
export interface MergedBlock {
  readonly n: number;
  readonly w: number;
  readonly sums: readonly [number, number];
  readonly first: number | null;
  readonly last: number | null;
  readonly steps: readonly StepCell[];
  readonly hist: readonly Cell[] | null;
  readonly hours: readonly (readonly [hour: number, cells: readonly Cell[]])[] | null;
  readonly bands: BandCounts | null;
  readonly periods: readonly (readonly [period: string, cells: readonly CountCell[]])[];
  /** Days with a reading of this kind, ascending by date. */
  readonly days: readonly MergedDay[];
}

/** Day documents added up. */
export interface Merged {
  /** How many day documents, and their elapsed minutes. */
  readonly days: number;
  readonly minutes: number;
  readonly cgm: MergedBlock | null;
  readonly smbg: MergedBlock | null;
}

const millis = (instant: Instant | undefined): number | null => (instant === undefined ? null : Number(instant));

/** Adds up the blocks of one kind. Days are handed over in ascending order. */
class BlockMerger {
  private n = 0;
  private w = 0;
  private readonly sums: [number, number] = [0, 0];
  private first: number | null = null;
  private last: number | null = null;
  private readonly steps = new Map<number, [number, number, number]>();
  private readonly hist = new Histogram();
  private readonly hours = new Histograms<number>();
  private readonly periods = new Histograms<string>();
  private readonly days: MergedDay[] = [];
  private readonly parts = { hist: true, hours: true, bands: true };
  private readonly bands = new BandSum();

  /** Adds the block of the next day. */
  add(day: StoredDay, block: StoredBlock): void {
    const [n, w] = [block.n ?? 0, block.w ?? 0];
    this.n += n;
    this.w += w;
    this.sums[0] += block.sums?.[0] ?? 0;
    this.sums[1] += block.sums?.[1] ?? 0;
    this.addSteps(block);
    this.addCells(block);
    for (const [period, cells] of block.periods ?? []) {
      const histogram = this.periods.of(period);
      for (const [u, q, count] of cells) histogram.add(u, q, count, 0);
    }
    if (block.bands === undefined) this.parts.bands = false;
    else this.bands.add(block.bands);
    this.days.push({ date: day.date, from: millis(day.from), minutes: day.minutes ?? 0, n, w, ...extremesOf(block) });
  }

  private addSteps(block: StoredBlock): void {
    for (const [m, c, ms] of block.steps ?? []) this.addStep(m, c, ms);
    const [first, last] = [millis(block.first), millis(block.last)];
    if (first !== null && this.last !== null && block.steps !== undefined) {
      this.addStep(halfEven((first - this.last) / MINUTE_MS), 1, first - this.last);
    }
    this.first ??= first;
    this.last = last ?? this.last;
  }

  private addStep(m: number, c: number, ms: number): void {
    const cell = this.steps.get(m);
    if (cell === undefined) this.steps.set(m, [m, c, ms]);
    else {
      cell[1] += c;
      cell[2] += ms;
    }
  }

  /** Adds both histograms; the whole one is the sum of the hours where it was projected away. */
  private addCells(block: StoredBlock): void {
    for (const [u, q, n, w] of block.hist ?? []) this.hist.add(u, q, n, w);
    for (const [hour, cells] of block.hours ?? []) {
      const histogram = this.hours.of(hour);
      for (const [u, q, n, w] of cells) {
        histogram.add(u, q, n, w);
        if (block.hist === undefined) this.hist.add(u, q, n, w);
      }
    }
    if (block.hours === undefined) this.parts.hours = false;
    if (block.hist === undefined && block.hours === undefined) this.parts.hist = false;
  }

  /** The sum; null without a day. */
  result(): MergedBlock | null {
    if (this.days.length === 0) return null;
    const hist = this.parts.hist ? this.hist.sorted() : null;
    const derived = hist === null ? null : bandsOfCells(hist);
    return {
      n: this.n,
      w: this.w,
      sums: this.sums,
      first: this.first,
      last: this.last,
      steps: [...this.steps.values()].sort((a, b) => a[0] - b[0]),
      hist,
      hours: this.parts.hours ? this.hours.sorted() : null,
      bands: this.parts.bands ? this.bands.result() : derived,
      periods: this.periods
        .sorted()
        .map(([period, cells]) => [period, cells.map(([u, q, n]): CountCell => [u, q, n])] as const),
      days: this.days,
    };
  }
}

/** Sum of counts by band. */
class BandSum {
  private readonly std = { n: [0, 0, 0, 0, 0], w: [0, 0, 0, 0, 0], tight: [0, 0] };
  private readonly preg = { n: [0, 0, 0, 0], w: [0, 0, 0, 0] };

  /** Adds the counts of a day. */
  add({ std, preg }: BandCounts): void {
    addTo(this.std.n, std.n);
    addTo(this.std.w, std.w);
    addTo(this.std.tight, std.tight);
    addTo(this.preg.n, preg.n);
    addTo(this.preg.w, preg.w);
  }

  /** The counts so far. */
  result(): BandCounts {
    return { std: this.std, preg: this.preg };
  }
}

function addTo(sum: number[], list: readonly number[]): void {
  for (let index = 0; index < sum.length; index += 1) sum[index] = at(sum, index) + at(list, index);
}

/** Least and greatest value of a block in mg/dL, from whichever histogram is there. */
function extremesOf(block: StoredBlock): { low: number | null; high: number | null } {
  let [low, high] = [Infinity, -Infinity];
  const lists = block.hist === undefined ? (block.hours ?? []).map(([, cells]) => cells) : [block.hist];
  for (const cells of lists) {
    for (const [u, q] of cells) {
      const x = quantaToMgdl(q, u);
      if (x < low) low = x;
      if (x > high) high = x;
    }
  }
  return low > high ? { low: null, high: null } : { low, high };
}

/**
 * Day documents added up, in any order. Parts that were projected away are null in the result; the whole histogram and
 * the bands are derived from the hours when only these are there. The step from the last reading of a day to the first
 * of the next day with data is added.
 */
export function mergeDays(days: readonly StoredDay[]): Merged {
  const [cgm, smbg] = [new BlockMerger(), new BlockMerger()];
  let minutes = 0;
  for (const day of [...days].sort((a, b) => compareText(a.date, b.date))) {
    minutes += day.minutes ?? 0;
    if (day.cgm) cgm.add(day, day.cgm);
    if (day.smbg) smbg.add(day, day.smbg);
  }
  return { days: days.length, minutes, cgm: cgm.result(), smbg: smbg.result() };
}
