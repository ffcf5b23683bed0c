import { describe, expect, it } from 'vitest';
import type { AlertScenario, ScenarioEvent } from '../../../../test/support/alert-scenarios';
import { AlertSimulation } from '../../../../test/support/alert-simulation';
import { completeSettings, type GivenSettings } from '../alert-settings.policy';

/** Plays one day of events and returns the simulation at its end. */
function play(events: readonly ScenarioEvent[], until: string, given: GivenSettings = {}): AlertSimulation {
  const simulation = new AlertSimulation(completeSettings(given, 'standard'));
  const scenario: AlertScenario = { name: '', events, until, expected: [] };
  simulation.play(scenario);
  return simulation;
}

const cgm = (at: string, ...values: number[]): ScenarioEvent => ({ at, kind: 'cgm', values });
const capillary = (at: string, value: number): ScenarioEvent => ({ at, kind: 'capillary', values: [value] });

/** What was told, sorted within the minute by recipient. */
const told = (...args: Parameters<typeof play>): string[] => [...play(...args).told].sort();

describe('cooldown', () => {
  it('holds back the first notice of a chain opened inside it, and tells it at its end', () => {
    // Cleared by a finger prick at 10:07; CGM stays low: the next chain opens at 10:10, inside the 30 minutes.
    expect(told([cgm('10:00', 66, 66), capillary('10:07', 80), cgm('10:10', 66, 66, 66, 66, 66)], '10:35')).toEqual([
      '10:00 p low',
      '10:30 p low',
    ]);
  });

  it('tells nothing at its end when the level is left by then', () => {
    expect(told([cgm('10:00', 66, 66), capillary('10:07', 80), cgm('10:10', 66, 66, 72, 73, 74)], '10:40')).toEqual([
      '10:00 p low',
    ]);
  });

  it('is 0 for a capillary urgent low', () => {
    expect(told([capillary('10:00', 52), capillary('10:03', 90), capillary('10:06', 50)], '10:10')).toEqual([
      '10:00 d urgent_low',
      '10:00 p urgent_low',
      '10:06 d urgent_low',
      '10:06 p urgent_low',
    ]);
  });

  it('holds back a return to the top level and the repeats with it', () => {
    // Left at 10:05 (60 is low, not urgent low), back at 10:10; 10:15 is 15 minutes after the first notice.
    expect(told([cgm('10:00', 52, 60, 53, 53)], '10:15').filter((line) => line.includes(' p '))).toEqual([
      '10:00 p urgent_low',
      '10:15 p urgent_low',
    ]);
  });

  it('of a doctor spans chains', () => {
    expect(told([capillary('10:00', 300), capillary('10:10', 150), capillary('10:20', 310)], '11:10')).toEqual([
      '10:00 d very_high',
      '10:00 p very_high',
    ]);
  });
});

describe('answers', () => {
  it('a snooze is silent at its level and ends with a notice while the condition holds', () => {
    expect(told([cgm('10:00', ...Array<number>(13).fill(66)), { at: '10:01', snooze: 40 }], '10:50')).toEqual([
      '10:00 p low',
      '10:41 p low',
    ]);
  });

  it('a snooze whose condition is over ends silently', () => {
    expect(told([cgm('10:00', 66, 66, 66, 72, 72, 72, 72), { at: '10:01', snooze: 20 }], '10:35')).toEqual([
      '10:00 p low',
    ]);
  });

  it('acknowledgement stops the escalation by silence, not the one by duration', () => {
    // 15 minutes after the notice still low, but not urgent low: D2 by silence only.
    const silent = [cgm('10:00', 52, 60, 61, 62)];
    expect(told(silent, '10:20')).toContain('10:15 d urgent_low');
    expect(told([...silent, { at: '10:02', acknowledge: true }], '10:20')).toEqual(['10:00 p urgent_low']);
  });

  it('acknowledgement of a level ends when a higher one is met', () => {
    expect(told([cgm('10:00', 66, 66, 52), { at: '10:01', acknowledge: true }], '10:10')).toEqual([
      '10:00 p low',
      '10:10 p urgent_low',
    ]);
  });

  it('a reminder begins a new series of repeats', () => {
    const lines = told([cgm('10:00', ...Array<number>(14).fill(50)), { at: '10:01', acknowledge: true }], '10:45');
    expect(lines.filter((line) => line.includes(' p '))).toEqual([
      '10:00 p urgent_low',
      '10:31 p urgent_low',
      '10:36 p urgent_low',
      '10:41 p urgent_low',
    ]);
  });

  it('urgent low is repeated six times at most', () => {
    const lines = told([cgm('10:00', ...Array<number>(13).fill(50))], '11:00');
    expect(lines.filter((line) => line.includes(' p '))).toHaveLength(7);
  });
});

