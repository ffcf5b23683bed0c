import { roundTo } from '@diabcare/glycemia';
import type { AlertReading, AlertSettings } from './alert-types';
import { openChain, recipientOf } from './chain.machine';
import type { Evaluation } from './evaluation';
import { isEnabled, isOut, MINUTE_MS } from './levels.policy';
import { tell } from './notices.policy';
import { trendUpTo } from './runs.policy';

const LONGEST_INTERVAL_MINUTES = 5;
const FEWEST_MEMBERS = 3;
const STEEPEST_SLOPE = -1;
const NEEDED = 2;
const NEGATIVES_TO_CLEAR = 3;
const MEAL_MS = 20 * MINUTE_MS;

/** The line as alerts compare it: slope in mg/dL per minute to 3 decimals, values in mg/dL to 1. */
interface Line {
  readonly slope: number;
  readonly at20: number;
  readonly at30: number;
}

/** The line at a CGM reading; null when the sensor is too slow for it or readings are missing. */
function lineAt(run: Evaluation, reading: AlertReading): Line | null {
  const trend = trendUpTo(reading, run.history);
  if (trend === null || reading.intervalMinutes > LONGEST_INTERVAL_MINUTES || trend.used < FEWEST_MEMBERS) return null;
  const { slope, predicted20, predicted30 } = trend;
  if (slope === null || predicted20 === null || predicted30 === null) return null;
  return { slope: roundTo(slope, 3), at20: roundTo(predicted20, 1), at30: roundTo(predicted30, 1) };
}

/** Predicted low and rapid change at a CGM reading; both need consecutive evaluations, and a missing line breaks the row. */
export function evaluateTrend(run: Evaluation, reading: AlertReading): void {
  const line = lineAt(run, reading);
  predictLow(run, reading, line);
  rapidChange(run, reading, line);
}

function predictLow(run: Evaluation, reading: AlertReading, line: Line | null): void {
  const { predictive } = run.state;
  const inRange = !isOut('low', reading, run.settings);
  const positive = inRange && line !== null && leadsLow(line, run.settings);
  predictive.positives = positive ? predictive.positives + 1 : 0;
  if (positive || !inRange) predictive.negatives = 0;
  else if (line !== null) predictive.negatives += 1;
  const chain = run.state.chains.low;
  if (chain?.code === 'predicted_low' && predictive.negatives >= NEGATIVES_TO_CLEAR) run.close(chain, 'cleared');
  const steep = positive && line.at20 < run.settings.thresholds.urgentLow.mgdl;
  if (predictive.positives >= NEEDED || steep) firePrediction(run, reading);
}

/** Does the line fall fast enough, and below the patient's limit within the horizon? */
function leadsLow(line: Line, { horizonMinutes, thresholds }: AlertSettings): boolean {
  const ahead = horizonMinutes === 20 ? line.at20 : line.at30;
  return line.slope <= STEEPEST_SLOPE && ahead < thresholds.low.mgdl;
}

function firePrediction(run: Evaluation, reading: AlertReading): void {
  const { patientId, eatenAt } = run.input;
  if (!isEnabled('predicted_low', run.settings) || run.state.chains.low !== null) return;
  if (run.isCoolingDown(patientId, 'predicted_low', 'cgm') || run.raised.has('predicted_low')) return;
  if (eatenAt !== null && eatenAt <= run.now && reading.t - eatenAt < MEAL_MS) return;
  const chain = openChain(run, 'predicted_low', reading);
  tell(run, chain, recipientOf(chain, patientId), reading, { series: 'new' });
  run.noteFirst(patientId, 'predicted_low');
  run.raised.add('predicted_low');
}

function rapidChange(run: Evaluation, reading: AlertReading, line: Line | null): void {
  const { rapid } = run.state;
  const { rapidRate, levels } = run.settings;
  const slope = line?.slope ?? 0;
  rapid.falls = slope <= -rapidRate ? rapid.falls + 1 : 0;
  rapid.rises = slope >= rapidRate ? rapid.rises + 1 : 0;
  if (rapid.falls >= NEEDED && levels.rapidFall) tellRapid(run, reading, 'rapid_fall', slope);
  if (rapid.rises >= NEEDED && levels.rapidRise) tellRapid(run, reading, 'rapid_rise', slope);
}

function tellRapid(run: Evaluation, reading: AlertReading, code: 'rapid_fall' | 'rapid_rise', rate: number): void {
  const { patientId } = run.input;
  const side = code === 'rapid_fall' ? 'low' : 'high';
  if (run.state.chains[side] !== null || run.isCoolingDown(patientId, code, 'cgm') || run.raised.has(code)) return;
  run.notice({
    recipientId: patientId,
    code,
    severity: code === 'rapid_fall' ? 'warning' : 'info',
    side,
    openedAt: reading.t,
    alertId: null,
    reading,
    seq: 0,
    rate,
  });
  run.noteFirst(patientId, code);
  run.raised.add(code);
}
