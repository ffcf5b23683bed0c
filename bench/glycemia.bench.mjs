/** Glucose metrics on a year of five-minute data: milliseconds, and ratio to one pass over the readings. */
import {
  activePercentWorn,
  adrr,
  agpFiveMinute,
  agpHourly,
  agpReport,
  buildDay,
  conga,
  dailySummaries,
  dayStart,
  episodes,
  grade,
  grid,
  hyperIndex,
  iqr,
  lbgi,
  mag,
  mage,
  mean,
  mergeDays,
  modd,
  mValue,
  normalize,
  quantile,
  ranges,
  recentTrend,
  sd,
  stepMinutes,
  summarize,
} from '@diabcare/glycemia';
import { report } from './lib/measure.mjs';

const ZONE = 'Europe/Paris';
const STEP_MS = 300_000;
const DAY_MS = 86_400_000;
const DAYS = 365;
const ROUNDS = 9;
const GOAL_MS = 300;

/** A walk between 40 and 400 mg/dL that is the same in every run. */
function yearOfReadings() {
  const start = dayStart('2025-01-01', ZONE);
  let [state, value] = [20_250_324, 130];
  return Array.from({ length: (DAYS * DAY_MS) / STEP_MS }, (_, index) => {
    state = (16_807 * state) % 2_147_483_647;
    value = Math.max(40, Math.min(400, value + (state % 21) - 10));
    return { t: start + index * STEP_MS, value, interval: 5, source: 'cgm', id: String(index) };
  });
}

/** Median milliseconds of some runs; the first one, which warms caches and code, does not count. */
function milliseconds(run) {
  run();
  const times = Array.from({ length: ROUNDS }, () => {
    const startedAt = performance.now();
    run();
    return performance.now() - startedAt;
  });
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
}

const readings = yearOfReadings();
const values = readings.map((reading) => reading.value);
const perDay = DAY_MS / STEP_MS;
const dayReadings = Array.from({ length: DAYS }, (_, day) => readings.slice(day * perDay, (day + 1) * perDay));
const dates = Array.from({ length: DAYS }, (_, day) =>
  new Date(Date.UTC(2025, 0, 1) + day * DAY_MS).toISOString().slice(0, 10),
);
const padded = dates.map((_, day) => [day - 1, day, day + 1].flatMap((near) => dayReadings[near] ?? []));
const days = dates.flatMap((date, index) => buildDay(padded[index], date, ZONE) ?? []);
const withoutHours = days.map(({ cgm, ...day }) => ({ ...day, cgm: { ...cgm, hours: undefined } }));
const withoutHist = days.map(({ cgm, ...day }) => ({ ...day, cgm: { ...cgm, hist: undefined } }));
const regular = grid(readings, ZONE);
const newest = readings.at(-1).t;

let sum = 0;
const floor = milliseconds(() => {
  for (const reading of readings) sum += reading.value;
});
report(`floor: one pass over ${readings.length} readings`, floor, 1, 'ms');

const cases = [
  ['normalize', () => normalize(readings)],
  ['mean', () => mean(values)],
  ['sd', () => sd(values)],
  ['quantile', () => quantile(values, 0.5)],
  ['iqr', () => iqr(values)],
  ['ranges', () => ranges(readings, 'standard', { weighting: 'minutes' })],
  ['lbgi', () => lbgi(values)],
  ['adrr', () => adrr(readings, ZONE)],
  ['grade', () => grade(values)],
  ['mValue', () => mValue(values)],
  ['hyperIndex', () => hyperIndex(values)],
  ['stepMinutes', () => stepMinutes(readings)],
  ['activePercentWorn', () => activePercentWorn(readings)],
  ['grid', () => grid(readings, ZONE)],
  ['conga', () => conga(regular, 24)],
  ['modd', () => modd(regular, ZONE)],
  ['mag', () => mag(regular)],
  ['mage', () => mage(readings, ZONE)],
  ['episodes', () => episodes(regular, ZONE)],
  ['agpHourly', () => agpHourly(readings, ZONE)],
  ['agpFiveMinute', () => agpFiveMinute(regular, ZONE)],
  ['recentTrend', () => recentTrend(readings, newest, 5)],
  ['buildDay, every day of the year', () => dates.map((date, day) => buildDay(dayReadings[day], date, ZONE))],
  ['dailySummaries', () => dailySummaries(days, 'standard')],
];
for (const [name, run] of cases) {
  const ms = milliseconds(run);
  report(name, ms, ms / floor, `ms; goal ${GOAL_MS}`);
}

const summary = (count) => () => summarize(mergeDays(withoutHours.slice(0, count)), 'standard');
report('summary of 90 merged days', milliseconds(summary(90)), undefined, 'ms; goal 5');
report('summary of 365 merged days', milliseconds(summary(DAYS)), undefined, 'ms; goal 20');
report(
  'profile of 365 merged days',
  milliseconds(() => agpReport(mergeDays(withoutHist), 'standard')),
  undefined,
  'ms; goal 20',
);
report(
  'buildDay of 288 readings',
  milliseconds(() => buildDay(dayReadings[200], dates[200], ZONE)),
  undefined,
  'ms; goal 1',
);
const everything = milliseconds(() => {
  summary(DAYS)();
  const points = grid(readings, ZONE);
  for (const hours of [1, 2, 4, 24]) conga(points, hours);
  modd(points, ZONE);
  mag(points);
  mage(readings, ZONE);
});
report('summary of a year with variability', everything, everything / floor, `ms; goal ${GOAL_MS}`);
if (!Number.isFinite(sum)) throw new Error('the floor computed nothing');
