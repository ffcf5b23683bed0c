/** The two directions an excursion can take. */
export const SIDES = ['low', 'high'] as const;
export type Side = (typeof SIDES)[number];

/** Levels of a chain. */
export const CHAIN_CODES = ['predicted_low', 'low', 'urgent_low', 'high', 'very_high'] as const;
export type ChainCode = (typeof CHAIN_CODES)[number];

/** Everything a patient or a doctor can be told of. */
export type NoticeCode = ChainCode | 'rapid_fall' | 'rapid_rise' | 'no_data' | 'recheck';

/** From a sensor, or from blood of a finger. */
export type ReadingKind = 'cgm' | 'capillary';
/** Unit a reading was entered in; thresholds are compared in it. */
export type GlucoseUnit = 'mg/dL' | 'mmol/L';

/** A reading of the analysis set as the evaluation sees it. Instants are epoch milliseconds. */
export interface AlertReading {
  readonly id: string;
  /** When it counts as measured: its own instant, or its reception when that lies before. */
  readonly t: number;
  readonly measuredAt: number;
  readonly value: number;
  readonly unit: GlucoseUnit;
  readonly kind: ReadingKind;
  /** Sampling interval in minutes; 0 for capillary readings. */
  readonly intervalMinutes: number;
  readonly saturated: boolean;
}

/** A threshold in both units. */
export interface Limit {
  readonly mgdl: number;
  readonly mmol: number;
}

/** Complete settings of a patient. Durations in minutes, `rapidRate` in mg/dL per minute. */
export interface AlertSettings {
  readonly thresholds: {
    readonly urgentLow: Limit;
    readonly low: Limit;
    readonly high: Limit;
    readonly veryHigh: Limit;
  };
  readonly persistenceMinutes: { readonly low: number; readonly high: number; readonly veryHigh: number };
  readonly levels: {
    readonly low: boolean;
    readonly predictedLow: boolean;
    readonly high: boolean;
    readonly veryHigh: boolean;
    readonly noData: boolean;
    readonly rapidFall: boolean;
    readonly rapidRise: boolean;
  };
  readonly horizonMinutes: 20 | 30;
  readonly noDataMinutes: number;
  readonly rapidRate: 2 | 3;
  readonly noDataAtNight: boolean;
}

/** What one recipient was told of one level of a chain. */
export interface LevelNotices {
  readonly code: ChainCode;
  readonly firstAt: number;
  lastAt: number;
  /** Number of the last notice: 0 the first. */
  seq: number;
  /** Since when nobody answered: the first notice, or the one that began a new series. */
  seriesAt: number;
  /** Repeats of the running series. */
  repeats: number;
}

/** One recipient of a chain: what it was told and how it answered. */
export interface ChainRecipient {
  readonly userId: string;
  levels: LevelNotices[];
  acknowledgedAt: number | null;
  acknowledgedCode: ChainCode | null;
  snoozedUntil: number | null;
  snoozedCode: ChainCode | null;
}

/** Why a chain ended: values came back, no reading came any more, or the readings behind it were removed. */
export type ClosedBy = 'cleared' | 'expired' | 'withdrawn';

/** One excursion of one patient on one side. */
export interface Chain {
  readonly id: string;
  readonly side: Side;
  /** The highest level reached. */
  code: ChainCode;
  /** When that level was reached. */
  reachedAt: number;
  readonly openedAt: number;
  /** Its first out-of-range reading: where the run began that opened it, or a late one before. */
  from: number;
  readonly first: AlertReading;
  latest: AlertReading;
  extreme: AlertReading;
  /** The last out-of-range reading. */
  lastOutAt: number;
  /** A reading outside the level came after the last notice. */
  left: boolean;
  recheckAt: number | null;
  closedAt: number | null;
  closedBy: ClosedBy | null;
  /** Levels that doctors were told of. */
  escalated: ChainCode[];
  /** Doctors whose cooldown was still running then. */
  waiting: { readonly code: ChainCode; readonly userId: string; readonly minutes: number | null }[];
  recipients: ChainRecipient[];
}

/** What is remembered of a patient between two evaluations. */
export interface AlertState {
  cursors: { cgm: number | null; capillary: number | null };
  newestCgmAt: number | null;
  /** The newest reading when "no data" was told. */
  noDataNotifiedAt: number | null;
  predictive: { positives: number; negatives: number };
  rapid: { falls: number; rises: number };
  /** Last first notice per recipient and level: where cooldowns begin. */
  firstNotices: { readonly userId: string; readonly code: NoticeCode; at: number }[];
  /** The open chains. */
  chains: { low: Chain | null; high: Chain | null };
}

/** Which notice of a level: its number, or `r` for a recheck. */
export type NoticeSeq = number | 'r';

/** One notice to one recipient, in-app and by every other way it wants. */
export interface Notice {
  readonly dedupeKey: string;
  readonly recipientId: string;
  readonly to: 'patient' | 'doctor';
  readonly code: NoticeCode;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly side: Side | 'none';
  readonly openedAt: number;
  readonly alertId: string | null;
  readonly reading: AlertReading;
  readonly trend: string | null;
  readonly at: number;
  /** Numbers that stand in the text: how long a run lasted, the rate of change in mg/dL per minute. */
  readonly minutes: number | null;
  readonly rate: number | null;
}

/** The end of what notifications stand for: resolved stays as it is, amended says that the reading was corrected. */
export interface Ending {
  readonly side: Side | 'none';
  readonly openedAt: number;
  readonly recipientIds: readonly string[];
  readonly how: 'resolved' | 'amended';
  readonly at: number;
}

/** What an evaluation decided. */
export interface Outcome {
  readonly state: AlertState;
  /** Chains that were opened, changed or closed. */
  readonly chains: readonly Chain[];
  readonly notices: readonly Notice[];
  readonly endings: readonly Ending[];
  readonly nextTimerAt: number | null;
}

/** State of a patient who was never evaluated. */
export function emptyState(): AlertState {
  return {
    cursors: { cgm: null, capillary: null },
    newestCgmAt: null,
    noDataNotifiedAt: null,
    predictive: { positives: 0, negatives: 0 },
    rapid: { falls: 0, rises: 0 },
    firstNotices: [],
    chains: { low: null, high: null },
  };
}
