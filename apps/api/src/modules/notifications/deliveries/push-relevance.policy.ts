const HOUR_MS = 3_600_000;
/** Up to this age a push is on time and leaves without being judged. */
const LATE_AFTER_MS = 60_000;
/** Nobody is called to the phone for what happened longer ago; it stays among the notifications. */
const STALE_AFTER_HOURS = 4;

/** An alert tells of the present: a reading older than this raises none, and neither does a push. */
const ALERT_STALE_AFTER_MS = 15 * 60_000;

/** What a late push would tell. */
export interface LatePush {
  /** How long ago it happened. */
  readonly ageMs: number;
  /** Which event of the notification it is, from 1. */
  readonly occurrence: number;
}

/** The notification as it stands now; null when none is stored (preferences) or it is gone. */
export interface CurrentNotification {
  readonly isRead: boolean;
  /** Number of events it stands for. */
  readonly count: number;
  /** Of a reminder: how many hours ahead of the appointment it was due; later than that it speaks of the past. */
  readonly hoursBefore: number | null;
  /** Of an alert: it is over. */
  readonly isResolved: boolean;
}

/** Is it late enough to be judged? */
export function isLate(ageMs: number): boolean {
  return ageMs > LATE_AFTER_MS;
}

/**
 * May a push that was held up (the provider was down) still leave? Not when its notification was read meanwhile, when a
 * newer push of the same notification follows, or when it speaks of what is long past: after an hour without a provider
 * a phone rings once per matter that is still open, and not once per attempt that failed.
 */
export function isStillRelevant(push: LatePush, current: CurrentNotification | null): boolean {
  const staleAfterMs = (current?.hoursBefore ?? STALE_AFTER_HOURS) * HOUR_MS;
  if (push.ageMs >= staleAfterMs) return false;
  return current === null || (!current.isRead && push.occurrence >= current.count);
}

/** May a late push of a glucose alert still leave? Only while the alert is open, unread and its reading fresh. */
export function isAlertStillRelevant(ageMs: number, current: CurrentNotification | null): boolean {
  return ageMs <= ALERT_STALE_AFTER_MS && current !== null && !current.isRead && !current.isResolved;
}
