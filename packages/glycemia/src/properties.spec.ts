import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysOf } from '../test/series';
import { expectClose, ORIGIN } from '../test/vectors';
import * as lib from './index';
import type { Reading, Unit } from './types';

/** The same cases in every run: a failure can be looked at, and a build does not fail by chance. */
fc.configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20_250_324) });

const MINUTE = 60_000;
const ZONES = ['UTC', 'Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Cairo'];
const zone = fc.constantFrom(...ZONES);
const population = fc.constantFrom('standard', 'older', 'pregnancy-t1', 'gestational');
const values = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { maxLength: 60 });

type Entry = { value: number; unit: Unit };

/** A value as somebody enters it, in either unit. */
const entered: fc.Arbitrary<Entry> = fc.oneof(
  fc.integer({ min: 200, max: 6000 }).map((q): Entry => ({ value: q / 10, unit: 'mg/dL' })),
  fc.integer({ min: 110, max: 3300 }).map((q): Entry => ({ value: q / 100, unit: 'mmol/L' })),
);

/** Readings at distinct instants over some days around a change of clocks, of both kinds. */
const readings = fc
  .uniqueArray(fc.integer({ min: 0, max: 6 * 288 }), { maxLength: 80 })
  .chain((slots) =>
    fc.tuple(fc.constant(slots), fc.array(fc.tuple(entered, fc.boolean()), { minLength: 80, maxLength: 80 })),
  )
  .map(([slots, entries]) =>
    slots.map((slot, index): Reading => {
      const [{ value, unit }, sensor] = entries[index] ?? [{ value: 100, unit: 'mg/dL' } satisfies Entry, true];
      const t = Date.parse('2025-03-28T00:00:00Z') + slot * 5 * MINUTE;
      const id = String(slot);
      return sensor
        ? { t, value, unit, id, source: 'cgm', interval: slot % 3 === 0 ? 15 : 5 }
        : { t, value, unit, id, source: 'manual', period: slot % 2 === 0 ? 'fasting' : 'random' };
    }),
  );

/** A sensor trace of whole values with gaps. */
const trace = fc
  .array(fc.option(fc.integer({ min: 60, max: 300 }), { freq: 12 }), { minLength: 40, maxLength: 700 })
  .map((list) =>
    list.flatMap((value, index): Reading[] => (value === null ? [] : [{ t: ORIGIN + index * 5 * MINUTE, value }])),
  );

