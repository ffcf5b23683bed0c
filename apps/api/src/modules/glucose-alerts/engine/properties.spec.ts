import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlertSimulation, clockTime } from '../../../../test/support/alert-simulation';
import { defaultSettings } from '../alert-settings.policy';
import type { AlertReading } from './alert-types';
import { evaluateReadings } from './engine.policy';

const MINUTE = 60_000;
const START = clockTime('08:00');
const SETTINGS = defaultSettings('standard');

const values = fc.array(fc.integer({ min: 40, max: 320 }), { minLength: 1, maxLength: 40 });
/** Series that wander as glucose does: neighbours differ by at most 25 mg/dL. */
const wandering = fc
  .tuple(fc.integer({ min: 45, max: 280 }), fc.array(fc.integer({ min: -25, max: 25 }), { maxLength: 60 }))
  .map(([first, steps]) => {
    const series = [first];
    for (const step of steps) series.push(Math.min(400, Math.max(40, (series.at(-1) ?? first) + step)));
    return series;
  });

function reading(value: number, index: number, kind: AlertReading['kind'] = 'cgm'): AlertReading {
  const t = START + index * 5 * MINUTE;
  return {
    id: `r${String(index).padStart(4, '0')}`,
    t,
    measuredAt: t,
    value,
    unit: 'mg/dL',
    kind,
    intervalMinutes: kind === 'cgm' ? 5 : 0,
    saturated: false,
  };
}

/** Plays a series, minute by minute; `each` comes after every reading. */
function play(
  series: readonly number[],
  each: (simulation: AlertSimulation, index: number) => void = () => undefined,
  kindAt: (index: number) => AlertReading['kind'] = () => 'cgm',
): AlertSimulation {
  const simulation = new AlertSimulation(SETTINGS);
  for (const [index, value] of series.entries()) {
    for (let minute = 0; minute < 5; minute += 1) {
      simulation.now = START + (index * 5 + minute) * MINUTE;
      if (minute === 0) {
        simulation.receive([reading(value, index, kindAt(index))]);
        each(simulation, index);
      }
      simulation.tick();
    }
  }
  return simulation;
}

function noticesTo(simulation: AlertSimulation, userId: string) {
  return simulation.outcomes.flatMap(({ notices }) => notices).filter(({ recipientId }) => recipientId === userId);
}

describe('whatever the readings', () => {
  it('the order of a batch and repeats in it change nothing', () => {
    fc.assert(
      fc.property(values, fc.integer(), (series, seed) => {
        const batch = series.slice(0, 4).map((value, index) => reading(value, index));
        const simulation = new AlertSimulation(SETTINGS);
        simulation.now = START + 15 * MINUTE;
        const input = { ...simulation.input(), history: batch, newId: () => 'chain' };
        const shuffled = [...batch, ...batch].sort((a, b) => ((a.t * 7 + seed) % 13) - ((b.t * 7 + seed) % 13));
        expect(evaluateReadings(input, shuffled)).toEqual(evaluateReadings(input, batch));
      }),
    );
  });

  it('a second evaluation of what was evaluated tells nothing, and its keys are those of the first', () => {
    fc.assert(
      fc.property(wandering, (series) => {
        const again = play(series, (simulation, index) => {
          const value = series[index] ?? 0;
          const before = simulation.told.length;
          simulation.take(evaluateReadings(simulation.input(), [reading(value, index)]));
          expect(simulation.told).toHaveLength(before);
        });
        expect(again.keys).toEqual(play(series).keys);
        expect(new Set(again.keys).size).toBe(again.keys.length);
      }),
      { numRuns: 40 },
    );
  });

  it('two first notices of a level never reach a recipient inside its cooldown', () => {
    const minutes = { predicted_low: 30, low: 30, urgent_low: 15, high: 60, very_high: 60 } as const;
    fc.assert(
      fc.property(wandering, (series) => {
        const simulation = play(series);
        for (const [code, cooldown] of Object.entries(minutes))
          for (const userId of ['p', 'd']) {
            const firsts = noticesTo(simulation, userId).filter(
              (notice) => notice.code === code && notice.dedupeKey.endsWith(':0'),
            );
            for (const [index, notice] of firsts.entries()) {
              const next = firsts[index + 1];
              if (next !== undefined) expect(next.at - notice.at).toBeGreaterThanOrEqual(cooldown * MINUTE);
            }
          }
      }),
      { numRuns: 60 },
    );
  });

  it('entering urgent low is told at once when it was not in the last 15 minutes, whatever lower level was silenced', () => {
    fc.assert(
      fc.property(wandering, fc.array(fc.boolean(), { minLength: 61, maxLength: 61 }), (series, silences) => {
        play(series, (simulation, index) => {
          const value = series[index] ?? 0;
          const before = index === 0 ? 100 : (series[index - 1] ?? 100);
          if (value < 54 && before >= 54) {
            const last = noticesTo(simulation, 'p').findLast(({ code }) => code === 'urgent_low');
            expect(simulation.now - (last?.at ?? 0)).toBeLessThan(15 * MINUTE);
          }
          const low = simulation.state.chains.low;
          if (low !== null && low.code !== 'urgent_low' && silences[index] === true) {
            simulation.act(index % 2 === 0 ? { at: '', snooze: 60 } : { at: '', acknowledge: true });
          }
        });
      }),
      { numRuns: 60 },
    );
  });

  it('a doctor hears of a level of a chain at most once, and of critical levels only', () => {
    fc.assert(
      fc.property(wandering, fc.integer({ min: 2, max: 7 }), (series, modulus) => {
        const mixed = play(series, undefined, (index) => (index % modulus === 0 ? 'capillary' : 'cgm'));
        const told = noticesTo(mixed, 'd');
        expect(told.every(({ severity }) => severity === 'critical')).toBe(true);
        const perLevel = told.map(({ side, openedAt, code }) => `${side}:${String(openedAt)}:${code}`);
        expect(new Set(perLevel).size).toBe(perLevel.length);
      }),
      { numRuns: 60 },
    );
  });

  it('every timer lies ahead, and an open chain always has one', () => {
    fc.assert(
      fc.property(wandering, (series) => {
        const simulation = play(series);
        for (const { chains, nextTimerAt, notices } of simulation.outcomes) {
          const open = chains.filter(({ closedAt }) => closedAt === null);
          if (open.length > 0) expect(nextTimerAt).not.toBeNull();
          for (const { at } of notices) if (nextTimerAt !== null) expect(nextTimerAt).toBeGreaterThan(at);
        }
      }),
      { numRuns: 40 },
    );
  });
});
