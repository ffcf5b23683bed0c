import { describe, expect, it } from 'vitest';
import { completeSettings, defaultSettings, pairOf, settingsProblem } from './alert-settings.policy';

describe('limits in both units', () => {
  it.each([
    [54, 3],
    [63, 3.5],
    [70, 3.9],
    [140, 7.8],
    [180, 10],
    [250, 13.9],
  ])('%d mg/dL and %d mmol/L are a pair, whichever is sent', (mgdl, mmol) => {
    expect(pairOf({ mgdl })).toEqual({ mgdl, mmol });
    // 7.8 x 18.0182 is 140.54: converted it would be 141.
    expect(pairOf({ mmol })).toEqual({ mgdl, mmol });
    expect(pairOf({ mgdl, mmol })).toEqual({ mgdl, mmol });
  });

  it('others are converted and rounded to what each unit shows', () => {
    // 65 / 18.0182 = 3.607; 3.7 x 18.0182 = 66.67
    expect(pairOf({ mgdl: 65 })).toEqual({ mgdl: 65, mmol: 3.6 });
    expect(pairOf({ mmol: 3.7 })).toEqual({ mgdl: 67, mmol: 3.7 });
    // 66 / 18.0182 = 3.66: both 66 and 67 mg/dL are 3.7 mmol/L.
    expect(pairOf({ mgdl: 66, mmol: 3.7 })).toEqual({ mgdl: 66, mmol: 3.7 });
    expect(pairOf({ mgdl: 67, mmol: 3.7 })).toEqual({ mgdl: 67, mmol: 3.7 });
    expect(pairOf({ mgdl: 70, mmol: 3.7 })).toBeNull();
    expect(pairOf({})).toBeNull();
  });
});

describe('settings', () => {
  it('follow the population until they are set', () => {
    const limits = (population: Parameters<typeof defaultSettings>[0]) => {
      const { low, high } = defaultSettings(population).thresholds;
      return [low.mgdl, high.mgdl];
    };
    expect(limits('standard')).toEqual([70, 180]);
    expect(limits('older')).toEqual([70, 180]);
    expect(limits('pregnancy-t1')).toEqual([63, 140]);
    expect(limits('gestational')).toEqual([63, 140]);
    const given = { thresholds: { low: { mgdl: 75 } } };
    expect(completeSettings(given, 'gestational').thresholds).toMatchObject({
      low: { mgdl: 75, mmol: 4.2 },
      high: { mgdl: 140 },
    });
  });

  it('keep their order, the defaults included', () => {
    expect(settingsProblem({ thresholds: { low: { mgdl: 60 } } }, 'standard')).toBeNull();
    expect(settingsProblem({ thresholds: { low: { mgdl: 60 }, urgentLow: { mgdl: 60 } } }, 'standard')).toEqual({
      field: 'thresholds.low',
      rule: 'order',
    });
    expect(settingsProblem({ thresholds: { high: { mgdl: 250 } } }, 'standard')).toEqual({
      field: 'thresholds.veryHigh',
      rule: 'order',
    });
    expect(settingsProblem({ thresholds: { high: { mgdl: 250 }, veryHigh: { mgdl: 251 } } }, 'standard')).toBeNull();
  });

  it('lose nothing to keys that are undefined', () => {
    const settings = completeSettings({ levels: { low: undefined, noData: false } }, 'standard');
    expect(settings.levels).toMatchObject({ low: true, noData: false });
  });
});
