import { roundTo, toMmol, type Unit } from '@diabcare/glycemia';

/** What kind of quantity a key holds: decides conversion, rounding and the unit that is named (glucose metrics section 1). */
type Quantity =
  | 'concentration'
  | 'concentrationPerHour'
  | 'percent'
  | 'points'
  | 'mmolPerMol'
  | 'index'
  | 'minutes'
  | 'perDay'
  | 'days'
  | 'hour'
  | 'count';

const UNITS: Readonly<Record<Quantity, (unit: Unit) => string>> = {
  concentration: (unit) => unit,
  concentrationPerHour: (unit) => `${unit} per h`,
  percent: () => '%',
  points: () => 'index points',
  mmolPerMol: () => 'mmol/mol',
  index: () => 'index',
  minutes: () => 'min',
  perDay: () => '1/d',
  days: () => 'd',
  hour: () => 'h',
  count: () => '1',
};

const DECIMALS: Readonly<Record<Quantity, (unit: Unit) => number>> = {
  concentration: (unit) => (unit === 'mg/dL' ? 1 : 2),
  concentrationPerHour: (unit) => (unit === 'mg/dL' ? 1 : 2),
  percent: () => 2,
  points: () => 2,
  mmolPerMol: () => 1,
  index: () => 2,
  minutes: () => 0,
  perDay: () => 2,
  days: () => 0,
  hour: () => 0,
  count: () => 0,
};

const QUANTITIES: Readonly<Record<string, Quantity>> = {
  ...keys('concentration', 'mean standardDeviation min max iqr p05 p10 p25 p50 p75 p90 p95'),
  ...keys('concentration', 'conga1 conga2 conga4 conga24 modd mage extreme mValueReference'),
  ...keys('concentrationPerHour', 'mag'),
  ...keys('percent', 'coefficientOfVariation gmi estimatedA1c percent activePercent wornPercent inTargetPercent'),
  ...keys('percent', 'gradeHypoPercent gradeEuPercent gradeHyperPercent'),
  ...keys('percent', 'veryLow low belowTarget target tight high veryHigh aboveTarget'),
  ...keys('percent', 'hypoComponent hyperComponent'),
  ...keys('points', 'gri value'),
  ...keys('mmolPerMol', 'gmiMmolMol'),
  ...keys('index', 'lbgi hbgi adrr grade jIndex mValue hyperIndex hypoIndex igc'),
  ...keys('minutes', 'minutes minutesPerDay minutesInDay intervalMinutes durationMinutes meanDurationMinutes'),
  ...keys('minutes', 'binMinutes minute recordedMinutes'),
  ...keys('perDay', 'readingsPerDay perDay perWeek'),
  ...keys('days', 'days daysWithData'),
  ...keys('hour', 'hour'),
  ...keys('count', 'readings n count capillaryReadings nocturnal'),
};

function keys(quantity: Quantity, names: string): Record<string, Quantity> {
  return Object.fromEntries(names.split(' ').map((name) => [name, quantity]));
}

/** Keys whose numbers come in the unit asked for already: limits are tables, not converted values. */
const AS_GIVEN = new Set(['limits', 'goal']);
const CAPILLARY_TARGET = 'target';

/** A report with its numbers converted and rounded once, and the unit of every numeric key. */
export interface FormattedReport {
  readonly body: Record<string, unknown>;
  readonly units: Record<string, string>;
}

/** Converts, rounds and names units, as the last step before a report leaves. */
export function formatReport(report: object, unit: Unit): FormattedReport {
  const units: Record<string, string> = {};
  const body = new Formatter(unit, units).object(report);
  return { body, units };
}

class Formatter {
  constructor(
    private readonly unit: Unit,
    private readonly units: Record<string, string>,
  ) {}

  object(value: object): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) result[key] = this.value(key, item);
    return result;
  }

  private value(key: string, item: unknown): unknown {
    if (typeof item === 'number') return this.number(key, item);
    if (item === null) {
      this.name(key);
      return null;
    }
    if (Array.isArray(item)) return item.map((element) => this.value(key, element));
    if (typeof item !== 'object' || item instanceof Date) return item;
    // A capillary target is a pair of limits, everything else of that name a range.
    if (AS_GIVEN.has(key) || (key === CAPILLARY_TARGET && 'maxOpen' in item)) return this.asGiven(item);
    return this.object(item);
  }

  private number(key: string, x: number): number {
    const quantity = QUANTITIES[key];
    if (quantity === undefined) return x;
    this.name(key);
    const converts = quantity === 'concentration' || quantity === 'concentrationPerHour';
    const converted = converts && this.unit === 'mmol/L' ? toMmol(x) : x;
    return roundTo(converted, DECIMALS[quantity](this.unit));
  }

  private asGiven(item: object): object {
    for (const key of Object.keys(item)) this.name(key);
    return item;
  }

  private name(key: string): void {
    const quantity = QUANTITIES[key];
    if (quantity !== undefined) this.units[key] = UNITS[quantity](this.unit);
  }
}
