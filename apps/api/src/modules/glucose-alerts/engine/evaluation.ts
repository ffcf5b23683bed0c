import type {
  AlertReading,
  AlertSettings,
  AlertState,
  Chain,
  Ending,
  Notice,
  NoticeCode,
  NoticeSeq,
  Side,
} from './alert-types';
import { cooldownMinutes, LEVELS, MINUTE_MS } from './levels.policy';
import { trendUpTo } from './runs.policy';

/** The newest CGM reading and how many there are in the 24 h up to it. */
export interface CgmSummary {
  readonly newest: AlertReading;
  readonly countOfDay: number;
}

/** Everything an evaluation may look at; nothing else decides. */
export interface EvaluationInput {
  readonly patientId: string;
  readonly state: AlertState;
  readonly settings: AlertSettings;
  /** Readings of the analysis set in order of time: at least 75 minutes, 5 hours where a high one is among them. */
  readonly history: readonly AlertReading[];
  readonly now: number;
  /** Doctors with an active link and access switched on, now. */
  readonly doctorIds: readonly string[];
  /** When a meal with carbohydrates was last eaten, if not long ago. */
  readonly eatenAt: number | null;
  /** Known when "no data" may be due. */
  readonly cgm: CgmSummary | null;
  /** Makes the id of a new chain. */
  readonly newId: () => string;
}

/** A notice as the rules decide it; key, severity and arrow are added here. */
interface NoticeDraft {
  readonly recipientId: string;
  readonly code: NoticeCode;
  readonly severity: Notice['severity'];
  readonly side: Side | 'none';
  readonly openedAt: number;
  readonly alertId: string | null;
  readonly reading: AlertReading;
  readonly seq: NoticeSeq;
  /** Level that the key names where it is not the code: a recheck. */
  readonly keyCode?: NoticeCode;
  readonly minutes?: number | null;
  readonly rate?: number | null;
}

/** One evaluation under way: a copy of the state that the rules change, and what they decided so far. */
export class Evaluation {
  readonly state: AlertState;
  readonly notices: Notice[] = [];
  readonly endings: Ending[] = [];
  readonly closed: Chain[] = [];
  /** Levels told to the patient in this evaluation: a batch raises each at most once. */
  readonly raised = new Set<string>();

  constructor(readonly input: EvaluationInput) {
    this.state = structuredClone(input.state);
  }

  get now(): number {
    return this.input.now;
  }

  get settings(): AlertSettings {
    return this.input.settings;
  }

  get history(): readonly AlertReading[] {
    return this.input.history;
  }

  /** The newest reading, of one kind or of both. */
  newest(kind?: AlertReading['kind']): AlertReading | null {
    return this.history.findLast((reading) => kind === undefined || reading.kind === kind) ?? null;
  }

  /** Adds a notice with its key, which is the same whenever and wherever the same thing is decided again. */
  notice(draft: NoticeDraft): void {
    const { patientId, now } = this.input;
    const { recipientId, code, side, openedAt, seq, reading } = draft;
    this.notices.push({
      dedupeKey: `glucose:${patientId}:${side}:${openedAt}:${draft.keyCode ?? code}:${recipientId}:${seq}`,
      recipientId,
      to: recipientId === patientId ? 'patient' : 'doctor',
      code,
      severity: draft.severity,
      side,
      openedAt,
      alertId: draft.alertId,
      reading,
      trend: reading.kind === 'cgm' ? (trendUpTo(reading, this.history)?.arrow ?? null) : null,
      at: now,
      minutes: draft.minutes ?? null,
      rate: draft.rate ?? null,
    });
  }

  /** Notes a first notice: the cooldown of the level begins. */
  noteFirst(userId: string, code: NoticeCode): void {
    const known = this.state.firstNotices.find((entry) => entry.userId === userId && entry.code === code);
    if (known === undefined) this.state.firstNotices.push({ userId, code, at: this.now });
    else known.at = this.now;
  }

  /** When the cooldown of a level ends for a recipient; null when none was ever told. */
  cooldownEnd(userId: string, code: NoticeCode, kind: AlertReading['kind']): number | null {
    const last = this.state.firstNotices.find((entry) => entry.userId === userId && entry.code === code);
    return last === undefined ? null : last.at + cooldownMinutes(code, kind) * MINUTE_MS;
  }

  isCoolingDown(userId: string, code: NoticeCode, kind: AlertReading['kind']): boolean {
    const end = this.cooldownEnd(userId, code, kind);
    return end !== null && this.now < end;
  }

  /** Closes an open chain; what was told of it is resolved, or amended when it never was one. */
  close(chain: Chain, by: NonNullable<Chain['closedBy']>): void {
    chain.closedAt = this.now;
    chain.closedBy = by;
    this.state.chains[chain.side] = null;
    this.closed.push(chain);
    const recipientIds = chain.recipients.filter(({ levels }) => levels.length > 0).map(({ userId }) => userId);
    this.endings.push({
      side: chain.side,
      openedAt: chain.openedAt,
      recipientIds,
      how: by === 'withdrawn' ? 'amended' : 'resolved',
      at: this.now,
    });
  }

  /** Severity of a level's notices. */
  severityOf(chain: Chain): Notice['severity'] {
    return LEVELS[chain.code].severity;
  }
}
