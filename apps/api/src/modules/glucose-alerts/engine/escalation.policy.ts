import type { AlertReading, Chain, Side } from './alert-types';
import { noticesOf, recipientOf, standingOf } from './chain.machine';
import type { Evaluation } from './evaluation';
import { FRESH_MS, isOut, MINUTE_MS, satisfies } from './levels.policy';
import { tell } from './notices.policy';
import { lasted } from './runs.policy';

const UNANSWERED_MS = 15 * MINUTE_MS;
/** The levels doctors hear of, and how long a CGM run must have lasted (D2, D3). */
const ESCALATIONS = {
  low: { code: 'urgent_low', afterMs: 15 * MINUTE_MS },
  high: { code: 'very_high', afterMs: 120 * MINUTE_MS },
} as const;

/**
 * D1: a capillary value at the critical level, at once. D2, D3: a CGM run of it that has lasted. Whether the patient has
 * the level switched on does not matter, nor whether they have answered.
 */
export function escalateReading(run: Evaluation, side: Side, reading: AlertReading): void {
  const { code, afterMs } = ESCALATIONS[side];
  if (!satisfies(code, reading, run.settings)) return;
  const runMs = lasted(code, reading, run.history, run.settings) ?? 0;
  if (reading.kind === 'cgm' && runMs < afterMs) return;
  const minutes = reading.kind === 'cgm' ? Math.round(runMs / MINUTE_MS) : null;
  const chain = run.state.chains[side];
  if (chain === null) tellDoctorsOutsideChain(run, side, reading, minutes, reading.t - runMs);
  else escalateChain(run, chain, code, reading, minutes);
}

/** D2, second half: urgent low was told, the patient has not acknowledged it for 15 minutes and is still low. */
export function escalateUnanswered(run: Evaluation): void {
  const chain = run.state.chains.low;
  const dueAt = chain === null ? null : unansweredDueAt(run, chain);
  if (chain === null || dueAt === null || dueAt > run.now) return;
  const newest = run.newest() ?? chain.latest;
  if (!isOut('low', newest, run.settings)) return;
  const minutes = Math.round((run.now - chain.reachedAt) / MINUTE_MS);
  escalateChain(run, chain, 'urgent_low', newest, minutes);
}

/** When silence of the patient becomes an escalation; null when it cannot (any more). */
export function unansweredDueAt(run: Evaluation, chain: Chain): number | null {
  if (chain.code !== 'urgent_low' || chain.escalated.includes('urgent_low')) return null;
  const patient = recipientOf(chain, run.input.patientId);
  const level = noticesOf(patient, 'urgent_low');
  if (level === undefined || standingOf(patient, 'urgent_low', run.now) === 'acknowledged') return null;
  return level.seriesAt + UNANSWERED_MS;
}

/** Tells the doctors linked now; each hears of a level of a chain once, after its own cooldown. */
function escalateChain(
  run: Evaluation,
  chain: Chain,
  code: 'urgent_low' | 'very_high',
  reading: AlertReading,
  minutes: number | null,
): void {
  if (chain.code !== code) {
    // Reached for the doctors only: the patient has the level switched off.
    tellDoctorsOutsideChain(run, chain.side, reading, minutes, chain.openedAt);
    return;
  }
  if (chain.escalated.includes(code)) return;
  chain.escalated.push(code);
  for (const userId of run.input.doctorIds) {
    if (run.isCoolingDown(userId, code, reading.kind)) chain.waiting.push({ code, userId, minutes });
    else tellDoctor(run, chain, userId, reading, minutes);
  }
}

function tellDoctor(
  run: Evaluation,
  chain: Chain,
  userId: string,
  reading: AlertReading,
  minutes: number | null,
): void {
  tell(run, chain, recipientOf(chain, userId), reading, { series: 'new', minutes });
  run.noteFirst(userId, chain.code);
}

/** Doctors whose cooldown has ended hear of it if the newest reading is fresh and still in the level, else never. */
export function tellWaitingDoctors(run: Evaluation, chain: Chain): void {
  const reading = run.newest();
  const { waiting } = chain;
  chain.waiting = [];
  for (const entry of waiting) {
    const { userId, code, minutes } = entry;
    if (code !== chain.code || !run.input.doctorIds.includes(userId)) continue;
    if (run.isCoolingDown(userId, code, reading?.kind ?? 'cgm')) chain.waiting.push(entry);
    else if (
      reading !== null &&
      run.now - reading.t <= FRESH_MS &&
      satisfies(ESCALATIONS[chain.side].code, reading, run.settings)
    )
      tellDoctor(run, chain, userId, reading, minutes);
  }
}

/** One notice per doctor for a critical value that belongs to no chain; the key keeps it single. */
export function tellDoctorsOutsideChain(
  run: Evaluation,
  side: Side,
  reading: AlertReading,
  minutes: number | null,
  openedAt: number,
): void {
  for (const recipientId of run.input.doctorIds)
    run.notice({
      recipientId,
      code: ESCALATIONS[side].code,
      severity: 'critical',
      side,
      openedAt,
      alertId: null,
      reading,
      seq: 0,
      minutes,
    });
}
