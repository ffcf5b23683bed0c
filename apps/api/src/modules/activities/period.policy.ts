const QUARTER_MS = 15 * 60_000;
const DAY_MS = 86_400_000;

/**
 * First instant of the stretch in which an instant is counted: its UTC day, and its quarter of an hour on the first and
 * the last day of a UTC month. Months in every zone (offsets are whole quarters, at most 14 hours) begin and end between
 * two stretches, whichever zone the pharmacy moves to later.
 */
export function periodStart(at: Date): Date {
  const day = at.getTime() - (at.getTime() % DAY_MS);
  const tomorrow = new Date(day + DAY_MS);
  const atEdge = at.getUTCDate() === 1 || tomorrow.getUTCDate() === 1;
  return new Date(atEdge ? at.getTime() - (at.getTime() % QUARTER_MS) : day);
}

/** First instant of the UTC day after an instant: from there on every stretch is whole. */
export function nextUtcDay(at: Date): Date {
  return new Date(at.getTime() - (at.getTime() % DAY_MS) + DAY_MS);
}