describe('properties of the metrics', () => {
  it('do not depend on the order of readings', () => {
    fc.assert(
      fc.property(readings, zone, population, (list, name, whose) => {
        const reversed = [...list].reverse();
        expect(daysOf(reversed, name)).toEqual(daysOf(list, name));
        expect(lib.normalize(reversed)).toEqual(lib.normalize(list));
        expect(lib.adrr(reversed, name)).toEqual(lib.adrr(list, name));
        expect(lib.agpHourly(reversed, name)).toEqual(lib.agpHourly(list, name));
        expect(lib.ranges(reversed, whose)).toEqual(lib.ranges(list, whose));
        expect(lib.mergeDays(daysOf(list, name).reverse())).toEqual(lib.mergeDays(daysOf(list, name)));
      }),
      { numRuns: 60 },
    );
  });

  it('are the same from merged days as from the readings', () => {
    fc.assert(
      fc.property(readings, zone, (list, name) => {
        const sensor = list.filter((reading) => lib.kindOf(reading) === 'cgm');
        const xs = sensor.map(({ value, unit }) =>
          unit === 'mmol/L' ? (value ?? 0) * lib.MGDL_PER_MMOL : (value ?? 0),
        );
        const summary = lib.summarize(lib.mergeDays(daysOf(list, name)), 'standard', { basis: 'cgm' });
        expect(summary.sufficiency.readings).toBe(xs.length);
        expectClose(summary.mean, lib.mean(xs));
        expectClose(summary.standardDeviation, lib.sd(xs));
        expectClose(summary.quantiles.p25, lib.quantile(xs, 0.25));
        expectClose(summary.quantiles.p95, lib.quantile(xs, 0.95));
        expectClose(summary.risk.lbgi, lib.lbgi(xs));
        expectClose(summary.risk.hbgi, lib.hbgi(xs));
        expectClose(summary.risk.adrr, lib.adrr(sensor, name));
        expectClose(summary.indices.grade, lib.grade(xs).value);
        expectClose(summary.indices.mValue, lib.mValue(xs));
        expectClose(summary.indices.igc, lib.igc(xs));
        expectClose(summary.sufficiency.wornPercent, lib.activePercentWorn(sensor));
        const shares = lib.ranges(sensor, 'standard', { weighting: 'minutes' });
        for (const band of ['veryLow', 'low', 'target', 'high', 'veryHigh', 'tight', 'belowTarget'] as const) {
          expectClose(summary.ranges[band]?.percent, shares[band]?.percent ?? null);
          expect(summary.ranges[band]?.minutes).toBe(shares[band]?.minutes);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('come back when a reading is inserted and deleted', () => {
    fc.assert(
      fc.property(readings, entered, zone, (list, extra, name) => {
        const t = Date.parse('2025-03-29T10:02:30Z');
        const { date } = lib.localParts(t, name);
        const before = lib.buildDay(list, date, name);
        const grown = [...list, { t, ...extra, source: 'cgm' as const, id: 'extra' }];
        expect(lib.buildDay(grown, date, name)?.cgm?.n).toBe((before?.cgm?.n ?? 0) + 1);
        expect(
          lib.buildDay(
            grown.filter(({ id }) => id !== 'extra'),
            date,
            name,
          ),
        ).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('count every reading in exactly one band', () => {
    fc.assert(
      fc.property(readings, population, (list, whose) => {
        const { veryLow, low, target, high, veryHigh, belowTarget, aboveTarget, total } = lib.ranges(list, whose);
        const bands = [veryLow, low, target, high, veryHigh];
        expect(bands.reduce((sum, band) => sum + (band?.count ?? 0), 0)).toBe(total.count);
        if (total.count === 0) expect(target.percent).toBeNull();
        else expect(bands.reduce((sum, band) => sum + (band?.percent ?? 0), 0)).toBeCloseTo(100, 9);
        expect(belowTarget.count + target.count + aboveTarget.count).toBe(total.count);
      }),
    );
  });

  it('keep quantiles ascending and between the extremes', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, share, share, (xs, p, r) => {
        const [low, high] = [lib.quantile(xs, Math.min(p, r)), lib.quantile(xs, Math.max(p, r))];
        if (low === null || high === null) expect(xs).toEqual([]);
        else {
          expect(low).toBeLessThanOrEqual(high + 1e-9);
          expect(low).toBeGreaterThanOrEqual(Math.min(...xs) - 1e-9);
          expect(high).toBeLessThanOrEqual(Math.max(...xs) + 1e-9);
        }
      }),
    );
  });

  it('keep the glycemia risk index between 0 and 100, its zone a function of it', () => {
    const percent = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(percent, percent, percent, percent, (veryLow, low, high, veryHigh) => {
        const result = lib.gri({ veryLow, low, high, veryHigh });
        expect(result?.value).toBeGreaterThanOrEqual(0);
        expect(result?.value).toBeLessThanOrEqual(100);
        expect(result?.zone).toBe('ABCDE'[Math.max(0, Math.min(4, Math.ceil((result?.value ?? 0) / 20 - 1e-9) - 1))]);
      }),
    );
  });

  it('classify by the unit a value was entered in: its print falls into its band', () => {
    fc.assert(
      fc.property(entered, population, ({ value, unit }, whose) => {
        const printed = Number.parseFloat(lib.formatGlucose(value, unit, whose));
        expect(lib.classify(printed, unit, whose)).toBe(lib.classify(value, unit, whose));
      }),
    );
    // the pairs of limits mean the same class in either unit
    for (const [mgdl, mmol] of [
      [54, 3],
      [70, 3.9],
      [180, 10],
      [250, 13.9],
    ] as const) {
      expect(lib.classify(mgdl, 'mg/dL', 'standard')).toBe(lib.classify(mmol, 'mmol/L', 'standard'));
      expect(lib.classify(mgdl - 0.1, 'mg/dL', 'standard')).toBe(lib.classify(mmol - 0.01, 'mmol/L', 'standard'));
      expect(lib.classify(mgdl + 0.1, 'mg/dL', 'standard')).toBe(lib.classify(mmol + 0.01, 'mmol/L', 'standard'));
    }
  });

  it('that measure change ignore a constant added to every value', () => {
    fc.assert(
      fc.property(trace, zone, fc.integer({ min: 1, max: 90 }), (list, name, shift) => {
        const moved = list.map((reading) => ({ ...reading, value: (reading.value ?? 0) + shift }));
        const of = (own: readonly Reading[]) => {
          const points = lib.grid(own, name);
          return [lib.conga(points, 1), lib.conga(points, 4), lib.modd(points, name), lib.mag(points)];
        };
        const shifted = of(moved);
        of(list).forEach((value, index) => {
          if (value === null) expect(shifted[index]).toBeNull();
          else expect(shifted[index]).toBeCloseTo(value, 7);
        });
        expectClose(lib.sd(moved.map(({ value }) => value)), lib.sd(list.map(({ value }) => value ?? 0)), 1e-7);
      }),
      { numRuns: 60 },
    );
  });
});

describe('MAGE', () => {
  it('ignores a constant added to every value', () => {
    fc.assert(
      fc.property(trace, fc.integer({ min: 1, max: 90 }), (list, shift) => {
        const moved = list.map((reading) => ({ ...reading, value: (reading.value ?? 0) + shift }));
        const [own, other] = [lib.mage(list, 'UTC'), lib.mage(moved, 'UTC')];
        if (own.avg === null) expect(other.avg).toBeNull();
        else expect(other.avg).toBeCloseTo(own.avg, 6);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the host', () => {
  it('does not show through: another zone of the process changes nothing', () => {
    const host = process.env['TZ'];
    const list = Array.from({ length: 900 }, (_, k): Reading => ({
      t: ORIGIN + k * 5 * MINUTE,
      value: 60 + ((k * 37) % 240),
    }));
    const all = () =>
      ZONES.map((name) => {
        const points = lib.grid(list, name);
        return [
          daysOf(list, name),
          lib.adrr(list, name),
          lib.modd(points, name),
          lib.mage(list, name),
          lib.episodes(points, name),
          lib.agpHourly(list, name),
          lib.agpFiveMinute(points, name),
          lib.dayStart('2025-03-30', name),
          lib.localParts(ORIGIN, name),
        ];
      });
    const expected = all();
    try {
      for (const tz of ['America/St_Johns', 'Pacific/Kiritimati']) {
        process.env['TZ'] = tz;
        expect(new Date(ORIGIN).getHours()).not.toBe(0);
        expect(all()).toEqual(expected);
      }
    } finally {
      process.env['TZ'] = host;
    }
  });
});
