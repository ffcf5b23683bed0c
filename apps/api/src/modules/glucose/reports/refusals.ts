import { type Basis, isPregnancy, type Population } from '@diabcare/glycemia';

/** Parts of a report that are no metrics: null in them needs no reason. */
const NOT_METRICS = new Set(['limits', 'goal', 'met', 'reason', 'firstReading', 'lastReading']);
/** Ranges that both pregnancy populations lack. */
const NOT_FOR_PREGNANCY = new Set(['veryHigh', 'tight']);
/** What only sensor minutes can tell. */
const NEED_SENSOR = new Set(['minutes', 'minutesPerDay', 'activePercent', 'partial']);

/** Whose report it is made for, and on what readings. */
interface ReportedOn {
  readonly basis: Basis;
  readonly population: Population;
}

/**
 * Why each null metric of a report is null, by key, added to the reasons that are `known`. A key that stands in several
 * places of a report (hours, days, ranges) is explained as soon as one of them is null.
 */
export function withReasons(
  body: object,
  of: ReportedOn,
  known: Readonly<Record<string, string>>,
): Record<string, string> {
  const reasons = new Reasons(of, known);
  reasons.collect(body, 0);
  return { ...reasons.found, ...known };
}

class Reasons {
  readonly found: Record<string, string> = {};

  constructor(
    private readonly of: ReportedOn,
    private readonly known: Readonly<Record<string, string>>,
  ) {}

  /** Walks through a part of a report that rests on so many readings, unless it says itself on how many. */
  collect(part: object, inherited: number): void {
    const readings = readingsOf(part) ?? inherited;
    for (const [key, value] of Object.entries(part)) {
      if (NOT_METRICS.has(key) || key.endsWith('Band') || key in this.known) continue;
      if (value === null) this.explain(key, readings);
      else if (key === 'byContext') this.contexts(value as readonly { readonly inTargetPercent: number | null }[]);
      else if (typeof value === 'object' && !(value instanceof Date)) this.collect(value as object, readings);
    }
  }

  private explain(key: string, readings: number): void {
    if (NEED_SENSOR.has(key) && this.of.basis === 'smbg') this.found[key] = 'CGM_REQUIRED';
    else if (NOT_FOR_PREGNANCY.has(key) && isPregnancy(this.of.population)) this.found[key] = 'NOT_FOR_PREGNANCY';
    // Of an empty hour and one with too few readings the latter tells more.
    else if (readings > 0) this.found[key] = 'INSUFFICIENT_READINGS';
    else this.found[key] ??= 'NO_DATA';
  }

  /** A meal context is listed for its readings; what it can lack is a target. */
  private contexts(contexts: readonly { readonly inTargetPercent: number | null }[]): void {
    if (contexts.some(({ inTargetPercent }) => inTargetPercent === null)) this.found['inTargetPercent'] = 'NO_TARGET';
  }
}

/** How many readings a summary, a day, a range or an hour was made of; null where the part does not say. */
function readingsOf(part: object): number | null {
  const { sufficiency, readings, n } = part as { sufficiency?: object; readings?: unknown; n?: unknown };
  if (sufficiency !== undefined) return readingsOf(sufficiency);
  const count = readings ?? n;
  return typeof count === 'number' ? count : null;
}
