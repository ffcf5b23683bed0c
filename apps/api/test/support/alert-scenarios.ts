/** One thing that happens in a scenario; `at` is the clock time of reception. */
export type ScenarioEvent =
  | {
      readonly at: string;
      readonly kind: 'cgm' | 'capillary';
      readonly values: readonly number[];
      /** Minutes between the values; each is received at once unless `receivedAt` says otherwise. */
      readonly every?: number;
      readonly unit?: 'mg/dL' | 'mmol/L';
      /** All values are received together then. */
      readonly receivedAt?: string;
      readonly source?: 'manual' | 'glucometer';
    }
  | { readonly at: string; readonly acknowledge: true }
  | { readonly at: string; readonly snooze: number }
  | { readonly at: string; readonly meal: true }
  | { readonly at: string; readonly endLink: true }
  | { readonly at: string; readonly correctTo: number };

/** A row of glucose-alerts section 10 with one day of events. */
export interface AlertScenario {
  readonly name: string;
  readonly population?: 'pregnancy-t1';
  readonly horizonMinutes?: 20 | 30;
  readonly events: readonly ScenarioEvent[];
  /** Observed up to and including this minute. */
  readonly until: string;
  /** `HH:MM who code` in order; who is p or d. */
  readonly expected: readonly string[];
}

const SIX = { at: '10:00', kind: 'cgm', values: [72, 69, 66, 60, 53, 52, 51, 50] } as const;
const SEVENTEEN = { at: '10:00', kind: 'cgm', values: [130, 118, 104, 92] } as const;
const REPEATS_OF_SIX = ['10:25 p urgent_low', '10:30 p urgent_low', '10:35 p urgent_low'];

/** `minutes` of a steady value, one every five minutes. */
function steady(value: number, minutes: number): number[] {
  return Array.from({ length: minutes / 5 + 1 }, () => value);
}

