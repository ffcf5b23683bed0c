const WINDOW_MS = 10_000;
const MAX_EVENTS = 30;
const STRIKE_WINDOW_MS = 60_000;
const MAX_STRIKES = 3;

/** What becomes of a client event: handled, refused, or refused for the last time. */
export type Verdict = 'pass' | 'limited' | 'close';

/** Limits of one socket (contract 00 section 11): 30 events in any 10 s; three refusals within a minute close it. */
export class EventLimiter {
  private events: number[] = [];
  private strikes: number[] = [];

  judge(now: number): Verdict {
    this.events = this.events.filter((at) => now - at < WINDOW_MS);
    if (this.events.length < MAX_EVENTS) {
      this.events.push(now);
      return 'pass';
    }
    this.strikes = this.strikes.filter((at) => now - at < STRIKE_WINDOW_MS);
    this.strikes.push(now);
    return this.strikes.length >= MAX_STRIKES ? 'close' : 'limited';
  }
}
