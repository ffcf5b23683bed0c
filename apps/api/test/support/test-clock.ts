import { Clock } from '../../src/common/time';

/** A clock that runs until a test freezes or moves it. */
export class TestClock extends Clock {
  private offsetMs = 0;
  private frozenAt: Date | null = null;

  override now(): Date {
    return this.frozenAt === null ? new Date(Date.now() + this.offsetMs) : new Date(this.frozenAt);
  }

  /** Stops at an instant (ISO-8601 or Date; default now). */
  freeze(at: string | Date = this.now()): void {
    this.frozenAt = new Date(at);
  }

  /** Moves forward, frozen or running. */
  advance(ms: number): void {
    if (this.frozenAt === null) this.offsetMs += ms;
    else this.frozenAt = new Date(this.frozenAt.getTime() + ms);
  }

  /** Runs again with the machine's time. */
  release(): void {
    this.frozenAt = null;
    this.offsetMs = 0;
  }
}
