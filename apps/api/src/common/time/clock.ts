/**
 * The only source of "now" in the server. Injected everywhere, so tests freeze it; nothing else calls `Date.now()`
 * for a fact that is stored or compared.
 */
export abstract class Clock {
  /** The current instant. */
  abstract now(): Date;
}

/** The machine's clock. */
export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}