describe('the end of a chain', () => {
  it('needs 15 minutes 10 mg/dL inside; less is not enough', () => {
    const open = play([cgm('10:00', 66, 79, 79, 79, 79, 79)], '10:25').state.chains.low;
    expect(open?.left).toBe(true);
    const cleared = play([cgm('10:00', 66, 80, 80, 80, 80)], '10:20');
    expect(cleared.state.chains.low).toBeNull();
    expect(cleared.outcomes.flatMap(({ endings }) => endings)).toMatchObject([{ how: 'resolved', side: 'low' }]);
  });

  it('counts from the excursion on, also where the sensor never saw it', () => {
    const events = [cgm('09:00', ...Array<number>(16).fill(95)), capillary('10:01', 66)];
    expect(play(events, '10:15').state.chains.low).not.toBeNull();
    expect(play([...events, cgm('10:20', 95)], '10:20').state.chains.low).toBeNull();
  });

  it('comes after an hour without CGM, four hours without capillary readings', () => {
    const endOf = (events: readonly ScenarioEvent[], until: string) => play(events, until).outcomes.at(-1)?.chains[0];
    expect(endOf([cgm('10:00', 66)], '10:59')?.closedBy).toBeNull();
    expect(endOf([cgm('10:00', 66)], '11:00')).toMatchObject({ closedBy: 'expired' });
    expect(endOf([capillary('10:00', 66)], '13:59')?.closedBy).toBeNull();
    expect(endOf([capillary('10:00', 66)], '14:00')).toMatchObject({ closedBy: 'expired' });
  });

  it('is no withdrawal while another out-of-range reading remains', () => {
    const simulation = play([cgm('10:00', 66, 62)], '10:06');
    simulation.correct('r0-1', 100);
    expect(simulation.state.chains.low).toMatchObject({ extreme: { value: 66 }, latest: { value: 100 } });
    simulation.correct('r0-0', 90);
    expect(simulation.state.chains.low).toBeNull();
    expect(simulation.outcomes.at(-1)?.endings).toMatchObject([{ how: 'amended', recipientIds: ['p'] }]);
  });
});

describe('levels', () => {
  it('switched off are not told to the patient; doctors hear of critical values all the same', () => {
    expect(told([capillary('10:00', 300)], '10:20', { levels: { veryHigh: false } })).toEqual([
      '10:00 d very_high',
      '10:00 p high',
    ]);
    expect(told([capillary('10:00', 300)], '10:20', { levels: { veryHigh: false, high: false } })).toEqual([
      '10:00 d very_high',
    ]);
    expect(told([capillary('10:00', 60), capillary('10:05', 50)], '10:06', { levels: { low: false } })).toEqual([
      '10:05 d urgent_low',
      '10:05 p urgent_low',
    ]);
  });

  it('persist as set', () => {
    expect(told([cgm('10:00', 66, 66, 66, 66)], '10:15', { persistenceMinutes: { low: 15 } })).toEqual(['10:15 p low']);
    expect(told([cgm('10:00', 190)], '10:10', { persistenceMinutes: { high: 0 } })).toEqual(['10:00 p high']);
  });

  it('a step of more than 45 minutes breaks the run', () => {
    const sparse = (every: number): ScenarioEvent => ({ at: '10:00', kind: 'cgm', values: [190, 190, 190], every });
    expect(told([sparse(45)], '11:30')).toEqual(['11:30 p high']);
    expect(told([sparse(46)], '11:32')).toEqual([]);
  });
});

describe('trend', () => {
  it('a predicted low clears after three negatives, and rises when low follows', () => {
    const falling = [130, 118, 104, 92];
    const cleared = play([cgm('10:00', ...falling, 92, 95, 98, 101)], '10:35');
    expect(cleared.state.chains.low).toBeNull();
    const risen = play([cgm('10:00', ...falling, 80, 68)], '10:25');
    expect(risen.told).toEqual(['10:10 p predicted_low', '10:25 p low']);
    expect(risen.state.chains.low).toMatchObject({ code: 'low', openedAt: risen.now - 15 * 60_000 });
  });

  it('rapid change is told after two evaluations where it is switched on, with the rate', () => {
    const given = { levels: { rapidFall: true, rapidRise: true, predictedLow: false } };
    // -4 mg/dL per minute from three readings at 10:10 on: the second evaluation is at 10:15.
    const falling = play([cgm('10:00', 260, 240, 220, 200)], '10:15', {
      ...given,
      levels: { ...given.levels, high: false, veryHigh: false },
    });
    expect(falling.told).toEqual(['10:15 p rapid_fall']);
    expect(falling.outcomes.flatMap(({ notices }) => notices)[0]).toMatchObject({
      rate: -4,
      severity: 'warning',
      alertId: null,
    });
    expect(told([cgm('10:00', 80, 100, 120, 140)], '10:15', given)).toEqual(['10:15 p rapid_rise']);
    expect(told([cgm('10:00', 80, 100, 120, 140)], '10:15')).toEqual([]);
    // Suppressed while a chain of its side is open.
    expect(told([capillary('10:01', 200), cgm('10:00', 80, 100, 120, 140)], '10:15', given)).toEqual(['10:01 p high']);
  });
});

describe('silence of the sensor', () => {
  it('is told of a sensor only, and not of one that ended', () => {
    const readings = (count: number): ScenarioEvent => cgm('00:00', ...Array<number>(count).fill(120));
    expect(told([readings(11)], '04:00')).toEqual([]);
    expect(told([readings(12)], '04:00')).toEqual(['01:25 p no_data']);
    expect(told([readings(12)], '04:00', { noDataMinutes: 120 })).toEqual(['02:55 p no_data']);
    expect(told([readings(12)], '04:00', { levels: { noData: false } })).toEqual([]);
  });

  it('is no recheck: a newer reading of any kind makes one pointless', () => {
    expect(told([capillary('10:00', 65), cgm('10:10', 66)], '10:30')).toEqual(['10:00 p low']);
  });
});
