import type { AlertSettings, AlertState, Chain } from './alert-types';
import { noticesOf, recipientOf, standingOf } from './chain.machine';
import { escalateUnanswered, tellWaitingDoctors, unansweredDueAt } from './escalation.policy';
import type { Evaluation } from './evaluation';
import { MINUTE_MS } from './levels.policy';
import { reminderDueAt, repeatDueAt, tellDue } from './notices.policy';

const EXPIRY_MS = { cgm: 60 * MINUTE_MS, capillary: 240 * MINUTE_MS } as const;
const DAY_MS = 1_440 * MINUTE_MS;
const READINGS_OF_A_SENSOR = 12;

/** Everything that is due by the clock alone, after whatever else happened. */
export function runTimers(run: Evaluation): void {
  for (const chain of openChains(run)) {
    if (run.now >= expiresAt(run, chain)) run.close(chain, 'expired');
    else {
      tellDue(run, chain);
      tellWaitingDoctors(run, chain);
      recheck(run, chain);
    }
  }
  escalateUnanswered(run);
  noData(run);
}

function openChains(run: Evaluation): Chain[] {
  const { low, high } = run.state.chains;
  return [low, high].filter((chain) => chain !== null);
}

/** A chain that nothing feeds any more ends, after what is usual for the way it was last measured. */
function expiresAt(run: Evaluation, chain: Chain): number {
  const newest = run.newest() ?? chain.latest;
  const last = newest.t > chain.latest.t ? newest : chain.latest;
  return last.t + EXPIRY_MS[last.kind];
}

/** Fifteen minutes after a capillary low was told and nothing was measured since: measure again. */
function recheck(run: Evaluation, chain: Chain): void {
  const { recheckAt, latest } = chain;
  if (recheckAt === null || recheckAt > run.now) return;
  chain.recheckAt = null;
  const patient = recipientOf(chain, run.input.patientId);
  const newer = run.newest();
  if (newer !== null && newer.t > latest.t) return;
  if (latest.kind !== 'capillary' || standingOf(patient, chain.code, run.now) === 'snoozed') return;
  const told = noticesOf(patient, chain.code);
  if (told === undefined || latest.t > told.lastAt) return;
  run.notice({
    recipientId: run.input.patientId,
    code: 'recheck',
    keyCode: chain.code,
    severity: 'warning',
    side: chain.side,
    openedAt: chain.openedAt,
    alertId: chain.id,
    reading: latest,
    seq: 'r',
  });
}

/** When silence of the sensor is told; null when it was, or cannot be. */
function noDataDueAt(state: AlertState, settings: AlertSettings): number | null {
  const { newestCgmAt, noDataNotifiedAt } = state;
  if (!settings.levels.noData || newestCgmAt === null || noDataNotifiedAt !== null) return null;
  return newestCgmAt + settings.noDataMinutes * MINUTE_MS;
}

/** Is it time to look whether the sensor fell silent? Then the evaluation needs the newest CGM readings. */
export function asksForCgm(state: AlertState, settings: AlertSettings, now: number): boolean {
  return (noDataDueAt(state, settings) ?? Infinity) <= now;
}

function noData(run: Evaluation): void {
  const { cgm } = run.input;
  if (cgm === null || !asksForCgm(run.state, run.settings, run.now)) return;
  const { newest, countOfDay } = cgm;
  // What was stored without an evaluation counts, too: the sensor is not silent.
  run.state.newestCgmAt = Math.max(newest.t, run.state.newestCgmAt ?? 0);
  if (run.now < newest.t + run.settings.noDataMinutes * MINUTE_MS) return;
  const ended = run.now - newest.t > DAY_MS;
  run.state.noDataNotifiedAt = newest.t;
  if (ended || countOfDay < READINGS_OF_A_SENSOR) return;
  run.notice({
    recipientId: run.input.patientId,
    code: 'no_data',
    severity: 'warning',
    side: 'none',
    openedAt: newest.t,
    alertId: null,
    reading: newest,
    seq: 0,
  });
}

/** The next instant at which something may be due; what is due already waits for the next event instead. */
export function nextTimerAt(run: Evaluation): number | null {
  const instants = [noDataDueAt(run.state, run.settings), ...openChains(run).flatMap((chain) => timersOf(run, chain))];
  const ahead = instants.filter((at): at is number => at !== null && at > run.now);
  return ahead.length === 0 ? null : Math.min(...ahead);
}

function timersOf(run: Evaluation, chain: Chain): (number | null)[] {
  const { patientId } = run.input;
  const patient = recipientOf(chain, patientId);
  const held = noticesOf(patient, chain.code) === undefined || chain.left;
  return [
    expiresAt(run, chain),
    chain.recheckAt,
    patient.snoozedUntil,
    reminderDueAt(chain, patient),
    repeatDueAt(chain, patient),
    unansweredDueAt(run, chain),
    held ? run.cooldownEnd(patientId, chain.code, 'cgm') : null,
    ...chain.waiting.map(({ userId, code }) => run.cooldownEnd(userId, code, 'cgm')),
  ];
}
