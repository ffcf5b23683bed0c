/** Unit of a concentration. Values are compared in the unit they were entered in. */
export type Unit = 'mg/dL' | 'mmol/L';

/** Group of people whose limits and goals apply (specification section 3). */
export type Population = 'standard' | 'older' | 'pregnancy-t1' | 'gestational';

/** How a reading was measured: by a sensor, or from a drop of blood. Metrics never mix the two. */
export type Kind = 'cgm' | 'capillary';

/** Which kind of reading a result rests on. */
export type Basis = 'cgm' | 'smbg';

/** Where a stored reading came from. */
export type Source = 'manual' | 'glucometer' | 'cgm' | 'import';

/** Bands from the lowest to the highest. Pregnancy populations have no `veryHigh`. */
export type Band = 'veryLow' | 'low' | 'target' | 'high' | 'veryHigh';

/** Epoch milliseconds, or a date as a database returns it. Results of the library are always milliseconds. */
export type Instant = number | Date;

/** One glucose value. Only `t` and `value` are needed; the last five fields matter to `buildDay` alone. */
export interface Reading {
  /** Instant, epoch milliseconds. */
  readonly t: number;
  /** Glucose in `unit`; a value that is not finite is a missing reading. */
  readonly value: number | null;
  /** Default `mg/dL`. */
  readonly unit?: Unit | undefined;
  /** Minutes a sensor reading stands for, default 5; capillary readings stand for none. */
  readonly interval?: number | undefined;
  /** Default: what `source` says, else `cgm`. */
  readonly kind?: Kind | undefined;
  /** Identity in the store, returned as `glucoseId` of the newest reading of a day. */
  readonly id?: string | undefined;
  readonly source?: Source | undefined;
  /** Device that measured; readings of a second sensor worn at the same time are not counted twice. */
  readonly deviceId?: string | undefined;
  /** Meal context of a capillary reading, for example `fasting`. */
  readonly period?: string | null | undefined;
  /** When the reading was stored, epoch milliseconds. */
  readonly createdAt?: number | undefined;
}

/** Cell of a histogram: unit (0 mg/dL, 1 mmol/L), quanta, readings, minutes. Integers only. */
export type Cell = readonly [u: number, q: number, n: number, w: number];

/** Cell of a histogram of capillary readings. */
export type CountCell = readonly [u: number, q: number, n: number];

/** Steps between consecutive readings: minutes rounded half to even, how many, exact total in milliseconds. */
export type StepCell = readonly [m: number, c: number, ms: number];

/** Counts of readings and minutes by band, lowest band first. */
export interface BandCounts {
  /** Four general limits: five bands, and the part of `target` up to 140 mg/dL as [readings, minutes]. */
  readonly std: { readonly n: readonly number[]; readonly w: readonly number[]; readonly tight: readonly number[] };
  /** Limits of pregnancy: four bands. */
  readonly preg: { readonly n: readonly number[]; readonly w: readonly number[] };
}

/** Everything one kind of reading contributes to one local day (specification section 14). */
export interface Block {
  readonly n: number;
  /** Minutes: the sum of intervals, 0 for capillary readings. */
  readonly w: number;
  /** Sums of quanta of the mg/dL and of the mmol/L readings. */
  readonly sums: readonly [number, number];
  /** Instants of the first and the last analysed reading, epoch milliseconds. */
  readonly first: number;
  readonly last: number;
  readonly steps: readonly StepCell[];
  readonly hist: readonly Cell[];
  readonly hours: readonly (readonly [hour: number, cells: readonly Cell[]])[];
  readonly bands: BandCounts;
  /** Capillary blocks only: histograms by meal context. */
  readonly periods?: readonly (readonly [period: string, cells: readonly CountCell[]])[];
}

/** Newest reading of a day, any source. */
export interface LatestReading {
  readonly glucoseId: string | null;
  readonly value: number;
  readonly unit: Unit;
  readonly measuredAt: number;
}

/** Rollup of one local day, a pure function of the day's readings and its zone. */
export interface Day {
  /** Local date `YYYY-MM-DD`. */
  readonly date: string;
  readonly tz: string;
  /** The local day as instants, the end excluded. */
  readonly from: number;
  readonly to: number;
  /** Elapsed minutes of the day. */
  readonly minutes: number;
  readonly cgm: Block | null;
  readonly smbg: Block | null;
  readonly latest: LatestReading;
  /** Newest very low or very high reading of the day. */
  readonly lastCriticalAt?: number;
  /** All stored readings of the day by source and meal context, also those outside the analysis set. */
  readonly counts: readonly (readonly [source: string, period: string, n: number])[];
}

/** A stored block: any part may have been projected away, and instants may be dates. */
export type StoredBlock = Partial<Omit<Block, 'first' | 'last'>> & {
  readonly first?: Instant;
  readonly last?: Instant;
};

/** What `mergeDays` and `dailySummaries` need of a day document; a date without readings has neither block. */
export interface StoredDay {
  readonly date: string;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly minutes?: number;
  readonly cgm?: StoredBlock | null;
  readonly smbg?: StoredBlock | null;
}
