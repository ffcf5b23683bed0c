const DIGITS = 12;

/** An event's number as clients see it: opaque, growing per user, also as text. */
export function toEventId(seq: number): string {
  return String(seq).padStart(DIGITS, '0');
}

/** The number of an event id; null when it is none of ours. */
export function fromEventId(text: unknown): number | null {
  return typeof text === 'string' && /^\d{12}$/.test(text) ? Number(text) : null;
}
