import type { AlertReading, Chain, Outcome, Side } from './alert-types';
import { noteExtreme, openChain, raiseChain, recipientOf } from './chain.machine';
import { correctReading } from './corrections.policy';
import { escalateReading, tellDoctorsOutsideChain } from './escalation.policy';
import { Evaluation, type EvaluationInput } from './evaluation';
import { isEnabled, isOut, LEVELS, MINUTE_MS, satisfies } from './levels.policy';
import { tellFirst } from './notices.policy';
import { evaluateTrend } from './prediction.policy';
import { isCleared, metLevel } from './runs.policy';
import { nextTimerAt, runTimers } from './timers.policy';
import { SIDES } from './alert-types';

/** Evaluates stored readings, given in any order; those not newer than the cursor of their kind only deepen a chain. */
export function evaluateReadings(input: EvaluationInput, readings: readonly AlertReading[]): Outcome {
  const run = new Evaluation(input);
  for (const reading of [...readings].sort((a, b) => a.t - b.t || compareIds(a.id, b.id))) evaluateOne(run, reading);
  return finish(run);
}

/** Does what is due by the clock: repeats, reminders, rechecks, escalations, "no data", ends of chains. */
export function evaluateTimers(input: EvaluationInput): Outcome {
  return finish(new Evaluation(input));
}

/** A reading was corrected or deleted. */
export function evaluateCorrection(input: EvaluationInput, readingId: string): Outcome {
  const run = new Evaluation(input);
  correctReading(run, readingId);
  return finish(run);
}

/** A critical manual value that was measured long before it was sent: told once, outside any chain. */
export function evaluateLateManual(input: EvaluationInput, reading: AlertReading): Outcome {
  const run = new Evaluation(input);
  for (const side of SIDES) tellLate(run, side, reading);
  return finish(run);
}

/** The caller acknowledges the open chain of a side; answering twice changes nothing. */
export function acknowledge(input: EvaluationInput, side: Side, userId: string): Outcome {
  const run = new Evaluation(input);
  const chain = run.state.chains[side];
  if (chain !== null) {
    const recipient = recipientOf(chain, userId);
    if (recipient.acknowledgedAt === null || recipient.acknowledgedCode !== chain.code) {
      recipient.acknowledgedAt = run.now;
      recipient.acknowledgedCode = chain.code;
    }
    recipient.snoozedUntil = null;
    recipient.snoozedCode = null;
  }
  return finish(run);
}

/** The patient silences the level reached, and those below it, for some minutes. */
export function snooze(input: EvaluationInput, side: Side, minutes: number): Outcome {
  const run = new Evaluation(input);
  const chain = run.state.chains[side];
  if (chain !== null) {
    const patient = recipientOf(chain, input.patientId);
    patient.snoozedUntil = run.now + minutes * MINUTE_MS;
    patient.snoozedCode = chain.code;
  }
  return finish(run);
}

function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function finish(run: Evaluation): Outcome {
  runTimers(run);
  const { low, high } = run.state.chains;
  return {
    state: run.state,
    chains: [...run.closed, ...[low, high].filter((chain) => chain !== null)],
    notices: run.notices,
    endings: run.endings,
    nextTimerAt: nextTimerAt(run),
  };
}

function evaluateOne(run: Evaluation, reading: AlertReading): void {
  const { cursors } = run.state;
  const cursor = cursors[reading.kind];
  if (cursor !== null && reading.t <= cursor) {
    for (const side of SIDES) deepen(run, side, reading);
    return;
  }
  cursors[reading.kind] = reading.t;
  if (reading.kind === 'cgm') sensorIsBack(run, reading);
  for (const side of SIDES) evaluateSide(run, side, reading);
  if (reading.kind === 'cgm') evaluateTrend(run, reading);
}

/** A late reading makes an open chain deeper and nothing else. */
function deepen(run: Evaluation, side: Side, reading: AlertReading): void {
  const chain = run.state.chains[side];
  if (chain === null || !isOut(side, reading, run.settings)) return;
  noteExtreme(chain, reading);
  chain.from = Math.min(chain.from, reading.t);
}

function sensorIsBack(run: Evaluation, reading: AlertReading): void {
  const { state } = run;
  if (state.noDataNotifiedAt !== null)
    run.endings.push({
      side: 'none',
      openedAt: state.noDataNotifiedAt,
      recipientIds: [run.input.patientId],
      how: 'resolved',
      at: run.now,
    });
  state.noDataNotifiedAt = null;
  state.newestCgmAt = Math.max(reading.t, state.newestCgmAt ?? 0);
}

function evaluateSide(run: Evaluation, side: Side, reading: AlertReading): void {
  const met = metLevel(side, reading, run.history, run.settings);
  const chain = run.state.chains[side];
  if (chain !== null) followChain(run, chain, reading, met);
  else if (met !== null) openChain(run, met, reading);
  const open = run.state.chains[side];
  if (open !== null && met !== null) tellFirst(run, open, reading);
  escalateReading(run, side, reading);
}

function followChain(run: Evaluation, chain: Chain, reading: AlertReading, met: Chain['code'] | null): void {
  const { code, side } = chain;
  chain.latest = reading;
  if (isOut(side, reading, run.settings)) {
    chain.lastOutAt = reading.t;
    noteExtreme(chain, reading);
  }
  if (met !== null && LEVELS[met].rank > LEVELS[code].rank) raiseChain(chain, met, reading.t);
  else if (code !== 'predicted_low' && !satisfies(code, reading, run.settings)) chain.left = true;
  if (isCleared(chain, reading, run.history, run.settings)) run.close(chain, 'cleared');
}

function tellLate(run: Evaluation, side: Side, reading: AlertReading): void {
  const code = side === 'low' ? 'urgent_low' : 'very_high';
  if (!satisfies(code, reading, run.settings)) return;
  if (isEnabled(code, run.settings))
    run.notice({
      recipientId: run.input.patientId,
      code,
      severity: 'critical',
      side,
      openedAt: reading.t,
      alertId: null,
      reading,
      seq: 0,
    });
  tellDoctorsOutsideChain(run, side, reading, null, reading.t);
}