/** The rows of glucose-alerts section 10 that one patient, one doctor and one clock can show. */
export const ALERT_SCENARIOS: readonly AlertScenario[] = [
  {
    name: '1 capillary 52, nothing more',
    events: [{ at: '10:00', kind: 'capillary', values: [52] }],
    until: '14:30',
    expected: ['10:00 p urgent_low', '10:00 d urgent_low', '10:15 p recheck'],
  },
  {
    name: '2 capillary 54',
    events: [{ at: '10:00', kind: 'capillary', values: [54] }],
    until: '10:30',
    expected: ['10:00 p low', '10:15 p recheck'],
  },
  ...(
    [
      [70, 'mg/dL', []],
      [180, 'mg/dL', []],
      [250, 'mg/dL', ['10:00 p high']],
      [3.9, 'mmol/L', []],
      [10, 'mmol/L', []],
    ] as const
  ).map(([value, unit, expected]): AlertScenario => ({
    name: `3 capillary ${value} ${unit}`,
    events: [{ at: '10:00', kind: 'capillary', values: [value], unit }],
    until: '10:30',
    expected,
  })),
  ...[3.8, 3.86].map((value): AlertScenario => ({
    name: `4 capillary ${value} mmol/L`,
    events: [{ at: '10:00', kind: 'capillary', values: [value], unit: 'mmol/L' }],
    until: '10:10',
    expected: ['10:00 p low'],
  })),
  {
    name: '5 capillary 312',
    events: [{ at: '10:00', kind: 'capillary', values: [312] }],
    until: '10:30',
    expected: ['10:00 p very_high', '10:00 d very_high'],
  },
  {
    name: '6 CGM falls into urgent low',
    events: [SIX],
    until: '10:35',
    expected: ['10:05 p low', '10:20 p urgent_low', ...REPEATS_OF_SIX, '10:35 d urgent_low'],
  },
  {
    name: '7 as 6, acknowledged at 10:21',
    events: [SIX, { at: '10:21', acknowledge: true }, { at: '10:40', kind: 'cgm', values: [50, 50, 50] }],
    until: '10:51',
    expected: ['10:05 p low', '10:20 p urgent_low', '10:35 d urgent_low', '10:51 p urgent_low'],
  },
  {
    name: '8 a chain clears and another opens',
    events: [{ at: '10:00', kind: 'cgm', values: [68, 71, 69, 72, 68, 81, 84, 86, 88, 69] }],
    until: '10:45',
    expected: ['10:00 p low', '10:45 p low'],
  },
  {
    name: '9 backfill',
    events: [{ at: '10:00', kind: 'cgm', values: steady(50, 100), receivedAt: '12:00' }],
    until: '12:30',
    expected: [],
  },
  {
    name: '10 batch of an hour',
    events: [{ at: '11:00', kind: 'cgm', values: steady(260, 60), receivedAt: '12:00' }],
    until: '12:00',
    expected: ['12:00 p very_high'],
  },
  {
    name: '11 CGM 190 for 55 minutes, then 178',
    events: [{ at: '10:00', kind: 'cgm', values: [...steady(190, 55), 178] }],
    until: '11:00',
    expected: [],
  },
  {
    name: '12 CGM 190 without end',
    events: [{ at: '10:00', kind: 'cgm', values: steady(190, 600) }],
    until: '20:00',
    expected: ['11:00 p high', '13:00 p high', '15:00 p high', '17:00 p high'],
  },
  {
    name: '13 CGM 260 without end',
    events: [{ at: '10:00', kind: 'cgm', values: steady(260, 420) }],
    until: '17:00',
    expected: [
      '10:15 p very_high',
      '11:15 p very_high',
      '12:00 d very_high',
      '12:15 p very_high',
      '13:15 p very_high',
      '14:15 p very_high',
    ],
  },
  {
    name: '14 as 6, low snoozed at 10:06',
    events: [SIX, { at: '10:06', snooze: 60 }],
    until: '10:35',
    expected: ['10:05 p low', '10:20 p urgent_low', ...REPEATS_OF_SIX, '10:35 d urgent_low'],
  },
  {
    name: '15 CGM at night',
    events: [{ at: '02:00', kind: 'cgm', values: [66, 53], every: 10 }],
    until: '02:10',
    expected: ['02:00 p low', '02:10 p urgent_low'],
  },
  {
    name: '16 predicted low',
    events: [{ at: '10:00', kind: 'cgm', values: [115, 108, 100, 93, 86] }],
    until: '10:20',
    expected: ['10:20 p predicted_low'],
  },
  {
    name: '17 predicted urgent low',
    events: [SEVENTEEN],
    until: '10:15',
    expected: ['10:10 p predicted_low'],
  },
  {
    name: '18 as 17 with a meal',
    events: [SEVENTEEN, { at: '10:05', meal: true }],
    until: '10:20',
    expected: [],
  },
  ...([20, 30] as const).map((horizonMinutes): AlertScenario => ({
    name: `19 slope -1, horizon ${horizonMinutes}`,
    horizonMinutes,
    events: [{ at: '10:00', kind: 'cgm', values: [105, 100, 95, 90] }],
    until: '10:15',
    expected: horizonMinutes === 20 ? [] : ['10:15 p predicted_low'],
  })),
  {
    name: '20 the sensor falls silent',
    events: [
      { at: '09:00', kind: 'cgm', values: steady(120, 60) },
      { at: '11:02', kind: 'cgm', values: [120] },
    ],
    until: '11:02',
    expected: ['10:30 p no_data'],
  },
  {
    name: '21 the reading of 1 twice',
    events: [
      { at: '10:00', kind: 'capillary', values: [52] },
      { at: '10:00', kind: 'capillary', values: [52] },
    ],
    until: '10:20',
    expected: ['10:00 p urgent_low', '10:00 d urgent_low', '10:15 p recheck'],
  },
  {
    name: '22 as 1, corrected at 10:03',
    events: [
      { at: '10:00', kind: 'capillary', values: [52] },
      { at: '10:03', correctTo: 140 },
    ],
    until: '10:30',
    expected: ['10:00 p urgent_low', '10:00 d urgent_low'],
  },
  {
    name: '23 a late reading',
    events: [
      { at: '10:10', kind: 'cgm', values: [65] },
      { at: '10:05', kind: 'cgm', values: [50], receivedAt: '10:12' },
    ],
    until: '10:15',
    expected: ['10:10 p low'],
  },
  {
    name: '24 as 6, link ended at 10:30',
    events: [SIX, { at: '10:30', endLink: true }],
    until: '10:35',
    expected: ['10:05 p low', '10:20 p urgent_low', ...REPEATS_OF_SIX],
  },
  ...(
    [
      [66, []],
      [62, ['10:00 p low']],
      [145, ['10:00 p high']],
    ] as const
  ).map(([value, expected]): AlertScenario => ({
    name: `25 pregnancy-t1, capillary ${value}`,
    population: 'pregnancy-t1',
    events: [{ at: '10:00', kind: 'capillary', values: [value] }],
    until: '10:10',
    expected,
  })),
  {
    name: '26 glucometer 45 after 16 minutes',
    events: [{ at: '10:00', kind: 'capillary', values: [45], source: 'glucometer', receivedAt: '10:16' }],
    until: '10:40',
    expected: [],
  },
  {
    name: '26 manual 45 after 16 minutes',
    events: [{ at: '10:00', kind: 'capillary', values: [45], source: 'manual', receivedAt: '10:16' }],
    until: '10:40',
    expected: ['10:16 p urgent_low', '10:16 d urgent_low'],
  },
  {
    name: '26 manual 45 after exactly 15 minutes',
    events: [{ at: '10:00', kind: 'capillary', values: [45], source: 'manual', receivedAt: '10:15' }],
    until: '10:40',
    expected: ['10:15 p urgent_low', '10:15 d urgent_low', '10:30 p recheck'],
  },
  {
    name: '27 a 15-minute sensor',
    events: [{ at: '10:00', kind: 'cgm', values: [50, 50], every: 15 }],
    until: '10:15',
    expected: [
      '10:00 p urgent_low',
      '10:05 p urgent_low',
      '10:10 p urgent_low',
      '10:15 p urgent_low',
      '10:15 d urgent_low',
    ],
  },
  {
    name: '28 capillary 52, then 95',
    events: [
      { at: '10:00', kind: 'capillary', values: [52] },
      { at: '10:12', kind: 'capillary', values: [95] },
    ],
    until: '10:30',
    expected: ['10:00 p urgent_low', '10:00 d urgent_low'],
  },
];
